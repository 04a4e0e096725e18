// A reader that stops, or is too slow: it alone is closed, with a reason, and nobody else notices.

import { assert, assertEquals, assertLess, assertMatch } from "../assert.ts";
import { Bobchat, Client, Program, testWith } from "./bobchat.ts";
import { testCarriers, TestServer } from "./listeners.ts";

const DRIVER = new URL("sockets.py", import.meta.url).pathname;
const LINE = "x".repeat(900);

/** Says lines until the condition holds, each once the one before was heard; returns how many. */
async function talkUntil(done: () => boolean, who: Client, hearers: Client[]): Promise<number> {
  let count = 0;
  for (const end = performance.now() + 20_000; !done(); count += 50) {
    assertLess(performance.now(), end, "nobody was closed");
    const lines = Array.from({ length: 50 }, (_, i) => `${count + i} ${LINE}\n`);
    await who.send(lines.join(""));
    // A notice may follow.
    const last = `: ${count + 49} ${LINE}\r\n`;
    for (const { incoming } of hearers) {
      await incoming.when(() => incoming.recent.includes(last), `line ${count + 49}`);
    }
  }
  return count;
}

/** Whether every line came, in order. */
function heardAll({ incoming }: Client, count: number): boolean {
  const numbers = [...incoming.bytes.matchAll(/^alice\(.{10}\): (\d+) x/gm)];
  return numbers.length === count && numbers.every(([, number], i) => Number(number) === i);
}

/** Resident memory of a process, in MiB. */
async function resident({ process }: Program): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${process.pid}/status`);
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)![1]) / 1024;
}

/** What closes a reader that has stopped, and the reason given. */
const LIMITS: [string[], string, string][] = [
  ["its deadline", "stopped reading", "--write-timeout=1 --max-pending=1GiB"],
  ["its share of memory", "reads too slowly", "--write-timeout=600 --max-pending=256KiB"],
].map(([what = "", why = "", limits = ""]) => [limits.split(" "), why, what]);

for (const [limits, why, what] of LIMITS) {
  testCarriers(
    ["python3"],
    `a reader that stops costs nobody else anything, up to ${what}`,
    async (carrier) => {
      await using server = await TestServer.open(["--rate", "0", ...limits]);
      const { bobchat } = server;
      using alice = await server.join(carrier, "alice");
      using bob = await server.join(carrier, "bob");
      const scenario = [DRIVER, "stalls", `${server.port}`, carrier];
      await using stalled = new Program(["python3", scenario]);
      await stalled.stdout.until("stalled\n");
      const gone = () => bobchat.stderr.bytes.includes(" disconnect guest3 ");
      const count = await talkUntil(gone, alice, [alice, bob]);
      assertMatch(bobchat.stderr.text, new RegExp(`disconnect guest3 from \\S+: "${why}", \\d+ s`));
      await bob.until(`*** guest3 left: ${why} (2 here)\r\n`);
      for (const person of [alice, bob]) assert(heardAll(person, count), `of ${count} lines`);
      await stalled.type("\n");
      assertEquals(await stalled.end(), 0, stalled.stderr.text);
      // It gets what the system has kept, up to 4 MB: Deno's sockets cannot be reset, and TLS is on top of one.
      const left = Number(/\n(\d+)\n$/.exec(stalled.stdout.text)?.[1]);
      assertLess(left, 5 * 1024 * 1024);
      assertMatch(bobchat.stderr.text, / info evicted, not gone: /);
      assertEquals(await bobchat.stop(), 0);
    },
  );
}

testWith(["python3"], "under --classic a slow reader is closed without a word", async () => {
  await using bobchat = await Bobchat.start(["--classic", "--max-pending", "64KiB"]);
  using alice = await Client.connect(bobchat.port);
  await alice.send("first");
  await alice.until("first");
  await using stalled = new Program(["python3", [DRIVER, "stalls_classic", `${bobchat.port}`]]);
  await alice.until("here");
  await alice.send("go");
  await stalled.stdout.until("stalled\n");
  const gone = () => bobchat.stderr.bytes.includes(" disconnect guest2 from");
  // She hears each byte of hers, and heads.
  for (let sent = 0; !gone();) {
    await alice.send(LINE.repeat(50));
    sent += 50 * LINE.length;
    await alice.incoming.when(() => alice.incoming.bytes.length >= sent, `${sent} bytes`);
  }
  assertMatch(bobchat.stderr.text, /disconnect guest2 from \S+: "reads too slowly", /);
  await stalled.type("\n");
  assertEquals(await stalled.end(), 0, stalled.stderr.text);
  assertMatch(stalled.stdout.text, /^stalled\n[x\d:()APM ]*$/);
});

testCarriers(["python3"], "a dozen readers that stop do not grow the server", async (carrier) => {
  await using server = await TestServer.open(["--rate", "0", "--max-pending", "64KiB"]);
  const { bobchat } = server;
  using alice = await server.join(carrier);
  const before = await resident(bobchat);
  await using stalled = new AsyncDisposableStack();
  for (let i = 0; i < 12; i++) {
    const driver = new Program(["python3", [DRIVER, "stalls", `${server.port}`, carrier]]);
    await stalled.use(driver).stdout.until("stalled\n");
  }
  const gone = () => bobchat.stderr.bytes.match(/ disconnect guest/g)?.length === 12;
  await talkUntil(gone, alice, [alice]);
  // Mostly the heap's slack; each of them could hold 4 MB in the kernel and 64 KiB here.
  assertLess(await resident(bobchat) - before, 100);
});
