// v0.1, exactly: transcripts of the original, random scripts against a server of its kind, and what
// the options do beside --classic.

import fc from "fast-check";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { Bobchat, Client, needsNetwork, Program, testWith } from "./bobchat.ts";
import { type Action, Player, type Transcript } from "./classic.ts";

const TRANSCRIPTS = new URL("transcripts/", import.meta.url);
const PEER = new URL("../../scripts/bench/peers/v01.py", import.meta.url).pathname;

testWith(["python3"], "transcripts of the original BobServer.py, action by action", async () => {
  await using bobchat = await Bobchat.start(["--classic"]);
  await using player = new Player(bobchat.port);
  let played = 0;
  for await (const { name } of Deno.readDir(TRANSCRIPTS)) {
    if (!name.endsWith(".json")) continue;
    const { about, script }: Transcript = JSON.parse(
      await Deno.readTextFile(new URL(name, TRANSCRIPTS)),
    );
    assertEquals(await player.play(script), script.map(({ heard = {} }) => heard), about);
    played++;
  }
  assert(played >= 15, `${played} transcripts`);
});

/** A random script: of five clients, each does what it can do at that moment. */
const scripts: fc.Arbitrary<Action[]> = fc.array(
  fc.record({
    who: fc.constantFrom("a", "b", "c", "d", "e"),
    what: fc.constantFrom(...(["send", "send", "send", "end", "close", "reset"] as const)),
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 5000 }).map((length) => new Uint8Array(length).fill(65)),
      fc.constantFrom("7(01:02:03PM): x", "/quit\n", "a\nb\r\n").map((text) =>
        new TextEncoder().encode(text)
      ),
    ),
  }),
  { maxLength: 16, size: "max" },
).map((wishes) => {
  const here = new Set<string>();
  return wishes.map(({ who, what, bytes }): Action => {
    if (!here.has(who)) {
      here.add(who);
      return { do: "connect", who };
    }
    if (what === "send") return { do: what, who, bytes: String.fromCharCode(...bytes) };
    here.delete(who);
    return { do: what, who };
  });
});

testWith(["python3"], "random scripts give what a server of v0.1's kind gives", async () => {
  await using bobchat = await Bobchat.start(["--classic"]);
  await using peer = new Program(["python3", [PEER, "0"]], { input: false });
  const [, port] = /:(\d+)\n/.exec(await peer.stdout.until(/listening on .*\n/))!;
  await using ours = new Player(bobchat.port);
  await using theirs = new Player(Number(port));
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const [heard, expected] = await Promise.all([ours.play(script), theirs.play(script)]);
      assertEquals(heard, expected);
    }),
    { numRuns: 40 },
  );
});

Deno.test("each copy is headed by its receiver's own number", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--classic"]);
  using alice = await Client.connect(bobchat.port);
  await alice.send("a");
  assertMatch(await alice.until(/a$/), /^1\(\d\d:\d\d:\d\d[AP]M\): a$/);
  using bob = await Client.connect(bobchat.port);
  await bob.send("b");
  await alice.until(/1\(\d\d:\d\d:\d\d[AP]M\): b$/);
  await bob.send("c");
  assertMatch(await bob.until(/c$/), /^2\(\d\d:\d\d:\d\d[AP]M\): c$/);
});

Deno.test("without limits given, a burst waits for nothing", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--classic", "--log-level", "debug"]);
  using alice = await Client.connect(bobchat.port);
  for (let i = 0; i < 200; i++) {
    await alice.send("x");
    await alice.incoming.when(() => alice.incoming.bytes.split("): ").length === i + 2, `${i}`);
  }
  await bobchat.stop();
  // At the default rate 160 of them would have waited.
  assertMatch(bobchat.stderr.text, /bobchat_throttles_total: 0\b/);
});

Deno.test(
  "given limits apply: a refused client is closed without a word",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--classic", "--max-clients", "1"]);
    using alice = await Client.connect(bobchat.port);
    await alice.send("a");
    await alice.until(/a$/);
    using late = await Client.connect(bobchat.port);
    assertEquals(await late.end(), "");
    await alice.send("still here");
    await alice.until(/still here$/);
  },
);

Deno.test("a silent client is closed without a word, when told to", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--classic", "--idle-timeout", "0.2"]);
  using alice = await Client.connect(bobchat.port);
  assertEquals(await alice.end(), "");
});

Deno.test("a stop is silent, too", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--classic"]);
  using alice = await Client.connect(bobchat.port);
  await alice.send("a");
  const heard = await alice.until(/a$/);
  assertEquals(await bobchat.stop(), 0);
  assertEquals(await alice.end(), heard);
});
