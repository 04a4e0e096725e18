// Newcomers: whoever has said nothing yet is not announced, and the others are told once, of whoever stays.

import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, needsNetwork, Program, testWith } from "./bobchat.ts";
import { LinesApp } from "./lines_app.ts";

const DRIVER = new URL("sockets.py", import.meta.url).pathname;
/** Milliseconds of silence until the others are told. */
const ANNOUNCED_IN = 5000;

/** The notices that somebody has read. */
function notices({ incoming }: Client): string[] {
  const lines = incoming.text.split("\r\n");
  return lines.filter((line) => line.startsWith("*** ")).map((line) => line.slice(4));
}

/** Joins, and forgets what was read so far: all that comes is news. */
async function join({ port }: Bobchat, name?: string): Promise<Client> {
  const client = await Client.join(port, name);
  client.incoming.forget();
  return client;
}

testWith(["nc"], "who leaves without a word was never there; who stays is told of", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await join(bobchat, "alice");
  await using scan = new Program(["nc", ["-z", "127.0.0.1", `${bobchat.port}`]]);
  assertEquals(await scan.end(), 0);
  {
    using silent = await Client.connect(bobchat.port);
    await silent.until("/help lists what else there is.\r\n");
    using polite = await Client.join(bobchat.port);
    await polite.send("/who\n/help nick\n/quit so long\n");
    assertStringIncludes(await polite.end(), "*** Here (1): alice\r\n");
  }
  const log = bobchat.stderr;
  await log.when(() => log.text.match(/ disconnect guest/g)?.length === 2, "both have left");
  const since = performance.now();
  using stays = await Client.join(bobchat.port);
  await alice.send("all well?\n");
  await stays.until(": all well?\r\n");
  await alice.send("/who\n");
  await alice.until("*** guest4 joined (2 here)\r\n");
  assert(performance.now() - since > ANNOUNCED_IN - 100, "it was told too early");
  await alice.send("/who\n");
  await alice.until("*** Here (2): alice, guest4\r\n");
  assertEquals(notices(alice), [
    "Here (1): alice",
    "guest4 joined (2 here)",
    "Here (2): alice, guest4",
  ]);
  assert(!stays.incoming.text.includes("joined"), stays.incoming.text);
});

testWith(
  ["nc"],
  "a line piped into nc -N is said by somebody who comes and goes once",
  async () => {
    await using bobchat = await Bobchat.start();
    using alice = await join(bobchat, "alice");
    await using nc = new Program(["nc", ["-N", "127.0.0.1", `${bobchat.port}`]]);
    await nc.type("hi\n");
    await nc.endInput();
    assertEquals(await nc.end(), 0);
    assertEquals(nc.stdout.text.match(/^guest2\(.*\): hi\r$/gm)?.length, 1, nc.stdout.text);
    assert(!/joined|left/.test(nc.stdout.text), nc.stdout.text);
    await alice.until("*** guest2 left (1 here)\r\n");
    const read = alice.incoming.text.replace(/\(\d\d:\d\d:\d\d[AP]M\)/g, "");
    assertEquals(
      read,
      "*** guest2 joined (2 here)\r\nguest2: hi\r\n*** guest2 left (1 here)\r\n",
    );
  },
);

Deno.test("who takes a name first joins once, under it", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using alice = await join(bobchat, "alice");
  {
    using bob = await join(bobchat);
    await bob.send("/nick alice\n/nick bob\n");
    await bob.until("You are bob.\r\n");
    assertEquals(notices(bob), ["alice is taken: choose another name.", "You are bob."]);
    await bob.send("/register correct horse\n");
    await bob.until("bob is yours now");
    await bob.send("/quit\n");
    await bob.end();
  }
  using again = await join(bobchat);
  await again.send("/nick bob\n/nick bob wrong horse\n");
  await again.until("That is not the password of bob.\r\n");
  await again.send("/nick bob correct horse\n");
  await again.until("You are bob.\r\n");
  assertEquals(notices(again), [
    "bob is registered: if it is yours, /identify PASSWORD; else choose another name.",
    "That is not the password of bob.",
    "You are bob.",
  ]);
  await again.send("hello\n");
  await alice.until(": hello\r\n");
  assertEquals(notices(alice), [
    "bob joined (2 here)",
    "bob left (1 here)",
    "bob joined (2 here)",
  ]);
});

testWith(["python3"], "who may be a browser is told of once they speak", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await join(bobchat, "alice");
  const page = await fetch(`http://127.0.0.1:${bobchat.port}/`);
  assertEquals(page.status, 200);
  await page.body?.cancel();
  using spare = await Client.join(bobchat.port);
  // An app has said what it is.
  using _app = await LinesApp.join(bobchat.port);
  // Somebody from another address comes later, and is announced earlier.
  const scenario = [DRIVER, "stays_elsewhere", `${bobchat.port}`];
  await using other = new Program(["python3", scenario]);
  await other.stdout.until("greeted\n");
  await alice.until("*** guest4 joined (3 here)\r\n");
  const earlier = ["guest3 joined (2 here)", "guest4 joined (3 here)"];
  assertEquals(notices(alice), earlier);
  await spare.send("hello\n");
  await alice.until(/^guest2\(.*\): hello\r$/m);
  assertEquals(notices(alice), [...earlier, "guest2 joined (4 here)"]);
  await other.type("\n");
  assertEquals(await other.end(), 0, other.stderr.text);
});
