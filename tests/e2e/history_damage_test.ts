// A history's file that is damaged: whatever page it is, the server starts and works, or says in one
// sentence why not.

import type { Message } from "../../lib/chat/message.ts";
import type { Record } from "../../lib/chat/history.ts";
import { exportMessages } from "../../lib/history/export.ts";
import { isFault } from "../../lib/history/faults.ts";
import { HistoryError } from "../../lib/history/faults.ts";
import { openFile } from "../../lib/history/file.ts";
import { SqliteHistory } from "../../lib/history/sqlite.ts";
import { createMetrics } from "../../lib/metrics.ts";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { Bobchat, Client, needsNetwork, run } from "./bobchat.ts";
import { inFolder } from "./folder.ts";

const PAGE = 4096;
const TEA = { id: 2, name: "tea" };

function open(path: string): SqliteHistory {
  return SqliteHistory.open(path, { keepDays: 1, now: () => 0, metrics: createMetrics() });
}

/** What a few people did in two rooms: more than memory has of one. */
function records(): Record[] {
  const said = Array.from({ length: 1500 }, (_, i): Record => {
    const message: Message = {
      ...{ kind: "message", id: i + 1, at: i + 1, by: { member: 1, account: 1 + i % 3 } },
      ...{ from: `name${i % 7}`, text: `word${i} and tea, 入門 kettle ${i % 13}` },
    };
    return i % 3 === 2
      ? { kind: "said", message: { ...message, kind: "private", to: { member: 2, name: "bob" } } }
      : { kind: "said", message: { ...message, room: i % 3 ? TEA : { id: 1, name: "lobby" } } };
  });
  const accounts = [1, 2, 3].map((id): Record => {
    const name = ["ann", "ben", "cat"][id - 1]!;
    return {
      kind: "account new",
      account: { id, name, key: name, hash: "h", isOperator: id === 1 },
    };
  });
  const ban = { kind: "ban", subject: "eve", shown: "eve", isAddress: false, why: "", by: "al" };
  return [
    { kind: "room", room: { ...TEA, key: "tea", topic: "leaves", isLocked: false, invited: [1] } },
    ...accounts,
    { kind: "ban", ban: { ...ban, kind: "ban" } },
    { kind: "seen", account: 1, mark: { room: 2, upTo: 5 } },
    ...said,
  ];
}

/** A file as a server left it that had ended, or one that was killed: its journal is not indexed. */
async function fill(path: string, { isKilled = false } = {}): Promise<void> {
  const history = open(path);
  for (let from = 0, all = records(); from < all.length; from += 100) {
    history.commit(all.slice(from, from + 100));
  }
  if (isKilled) {
    await Deno.copyFile(`${path}-wal`, `${path}.killed-wal`);
    const other = openFile(path);
    other.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    await Deno.copyFile(path, `${path}.killed`);
    other.close();
  }
  history.close();
}

/** What a whole file answers when it is used. */
const ANSWERS = [
  ...[500, 500, [8], 20, 99],
  [{ account: 1, ignored: [], rooms: [], marks: [{ room: 2, upTo: 5 }] }],
  "tea",
];

/** Uses a history in every way; returns how it went. What is not told as trouble is right. */
async function use(
  path: string,
  { isWhole = false } = {},
): Promise<"works" | "refused" | "has trouble"> {
  let history: SqliteHistory;
  try {
    history = open(path);
  } catch (error) {
    assert(error instanceof HistoryError, `${error}`);
    assert(error.message.includes(path), error.message);
    return "refused";
  }
  try {
    history.load();
    const reader = { member: 1, account: 1 };
    const search = { reader, rooms: () => true, count: 20 };
    const one = await history.search({ ...search, words: ["word7"], count: 999 });
    const many = await history.search({ ...search, words: ["kett", "入門"] });
    const answers = [
      history.recall({ room: 1, upTo: 1e9, count: 1500 }).length,
      history.recall({ room: TEA.id, upTo: 1e9, after: 0, count: 1500 }).length,
      one.messages.filter(({ text }) => text.startsWith("word7 ")).map(({ id }) => id),
      many.messages.length,
      history.countAfter(5, { room: TEA.id, most: 99 }),
      history.load().visits,
      history.load().rooms.find(({ key }) => key === "tea")?.name,
    ];
    history.commit(records().slice(-3));
    history.tick();
    history.changed();
    const trouble = [one, many].find(({ trouble }) => trouble !== undefined)?.trouble;
    if ((trouble ?? history.trouble ?? history.readTrouble) !== undefined) return "has trouble";
    if (isWhole) assertEquals(answers, ANSWERS);
    return "works";
  } finally {
    history.close();
  }
}

/** Has these files of a history there, by the ends of their names, and no others. */
async function put(path: string, files: { [end: string]: Uint8Array | undefined }): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) {
    const bytes = files[end];
    if (bytes !== undefined) await Deno.writeFile(path + end, bytes);
    else await Deno.remove(path + end).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Writes zeros over the first page of some tables. */
async function zero(path: string, tables: readonly string[]): Promise<void> {
  const db = openFile(path);
  const pages = db.prepare(
    "SELECT rootpage FROM sqlite_schema WHERE name IN (SELECT value FROM json_each(?))",
  )
    .all(JSON.stringify(tables)).map(({ rootpage }) => Number(rootpage));
  db.close();
  assertEquals(pages.length, tables.length);
  using file = await Deno.open(path, { write: true });
  for (const page of pages) {
    await file.seek((page - 1) * PAGE, Deno.SeekMode.Start);
    await file.write(new Uint8Array(PAGE));
  }
}

/** The commands of the host end in a sentence as well. */
function administrate(path: string): void {
  try {
    const db = openFile(path, { create: false });
    try {
      for (const item of exportMessages(db, {})) assert("kind" in item);
    } finally {
      db.close();
    }
  } catch (error) {
    assert(error instanceof HistoryError || isFault(error), `${error}`);
  }
}

for (
  const [what, fillPage] of [["zeros", () => 0], ["noise", (i: number) => (i * 167) % 251]] as const
) {
  for (const isKilled of [false, true]) {
    const how = isKilled ? "killed" : "stopped";
    Deno.test(
      `whichever page is ${what}, a server that was ${how} starts and works, or is one sentence`,
      needsNetwork,
      () =>
        inFolder(async (folder) => {
          const path = `${folder}/chat.db`;
          await fill(path, { isKilled });
          const source = isKilled ? `${path}.killed` : path;
          const bytes = await Deno.readFile(source);
          const seen = new Set<string>();
          for (let at = 0; at < bytes.length; at += PAGE) {
            const damaged = bytes.slice();
            for (let i = 0; i < PAGE; i++) damaged[at + i] = fillPage(i);
            await put(path, { "": damaged });
            administrate(path);
            await put(path, { "": damaged });
            seen.add(await use(path, { isWhole: true }));
          }
          assert(seen.has("refused") && seen.has("has trouble"), [...seen].join());
        }),
    );
  }
}

Deno.test(
  "a file or a write-ahead log that is cut short or scrambled is no stack trace",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      await fill(path, { isKilled: true });
      const [bytes, wal] = await Promise.all(
        ["", "-wal"].map((end) => Deno.readFile(`${path}.killed${end}`)),
      );
      const half = (all: Uint8Array) => all.slice(0, all.length / 2 - 7);
      const noise = (all: Uint8Array) => all.map((_, i) => (i * 167) % 251);
      const rows: [file: Uint8Array, wal: Uint8Array | undefined, shm?: Uint8Array][] = [
        [bytes!, half(wal!)],
        [bytes!, noise(wal!)],
        [bytes!, wal!.slice(0, 10)],
        [bytes!, wal!, noise(new Uint8Array(32768))],
        [half(bytes!), undefined],
        [half(bytes!), wal],
        [bytes!.slice(0, 100), undefined],
        [noise(bytes!), undefined],
      ];
      for (const [file, log, shm] of rows) {
        await put(path, { "": file, "-wal": log, "-shm": shm });
        await use(path);
      }
    }),
);

Deno.test(
  "a damaged file is one sentence before anything listens, in every command, exit 1",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      await fill(path);
      await zero(path, ["accounts"]);
      for (
        const words of [["--port", "0"], ["operator", "list"], ["operator", "add", "ann"], [
          "forget",
          "ann",
        ]]
      ) {
        const { code, stdout, stderr } = await run([...words, "--history", path]);
        assertEquals([code, stdout], [1, ""], words.join(" "));
        assertMatch(stderr, /^bobchat: .*\/chat\.db .*malformed.*\n$/);
      }
    }),
);

Deno.test(
  "a page that is damaged while the server runs is a failure that is named, not nothing",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      await fill(path);
      await zero(path, ["words_data", "words_idx"]);
      await using bobchat = await Bobchat.start(["--history", path]);
      using client = await Client.join(bobchat.port);
      await client.send("/search word7\n");
      const told = await client.until(
        /history cannot be read at the moment: .*malformed|Nothing was/,
      );
      assert(!told.includes("Nothing was found"), told);
      await client.send("/search word8\nstill here\n");
      await client.until("): still here");
      await bobchat.stop();
      assertEquals(bobchat.stderr.text.match(/history's file fails/g)?.length, 1);
    }),
);
