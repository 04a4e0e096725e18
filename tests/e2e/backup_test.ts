// Copies of the history's file: `bobchat backup`, and the copy that is kept before a file is migrated.

import { DatabaseSync } from "node:sqlite";
import { lockFile } from "../../lib/history/file.ts";
import { migrate, MIGRATIONS } from "../../lib/history/migrations.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, command, needsNetwork, Program, run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { Nats } from "./nats.ts";

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

async function exported(history: string): Promise<string> {
  const { code, stdout, stderr } = await run(["export", "--history", history]);
  assertEquals(code, 0, stderr);
  return stdout;
}

Deno.test(
  "a backup of a running server's file has what was said, and only its owner can read it",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const history = `${folder}/chat.db`, copy = `${folder}/copy.db`;
      await using bobchat = await Bobchat.start(["--history", history]);
      using alice = await Client.join(bobchat.port, "alice");
      await alice.send("one\n");
      await alice.until("): one\r\n");
      const first = await run(["backup", copy, "--history", history]);
      assertEquals([first.code, first.stderr], [0, ""]);
      assertMatch(first.stdout, /copy\.db is a copy of \S+chat\.db: \d+\.\d MB\n$/);
      assertEquals(Deno.statSync(copy).mode! & 0o777, 0o600);
      await alice.send("two\n");
      await alice.until("): two\r\n");
      assertMatch(await exported(copy), /alice: one\n$/);
      assertEquals((await run(["backup", "--history", history, copy])).code, 0);
      assertMatch(await exported(copy), /alice: one\n.*alice: two\n$/);
      assertEquals(names(folder), ["chat.db", "chat.db-shm", "chat.db-wal", "copy.db"]);

      // What is in use is not replaced.
      const own = ["", "-wal", "-shm"].map((end) => history + end);
      await Deno.symlink("loop", `${folder}/loop`);
      for (const to of [...own, `${folder}/none/copy.db`, folder, `${folder}/loop`]) {
        const { code, stdout, stderr } = await run(["backup", to, "--history", history]);
        assertEquals([code, stdout, stderr.split("\n").length], [1, "", 2], stderr);
      }
      const lost = await run(["backup", `${folder}/none/copy.db`, "--history", history]);
      assertStringIncludes(
        lost.stderr,
        "copy.db, since its folder does not exist: make the folder",
      );
      const output = ["export", "--output", `${history}-wal`, "--history", history];
      assertMatch((await run(output)).stderr, /chat\.db-wal is a part of the history: /);
      await alice.send("three\n");
      await alice.until("): three\r\n");
      assertEquals(bobchat.stderr.text.includes(" warning "), false, bobchat.stderr.text);
      await Deno.writeTextFile(`${copy}-wal`, "");
      const busy = await run(["backup", copy, "--history", history]);
      assertEquals(busy.code, 1);
      assertStringIncludes(busy.stderr, "copy.db is in use");
      const none = await run(["backup", copy, "--history", `${folder}/no.db`]);
      assertEquals(none.code, 1);
      assertMatch(none.stderr, /^bobchat: there is no file .*no\.db: check its name\n$/);
    }),
);

testWith(
  ["python3"],
  "a backup is of one moment however much is written meanwhile, and shows its progress",
  () =>
    inFolder(async (folder) => {
      const history = `${folder}/chat.db`, copy = `${folder}/copy.db`;
      const lines = Array.from({ length: 30_000 }, (_, i) =>
        JSON.stringify({
          ...{ id: i + 1, at: new Date(i).toISOString(), room: "tea", kind: "message" },
          ...{ from: "alice", text: `${i} `.repeat(50) },
        }) + "\n");
      await using importing = new Program(command(["import", "--history", history]));
      await importing.type(lines.join(""));
      await importing.endInput();
      assertEquals(await importing.end(), 0);
      // Another program that writes all the time.
      const writer = new DatabaseSync(history);
      writer.exec("PRAGMA busy_timeout = 5000; CREATE TABLE noise (a)");
      const timer = setInterval(() => {
        writer.exec("INSERT INTO noise VALUES (1); UPDATE messages SET text = text WHERE id < 9");
      }, 1);
      try {
        const [program, args] = command(["backup", copy, "--history", history]);
        const script = "import pty, sys\nsys.exit(pty.spawn(sys.argv[1:]))";
        await using copying = new Program(["python3", ["-c", script, program, ...args]]);
        assertEquals(await copying.end(), 0, copying.stdout.text);
        assertMatch(copying.stdout.text, /\r\d+ % copied(.*\r)+.*is a copy of/);
      } finally {
        clearInterval(timer);
        writer.close();
      }
      using db = new DatabaseSync(copy);
      assertEquals(db.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
      assertEquals(db.prepare("SELECT count(*) AS count FROM messages").get()?.count, lines.length);
    }),
);

/** Makes a file of the first version. */
function makeOld(path: string): void {
  using db = new DatabaseSync(path);
  migrate(db, { path, migrations: MIGRATIONS.slice(0, 1) });
  db.exec(
    "INSERT INTO messages (at, room, kind, sender, text) VALUES (0, 1, 'message', 'al', 'old')",
  );
}

function versionOf(path: string): unknown {
  using db = new DatabaseSync(path);
  return db.prepare("PRAGMA user_version").get()?.user_version;
}

Deno.test(
  "before a file of an older version is brought up to date, a copy of it is kept",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`, copy = `${path}.v1`;
      makeOld(path);
      // A backup is no reason to change the file.
      assertEquals((await run(["backup", `${folder}/b`, "--history", path])).code, 0);
      assertEquals([versionOf(path), versionOf(`${folder}/b`)], [1, 1]);
      assert(!names(folder).includes("chat.db.v1"));
      {
        await using bobchat = await Bobchat.start(["--history", path]);
        assertMatch(bobchat.stderr.text, /brought up to date: \S+chat\.db\.v1 is a copy/);
        assertEquals(Deno.statSync(copy).mode! & 0o777, 0o600);
        assertEquals(await bobchat.stop(), 0);
      }
      assertEquals([versionOf(path), versionOf(copy)], [MIGRATIONS.length, 1]);
      assertMatch(await exported(path), /al: old\n$/);
      await Deno.remove(copy);
      // A file that is up to date is not copied, nor is a new one.
      await exported(path);
      assert(!names(folder).includes("chat.db.v1"));
      await Deno.rename(`${folder}/b`, copy);
      assertMatch(await exported(copy), /al: old\n$/);
      assertEquals(versionOf(`${copy}.v1`), 1);
    }),
);

Deno.test(
  "a file of an older version is not brought up to date under a running server",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      makeOld(path);
      {
        // As a server of that version has it.
        using _ = lockFile(path);
        for (const words of [["accounts"], ["serve", "--port", "0"]]) {
          const { code, stdout, stderr } = await run([...words, "--history", path]);
          assertEquals([code, stdout], [1, ""]);
          assertMatch(stderr, /^bobchat: \S+ is in use by another server: stop that one, .*\n$/);
          assertEquals([versionOf(path), names(folder)], [1, ["chat.db"]]);
        }
      }
      assertEquals((await run(["accounts", "--history", path])).code, 0);
      assertEquals([versionOf(path), versionOf(`${path}.v1`)], [MIGRATIONS.length, 1]);
    }),
);

testWith(
  ["nats-server"],
  "a copy is kept as well before a network begins anew from an older file",
  () =>
    inFolder(async (folder) => {
      await using nats = await Nats.start();
      const path = `${folder}/chat.db`;
      makeOld(path);
      const { code, stderr } = await run(["network", "new", "--nats", nats.url, "--history", path]);
      assertEquals(code, 0, stderr);
      assertEquals([versionOf(path), versionOf(`${path}.v1`)], [MIGRATIONS.length, 1]);
    }),
);

Deno.test(
  "a file of which no copy can be kept is left as it was",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      makeOld(path);
      await Deno.mkdir(`${path}.v1/in/the/way`, { recursive: true });
      const { code, stderr } = await run(["serve", "--port", "0", "--history", path]);
      assertEquals(code, 1);
      assertMatch(
        stderr,
        /^bobchat: no copy of \S+ can be kept before it is brought up to date: .*\n$/,
      );
      assertEquals(versionOf(path), 1);
      assertEquals(names(folder), ["chat.db", "chat.db.v1"]);
    }),
);
