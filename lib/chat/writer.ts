// The one writer: takes a batch from the queue, folds each event into the chat, or answers it, has the history
// keep the records, then fans out. It never waits for a socket: an outbox takes its chunk and returns.

import { administered } from "./administered.ts";
import { answer } from "./answer.ts";
import { Chat, type ChatOptions } from "./chat.ts";
import type { Event, Time } from "./event.ts";
import { FanOut, type FanOutOptions } from "./fan_out.ts";
import { fold } from "./fold.ts";
import { HistoryWatch } from "./history_watch.ts";
import { close } from "./presence.ts";
import { isShared } from "./scope.ts";

/** Options of the writer. */
export interface WriterOptions extends Omit<ChatOptions, "lasts">, FanOutOptions {
  readonly batches: AsyncIterable<readonly Event[]>;
  /** The time of a batch that was just taken. */
  readonly clock: () => Time;
}

/** Runs until the batches end, then sends everyone a last notice and ends their connections. */
export async function write(options: WriterOptions): Promise<void> {
  const { batches, clock, connections, history } = options;
  const chat = new Chat({ ...options, lasts: history.lasts });
  const fanOut = new FanOut(options);
  const watch = new HistoryWatch(history);
  fold(chat, { kind: "restored", saved: history.load() }, clock());
  for await (const batch of batches) {
    const time = clock();
    // Between two commits: the chat may know what the file does not yet.
    if (batch.some(isCautious)) takeChanges(chat, options, time);
    for (const event of batch) {
      const local = "id" in event ? connections.get(event.id) : undefined;
      if (event.kind === "job done" && local !== undefined) local.isWaiting = false;
      if (isShared(chat, event)) fold(chat, event, time);
      else if (local !== undefined) answer(chat, event, { local, time });
      if (event.kind === "tick") watch.tell(chat);
    }
    finish(chat, options, fanOut);
  }
  chat.effects.asker = 0;
  close(chat, "The room is closing: goodbye");
  finish(chat, options, fanOut);
}

/** Commits the records of a batch, and only then fans out. */
function finish(chat: Chat, { history }: WriterOptions, fanOut: FanOut): void {
  const records = chat.takeRecords();
  if (records.length > 0) history.commit(records);
  fanOut.run(chat.effects.take(), chat.at);
}

/** Takes over what other programs have changed on disk. */
function takeChanges(chat: Chat, { history }: WriterOptions, time: Time): void {
  const saved = history.changed();
  if (saved === undefined) return;
  const event = administered(chat, saved);
  if (event.changes.length > 0) fold(chat, event, time);
}

/** Whether an event may change what other programs change too, so that their changes must be read first. */
function isCautious(event: Event): boolean {
  if (event.kind === "typed") return event.input.kind === "command";
  return event.kind === "tick" || event.kind === "job done";
}
