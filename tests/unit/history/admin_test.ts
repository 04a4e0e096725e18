// What the host does to the file: operators, passwords, forgetting; and messages out and in again.

import { forget, listOperators, setOperator, setPassword } from "../../../lib/history/admin.ts";
import { exportMessages, type Extent, importMessages } from "../../../lib/history/exchange.ts";
import { HistoryError, openFile } from "../../../lib/history/schema.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../assert.ts";
import { said } from "../chat/said.ts";
import { LOBBY, MADE, open, TEA, whisper, words } from "./file.ts";

/** A file with alice's account, and words in two rooms. */
function filled() {
  const opened = open();
  const account = { id: 1, name: "Alice", key: "alice", hash: "old", isOperator: false };
  const hers = said({ id: 3, from: "ALICE", text: "mine", room: LOBBY, at: 3 });
  opened.history.commit([
    MADE,
    { kind: "account new", account },
    words(1, "one"),
    words(2, "two", TEA),
    {
      kind: "said",
      message: hers,
    },
    { kind: "said", message: { ...hers, id: 4, from: "al", by: { member: 1, account: 1 } } },
  ]);
  opened.history.commit([whisper(5, 1, 2), whisper(6, 3, 1), whisper(7, 2, 3)]);
  return opened;
}

Deno.test("operators are registered names", () => {
  using opened = filled();
  const { db } = opened;
  setOperator(db, "ALICE", true);
  assertEquals(listOperators(db), ["Alice"]);
  setOperator(db, "alice", false);
  assertEquals(listOperators(db), []);
  const { message } = assertThrows(() => setOperator(db, "bob", true), HistoryError);
  assertStringIncludes(message, "bob is not registered");
});

Deno.test("a password is replaced, of a registered name", () => {
  using opened = filled();
  setPassword(opened.db, "alice", "new");
  assertEquals(opened.history.load().accounts[0]?.hash, "new");
  assertThrows(() => setPassword(opened.db, "bob", "new"), HistoryError);
});

Deno.test("who is forgotten leaves no word, said by them or to them, under no name", async () => {
  using opened = filled();
  const { db, history } = opened;
  assertEquals(forget(db, "alice"), { account: true, messages: 4 });
  assertEquals(db.prepare("SELECT id FROM messages").all().map(({ id }) => id), [1, 2, 7]);
  assertEquals(history.load().accounts, []);
  const search = { words: ["mine"], reader: { member: 1 }, rooms: () => true, count: 9 };
  assertEquals(await history.search(search), []);
  assertEquals(forget(db, "nobody"), { account: false, messages: 0 });
});

Deno.test("export gives what was said in rooms, in order, as far as it is asked for", () => {
  using opened = filled();
  const { db } = opened;
  db.exec("INSERT INTO gaps (after_id, count, since, until) VALUES (2, 9, 2, 3)");
  const ask = (extent: Extent) =>
    [...exportMessages(db, extent)].map((item) =>
      item.kind === "gap" ? `gap ${item.count}` : item.id
    );
  assertEquals(ask({}), [1, 2, "gap 9", 3, 4]);
  assertEquals(ask({ room: "#TEA" }), [2, "gap 9"]);
  assertEquals(ask({ since: 2, until: 3 }), [2, "gap 9"]);
  assertThrows(() => ask({ room: "den" }), HistoryError);
});

Deno.test("import takes back what export gave, behind what is there", () => {
  using opened = filled();
  const items = [...exportMessages(opened.db, {})];
  using other = open();
  other.history.commit([words(1, "first")]);
  assertEquals(importMessages(other.db, items), 4);
  const strip = (all: Iterable<object>) => [...all].map((item) => ({ ...item, id: 0 }));
  const taken = [...exportMessages(other.db, {})];
  assertEquals(strip(taken.slice(1)), strip(items));
  assertEquals(taken.map((item) => item.kind === "gap" ? 0 : item.id), [1, 2, 3, 4, 5]);
});

Deno.test("import takes nothing where something is wrong, and says what", () => {
  const good = { at: "2026-11-24T10:00:00Z", room: "tea", kind: "message", from: "a", text: "b" };
  const rows: [object | null, string][] = [
    [{ ...good, kind: "notice" }, "kind"],
    [{ ...good, at: "soon" }, "at"],
    [{ ...good, room: "a b" }, "room"],
    [{ ...good, from: "***" }, "from"],
    [{ ...good, text: "a\nb" }, "text"],
    [null, "kind"],
  ];
  for (const [item, what] of rows) {
    const db = openFile(":memory:");
    const { message } = assertThrows(() => importMessages(db, [good, item]), HistoryError);
    assert(message.includes(`"${what}"`), message);
    assertEquals([...exportMessages(db, {})], []);
    db.close();
  }
});
