// The index of words: what is deleted leaves it for good.

import type { DatabaseSync } from "node:sqlite";
import { forget } from "../../../lib/history/admin.ts";
import { indexAll } from "../../../lib/history/indexer.ts";
import { assert, assertEquals, assertLess } from "../../assert.ts";
import { said } from "../chat/said.ts";
import { LOBBY, mended, open, words } from "./file.ts";

/** Everything in the index's pages, as Latin-1. */
function pages(db: DatabaseSync): string {
  const latin1 = new TextDecoder("latin1");
  return db.prepare("SELECT block FROM words_data").all()
    .map(({ block }) => latin1.decode(block as Uint8Array)).join("");
}

/** A word whose bytes stand side by side in the index: it begins as no other does. */
const BEADS = "📿";

function latin1(text: string): string {
  return new TextDecoder("latin1").decode(new TextEncoder().encode(text));
}

/** How many pieces the index has. */
function pieces(db: DatabaseSync): number {
  return Number(db.prepare("SELECT count(DISTINCT segid) AS n FROM words_idx").get()?.n);
}

Deno.test("the index stays a few pieces, however many batches there were", () => {
  using opened = open();
  const { db, history } = opened;
  for (let id = 1; id <= 2000; id++) history.commit([words(id, `word${id} and more`)]);
  indexAll(db);
  assertLess(pieces(db), 40);
});

Deno.test("nothing is left of the words of who is forgotten", () => {
  using opened = open();
  const { db, history } = opened;
  for (let id = 1; id <= 300; id++) {
    const from = id % 3 === 0 ? "eve" : "bob";
    const text = from === "eve" ? `${BEADS} zyxwvut${id} said` : `tea${id} said`;
    history.commit([{ kind: "said", message: said({ id, from, text, room: LOBBY, at: id }) }]);
  }
  indexAll(db);
  db.exec("CREATE VIRTUAL TABLE temp.terms USING fts5vocab (main, words, row)");
  const hers = latin1(BEADS);
  assert(pages(db).includes(hers));
  assertEquals(forget(db, "eve").messages, 100);
  assert(!pages(db).includes(hers));
  const terms = db.prepare("SELECT term FROM terms").all().map(({ term }) => String(term));
  assertEquals(terms.filter((term) => term.startsWith("z")), []);
  assert(terms.includes("tea"));
  db.exec("INSERT INTO words (words) VALUES ('integrity-check')");
});

Deno.test("nothing is left of the words of messages that were edited or taken back, whatever has waited", () => {
  using opened = open();
  const { db, history } = opened;
  const secrets = [1, 2, 3, 4].map((id) => words(id, `${BEADS} zyxwvut${id} said`));
  history.commit(secrets);
  indexAll(db);
  // One while it waits to be indexed, and one while the disk fails.
  const late = words(5, `${BEADS} zyxwvut5 said`);
  history.commit([late, mended(late)]);
  db.exec("PRAGMA query_only = ON");
  const waits = words(6, `${BEADS} zyxwvut6 said`);
  history.commit([waits]);
  history.commit([
    mended(waits),
    ...secrets.map((each, i) => mended(each, i % 2 ? "tea" : undefined)),
  ]);
  db.exec("PRAGMA query_only = OFF");
  history.tick();
  indexAll(db);
  for (let i = 0; i < 20; i++) history.tick();
  assert(!pages(db).includes(latin1(BEADS)));
  const texts = db.prepare("SELECT text FROM messages ORDER BY id").all().map(({ text }) => text);
  assertEquals(texts, ["", "tea", "", "tea", "", ""]);
  assertEquals(db.prepare("SELECT * FROM journal").all(), []);
  assertEquals(db.prepare("SELECT * FROM erasing").all(), []);
  db.exec("INSERT INTO words (words) VALUES ('integrity-check')");
});
