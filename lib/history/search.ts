// Searches messages, newest first, in slices of a few milliseconds with pauses between them: memory, and the
// file, whose index says which messages may match; words.ts tells which do.

import type { DatabaseSync } from "node:sqlite";
import { networkOf } from "../chat/address.ts";
import type { Message } from "../chat/message.ts";
import type { Found, History, Search } from "../chat/history.ts";
import type { JobResult, SearchJob } from "../chat/job.ts";
import { yieldToEventLoop } from "../std/event_loop.ts";
import { FairLine } from "../std/fair_line.ts";
import { delay } from "../std/typed.ts";
import type { Disk } from "./faults.ts";
import type { Indexer } from "./indexer.ts";
import type { Reads } from "./reads.ts";
import type { Recent } from "./recent.ts";
import type { WriteBehind } from "./write_behind.ts";
import { COLUMNS, toMessage, toRows } from "./messages.ts";
import { matches, termsWanted, toQuery } from "./words.ts";

/** Limits of searches: one at a time, so that it holds nobody up. */
const SEARCHES = { runs: 1, most: 100, mostPerNetwork: 20 };

/** Makes the function that runs searches, by network in turn. One that would wait too long returns "busy". */
export function createSearches(
  history: Pick<History, "search">,
): (job: SearchJob) => Promise<JobResult> {
  const line = new FairLine(SEARCHES);
  return async ({ search, address }) => {
    const found = await line.run(networkOf(address), () => history.search(search));
    return found === undefined ? { kind: "busy" } : { kind: "found", ...found };
  };
}

/** Characters between two pauses (3 ms of work); and what a message counts for besides its text. */
const CHARACTERS = 32_000, HEAD = 20;

/** Messages in memory that match and that the reader may read, newest first. */
export async function searchRecent(
  recent: Recent,
  { words, reader, rooms, count }: Search,
): Promise<Message[]> {
  const query = toQuery(words);
  if (query.length === 0) return [];
  const pause = createPause();
  let size = 0;
  const select = async (messages: readonly Message[], mayRead = () => true) => {
    const found: Message[] = [];
    for (const message of messages.toReversed()) {
      size += HEAD + message.text.length;
      if (size > CHARACTERS) {
        size = 0;
        await pause();
        // The room may have been locked meanwhile.
        if (!mayRead()) return [];
      }
      if (matches(message.text, query) && found.push(message) === count) break;
    }
    return found;
  };
  const found = await select(recent.privatesOf(reader));
  for (const id of recent.rooms()) {
    const mayRead = () => rooms(id) === true;
    if (mayRead()) found.push(...await select(recent.room(id).all(), mayRead));
  }
  return found.sort((a, b) => b.id - a.id).slice(0, count);
}

/** A search first waits until only so many messages are not indexed, so that it finds the newest. */
const INDEXED_FIRST = 1000;

/** Options of searching a file. */
export interface FileSearchOptions {
  readonly db: DatabaseSync;
  readonly reads: Reads;
  readonly disk: Disk;
  readonly recent: Recent;
  readonly indexer: Indexer;
  readonly writes: WriteBehind;
  /** Whether the history is closed. */
  readonly isOver: () => boolean;
}

/** Searches a file, and the messages in memory that are not in the file yet. */
export class FileSearch {
  readonly #options: FileSearchOptions;

  constructor(options: FileSearchOptions) {
    this.#options = options;
  }

  /** Messages with all the words, newest first. */
  async run(search: Search): Promise<Found> {
    const { db, disk, indexer, writes, isOver } = this.#options;
    const pause = createPause();
    if (indexer.behind <= INDEXED_FIRST) {
      while (!isOver() && indexer.step()) await pause();
    }
    if (isOver()) return { messages: [] };
    try {
      const messages = await searchFile(db, {
        ...{ search, pause },
        readable: (room) => this.#readable(room, search),
        isOver,
      });
      const isAll = indexer.behind === 0 && writes.isDone;
      return { messages: isAll ? messages : await this.#withRecent(messages, search) };
    } catch (error) {
      const trouble = disk.failedToRead(error);
      return { messages: await this.#withRecent([], search), trouble };
    }
  }

  /** Adds to what was found in the file what is not there yet. */
  async #withRecent(found: readonly Message[], search: Search): Promise<Message[]> {
    const { disk, recent: memory } = this.#options;
    const rooms = (room: number) =>
      disk.read(() => this.#readable(room, search), undefined) !== undefined;
    const recent = await searchRecent(memory, { ...search, rooms });
    // Memory may have a later form of what was found in the file, without the words.
    const query = toQuery(search.words);
    const there = found.map((message) => memory.latest(message))
      .filter(({ text }) => matches(text, query));
    const byId = new Map([...recent, ...there].map((message) => [message.id, message]));
    return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, search.count);
  }

  /** The name of a room, if the searcher may read it. */
  #readable(room: number, { rooms }: Search): string | undefined {
    const { reads, writes } = this.#options;
    const may = rooms(room), change = writes.roomChange(room);
    if (may === false || change === "gone") return undefined;
    const { name = `${room}`, isGone, isLocked } = change === undefined
      ? reads.roomState(room) ?? { isGone: may === undefined, isLocked: false }
      : { ...change, isGone: false };
    // Everybody may read the messages of a room that no longer exists, unless it is locked.
    return isGone || may === undefined && isLocked ? undefined : name;
  }
}

/** Messages in one slice: least, usual and most; and the candidates of a slice that are read. */
const FEWEST = 200, USUAL = 5000, MOST = 20_000, CANDIDATES = 200;
/** Milliseconds below which a slice is short, and above which it is long. */
const SHORT = 2, LONG = 4;
/** Most words that are looked up, the rarest first; what they find is matched against all. */
const MOST_TERMS = 4;

/** The query, which rooms may be read, and whether the search was given up. */
interface Searching {
  readonly search: Search;
  /** The name of a room, if its messages may be shown. */
  readonly readable: (room: number) => string | undefined;
  readonly isOver: () => boolean;
  /** Pauses after a slice. */
  readonly pause: () => Promise<void>;
}

/** Messages that match, newest first. Rejects if the disk fails. */
async function searchFile(
  db: DatabaseSync,
  { search: { words, reader: { account }, count }, readable, isOver, pause }: Searching,
): Promise<Message[]> {
  const query = toQuery(words);
  if (query.length === 0) return [];
  const terms = termsWanted(query).slice(0, MOST_TERMS).map((term) => `"${term}"`);
  const select = db.prepare(slice(terms.length));
  const newest = db.prepare("SELECT max(id) AS id FROM messages WHERE id <= ?");
  const found: Message[] = [];
  let last = Number.MAX_SAFE_INTEGER, size = USUAL;
  while (found.length < count && !isOver()) {
    const start = performance.now();
    // There may be gaps in the numbers, where much was forgotten.
    const to = newest.get(last)?.id;
    if (typeof to !== "number") break;
    last = to - size;
    // Within a slice a room is checked once; between slices it may have been locked.
    const names = new Map<number, string | undefined>();
    const nameOf = (room: number) => {
      if (!names.has(room)) names.set(room, readable(room));
      return names.get(room);
    };
    // A number is bound as a REAL, which does not limit what FTS5 reads: so BigInt. And all rows at once: an
    // error while rows are read one by one is lost by node:sqlite.
    const rows = toRows(select.all(BigInt(last + 1), BigInt(to), ...terms));
    const isCut = rows.length === CANDIDATES;
    for (const [index, row] of rows.entries()) {
      const message = toMessage(row, (room) => nameOf(room) ?? "");
      const { id, room, by, to } = message;
      const isTheirs = account !== undefined && (by.account === account || to?.account === account);
      const mayRead = room === undefined ? isTheirs : nameOf(room.id) !== undefined;
      if (mayRead && matches(message.text, query)) found.push(message);
      const isLate = performance.now() - start > LONG;
      if (found.length < count && !isLate && !(isCut && index === CANDIDATES - 1)) continue;
      last = id - 1;
      break;
    }
    const time = performance.now() - start;
    if (time > LONG || isCut) size = Math.max(Math.floor(size / 2), FEWEST);
    else if (time < SHORT) size = Math.min(size * 2, MOST);
    await pause();
  }
  return found;
}

/** The statement that looks up this many terms in a slice. */
function slice(terms: number): string {
  // A query for each term: a single one would look for common matches beyond the slice.
  const conditions = Array.from({ length: terms }, (_, index) =>
    `id IN (SELECT rowid FROM words
      WHERE words MATCH ?${index + 3} AND rowid BETWEEN ?1 AND ?2)`);
  return `SELECT ${COLUMNS.join(", ")} FROM messages
    WHERE id BETWEEN ?1 AND ?2 AND ${
    conditions.join(" AND ")
  } ORDER BY id DESC LIMIT ${CANDIDATES}`;
}

/** The clock and timers of pauses; tests have their own. */
export interface PauseOptions {
  /** Milliseconds, from any clock that never goes back. */
  readonly now: () => number;
  readonly delay: (ms: number) => Promise<unknown>;
  readonly turn: () => Promise<unknown>;
}

const PAUSES: PauseOptions = {
  now: () => performance.now(),
  delay,
  turn: yieldToEventLoop,
};

/** Milliseconds of work after which to pause; and how many times as long the pause is. */
const WORK = 2, REST = 2;

/** Makes the pause to call after each slice of some work, which then takes a third of the time. */
export function createPause({ now, delay, turn } = PAUSES): () => Promise<void> {
  let begun = now();
  return async () => {
    const worked = now() - begun;
    // Small slices share a pause: timers are coarse.
    if (worked < WORK) return void await turn();
    await delay(worked * REST);
    begun = now();
  };
}
