// Writes records at once, or later: while the disk fails they wait, and are then written in order.

import type { Message } from "../chat/message.ts";
import type { Forgotten, Record, SavedRoom } from "../chat/history.ts";
import { log } from "../log.ts";
import { counter, histogram, type Metrics } from "../metrics.ts";
import type { Disk } from "./faults.ts";
import type { End, RecordWriter } from "./records.ts";
import { RetryBuffer } from "./retry_buffer.ts";

/** Messages that were lost while the disk failed. */
export const LOST = counter(
  "bobchat_history_lost_messages_total",
  "Messages that the history has lost while its disk failed.",
);
const COMMIT = histogram({
  name: "bobchat_history_commit_seconds",
  help: "Time to write what a batch has to keep, failures included.",
  bounds: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
});

/** Waiting records that one transaction writes; and milliseconds to spend on them at a time. */
const TOGETHER = 2000, TIME = 25;
/** A failed attempt is repeated only after this many times its duration: a locked file takes long. */
const PAUSE = 10;

/** Options of the writing. */
export interface WriteBehindOptions {
  readonly writer: RecordWriter;
  readonly disk: Disk;
  readonly metrics: Metrics;
  /** Called with how many messages, and later forms of messages, were written. */
  readonly onWritten: (count: number) => void;
}

/** Writes records, at once or later. */
export class WriteBehind {
  readonly #options: WriteBehindOptions;
  readonly #waiting = new RetryBuffer();
  #pauseUntil = 0;
  /** The last message of the stream that the waiting records come from. */
  #sequence: number | undefined;
  /** Records other than messages that were dropped since the disk began to fail. */
  #lostChanges = 0;
  #isWhole = true;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
    const { metrics, disk } = options;
    metrics.gauge(
      "bobchat_history_waiting_records",
      "Messages and changes that wait in memory for the disk.",
      () => this.#waiting.count,
    );
    metrics.gauge(
      "bobchat_history_failing",
      "Whether the history cannot be written at the moment.",
      () => disk.trouble === undefined ? 0 : 1,
    );
  }

  /** Whether everything is written. */
  get isDone(): boolean {
    return this.#waiting.isEmpty;
  }

  /** Whether no change was dropped. The file of a node that lacks one stays where it is in the stream. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** What was dropped is in the file now. */
  madeWhole(): void {
    this.#isWhole = true;
  }

  /** Writes a batch, with its sequence if it comes from a stream; or has it wait. */
  write(records: readonly Record[], sequence?: number): void {
    if (this.isDone && this.#attempt(records, { sequence })) return;
    const { messages, changes } = this.#waiting.push(records);
    this.#sequence = sequence;
    this.#options.metrics.add(LOST, messages);
    this.#lostChanges += changes;
    if (changes > 0) this.#isWhole = false;
    if (performance.now() >= this.#pauseUntil) this.retry();
  }

  /** Writes what waits, for at most `time` ms. */
  retry(time = TIME): void {
    const end = performance.now() + time;
    while (!this.isDone && performance.now() < end) {
      const records = this.#waiting.first(TOGETHER);
      const isAll = records.length === this.#waiting.count;
      const gap = isAll ? this.#waiting.gap : undefined;
      // Changes of later batches come before messages of earlier ones: only all of them are up to a sequence.
      const sequence = isAll ? this.#sequence : undefined;
      if (!this.#attempt(records, { gap, sequence })) return;
      this.#waiting.written(records);
      if (!isAll) continue;
      log.warn("the history is written again");
      this.#tellLostChanges();
      if (gap === undefined) return;
      const { count, since, until } = gap;
      log.error("{count} messages from {since} to {until} are lost to the history", {
        count,
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
      });
    }
  }

  /** A room's state that is not in the file yet, or that it is gone. */
  roomChange(id: number): SavedRoom | "gone" | undefined {
    return this.#waiting.room(id);
  }

  /** Waiting messages, in order. */
  said(): Message[] {
    return this.#waiting.said().flatMap((record) => record.kind === "said" ? [record.message] : []);
  }

  /** Drops somebody's messages up to a number from what waits. */
  forget(whom: Forgotten, upTo?: number): void {
    this.#waiting.forget(whom, upTo);
  }

  /** Writes what waits; logs what the disk does not take. */
  close(): void {
    this.retry(Infinity);
    this.#tellLostChanges();
    const { count, messages: lost } = this.#waiting;
    if (count === 0) return;
    this.#options.metrics.add(LOST, lost);
    log.error("{lost} messages are lost to the history: the disk did not take them", { lost });
    const changes = count - lost;
    if (changes > 0) {
      log.error("{changes} changes to rooms, names and bans are lost too", { changes });
    }
  }

  #tellLostChanges(): void {
    const changes = this.#lostChanges;
    this.#lostChanges = 0;
    if (changes > 0) {
      log.error("{changes} changes to rooms, names and bans are lost: too many waited", {
        changes,
      });
    }
  }

  #attempt(records: readonly Record[], { gap, sequence }: End): boolean {
    const { disk, writer, onWritten, metrics } = this.#options;
    const start = performance.now();
    const end = { gap, sequence: this.#isWhole ? sequence : undefined };
    const isWritten = disk.write(() => writer.write(records, end));
    metrics.observe(COMMIT, (performance.now() - start) / 1000);
    if (!isWritten) {
      const end = performance.now();
      this.#pauseUntil = end + PAUSE * (end - start);
      return false;
    }
    onWritten(countRows(records));
    return true;
  }
}

/** How many rows records have in the journal. */
function countRows(records: readonly Record[]): number {
  return records.reduce(
    (count, { kind }) => kind === "said" || kind === "mended" ? count + 1 : count,
    0,
  );
}
