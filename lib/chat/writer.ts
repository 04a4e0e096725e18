// The one writer: takes the queue a batch at a time, lets each event change the chat, has the history
// keep what is to be kept, then fans out. It never waits for a socket: an outbox takes its chunk and
// returns.

import { run } from "./commands/table.ts";
import { bannedFrom } from "./admission.ts";
import type { Job } from "./job.ts";
import {
  type Chunk,
  type Delivery,
  type Encoder,
  type Event,
  idOf,
  type Input,
  type MemberId,
} from "./event.ts";
import { Chat, type ChatOptions } from "./chat.ts";
import { conclude } from "./identity.ts";
import { type Member, wants } from "./member.ts";
import { readPage, unreadable } from "./history_page.ts";
import type { Refusal } from "./refusals.ts";
import { notIn, type Room } from "./room.ts";
import type { Effect } from "./effects.ts";
import { say, tooLong } from "./messages.ts";
import { reload, tick } from "./upkeep.ts";

/** A clock that does not believe a leap at once. */
export interface DeadlineClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Whether that is sure enough to delete by. */
  isSure(): boolean;
}

/** What the writer is given. */
export interface WriterOptions extends ChatOptions {
  readonly batches: AsyncIterable<readonly Event[]>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** The clock of what has an end; the same without it. */
  readonly deadlines?: DeadlineClock;
  /** Begins what takes time, for this member; the outcome comes back as an event. */
  readonly begin: (id: MemberId, job: Job) => void;
}

/** Runs until the batches end, then says goodbye to whoever is left and ends their connections. */
export async function write(options: WriterOptions): Promise<void> {
  const chat = new Chat(options);
  for await (const batch of options.batches) {
    chat.at = options.clock();
    chat.dueAt = options.deadlines?.now() ?? chat.at;
    chat.isSureOfTime = options.deadlines?.isSure() ?? true;
    // Between two commits: what the chat knows and the file does not would be forgotten.
    if (batch.some(isCautious)) reload(chat);
    for (const event of batch) handle(chat, event);
    finish(chat, options);
  }
  chat.close("The room is closing: goodbye");
  chat.admission.close("The room is closing: goodbye");
  finish(chat, options);
}

/** Keeps what a batch has brought, and only then shows it. */
function finish(chat: Chat, { begin, history }: WriterOptions): void {
  const records = chat.takeRecords();
  if (records.length > 0) history.commit(records);
  for (const effect of chat.effects.take()) {
    if (effect.kind === "job") begin(effect.id, effect.job);
    else fanOut(chat, effect);
  }
}

/** Whether an event may change what other programs change too: it is to act on what they have made of it. */
function isCautious(event: Event): boolean {
  if (event.kind === "typed") return event.input.kind === "command";
  return event.kind === "tick" || event.kind === "job done";
}

function handle(chat: Chat, event: Event): void {
  const { admission } = chat;
  chat.effects.asker = event.kind === "tick" ? 0 : event.id;
  chat.answering = event.kind === "typed" ? idOf(event.input) : undefined;
  switch (event.kind) {
    case "join":
      return admission.arrive(event);
    case "tick":
      return tick(chat);
    case "leave":
      if (admission.gone(event.id, event.why)) return;
      break;
    case "moved":
      if (admission.moved(event.id, event.address)) return;
  }
  const member = chat.members.get(event.id);
  if (member === undefined) {
    // Typed before entering it is for the listener; typed behind a /quit it is nobody's any more.
    if (event.kind === "typed") admission.answer(event);
    if (event.kind === "job done") admission.conclude(event.id, event.result);
    return;
  }
  if (event.kind === "leave") return chat.leave(member, event);
  if (event.kind === "moved") return move(chat, member, event.address);
  if (event.kind === "job done") return conclude(chat, member, event.result);
  handleInput(chat, member, event.input);
  if (event.isAwaited) chat.effects.push({ kind: "answered", outbox: member.outbox });
}

/** A member's app goes on from another address, which may be banned. */
function move(chat: Chat, member: Member, address: string): void {
  member.address = address;
  const refused = bannedFrom(chat, address);
  if (refused === undefined) return;
  // One that begins anew is sent nothing before that.
  chat.welcome(member);
  chat.refuse(member, refused);
  chat.leave(member, { why: "banned" });
}

function handleInput(chat: Chat, member: Member, input: Input): void {
  switch (input.kind) {
    case "reply":
      return chat.reply(member, input.chunk);
    case "password":
      // It is in already.
      return;
    case "refresh":
      return chat.refresh(member);
    case "oversize":
      return chat.refuse(member, tooLong(input.limit));
    case "stranger":
      chat.refuse(member, redirect(input.speaks, chat.options.elsewhere[input.speaks]));
      return chat.leave(member, { why: `spoke ${input.speaks}` });
  }
  const room = input.room === undefined ? member.room : chat.rooms.find(input.room);
  if (room !== undefined && member.rooms.has(room)) handleIn(room, { chat, member, input });
  else chat.refuse(member, notIn(input.room ?? ""));
  if (input.receipt !== undefined) chat.reply(member, input.receipt);
}

/** Where a protocol that came to the wrong port is spoken. */
function redirect(protocol: string, port: number | undefined): Refusal {
  const where = port === undefined ? "join with nc or telnet" : `use port ${port} for that`;
  return {
    code: "wrong-protocol",
    text: `This port speaks plain text, not ${protocol}: ${where}.`,
  };
}

/** What a member asks for in a room that it is in. */
function handleIn(
  room: Room,
  { chat, member, input }: {
    chat: Chat;
    member: Member;
    input: Extract<Input, { room?: string }>;
  },
): void {
  switch (input.kind) {
    case "text":
      return say(chat, { member, room }, { kind: "message", text: input.text });
    case "command":
      return run(input.name, { chat, member, room, text: input.text });
    case "recall":
      return chat.recall(member, {
        room: input.isPrivate ? undefined : room,
        isMine: input.isPrivate,
        range: input.range,
        answers: chat.answering,
      });
    case "look":
      return chat.look(member, room);
  }
}

function fanOut(chat: Chat, effect: Exclude<Effect, { kind: "job" }>): void {
  switch (effect.kind) {
    case "room":
      return send(effect.room.hearers, effect.deliveries);
    case "member":
      return send([effect.member], effect.deliveries, effect.isAnswer);
    case "recall": {
      const { at, options: { history, mostRecalled: most } } = chat;
      const deliveries: Delivery[] = [readPage(effect, { history, at, most })];
      const { recallTrouble: trouble } = history;
      if (trouble !== undefined) {
        const { answers } = effect;
        deliveries.push({ kind: "notice", ...unreadable(trouble), answers, at });
      }
      return send([effect.member], deliveries, true);
    }
    case "welcome": {
      const { encoder, outbox } = effect.member;
      return outbox.welcome(encoder.encode([effect.delivery]));
    }
    case "filter":
      effect.member.hearing = effect.filter;
      return;
    case "enter":
      return void effect.room.hearers.add(effect.member);
    case "exit":
      return void effect.room.hearers.delete(effect.member);
    case "reply":
      return effect.member.outbox.write(effect.chunk, true);
    case "answered":
      return effect.outbox.answered();
    case "end":
      return effect.member.outbox.end(effect.why);
  }
}

/** Encodes once an encoder; all its members' outboxes share the bytes, but for those who hear less. */
function send(
  members: Iterable<Member>,
  deliveries: readonly Delivery[],
  isAnswer = false,
): void {
  const chunks = new Map<Encoder, Chunk>();
  for (const member of members) {
    const { encoder, outbox } = member;
    let chunk: Chunk | undefined;
    if (member.hearing !== undefined && !deliveries.every((each) => wants(member, each))) {
      chunk = encoder.encode(deliveries.filter((each) => wants(member, each)));
    } else {
      chunk = chunks.get(encoder);
      if (chunk === undefined) chunks.set(encoder, chunk = encoder.encode(deliveries));
    }
    if (chunk.length > 0) outbox.write(chunk, isAnswer);
  }
}
