// Several bobchats that are one room, when something is wrong with the stream of NATS, or NATS is not there at the
// start: what operators read, and what they do about it.

import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Client, inTime, run, testWith } from "./bobchat.ts";
import { copyFolder, inFolder } from "./folder.ts";
import { Nats } from "./nats.ts";
import { haveHeard, NEEDED, node, typeUntil } from "./nodes.ts";

/** Deletes the stream; makes one of the same name and settings if asked to. */
async function deleteStream(nats: Nats, { andMakeAnew = false } = {}): Promise<void> {
  const connection = await connect({ servers: nats.url });
  const { streams } = await jetstreamManager(connection);
  const { config } = await streams.info("bobchat_bobchat_1");
  await streams.delete("bobchat_bobchat_1");
  if (andMakeAnew) await streams.add(config);
  await connection.close();
}

/** Runs a test with two nodes, alice on the first, who is an operator, and bob on the other. */
async function withOperator(
  use: (parts: { nats: Nats; alice: Client; bob: Client }) => Promise<void>,
): Promise<void> {
  await using nats = await Nats.start();
  await inFolder(async (folder) => {
    const history = ["--history", `${folder}/one.db`];
    {
      await using one = await node(nats, "one", ...history);
      using alice = await Client.join(one.port, "alice");
      await alice.send("/register correct horse\n");
      await alice.until("alice is yours now");
      assertEquals(await one.stop(), 0);
    }
    assertEquals((await run(["operator", "add", "alice", ...history])).code, 0);
    await using one = await node(nats, "one", ...history);
    await using two = await node(nats, "two");
    using alice = await Client.join(one.port);
    await alice.send("/nick alice correct horse\n");
    await alice.until("You are alice.");
    using bob = await Client.join(two.port, "bob");
    await alice.until("bob joined");
    // What was changed in a file counts within five seconds.
    await typeUntil(alice, "/bans\n", "Nobody is banned or muted.");
    await use({ nats, alice, bob });
    assert(!bob.incoming.text.includes("stream"), "people are told of it");
  });
}

testWith(
  NEEDED,
  "an older copy of NATS's store is told to operators, and words wait until the right one is back",
  () =>
    withOperator(async ({ nats, alice, bob }) => {
      await nats.kill("SIGTERM");
      await copyFolder(nats.store, `${nats.store}.older`);
      await nats.restart();
      await alice.send("m0 alice\n");
      await haveHeard([alice, bob], [["m0 alice"]]);
      await nats.kill("SIGTERM");
      await Deno.rename(nats.store, `${nats.store}.right`);
      await Deno.rename(`${nats.store}.older`, nats.store);
      await nats.restart();
      await alice.until(
        /\*\*\* NATS has (?:no|another) message \d+ in bobchat_bobchat_1 .* its store is an older copy\. Put the right/,
      );
      await bob.until("*** This server has lost the others");
      await bob.send("m0 bob\n");
      await nats.kill("SIGTERM");
      await Deno.rename(nats.store, `${nats.store}.older`);
      await Deno.rename(`${nats.store}.right`, nats.store);
      await nats.restart();
      await alice.until("*** NATS has the right stream bobchat_bobchat_1 again.\r\n");
      await haveHeard([alice, bob], [["m0 alice"], ["m0 bob"]]);
    }),
);

for (
  const [what, sentence] of [
    ["deleted", "*** The stream bobchat_bobchat_1 is gone from NATS: put its store back, or begin"],
    ["made anew", "the stream was made anew, or its store is an older copy"],
  ] as const
) {
  testWith(
    NEEDED,
    `a stream that was ${what} is told to operators, with what to do, and people are told that words wait`,
    () =>
      withOperator(async ({ nats, alice, bob }) => {
        await deleteStream(nats, { andMakeAnew: what === "made anew" });
        await alice.until(sentence);
        await alice.until("`bobchat network new`");
        await alice.send("m0 alice\n");
        await bob.until("*** This server has lost the others");
        assert(!bob.incoming.text.includes("m0 alice"));
      }),
  );
}

testWith(NEEDED, "NATS that is away at the start is one sentence, exit 1", async () => {
  await using nats = await Nats.start();
  await nats.kill();
  const { code, stderr } = await run(["-p", "0", "--nats", nats.url]);
  assertEquals(code, 1);
  assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
  assertStringIncludes(stderr, "bobchat: cannot connect to NATS at 127.0.0.1:");
});

testWith(
  NEEDED,
  "a stream that is gone ends what requires it",
  async () => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one", "--nats-required");
    await deleteStream(nats);
    const code = await inTime(one.end(), () => "its end");
    assertEquals(code, 1);
    assertStringIncludes(
      one.stderr.text,
      "bobchat: the stream bobchat_bobchat_1 is gone from NATS",
    );
  },
);

testWith(NEEDED, "a new epoch goes on with names and topics, and new numbers", async () => {
  await using nats = await Nats.start();
  {
    await using one = await node(nats, "one");
    using alice = await Client.join(one.port, "alice");
    await alice.send("/register password\n");
    await alice.until("is yours now");
    assertEquals(await one.stop(), 0);
  }
  const begun = await run(["network", "new", "--nats", nats.url]);
  assertEquals([begun.code, begun.stderr], [0, ""]);
  assertMatch(
    begun.stdout,
    /^The network bobchat has begun epoch 2, with .* that it had at 20\d\d-\d\d-\d\d [\d:]+: later changes are lost\. With --history FILE .*\.\nStart all its servers again, as they were started before\.\n$/,
  );
  await using one = await node(nats, "one");
  using bob = await Client.join(one.port);
  await bob.until("guest1000001");
  await bob.send("/nick alice\n");
  await bob.until("registered");
});
