// The one writer: takes a batch from the queue, applies each event to the chat, has the history keep the
// records, then fans out. It never waits for a socket: an outbox takes its chunk and returns.

import { run } from "./commands/table.ts";
import { bannedFrom } from "./admission.ts";
import type { Job } from "./job.ts";
import { type Chunk, type Delivery, type Encoder, type Event, idOf, type Input } from "./event.ts";
import type { MemberId } from "./message.ts";
import { say } from "./say.ts";
import { Chat, type ChatOptions } from "./chat.ts";
import { conclude } from "./identity.ts";
import { type Member, wants } from "./member.ts";
import { readPage, unreadable } from "./history_page.ts";
import type { Occupant } from "./occupant.ts";
import type { Refusal } from "./refusals.ts";
import { notIn, type Room } from "./room.ts";
import type { Effect } from "./effects.ts";
import { tooLong } from "./messages.ts";
import { reload, tick } from "./upkeep.ts";

/** A clock that does not believe a leap at once. */
export interface DeadlineClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Whether that time is certain enough to delete by. */
  isSure(): boolean;
}

/** Options of the writer. */
export interface WriterOptions extends ChatOptions {
  readonly batches: AsyncIterable<readonly Event[]>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** The clock for deadlines; by default the same. */
  readonly deadlines?: DeadlineClock;
  /** Starts a job for this member; the result comes back as an event. */
  readonly begin: (id: MemberId, job: Job) => void;
}

/** Runs until the batches end, then sends everyone a last notice and ends their connections. */
export async function write(options: WriterOptions): Promise<void> {
  const chat = new Chat(options);
  for await (const batch of options.batches) {
    chat.at = options.clock();
    chat.dueAt = options.deadlines?.now() ?? chat.at;
    chat.isSureOfTime = options.deadlines?.isSure() ?? true;
    // Between two commits: a reload forgets what the chat knows and the file does not.
    if (batch.some(isCautious)) reload(chat);
    for (const event of batch) handle(chat, event);
    finish(chat, options);
  }
  chat.close("The room is closing: goodbye");
  chat.admission.close("The room is closing: goodbye");
  finish(chat, options);
}

/** Commits the records of a batch, and only then fans out. */
function finish(chat: Chat, { begin, history }: WriterOptions): void {
  const records = chat.takeRecords();
  if (records.length > 0) history.commit(records);
  for (const effect of chat.effects.take()) {
    if (effect.kind === "job") begin(effect.id, effect.job);
    else fanOut(chat, effect);
  }
}

/** Whether an event may change what other programs change too, so that their changes must be read first. */
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
    // Typed before joining, it is for the admission; typed after a /quit, it is nobody's any more.
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

/** A member's app continues from another address, which may be banned. */
function move(chat: Chat, member: Member, address: string): void {
  member.address = address;
  const refused = bannedFrom(chat, address);
  if (refused === undefined) return;
  // An app that begins anew is sent nothing before its welcome.
  chat.welcome(member);
  chat.refuse(member, refused);
  chat.leave(member, { why: "banned" });
}

function handleInput(chat: Chat, member: Member, input: Input): void {
  switch (input.kind) {
    case "reply":
      return chat.reply(member, input.chunk);
    case "password":
      // It has joined already.
      return;
    case "refresh":
      return chat.refresh(member);
    case "oversize":
      return chat.refuse(member, tooLong(input.limit));
    case "stranger":
      chat.refuse(member, tooLate(input.speaks));
      return chat.leave(member, { why: `spoke ${input.speaks}` });
  }
  const room = input.room === undefined ? member.room : chat.rooms.find(input.room);
  if (room !== undefined && member.rooms.has(room)) handleIn(room, { chat, member, input });
  else chat.refuse(member, notIn(input.room ?? ""));
  if (input.receipt !== undefined) chat.reply(member, input.receipt);
}

/** Says that a protocol came after the greeting. */
function tooLate(protocol: string): Refusal {
  const text = `That was ${protocol}, and came after the greeting: nothing of it was passed on. ` +
    "Connect again.";
  return { code: "wrong-protocol", text };
}

/** Handles what a member asks for in a room that it is in. */
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
      const chunk = encoder.encode([effect.delivery]);
      if (chunk !== undefined) outbox.welcome(chunk);
      return;
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

/** Encodes once for each encoder; outboxes share the bytes, except where a member filters some out. */
function send(
  members: Iterable<Occupant>,
  deliveries: readonly Delivery[],
  isAnswer = false,
): void {
  const chunks = new Map<Encoder, Chunk | undefined>();
  for (const member of members) {
    const { encoder, outbox } = member;
    let chunk: Chunk | undefined;
    if (member.hearing !== undefined && !deliveries.every((each) => wants(member, each))) {
      chunk = encoder.encode(deliveries.filter((each) => wants(member, each)));
    } else {
      chunk = chunks.get(encoder);
      if (chunk === undefined && !chunks.has(encoder)) {
        chunks.set(encoder, chunk = encoder.encode(deliveries));
      }
    }
    if (chunk !== undefined) outbox.write(chunk, isAnswer);
  }
}
