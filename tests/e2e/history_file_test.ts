// The history's file as other programs, and the disk, treat it.

import { DatabaseSync } from "node:sqlite";
import type { Record } from "../../lib/chat/history.ts";
import { forget } from "../../lib/history/admin.ts";
import { HistoryError, openFile } from "../../lib/history/schema.ts";
import { SqliteHistory } from "../../lib/history/sqlite.ts";
import { createMetrics } from "../../lib/metrics.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../assert.ts";
import { needsNetwork } from "./bobchat.ts";

/** Runs a test in a folder of its own. */
async function inFolder(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

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

/** All files of a history, as Latin-1. */
function bytes(folder: string): string {
  const latin1 = new TextDecoder("latin1");
  return [...Deno.readDirSync(folder)]
    .map(({ name }) => latin1.decode(Deno.readFileSync(`${folder}/${name}`))).join("");
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
      history.retry();
      assertEquals([history.trouble, metrics.historyErrors, metrics.historyLost], [
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
      history.retry();
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
      assertEquals(changed?.forgotten, [{ name: "Eve" }]);
      assertEquals(history.changed(), undefined);
      assertEquals(said(history).length, 300);
      assert(!bytes(folder).includes("zyxwvut"));
      assert(bytes(folder).includes("tea399"));
      const search = { words: ["tea399"], reader: { member: 1 }, rooms: () => true, count: 9 };
      assertEquals((await history.search(search)).length, 1);
      history.close();
      assert(!bytes(folder).includes("zyxwvut"));
    }),
);
