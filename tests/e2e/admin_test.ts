// The commands that look after the file that a server keeps.

import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import {
  Bobchat,
  Client,
  command,
  inTime,
  needsNetwork,
  Program,
  run,
  testWith,
} from "./bobchat.ts";

/** What a program came to. */
type Outcome = Awaited<ReturnType<typeof run>>;

/** Runs a test with a path for a history of its own. */
async function withHistory(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(`${folder}/history.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a program, with this for its stdin, to its end. */
async function feed(
  program: readonly [string, readonly string[]],
  input: string,
): Promise<Outcome> {
  await using running = new Program(program);
  await running.type(input);
  await running.endInput();
  const code = await running.end();
  return { code, stdout: running.stdout.text, stderr: running.stderr.text };
}

/** Lines as export writes them: what alice said, a minute apart from noon on (UTC). */
function jsonl(texts: readonly string[], room = "tea"): string {
  return texts.map((text, i) => {
    const at = new Date(Date.UTC(2026, 10, 24, 12, i)).toISOString();
    const [kind, words] = text.startsWith("/me ") ? ["action", text.slice(4)] : ["message", text];
    return JSON.stringify({ id: i + 1, at, room, kind, from: "alice", text: words }) + "\n";
  }).join("");
}

/** Imports these lines, as all tests but import's own have it: without a word about it. */
async function importAll(path: string, lines: string): Promise<void> {
  const { code, stderr } = await feed(command(["import", "--history", path]), lines);
  assertEquals([code, stderr], [0, ""]);
}

/** A file in which alice is registered. */
async function register(path: string, password: string): Promise<void> {
  await using bobchat = await Bobchat.start(["--history", path]);
  using alice = await Client.join(bobchat.port, "alice");
  await alice.send(`/register ${password}\n`);
  await alice.until("alice is yours now");
  assertEquals(await bobchat.stop(), 0);
}

/** Whether this is alice's password. */
async function opens(path: string, password: string): Promise<boolean> {
  await using bobchat = await Bobchat.start(["--history", path]);
  using client = await Client.join(bobchat.port);
  await client.send(`/nick alice ${password}\n`);
  return /You are alice\b/.test(await client.until(/You are alice\b|not the password/));
}

Deno.test(
  "what was exported can be imported, and is the same again",
  needsNetwork,
  () =>
    withHistory(async (path) => {
      const lines = jsonl(["earl grey?", "/me pours", "naïve 😀 $& \\"]) +
        jsonl(["pick me"], "lobby");
      const first = await feed(command(["import", "--history", path]), `${lines}\n`);
      assertEquals(first, { code: 0, stdout: "4 messages imported\n", stderr: "" });
      const numbered = lines.replace(/"id":1,(?=.*"lobby")/, '"id":4,');
      const exported = await run(["export", "--format", "jsonl"], { BOBCHAT_HISTORY: path });
      assertEquals(exported, { code: 0, stdout: numbered, stderr: "" });
      await importAll(`${path}.2`, exported.stdout);
      const again = await run(["export", "--format", "jsonl", "--history", `${path}.2`]);
      assertEquals(again.stdout, exported.stdout);
    }),
);

Deno.test(
  "export as text, of a room and of a time",
  needsNetwork,
  () =>
    withHistory(async (path) => {
      await importAll(path, jsonl(["one", "/me two", "three"]) + jsonl(["elsewhere"], "lobby"));
      const text = async (...args: string[]) => {
        const { code, stdout, stderr } = await run(["export", "--history", path, ...args], {
          TZ: "Asia/Tokyo",
        });
        assertEquals([code, stderr], [0, ""]);
        return stdout;
      };
      const tea = [
        "2026-11-24 21:00:00 #tea alice: one\n",
        "2026-11-24 21:01:00 #tea * alice two\n",
        "2026-11-24 21:02:00 #tea alice: three\n",
      ];
      assertEquals(await text(), tea.join("") + "2026-11-24 21:00:00 #lobby alice: elsewhere\n");
      for (const room of ["tea", "#Tea"]) assertEquals(await text("--room", room), tea.join(""));
      const inTea = (...args: string[]) => text("--room", "tea", ...args);
      assertEquals(await inTea("--since", "2026-11-24T21:01"), tea.slice(1).join(""));
      assertEquals(await inTea("--until", "2026-11-24T12:01Z"), tea[0]);
      assertEquals(await inTea("--since", "2026-11-24", "--until", "2026-11-24"), tea.join(""));
      assertEquals(await inTea("--since", "2026-11-25"), "");
    }),
);

testWith(["sh", "head"], "export into head ends quietly", () =>
  withHistory(async (path) => {
    await importAll(path, jsonl(Array.from({ length: 5000 }, (_, i) => `${i} ${"x".repeat(100)}`)));
    const [program, args] = command(["export", "--history", path]);
    const script = '{ "$@"; echo "exit $?" >&2; } | head -n 1';
    const { stdout, stderr } = await feed(["sh", ["-c", script, "sh", program, ...args]], "");
    assertMatch(stdout, /^\S+ \S+ #tea alice: 0 x+\n$/);
    assertEquals(stderr, "exit 0\n");
  }));

Deno.test(
  "a line that is wrong is named, and nothing is imported",
  needsNetwork,
  () =>
    withHistory(async (path) => {
      await importAll(path, jsonl(["here already"]));
      const good = jsonl(["fine"]);
      const rows: [string, RegExp][] = [
        ["no json\n", /^bobchat: line 2 of stdin: this is no JSON; nothing was imported\n$/],
        ["[]\n", /^bobchat: line 2 of stdin: this is no message .*"kind"; nothing was imported\n$/],
        [good.replace("fine", "\\u001b[2J"), /^bobchat: line 2 of stdin: .*"text"; nothing/],
        [good.replace("alice", "a b"), /^bobchat: line 2 of stdin: .*"from"; nothing/],
        [`${"x".repeat(1_100_000)}\n`, /^bobchat: line 2 of stdin: a line has at most .* nothing/],
      ];
      for (const [line, sentence] of rows) {
        const wrong = await feed(command(["import", "--history", path]), good + line + good);
        assertEquals([wrong.code, wrong.stdout], [1, ""]);
        assertMatch(wrong.stderr, sentence);
      }
      const { stdout } = await run(["export", "--history", path]);
      assertMatch(stdout, /^.* here already\n$/);
    }),
);

Deno.test(
  "nothing is imported under a running server",
  needsNetwork,
  () =>
    withHistory(async (path) => {
      await using _bobchat = await Bobchat.start(["--history", path]);
      const { code, stderr } = await feed(command(["import", "--history", path]), jsonl(["x"]));
      assertEquals(code, 1);
      assertMatch(stderr, /^bobchat: .* is in use by another server: .*\n$/);
    }),
);

Deno.test("operators are made, listed and unmade", needsNetwork, () =>
  withHistory(async (path) => {
    await register(path, "correct horse");
    const operator = (...words: string[]) => run(["operator", ...words, "--history", path]);
    const said = (stdout: string) => ({ code: 0, stdout, stderr: "" });
    const none = said(
      "There are no operators. To make one: bobchat operator add NAME\n",
    );
    assertEquals(await operator("list"), none);
    assertEquals(await operator("add", "Alice"), said("Alice is an operator now\n"));
    assertEquals(await operator("list"), said("alice\n"));
    assertEquals(await operator("remove", "alice"), said("alice is no operator any more\n"));
    assertEquals(await operator("list"), none);
    const { code, stdout, stderr } = await operator("add", "bob");
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^bobchat: bob is not registered in this file: .*\n$/);
  }));

Deno.test("a password is the first line of stdin", needsNetwork, () =>
  withHistory(async (path) => {
    await register(path, "correct horse");
    const set = (name: string, input: string) =>
      feed(command(["password", name, "--history", path]), input);
    assertEquals(await set("alice", "battery staple\nmore\n"), {
      code: 0,
      stdout: "alice has a new password\n",
      stderr: "",
    });
    for (const [input, sentence] of [["", /has no password/], ["short\n", /8 to 200 characters/]]) {
      const { code, stderr } = await set("alice", String(input));
      assertEquals(code, 1);
      assertMatch(stderr, sentence as RegExp);
    }
    assertMatch((await set("bob", "battery staple\n")).stderr, /bob is not registered/);
    assert(await opens(path, "battery staple"));
    assert(!await opens(path, "correct horse"));
  }));

/** Runs a command on a terminal of its own: what it shows comes on stdout. */
function onTerminal(args: readonly string[]): Program {
  const [program, words] = command(args);
  const script = "import os, pty, sys\n" +
    "sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
  return new Program(["python3", ["-c", script, program, ...words]]);
}

testWith(
  ["python3"],
  "on a terminal a password is asked for twice, and not shown",
  () =>
    withHistory(async (path) => {
      await register(path, "correct horse");
      const set = async (first: string, second?: string) => {
        await using asking = onTerminal(["password", "alice", "--history", path]);
        await asking.stdout.until("New password of alice: ");
        await asking.type(first);
        if (second !== undefined) {
          await asking.stdout.until("The same again: ");
          await asking.type(second);
        }
        return { code: await asking.end(), text: asking.stdout.text };
      };
      const done = await set("battery stable\x7f\x7f\x7fple\r", "battery staple\r");
      assertEquals(done, {
        code: 0,
        text: "New password of alice: \r\nThe same again: \r\nalice has a new password\r\n",
      });
      const two = await set("battery staple\r", "battery stable\r");
      assertEquals(two.code, 1);
      assertStringIncludes(two.text, "bobchat: the two passwords differ: nothing was");
      const gone = await set("batt\x03");
      assertEquals(gone.code, 1);
      assertStringIncludes(gone.text, "bobchat: no password was given: nothing was changed");
      assert(await opens(path, "battery staple"));
      await using nobody = onTerminal(["password", "bob", "--history", path]);
      assertEquals(await nobody.end(), 1);
      assertMatch(nobody.stdout.text, /^bobchat: bob is not registered in this file: /);
    }),
);

testWith(["sh"], "a folder as stdin is a sentence, and exit 1", () =>
  withHistory(async (path) => {
    await register(path, "correct horse");
    await using bobchat = await Bobchat.start();
    const rows = [
      ["import", "--history", path],
      ["password", "alice", "--history", path],
      ["connect", `127.0.0.1:${bobchat.port}`],
    ];
    for (const row of rows) {
      const [program, words] = command(row);
      const script = ["-c", 'exec "$@" </', "sh", program, ...words];
      await using told = new Program(["sh", script]);
      assertEquals(await told.end(), 1);
      assertMatch(told.stderr.text, /^bobchat: .*stdin cannot be read: Is a directory.*\n$/);
    }
  }));

testWith(
  ["python3"],
  "on a terminal an import says what it waits for",
  () =>
    withHistory(async (path) => {
      await using importing = onTerminal(["import", "--history", path]);
      await importing.stdout.until("Type the messages, and Ctrl-D at the end");
      await importing.type("\x04");
      assertEquals(await importing.end(), 0);
      assertStringIncludes(importing.stdout.text, "0 messages imported\r\n");
    }),
);

testWith(
  ["python3"],
  "on a terminal an export into a file counts what it has written",
  () =>
    withHistory(async (path) => {
      await importAll(path, jsonl(["one", "two"]));
      const [program, args] = command(["export", "--history", path, "--format", "jsonl"]);
      const script = 'import os, pty, sys\nout = sys.argv.pop(1)\npty.spawn(["sh", "-c", ' +
        '\'exec "$@" >"$0"\', out, *sys.argv[1:]])';
      await using exporting = new Program([
        "python3",
        ["-c", script, `${path}.jsonl`, program, ...args],
      ]);
      assertEquals(await exporting.end(), 0);
      assertEquals(exporting.stdout.text, "\r2 lines exported\r\x1b[K");
      assertEquals(await Deno.readTextFile(`${path}.jsonl`), jsonl(["one", "two"]));
    }),
);

testWith(
  ["sh"],
  "an export and a backup that are stopped, or have no room, leave nothing behind",
  () =>
    withHistory(async (path) => {
      const folder = path.replace(/\/[^/]*$/, "/out");
      await Deno.mkdir(folder);
      const left = () => [...Deno.readDirSync(folder)].map(({ name }) => name);
      await importAll(path, jsonl(Array.from({ length: 30_000 }, () => "x".repeat(900))));
      const output = ["export", "--history", path, "--output", `${folder}/all`];
      await using exporting = new Program(command(output));
      const begun = async () => {
        while (left().length === 0) await new Promise((resolve) => setTimeout(resolve));
      };
      await inTime(begun(), () => "the export");
      exporting.process.kill("SIGINT");
      assertEquals([await exporting.end(), left()], [130, []]);
      // The size that a file may have stands for a full disk.
      const [program, words] = command(["backup", `${folder}/copy`, "--history", path]);
      const sh = ["-c", `trap '' XFSZ; ulimit -f 10000; exec "$0" "$@"`, program, ...words];
      const { code, stderr } = await feed(["sh", sh], "");
      assertEquals([code, left()], [1, []], stderr);
      assertMatch(stderr, /^bobchat: \S+ cannot be copied to \S+ \(.*\): check both disks\n$/);
    }),
);

Deno.test(
  "forget removes a name and its words, and no one else's",
  needsNetwork,
  () =>
    withHistory(async (path) => {
      await register(path, "correct horse");
      await importAll(path, jsonl(["mine", "/me too"]) + jsonl(["his"]).replace("alice", "bob"));
      const forget = (name: string) => run(["forget", name, "--history", path]);
      assertEquals(await forget("alice"), {
        code: 0,
        stdout: "alice is no longer registered, and 2 messages are gone\n",
        stderr: "",
      });
      assertEquals(await forget("alice"), {
        code: 0,
        stdout: "alice was not registered, and 0 messages are gone\n",
        stderr: "",
      });
      const { stdout } = await run(["export", "--history", path]);
      assertMatch(stdout, /^\S+ \S+ #tea bob: his\n$/);
    }),
);

Deno.test(
  "a file that is not there is one sentence, and is not made",
  needsNetwork,
  () =>
    withHistory(async (path) => {
      const others = [["bans"], ["unban", "a"], ["rooms"], ["accounts"]];
      for (
        const words of [
          ["operator", "list"],
          ["password", "a"],
          ["forget", "a"],
          ["export"],
          ...others,
        ]
      ) {
        const { code, stdout, stderr } = await run([...words, "--history", path]);
        assertEquals([code, stdout], [1, ""]);
        assertEquals(stderr, `bobchat: there is no file ${path}: check its name\n`);
      }
      const { code, stderr } = await run(["export"]);
      assertEquals(code, 2);
      assertEquals(
        stderr,
        "bobchat: export needs --history PATH: the history file of the server\n",
      );
    }),
);

Deno.test(
  "a file that another program holds is told as such after a while, and left as it is",
  needsNetwork,
  () =>
    withHistory(async (path) => {
      await importAll(path, jsonl(["one"]));
      using db = new DatabaseSync(path);
      db.exec("BEGIN IMMEDIATE");
      const { code, stdout, stderr } = await run(["forget", "alice", "--history", path]);
      assertEquals([code, stdout], [1, ""]);
      assertEquals(
        stderr,
        `bobchat: ${path} is in use by another program: try again when that is done\n`,
      );
    }),
);

Deno.test("each command has its own --help, on stdout", needsNetwork, async () => {
  for (const name of ["operator", "password", "forget", "export", "import"]) {
    const { code, stdout, stderr } = await run([name, "--help"]);
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, `Usage: bobchat ${name} `);
  }
});
