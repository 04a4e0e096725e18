// The log: what a host reads of who came, what went wrong and how it ended, and never what was said.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, command, Incoming, inTime, needsNetwork } from "./bobchat.ts";

/** Two people come, talk and go; returns once both are gone. */
async function talk(port: number): Promise<void> {
  {
    using alice = await Client.join(port, "alice");
    using bob = await Client.join(port, "bob");
    await bob.send("/me whispers-secretly\n/quit farewell-words\n");
    await bob.end();
    await alice.send("open-sesame\n");
    await alice.until("open-sesame\r\n");
    await alice.endWrites();
    await alice.end();
  }
}

const SAID = /open-sesame|whispers-secretly|farewell-words/;

Deno.test(
  "info says who came from where, why they went, after how long and how much",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    await talk(bobchat.port);
    const log = await bobchat.stderr.until(/ disconnect alice .*\n/);
    assertMatch(log, /^\d{4}-\d\d-\d\d \S+ \S+ info connection 1 from 127\.0\.0\.1:\d+$/m);
    // bob sent two bytes of telnet, `/nick bob`, `/me …` and `/quit …`, each with its line end.
    assertMatch(
      log,
      /info disconnect bob from 127\.0\.0\.1:\d+: quit, \d+ s, 55 bytes in, \d\d\d out$/m,
    );
    assertMatch(
      log,
      /info disconnect alice from 127\.0\.0\.1:\d+: left, \d+ s, 26 bytes in, \d\d\d out$/m,
    );
    assertEquals(await bobchat.stop(), 0);
    assertMatch(bobchat.stderr.text, /info stopped\n$/);
    assert(!SAID.test(bobchat.stderr.text), bobchat.stderr.text);
    assertEquals(bobchat.stdout.text.split("\n").length, 4, bobchat.stdout.text);
  },
);

Deno.test("the bytes out are those that the peer was sent", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "älice");
  await alice.send("été\n/quit\n");
  await alice.end();
  const log = await bobchat.stderr.until(/ disconnect .*\n/);
  assertStringIncludes(log, ` ${alice.incoming.bytes.length} out\n`);
});

Deno.test(
  "debug shows v0.1's got and sent, but of a command its name alone",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--log-level", "debug"]);
    await talk(bobchat.port);
    const log = await bobchat.stderr.until(/ disconnect alice .*\n/);
    assertMatch(log, / debug got open-sesame on 1$/m);
    assertMatch(log, / debug got "?\/quit"? on 2$/m);
    assertMatch(log, / debug sent "alice\(.*\): open-sesame\\r\\n" to alice$/m);
    for (const line of log.split("\n")) {
      if (SAID.test(line)) assertMatch(line, / debug (got|sent) /);
      if (line.includes(" got ")) assert(!/whispers|farewell/.test(line), line);
    }
  },
);

for (const level of ["warning", "error"]) {
  Deno.test(`${level} is silent while all is well`, needsNetwork, async () => {
    await using bobchat = await Bobchat.start(["--log-level", level]);
    await talk(bobchat.port);
    assertEquals(await bobchat.stop(), 0);
    assertEquals(bobchat.stderr.text, "");
  });
}

Deno.test("json is an object a line", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--log-format", "json"]);
  await talk(bobchat.port);
  assertEquals(await bobchat.stop(), 0);
  const records = bobchat.stderr.text.trimEnd().split("\n").map((line) => JSON.parse(line));
  const gone = records.find(({ properties }) => properties.name === "bob");
  assertEquals(gone.level, "INFO");
  assertEquals(gone.properties.why, "quit");
  assertEquals(gone.properties.received, 55);
  assertMatch(gone.properties.remote, /^127\.0\.0\.1:\d+$/);
  assert(Number.isFinite(Date.parse(gone["@timestamp"])), gone["@timestamp"]);
  assert(!SAID.test(bobchat.stderr.text), bobchat.stderr.text);
});

for (const options of [[], ["--classic"], ["--classic", "--log-format", "json"]]) {
  Deno.test(`a hostile line stays one line of the log ${options}`, needsNetwork, async () => {
    await using bobchat = await Bobchat.start(["--log-level", "debug", ...options]);
    using eve = await Client.connect(bobchat.port);
    await eve.send("x\u2028y\x1b[31mz\x9b2J\u202e\x7f\r2099-01-01 info stopped\n");
    await eve.until("stopped");
    const log = await bobchat.stderr.until(/sent .*info stopped.*\n/);
    assert(!/^2099/m.test(log), log);
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/.test(log), JSON.stringify(log));
  });
}

Deno.test("a log that nobody reads holds nobody up", needsNetwork, async () => {
  const [program, words] = command(["--port", "0", "--host", "127.0.0.1"]);
  const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const process = new Deno.Command(program, { args: words, ...pipes }).spawn();
  try {
    const stdout = new Incoming(process.stdout);
    const port = Number(/:(\d+)\n/.exec(await stdout.until(/^ {2}\S.*\n/m))![1]);
    using alice = await Client.join(port, "alice");
    // Two lines of the log each, 150 bytes: more than any pipe holds.
    for (let i = 0; i < 1000; i++) (await Client.connect(port))[Symbol.dispose]();
    await alice.send("all well?\n");
    await alice.until(/: all well\?\r\n/);
  } finally {
    process.kill("SIGKILL");
    await process.stderr.cancel();
    await process.status;
  }
});

Deno.test("a stop logs everyone's disconnect before its own end", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using _alice = await Client.join(bobchat.port, "alice");
  using _bob = await Client.join(bobchat.port, "bob");
  assertEquals(await bobchat.stop(), 0);
  const gone = bobchat.stderr.text.match(/ disconnect .*: "server closed", /g);
  assertEquals(gone?.length, 2, bobchat.stderr.text);
  assertMatch(bobchat.stderr.text, /info stopped\n$/);
});

Deno.test(
  "a log file gets it all, stderr nothing, and a full file makes way",
  needsNetwork,
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/bobchat.log`;
      // A restart finds the file that is already as large as it may be.
      await Deno.writeTextFile(path, `${"old".padEnd(1023)}\n`.repeat(10 * 1024));
      await using bobchat = await Bobchat.start(["--log-file", path]);
      await talk(bobchat.port);
      assertEquals(await bobchat.stop(), 0);
      assertEquals(bobchat.stderr.text, "");
      const log = await Deno.readTextFile(path);
      assertMatch(log, /info disconnect bob from /);
      assertMatch(log, /info stopped\n$/);
      assert(!log.includes("old"), "the old file is still in use");
      assertMatch(await Deno.readTextFile(`${path}.1`), /^old/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** Starts bobchat by a line of the shell, which has it as "$@". */
function spawn(script: string, args: string[] = []) {
  const [program, words] = command(["--port", "0", "--host", "127.0.0.1", ...args]);
  const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const all = ["-c", script, "sh", program, ...words];
  const process = new Deno.Command("sh", { args: all, ...pipes }).spawn();
  return { process, stdout: new Incoming(process.stdout), stderr: new Incoming(process.stderr) };
}

for (const stream of ["2>/dev/full", "2>&-"]) {
  Deno.test(`people talk on where stderr takes nothing: ${stream}`, needsNetwork, async () => {
    await goesOn(spawn(`exec "$@" ${stream}`));
  });
}

Deno.test("people talk on where the log file takes nothing", needsNetwork, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/bobchat.log`, full = "x".repeat(1024 * 1024);
    await Deno.writeTextFile(path, full);
    const script = 'ulimit -f 2048; exec "$@"';
    await goesOn(spawn(script, ["--log-file", path]));
    assertEquals(await Deno.readTextFile(path), full);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Whether people can talk there, twice, and it stops when it is told to. */
async function goesOn({ process, stdout, stderr }: ReturnType<typeof spawn>) {
  const port = Number(/:(\d+)\n/.exec(await stdout.until(/^ {2}\S.*\n/m))![1]);
  await talk(port);
  await talk(port);
  process.kill("SIGTERM");
  assertEquals((await process.status).code, 0);
  assertEquals(await stderr.end(), "");
}

Deno.test("a stdout that takes nothing ends no server", needsNetwork, async () => {
  const { process, stdout, stderr } = spawn('exec "$@" >/dev/full');
  await stderr.until(/ warning "?stdout cannot be written: .*\n/);
  process.kill("SIGHUP");
  await stderr.until(" SIGHUP: ");
  process.kill("SIGTERM");
  assertEquals((await process.status).code, 0);
  await stderr.until(" stopped\n");
  assertEquals(await stdout.end(), "");
});

Deno.test(
  "a hang-up ends nothing where there is no certificate to read again",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    bobchat.process.kill("SIGHUP");
    await bobchat.stderr.until(/ info SIGHUP: .*\n/);
    await alice.send("still here\n");
    await alice.until(": still here\r\n");
  },
);

Deno.test("a log file has each line within a second, without a stop", needsNetwork, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/bobchat.log`;
    using watcher = Deno.watchFs(folder);
    await using bobchat = await Bobchat.start(["--log-file", path]);
    for (let i = 0; i < 5; i++) await talk(bobchat.port);
    const since = performance.now();
    const gone = () => Deno.readTextFileSync(path).match(/ disconnect /g)?.length ?? 0;
    // What was written before this has its events too.
    const written = async () => {
      for await (const _ of watcher) if (gone() >= 10) return;
    };
    await inTime(written(), () => `every end; got ${Deno.readTextFileSync(path)}`);
    assert(performance.now() - since < 5000, Deno.readTextFileSync(path));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("where a full log file cannot make way it is written on", needsNetwork, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/bobchat.log`;
    await Deno.writeTextFile(path, `${"old".padEnd(1023)}\n`.repeat(10 * 1024));
    // A folder in the way, which is not empty.
    await Deno.mkdir(`${path}.1/x`, { recursive: true });
    await using bobchat = await Bobchat.start(["--log-file", path]);
    await talk(bobchat.port);
    assertEquals(await bobchat.stop(), 0);
    assertMatch(await Deno.readTextFile(path), /info stopped\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
