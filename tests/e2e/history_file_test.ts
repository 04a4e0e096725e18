// The history's file as other programs, and the disk, treat it.

import { LOST } from "../../lib/history/write_behind.ts";
import { ERRORS } from "../../lib/history/faults.ts";
import { DatabaseSync } from "node:sqlite";
import type { Record } from "../../lib/chat/history.ts";
import { forget } from "../../lib/history/admin.ts";
import { HistoryError } from "../../lib/history/faults.ts";
import { openFile } from "../../lib/history/file.ts";
import { SqliteHistory } from "../../lib/history/sqlite.ts";
import { createMetrics } from "../../lib/metrics.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows, fail } from "../assert.ts";
import { closeLog, log, openLog } from "../../lib/log.ts";
import { Bobchat, Client, command, needsNetwork, Program, run } from "./bobchat.ts";
import { bytes, inFolder } from "./folder.ts";

function open(path: string) {
  const metrics = createMetrics();
  return { metrics, history: SqliteHistory.open(path, { keepDays: 0, now: Date.now, metrics }) };
}

function words(id: number, text: string, from = "bob"): Record {
  const room = { id: 1, name: "lobby" };
  const by = { member: 1 };
  return { kind: "said", message: { kind: "message", id, at: id, by, from, text, room } };
}

function said(history: SqliteHistory): number[] {
  return history.recall({ room: 1, upTo: 1e9, count: 1000 }).map(({ id }) => id);
}

Deno.test(
  "a file that cannot be opened is a sentence",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      const refused = (file: string, why: string, create = true) => {
        const { message } = assertThrows(() => openFile(file, { create }), HistoryError);
        assertStringIncludes(message, file);
        assertStringIncludes(message, why);
      };
      refused(path, "there is no file", false);
      refused(`${folder}/none/chat.db`, "its folder does not exist");
      refused(folder, "cannot be opened");
      await Deno.writeTextFile(path, "no database at all ".repeat(100));
      refused(path, "is no database");
      await Deno.remove(path);
      const other = new DatabaseSync(path);
      other.exec("CREATE TABLE theirs (a)");
      other.close();
      refused(path, "another program");
      await Deno.remove(path);
      const ours = openFile(path);
      ours.exec("PRAGMA user_version = 0");
      ours.close();
      refused(path, "is damaged (table messages already exists): put a copy in its place");
    }),
);

Deno.test("one server keeps a file, until it closes it", needsNetwork, () =>
  inFolder((folder) => {
    const path = `${folder}/chat.db`;
    const { history } = open(path);
    const { message } = assertThrows(() => open(path), HistoryError);
    assertStringIncludes(message, "another server");
    history.close();
    open(path).history.close();
  }));

Deno.test(
  "a program that writes for long makes words wait, and loses none",
  needsNetwork,
  () =>
    inFolder((folder) => {
      const path = `${folder}/chat.db`;
      const { history, metrics } = open(path);
      const other = openFile(path);
      other.exec("BEGIN IMMEDIATE");
      history.commit([words(1, "one")]);
      history.commit([words(2, "two")]);
      assertStringIncludes(history.trouble ?? "", "locked");
      assertEquals(said(history), [1, 2]);
      other.exec("COMMIT");
      other.close();
      history.tick();
      assertEquals([history.trouble, metrics.count(ERRORS), metrics.count(LOST)], [
        undefined,
        1,
        0,
      ]);
      history.close();
      const later = open(path).history;
      assertEquals(said(later), [1, 2]);
      later.close();
    }),
);

Deno.test(
  "a full disk makes words wait until there is room",
  needsNetwork,
  () =>
    inFolder((folder) => {
      const path = `${folder}/chat.db`;
      const db = openFile(path);
      const history = new SqliteHistory(db, {
        ...{ keepDays: 0, now: Date.now, metrics: createMetrics() },
      });
      db.exec("PRAGMA max_page_count = 60");
      let id = 0;
      while (history.trouble === undefined) history.commit([words(++id, "x".repeat(10_000))]);
      assertStringIncludes(history.trouble, "full");
      for (let i = 0; i < 10; i++) history.commit([words(++id, "later")]);
      db.exec("PRAGMA max_page_count = 100000");
      history.tick();
      assertEquals(history.trouble, undefined);
      history.close();
      const later = open(path).history;
      assertEquals(said(later), Array.from({ length: id }, (_, i) => i + 1));
      later.close();
    }),
);

Deno.test(
  "who is forgotten beside a running server is gone from its files",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      const { history } = open(path);
      for (let id = 1; id <= 400; id++) {
        const from = id % 4 === 0 ? "eve" : "bob";
        history.commit([words(id, from === "eve" ? `zyxwvut${id}` : `tea${id}`, from)]);
      }
      assert(bytes(folder).includes("zyxwvut"));
      const other = openFile(path);
      assertEquals(forget(other, "Eve").messages, 100);
      other.close();
      const changed = history.changed();
      const forgotten = [{ name: "Eve" }];
      assertEquals(changed, { lastAccount: 0, accounts: [], bans: [], forgotten });
      assertEquals(history.changed(), undefined);
      assertEquals(said(history).length, 300);
      assert(!bytes(folder).includes("zyxwvut"));
      assert(bytes(folder).includes("tea399"));
      const search = { words: ["tea399"], reader: { member: 1 }, rooms: () => true, count: 9 };
      assertEquals((await history.search(search)).messages.length, 1);
      history.close();
      assert(!bytes(folder).includes("zyxwvut"));
    }),
);

/** Who may do what with a file, in octal; and of all that a folder has, by name. */
const mode = (path: string) => (Deno.statSync(path).mode! & 0o777).toString(8);
const modes = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => `${name} ${mode(`${folder}/${name}`)}`).sort();

Deno.test(
  "the history, an export and the log are files that only their owner may read",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const [path, out] = [`${folder}/chat.db`, `${folder}/out.jsonl`];
      await using bobchat = await Bobchat.start([
        ...["--history", path, "--log-file", `${folder}/log`],
      ]);
      using alice = await Client.join(bobchat.port, "alice");
      await alice.send("hello\n");
      await alice.until("): hello");
      const args = ["export", "--format", "jsonl", "--history", path, "--output", out];
      assertEquals(await run(args), { code: 0, stdout: "", stderr: "" });
      assertEquals(modes(folder), [
        ...["chat.db 600", "chat.db-shm 600", "chat.db-wal 600", "log 600", "out.jsonl 600"],
      ]);
      assertStringIncludes(await Deno.readTextFile(out), '"text":"hello"');
      for (const no of [folder, "/dev/null", path]) {
        const { code, stderr } = await run([...args.slice(0, -1), no]);
        assertEquals([code, stderr.split("\n").length], [1, 2], no);
      }
      assertEquals(await bobchat.stop(), 0);
    }),
);

Deno.test(
  "a log that rotates is as private as it was",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const write = async (name: string) => {
        // A little at a time: no more may wait.
        for (let i = 0; i < 12; i++) {
          openLog({
            ...{ level: "info", format: "text", file: `${folder}/${name}` },
            onLost: () => fail("a line was lost"),
          });
          for (let j = 0; j < 9; j++) log.info("x".repeat(100_000));
          await closeLog();
        }
      };
      await write("ours");
      await Deno.writeTextFile(`${folder}/theirs`, "", { mode: 0o644 });
      await write("theirs");
      assertEquals(modes(folder), ["ours 600", "ours.1 600", "theirs 644", "theirs.1 644"]);
    }),
);

Deno.test(
  "a file that others may read is said in the log",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      await Deno.writeFile(path, new Uint8Array(), { mode: 0o644 });
      await using bobchat = await Bobchat.start(["--history", path]);
      await bobchat.stderr.until(/others on this machine may read \S*chat.db: chmod 600/);
      assertEquals(mode(path), "644");
    }),
);

Deno.test(
  "a second server finds the file under no other name",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      const history = open(path).history;
      await Deno.symlink(path, `${folder}/soft.db`);
      await Deno.link(path, `${folder}/hard.db`);
      await Deno.mkdir(`${folder}/sub`);
      await Deno.symlink(folder, `${folder}/sub/up`);
      for (const name of ["soft.db", "hard.db", "sub/../chat.db", "sub/up/chat.db"]) {
        const words = ["--port", "0", "--history", `${folder}/${name}`];
        const { code, stdout, stderr } = await run(words);
        assertEquals([code, stdout], [1, ""], name);
        assertStringIncludes(stderr, "is in use by another server");
      }
      // What was opened and closed meanwhile has taken nothing from the one that keeps it.
      history.commit([words(1, "still here")]);
      assertEquals([history.trouble, said(history)], [undefined, [1]]);
      history.close();
    }),
);

Deno.test("what is no file to SQLite is refused, exit 2", needsNetwork, async () => {
  for (const path of [":memory:", "file:chat.db", "FILE:chat.db?mode=memory", " "]) {
    for (const words of [["--port", "0"], ["operator", "list"], ["export"]]) {
      const { code, stdout, stderr } = await run([...words, "--history", path]);
      assertEquals([code, stdout], [2, ""], path);
      assertStringIncludes(stderr, "--history");
    }
  }
});

Deno.test("a folder that is missing is said to be", needsNetwork, () =>
  inFolder(async (folder) => {
    const { code, stderr } = await run(["--port", "0", "--history", `${folder}/none/chat.db`]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "its folder does not exist: make the folder first");
  }));

const AWAY: [what: string, take: (path: string) => Promise<void>][] = [
  ["deleted", (path) => Deno.remove(path)],
  ["moved", (path) => Deno.rename(path, `${path}.moved`)],
  ["replaced", async (path) => {
    await Deno.rename(path, `${path}.moved`);
    await Deno.copyFile(`${path}.moved`, path);
  }],
];
for (const [what, take] of AWAY) {
  Deno.test(
    `a file that is ${what} under a server is noticed, and nothing is written beside it`,
    needsNetwork,
    () =>
      inFolder(async (folder) => {
        const path = `${folder}/chat.db`;
        await using bobchat = await Bobchat.start(["--history", path, "--rate", "0"]);
        using alice = await Client.join(bobchat.port, "alice");
        await alice.send("before\n/register correct horse\n");
        await alice.until("alice is yours now");
        assertEquals((await run(["operator", "add", "alice", "--history", path])).code, 0);
        for (let told = ""; !told.includes("Nobody is banned");) {
          alice.incoming.forget();
          await alice.send("/bans\n");
          told = await alice.until(/is for operators|Nobody is banned/);
        }
        await take(path);
        await bobchat.stderr.until(/history cannot be written .*chat.db is .*another|not there/);
        await alice.until("*** The history cannot be saved at the moment");
        await alice.send("meanwhile\n/history\n/search meanwhile\n");
        await alice.until(/\[#lobby.* alice: meanwhile/);
        if (what !== "deleted") {
          await Deno.rename(`${path}.moved`, path);
          await alice.until("*** The history is saved again.");
        }
        assertEquals(await bobchat.stop(), 0);
        if (what === "deleted") {
          assertStringIncludes(bobchat.stderr.text, "1 messages are lost to the history");
        } else {
          const { stdout } = await run(["export", "--history", path]);
          assertEquals(stdout.match(/alice: (\w+)/g), ["alice: before", "alice: meanwhile"]);
        }
      }),
  );
}

Deno.test(
  "a write-ahead log that a reader has made long is short again when the reader is gone",
  needsNetwork,
  () =>
    inFolder((folder) => {
      const path = `${folder}/chat.db`;
      const { history } = open(path);
      history.commit([words(1, "first")]);
      const reader = openFile(path);
      reader.exec("BEGIN");
      reader.prepare("SELECT count(*) FROM journal").get();
      for (let id = 2; id < 300; id++) history.commit([words(id, "x".repeat(60_000))]);
      assert(Deno.statSync(`${path}-wal`).size > 16_000_000);
      history.tick();
      assert(Deno.statSync(`${path}-wal`).size > 16_000_000);
      reader.exec("COMMIT");
      reader.close();
      history.tick();
      assert(Deno.statSync(`${path}-wal`).size <= 8 * 1024 * 1024);
      assertEquals(history.trouble, undefined);
      history.close();
    }),
);

const BESIDE: [what: string, harm: (path: string) => void][] = [
  ["deleted", (path) => Deno.removeSync(`${path}-wal`)],
  ["deleted with its index", (path) => {
    Deno.removeSync(`${path}-wal`);
    Deno.removeSync(`${path}-shm`);
  }],
  ["replaced", (path) => {
    Deno.copyFileSync(`${path}-wal`, `${path}-copy`);
    Deno.renameSync(`${path}-copy`, `${path}-wal`);
  }],
];
for (const [what, harm] of BESIDE) {
  Deno.test(
    `a write-ahead log that is ${what} under a server costs nobody's words, also when it is killed`,
    needsNetwork,
    () =>
      inFolder((folder) => {
        const path = `${folder}/chat.db`, killed = `${folder}/killed.db`;
        const { history } = open(path);
        history.commit([words(1, "before")]);
        harm(path);
        history.commit([words(2, "meanwhile")]);
        history.tick();
        history.commit([words(3, "after")]);
        assertEquals([history.trouble, history.readTrouble], [undefined, undefined]);
        // What is on disk is what a killed server leaves.
        for (const end of ["", "-wal"]) Deno.copyFileSync(path + end, killed + end);
        history.close();
        const again = open(killed).history;
        assertEquals(said(again), [1, 2, 3]);
        again.close();
      }),
  );
}

Deno.test(
  "a folder that becomes a file under a server is trouble, and no crash",
  needsNetwork,
  () =>
    inFolder((folder) => {
      const path = `${folder}/chats/chat.db`;
      Deno.mkdirSync(`${folder}/chats`);
      const { history } = open(path);
      Deno.renameSync(`${folder}/chats`, `${folder}/moved`);
      Deno.writeTextFileSync(`${folder}/chats`, "");
      history.commit([words(1, "meanwhile")]);
      history.tick();
      assertStringIncludes(history.trouble ?? "", "cannot be looked at");
      Deno.removeSync(`${folder}/chats`);
      Deno.renameSync(`${folder}/moved`, `${folder}/chats`);
      history.tick();
      assertEquals(history.trouble, undefined);
      assertEquals(said(history), [1]);
      history.close();
    }),
);

Deno.test("a device is no file for a history, and nothing is made beside it", needsNetwork, () => {
  const { message } = assertThrows(() => open("/dev/null"), HistoryError);
  assertEquals(message, "/dev/null is no ordinary file: name another");
});

Deno.test(
  "a disk that is full from the start is no damaged file",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const [program, args] = command(["--port", "0", "--history", `${folder}/chat.db`]);
      const limited = 'ulimit -f 8; trap "" XFSZ; exec "$@"';
      const full = new Program(["bash", ["-c", limited, "bash", program, ...args]]);
      assertEquals(await full.end(), 1);
      const { text } = full.stderr;
      assertStringIncludes(
        text,
        "chat.db cannot be kept (disk I/O error): check that its disk has room",
      );
      assertEquals(text.trim().split("\n").length, 1);
    }),
);
