// What the tests of the page's state are told.

import type { Frame, Message, Refusal } from "../../../lib/client/frames.ts";
import type { State } from "../../../lib/client/state/state.ts";
import type { Conversation } from "../../../lib/client/state/conversation.ts";
import type { Entry } from "../../../lib/client/state/entry.ts";

const BEGIN = Date.parse("2026-11-24T08:00:00.000Z");

/** The time at which the message with this number was said. */
export function timeOf(id: number): number {
  return BEGIN + id * 1000;
}

/** A message; in the lobby by bob, if nothing else is said. */
export function message(id: number, said: Partial<Message> = {}): Message {
  const where = said.to === undefined ? { room: "lobby" } : {};
  const at = new Date(timeOf(id)).toISOString();
  return {
    kind: said.to ? "private" : "message",
    id,
    at,
    from: "bob",
    text: `${id}`,
    ...where,
    ...said,
  };
}

/** The same as it comes when it is said. */
export function live(id: number, said: Partial<Message> = {}): Frame {
  return { type: "message", ...message(id, said) };
}

/** A private message to ann. */
export function whisper(id: number, said: Partial<Message> = {}): Message {
  return message(id, { to: "ann", ...said });
}

/** An entry of a conversation, said by somebody else, if nothing else is said. */
export function entry(id: number, said: Partial<Entry> = {}): Entry {
  const how = { isMine: false, isMention: false, isEarlier: false };
  return { kind: "message", id, at: timeOf(id), from: "bob", text: `${id}`, ...how, ...said };
}

export function notice(id: number): Entry {
  return { ...entry(id), kind: "notice", from: "", id: undefined };
}

/** Numbers from one up to another, both included. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}

/** The numbers of the messages that a conversation has, as they stand in it. */
export function ids({ entries }: Conversation): number[] {
  return entries.flatMap(({ id }) => id ?? []);
}

export function welcome(name = "ann", token = "t"): Frame {
  return { type: "welcome", version: 1, name, token, maxLine: 1024, editMinutes: 60 };
}

/** Why a request with this number was not done. */
export function refusal(text: string, id?: number): Refusal {
  return { type: "error", code: "refused", text, id };
}

/** Tells a state all of this. Returns what it asks for because of it. */
export function tell(state: State, ...frames: Frame[]) {
  return frames.flatMap((frame) => state.apply(frame).asks);
}

/** What a room has: nothing said and these people. */
export function members(room: string, ...names: string[]): Frame {
  const present = names.map((name) => ({ name, away: false }));
  return { type: "members", room, topic: "", locked: false, size: names.length, members: present };
}

/** A server's answer to a question for history, out of all that it has. */
export function answer(
  all: readonly Message[],
  asked: { readonly room?: string; readonly before?: number; readonly count?: number },
): Frame {
  const found = all.filter(({ id, room }) =>
    id < (asked.before ?? Infinity) && room === asked.room
  );
  const messages = found.slice(-(asked.count ?? 50));
  const next = found.length > messages.length ? messages[0]?.id : undefined;
  return { type: "history", room: asked.room, messages, next };
}
