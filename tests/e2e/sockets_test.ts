// What nc and telnet cannot do to a server, done by Python's sockets.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, command, Incoming, Program, testWith } from "./bobchat.ts";

const DRIVER = new URL("sockets.py", import.meta.url).pathname;

/** Starts a scenario of sockets.py. */
function sockets(scenario: string, port: number): Program {
  return new Program(["python3", [DRIVER, scenario, String(port)]]);
}

/** Runs a scenario to its end; returns what it saw. */
async function outcome(scenario: string, port: number): Promise<string> {
  await using driver = sockets(scenario, port);
  assertEquals(await driver.end(), 0, driver.stderr.text);
  return driver.stdout.text;
}

const PYTHON = ["python3"];

testWith(PYTHON, "a reset ends one connection, and the others are told", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  await outcome("resets_joined", bobchat.port);
  const heard = await alice.until(/^\*\*\* resetter left.*\(1 here\)\r\n/m);
  assertMatch(heard, /^resetter\(.*\): last words\r$/m);
  await bobchat.stderr.until(/ disconnect resetter from \S+: "connection lost", /);
  assert(!/ (warning|error|fatal) /.test(bobchat.stderr.text), bobchat.stderr.text);
  await alice.send("still here\n");
  await alice.until(": still here\r\n");
});

testWith(PYTHON, "who sends and closes at once is heard to the last line", async () => {
  await using bobchat = await Bobchat.start(["--rate", "100"]);
  using alice = await Client.join(bobchat.port, "alice");
  await outcome("says_and_closes", bobchat.port);
  const heard = await alice.until(/^\*\*\* guest2 left.*\(1 here\)\r\n/m);
  const lines = [...heard.matchAll(/^guest2\(.*?\): (.*)\r$/gm)].map(([, line]) => line!);
  assertEquals(lines, Array.from({ length: 60 }, (_, i) => `line ${i}`));
});

testWith(PYTHON, "a thousand connect and reset, and the room goes on", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  assertEquals(await outcome("resets_thousand", bobchat.port), "done\n");
  using bob = await Client.join(bobchat.port, "bob");
  await alice.send("all well?\n");
  await bob.until(/^alice\(.*\): all well\?\r$/m);
  // Those that got in at all have left again, whether the others were told of them or not.
  const count = ({ text }: Incoming, what: RegExp) => text.match(what)?.length ?? 0;
  const log = bobchat.stderr;
  await log.when(
    () => count(log, / connection /g) === count(log, / disconnect /g) + 2,
    "everyone but alice and bob has left",
  );
  await alice.incoming.when(
    () => count(alice.incoming, / joined \(/g) === count(alice.incoming, / left/g) + 1,
    "everyone but bob has left",
  );
  await bob.send("/who\n");
  await bob.until("*** Here (2): alice, bob\r\n");
  assert(!/ (warning|error|fatal) /.test(bobchat.stderr.text), bobchat.stderr.text.slice(-1000));
  assertEquals(await bobchat.stop(), 0);
});

testWith(PYTHON, "what was sent before a half-close is said, and its answers arrive", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  const seen = await outcome("half_closes", bobchat.port);
  assertMatch(seen, /^halver\(.*\): whole line\r?$/m);
  assertStringIncludes(seen, "*** Here (2): alice, halver");
  assertMatch(seen, /^halver\(.*\): no end\r?\n$/m);
  const heard = await alice.until("*** halver left (1 here)\r\n");
  assertMatch(heard, /^halver\(.*\): no end\r$/m);
  await bobchat.stderr.until(/ disconnect halver from \S+: left, /);
});

testWith(PYTHON, "a line may come one byte at a time", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  await outcome("byte_by_byte", bobchat.port);
  const heard = await alice.until(/^böb\(.*\): fin\r$/m);
  assertMatch(heard, /^\*\*\* böb joined \(2 here\)\r$/m);
  assertMatch(heard, /^böb\(.*\): çà va 🎉\r$/m);
});

testWith(PYTHON, "telnet commands are no text, wherever reads cut them", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  await outcome("telnet_split", bobchat.port);
  const heard = await alice.until(/^guest2\(.*\r$/m);
  assertMatch(heard, /^guest2\([^)]*\): hello world\r$/m);
});

/** Files that the server may open; it needs some 20 itself. */
const FILES = 64;

testWith(
  PYTHON,
  "out of files those inside go on, and newcomers get in when there is room",
  async () => {
    const [program, args] = command(["--port", "0", "--host", "127.0.0.1"]);
    await using bobchat = await Bobchat.spawn("sh", [
      "-c",
      `ulimit -n ${FILES}; exec "$@"`,
      "sh",
      program,
      ...args,
    ]);
    using alice = await Client.join(bobchat.port, "alice");
    using bob = await Client.join(bobchat.port, "bob");
    await using crowd = sockets("crowds", bobchat.port);
    await crowd.stdout.until("crowded\n");
    await bobchat.stderr.until(/ warning newcomers wait: .*\n/);
    using late = await Client.connect(bobchat.port);
    await alice.send("crowded here\n");
    await bob.until(/^alice\(.*\): crowded here\r$/m);
    await bob.send("we stay\n");
    await alice.until(/^bob\(.*\): we stay\r$/m);
    assertEquals(late.incoming.bytes, "");
    await crowd.type("\n");
    await late.until("*** Welcome to bobchat, guest");
    await late.send("/nick late\nmade it\n");
    await alice.until(/^late\(.*\): made it\r$/m);
    const log = await bobchat.stderr.until(/ warning accepting newcomers again\n/);
    assertEquals(log.match(/ newcomers wait: /g)!.length, 1, log);
    assertEquals(await bobchat.stop(), 0);
  },
);
