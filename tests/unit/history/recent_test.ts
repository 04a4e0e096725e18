// What memory answers by itself, and what it asks the file for.

import { ERRORS } from "../../../lib/history/faults.ts";
import { Recent, type Stored } from "../../../lib/history/recent.ts";
import type { Extent } from "../../../lib/history/ring.ts";
import type { Message } from "../../../lib/chat/message.ts";
import { assertEquals } from "../../assert.ts";
import { LOBBY, open, whisper, words } from "./file.ts";
import type { Record } from "../../../lib/chat/history.ts";

const READER = { member: 0, account: 5 };

/** The message of a record. */
function message(record: Record): Message {
  if (record.kind !== "said") throw new TypeError(record.kind);
  return record.message;
}

/** A file that has everything, and notes what it is asked for. */
class File implements Stored {
  readonly asked: [what: string, Extent][] = [];
  readonly all: readonly Message[];

  constructor(all: readonly Message[]) {
    this.all = all;
  }

  ofRoom(room: number, extent: Extent): Message[] {
    this.asked.push(["room", extent]);
    return this.#read(extent, (message) => message.room?.id === room);
  }

  ofAccount(account: number, extent: Extent): Message[] {
    this.asked.push(["account", extent]);
    const isTheirs = ({ by, to }: Message) => by.account === account || to?.account === account;
    return this.#read(extent, (message) => message.kind === "private" && isTheirs(message));
  }

  #read(
    { upTo, after, over = 0, count }: Extent,
    isOne: (message: Message) => boolean,
  ): Message[] {
    const found = this.all.filter((each) => isOne(each) && each.id > (after ?? over))
      .filter(({ id }) => id <= upTo);
    return after === undefined ? found.slice(-count) : found.slice(0, count);
  }
}

/** Memory and the file behind it, with messages of which the first so many were said before the start. */
function remember(all: readonly Message[], before: number) {
  const file = new File(all);
  const recent = new Recent((room) =>
    file.all.slice(0, before).filter((each) => each.room?.id === room).slice(-1001)
  );
  recent.room(LOBBY.id);
  recent.hasPrivatesBehind(all[before - 1]?.id ?? 0);
  for (const each of all.slice(before)) recent.add(each);
  return { recent, file };
}

const ids = (messages: readonly Message[]) => messages.map(({ id }) => id);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

Deno.test("a thousand messages, and whether there are more, are known without the file", () => {
  const all = range(1, 2500).map((id) => message(words(id, `${id}`)));
  for (const before of [0, 2500]) {
    const { recent, file } = remember(all, before);
    const found = recent.recall({ room: LOBBY.id, count: 1001, upTo: 2500 }, file);
    assertEquals([ids(found), file.asked], [range(1500, 2500), []]);
  }
});

Deno.test("a room of which all is known, and an account's words since the start, need no file", () => {
  const all = range(1, 60).map((id) => message(id % 3 ? words(id, `${id}`) : whisper(id, 5, 6)));
  const { recent, file } = remember(all, 0);
  const wanted = { room: LOBBY.id, count: 1001, upTo: 60, reader: READER };
  assertEquals(ids(recent.recall(wanted, file)), range(1, 60));
  assertEquals(ids(recent.recall({ ...wanted, room: undefined }, file)).length, 20);
  assertEquals(ids(recent.recall({ ...wanted, room: 7, reader: undefined }, file)), []);
  assertEquals(ids(recent.recall({ ...wanted, after: 50 }, file)), range(51, 60));
  assertEquals(file.asked, []);
});

Deno.test("of private words the file is asked only for those among what is shown", () => {
  const all = range(1, 200).map((id) => message(id % 2 ? words(id, `${id}`) : whisper(id, 5, 6)));
  const { recent, file } = remember(all, 100);
  const found = recent.recall({ room: LOBBY.id, count: 120, upTo: 200, reader: READER }, file);
  assertEquals(ids(found), range(81, 200));
  assertEquals(file.asked, [["account", { over: 61, upTo: 100, count: 20 }]]);
});

Deno.test("where so many characters are enough, no more is looked for", () => {
  const all = range(1, 1200).map((id) => message(words(id, "x".repeat(2000))));
  const { recent, file } = remember(all, 1200);
  const wanted = { room: LOBBY.id, count: 1001, upTo: 1200 };
  assertEquals(recent.recall({ ...wanted, enough: 65_536 }, file).at(-1)?.id, 1200);
  assertEquals(file.asked, []);
  assertEquals(recent.recall(wanted, file).length, 1001);
  assertEquals(file.asked.length, 1);
});

Deno.test("from a file, /history 1000 reads nothing that memory has", () => {
  using opened = open();
  const { db, history, metrics } = opened;
  history.load();
  for (let id = 1; id <= 1500; id += 50) {
    history.commit(range(id, id + 49).map((id) => words(id, `${id}`)));
  }
  // Whatever is read from now on fails.
  db.exec("ALTER TABLE messages RENAME TO elsewhere; DROP TABLE journal");
  const wanted = { room: LOBBY.id, count: 1001, upTo: 1500, reader: READER };
  assertEquals(ids(history.recall(wanted)), range(500, 1500));
  assertEquals(metrics.count(ERRORS), 0);
});
