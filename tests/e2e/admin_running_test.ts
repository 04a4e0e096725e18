// The commands that look after a history's file, beside a running server and without one.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, command, needsNetwork, Program, run } from "./bobchat.ts";

const PASSWORD = "correct horse";

/** Runs a test with a file in which alice is registered and two rooms have words, and the server on it. */
async function withServer(use: (path: string, bobchat: Bobchat) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/history.db`;
    await using bobchat = await Bobchat.start(["--history", path]);
    using alice = await Client.join(bobchat.port, "alice");
    await alice.send(`hello\n/me waves\n/join tea\nearl grey\n/register ${PASSWORD}\n`);
    await alice.until("*** alice is yours now.");
    await use(path, bobchat);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs bobchat to its end with this on stdin. */
async function runWith(input: string, args: readonly string[]): Promise<[number, string, string]> {
  await using program = new Program(command(args));
  await program.type(input);
  await program.endInput();
  const code = await program.end();
  return [code, program.stdout.text, program.stderr.text];
}

Deno.test(
  "operators are added, listed and removed while the server runs",
  needsNetwork,
  () =>
    withServer(async (history) => {
      const operator = async (...words: string[]) => {
        const { code, stdout, stderr } = await run(["operator", ...words, "--history", history]);
        return [code, stdout, stderr];
      };
      assertEquals(await operator("add", "ALICE"), [0, "ALICE is an operator now\n", ""]);
      assertEquals(await operator("list"), [0, "alice\n", ""]);
      assertEquals(await operator("remove", "alice"), [0, "alice is no operator any more\n", ""]);
      const none = "There are no operators. To make one: bobchat operator add NAME\n";
      assertEquals(await operator("list"), [0, none, ""]);
      const [code, , stderr] = await operator("add", "bob");
      assertEquals(code, 1);
      assert(/^bobchat: bob is not registered .*\n$/.test(`${stderr}`), `${stderr}`);
    }),
);

Deno.test(
  "a new password is in force in the running server",
  needsNetwork,
  () =>
    withServer(async (history, bobchat) => {
      const args = ["password", "alice", "--history", history];
      assertEquals(await runWith("another one\n", args), [0, "alice has a new password\n", ""]);
      const [code, , why] = await runWith("short\n", args);
      assertEquals([code, why.split("\n").length], [1, 2]);
      using again = await Client.join(bobchat.port);
      for (let told = ""; !told.includes("You are alice.");) {
        again.incoming.forget();
        await again.send("/nick alice another one\n");
        told = await again.until(/That is not the password of alice|You are alice/);
      }
    }),
);

Deno.test(
  "export writes what was said in rooms, and import takes it back",
  needsNetwork,
  () =>
    withServer(async (history, bobchat) => {
      const all = await run(["export", "--history", history]);
      const day = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
      const lines = ["#lobby alice: hello", "#lobby \\* alice waves", "#tea alice: earl grey"];
      const expected = new RegExp(`^${lines.map((line) => `${day} ${line}\\n`).join("")}$`);
      assert(expected.test(all.stdout), all.stdout);
      const tea = await run(["export", "--room", "tea", "--format", "jsonl", "--history", history]);
      assertEquals(tea.stdout.split("\n").length, 2);
      const jsonl = (await run(["export", "--format", "jsonl", "--history", history])).stdout;
      const none = await run(["export", "--until", "2001-01-01", "--history", history]);
      assertEquals([none.code, none.stdout], [0, ""]);

      const busy = await runWith(jsonl, ["import", "--history", history]);
      assertEquals(busy[0], 1);
      assertStringIncludes(busy[2], "is in use by another server");
      const other = history.replace("history", "other");
      assertEquals(await runWith(jsonl, ["import", "--history", other]), [
        0,
        "3 messages imported\n",
        "",
      ]);
      assertEquals((await run(["export", "--history", other])).stdout, all.stdout);
      const wrong = await runWith(`${jsonl}nonsense\n`, ["import", "--history", other]);
      assertEquals([wrong[0], wrong[1]], [1, ""]);
      assertStringIncludes(wrong[2], "line 4 of stdin: this is no JSON; nothing was imported");
      assertEquals((await run(["export", "--history", other])).stdout, all.stdout);
      assertEquals(await bobchat.stop(), 0);
    }),
);

Deno.test(
  "export ends quietly when nobody reads on",
  needsNetwork,
  () =>
    withServer(async (history) => {
      const [program, args] = command(["export", "--history", history]);
      const words = [program, ...args].map((word) => `'${word}'`).join(" ");
      await using shell = new Program(["sh", ["-c", `${words} | true; exit 0`]]);
      assertEquals(await shell.end(), 0);
      assertEquals(shell.stderr.text, "");
    }),
);

Deno.test(
  "a second server on the same file is refused",
  needsNetwork,
  () =>
    withServer(async (history) => {
      const { code, stderr } = await run(["--port", "0", "--history", history]);
      assertEquals([code, stderr.trimEnd().split("\n").length], [1, 1]);
      assertStringIncludes(stderr, "is in use by another server");
    }),
);

Deno.test(
  "what the host has changed in the file is in force at once, and no command undoes it",
  needsNetwork,
  () =>
    withServer(async (history, bobchat) => {
      const operator = async (...words: string[]) =>
        (await run(["operator", ...words, "--history", history])).stdout;
      using alice = await Client.join(bobchat.port);
      await alice.send(`/nick alice ${PASSWORD}\n`);
      await alice.until("*** You are alice.");
      using bob = await Client.join(bobchat.port, "bob");
      await bob.send(`/register ${PASSWORD}\n`);
      await bob.until("*** bob is yours now.");
      await operator("add", "alice");
      const password = ["password", "bob", "--history", history];
      assertEquals(await runWith("another one\n", password), [0, "bob has a new password\n", ""]);
      await alice.send("/op bob\n");
      await alice.until("*** bob is an operator now.");
      assertEquals(await operator("list"), "alice\nbob\n");
      using again = await Client.join(bobchat.port);
      await again.send("/nick bob another one\n");
      await again.until("*** You are bob.");
      await operator("remove", "alice");
      await alice.send("/deop bob\n");
      await alice.until("*** /deop is for operators.");
      await again.send("/deop bob\n");
      await again.until("*** You are the only operator");
      assertEquals(await operator("list"), "bob\n");
    }),
);

Deno.test(
  "a host who has banned himself lists the bans and lifts his, and the running server lets him in",
  needsNetwork,
  () =>
    withServer(async (history, bobchat) => {
      const admin = async (...words: string[]) => {
        const { code, stdout, stderr } = await run([...words, "--history", history]);
        return [code, stdout, stderr];
      };
      assertEquals(await admin("accounts"), [0, "alice\n", ""]);
      await run(["operator", "add", "alice", "--history", history]);
      assertEquals(await admin("accounts"), [0, "alice (operator)\n", ""]);
      using alice = await Client.join(bobchat.port);
      await alice.send(`/nick alice ${PASSWORD}\n`);
      await alice.until("*** You are alice.");
      // She is in the room of her last visit.
      await alice.send("/leave\n/topic hello all\n/ban bob 2h too loud\n");
      await alice.until("bob is banned for 2 hours");
      await alice.send("/join tea\n/topic earl grey\n/lock\n");
      await alice.until("alice locked the room");
      const [, rooms] = await admin("rooms");
      assertMatch(`${rooms}`, /^#lobby: hello all\n#tea \(locked, of alice\): earl grey\n$/);
      assertEquals(await admin("bans"), [0, "bob is banned by alice for 2 hours: too loud\n", ""]);
      using bob = await Client.join(bobchat.port);
      await bob.send("/nick bob\n");
      await bob.until(/banned/);
      assertEquals(await admin("unban", "BOB"), [0, "bob is no longer banned\n", ""]);
      // It is looked at before each command.
      await bob.send("/nick bob\n");
      await bob.until("*** You are bob.");
      assertEquals(await admin("bans"), [0, "Nobody is banned or muted.\n", ""]);
      const [code, , why] = await admin("unban", "bob");
      assertEquals([code, `${why}`.split("\n").length], [1, 2]);
    }),
);

Deno.test(
  "a host whose address is banned gets in within five seconds after unban, though nobody types a command",
  needsNetwork,
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const history = `${folder}/history.db`;
      const trust = ["--proxy-protocol", "--trusted-proxy", "127.0.0.1"];
      await using bobchat = await Bobchat.start(["--history", history, ...trust]);
      const dial = async (address: string) => {
        const conn = await Deno.connect({ hostname: "127.0.0.1", port: bobchat.port });
        await conn.write(
          new TextEncoder().encode(`PROXY TCP4 ${address} 127.0.0.1 5555 7777\r\nhello\r\n`),
        );
        return conn;
      };
      using alice = await Client.enter(await dial("198.51.100.5"), "alice");
      // Twice: the connection is not encrypted, and no loopback's.
      await alice.send(`/register ${PASSWORD}\n/register ${PASSWORD}\n`);
      await alice.until("alice is yours now");
      await run(["operator", "add", "alice", "--history", history]);
      await alice.send("/ban 203.0.113.0/26\n/ban 203.0.113.9\n");
      await alice.until(/203\.0\.113\.9 is banned/);
      const wide = await run(["unban", "203.0.113.7", "--history", history]);
      assertEquals(wide.code, 1);
      assertStringIncludes(wide.stderr, "203.0.113.0/26 is, and 203.0.113.7 with it: unban that");
      for (const whom of ["203.0.113.0/26", "203.0.113.9"]) {
        assertEquals((await run(["unban", whom, "--history", history])).code, 0);
      }
      const since = performance.now();
      for (let told = ""; !told.includes("Welcome");) {
        assert(performance.now() - since < 5000, told);
        const conn = await dial("203.0.113.9");
        const bytes = new Uint8Array(4096);
        told = new TextDecoder().decode(bytes.subarray(0, await conn.read(bytes) ?? 0));
        conn.close();
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
