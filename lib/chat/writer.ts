// The one writer: takes the queue a batch at a time, lets each event change the house, has the history
// keep what is to be kept, then fans out. It never waits for a socket: an outbox takes its chunk and
// returns.

import { run } from "./commands/table.ts";
import { bannedFrom } from "./entrance.ts";
import type { Errand } from "./errand.ts";
import type { Audience, Chunk, Delivery, Event, Input, MemberId } from "./event.ts";
import { House, type HouseOptions } from "./house.ts";
import { conclude } from "./identity.ts";
import { type Member, wants } from "./member.ts";
import { recollect, unreadable } from "./recollection.ts";
import type { Room } from "./room.ts";
import type { Step } from "./steps.ts";
import { say, tooLong } from "./talk.ts";
import { reload, tick } from "./upkeep.ts";

/** A clock that does not believe a leap at once. */
export interface DeadlineClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Whether that is sure enough to delete by. */
  isSure(): boolean;
}

/** What the writer is given. */
export interface WriterOptions extends HouseOptions {
  readonly batches: AsyncIterable<readonly Event[]>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** The clock of what has an end; the same without it. */
  readonly deadlines?: DeadlineClock;
  /** Begins what takes time, for this member; the outcome comes back as an event. */
  readonly begin: (id: MemberId, errand: Errand) => void;
}

/** Runs until the batches end, then says goodbye to whoever is left and ends their connections. */
export async function write(options: WriterOptions): Promise<void> {
  const house = new House(options);
  for await (const batch of options.batches) {
    house.at = options.clock();
    house.dueAt = options.deadlines?.now() ?? house.at;
    house.isSureOfTime = options.deadlines?.isSure() ?? true;
    // Between two commits: what the house knows and the file does not would be forgotten.
    if (batch.some(isCautious)) reload(house);
    for (const event of batch) handle(house, event);
    finish(house, options);
  }
  house.close("The room is closing: goodbye");
  house.entrance.close("The room is closing: goodbye");
  finish(house, options);
}

/** Keeps what a batch has brought, and only then shows it. */
function finish(house: House, { begin, history }: WriterOptions): void {
  const records = house.takeRecords();
  if (records.length > 0) history.commit(records);
  for (const step of house.steps.take()) {
    if (step.kind === "errand") begin(step.id, step.errand);
    else fanOut(house, step);
  }
}

/** Whether an event may change what other programs change too: it is to act on what they have made of it. */
function isCautious(event: Event): boolean {
  if (event.kind === "typed") return event.input.kind === "command";
  return event.kind === "tick" || event.kind === "outcome";
}

function handle(house: House, event: Event): void {
  const { entrance } = house;
  house.steps.asker = event.kind === "tick" ? 0 : event.id;
  switch (event.kind) {
    case "join":
      return entrance.arrive(event);
    case "tick":
      return tick(house);
    case "leave":
      if (entrance.gone(event.id, event.why)) return;
      break;
    case "moved":
      if (entrance.moved(event.id, event.address)) return;
  }
  const member = house.members.get(event.id);
  if (member === undefined) {
    // Typed before entering it is for the door; typed behind a /quit it is nobody's any more.
    if (event.kind === "typed") entrance.answer(event);
    if (event.kind === "outcome") entrance.conclude(event.id, event.result);
    return;
  }
  if (event.kind === "leave") return house.leave(member, event);
  if (event.kind === "moved") return move(house, member, event.address);
  if (event.kind === "outcome") return conclude(house, member, event.result);
  heed(house, member, event.input);
  if (event.isAwaited) house.steps.push({ kind: "answered", outbox: member.outbox });
}

/** A member's app goes on from another address, which may be banned. */
function move(house: House, member: Member, address: string): void {
  member.address = address;
  const refused = bannedFrom(house, address);
  if (refused === undefined) return;
  // One that begins anew is sent nothing before that.
  house.welcome(member);
  house.refuse(member, refused);
  house.leave(member, { why: "banned" });
}

function heed(house: House, member: Member, input: Input): void {
  switch (input.kind) {
    case "reply":
      return house.reply(member, input.chunk);
    case "password":
      // It is in already.
      return;
    case "refresh":
      return house.refresh(member);
    case "oversize":
      return house.refuse(member, tooLong(input.limit));
    case "stranger":
      house.refuse(member, redirect(input.speaks, house.options.elsewhere[input.speaks]));
      return house.leave(member, { why: `spoke ${input.speaks}` });
  }
  const room = input.room === undefined ? member.room : house.rooms.find(input.room);
  if (room !== undefined && member.rooms.has(room)) heedIn(room, { house, member, input });
  else house.refuse(member, `You are not in ${input.room?.slice(0, 31).toWellFormed()}.`);
  if (input.receipt !== undefined) house.reply(member, input.receipt);
}

/** Where a protocol that came to the wrong port is spoken. */
function redirect(protocol: string, port: number | undefined): string {
  const where = port === undefined ? "join with nc or telnet" : `that is spoken at port ${port}`;
  return `This port speaks plain text, not ${protocol}: ${where}.`;
}

/** What a member asks for in a room that it is in. */
function heedIn(
  room: Room,
  { house, member, input }: {
    house: House;
    member: Member;
    input: Extract<Input, { room?: string }>;
  },
): void {
  switch (input.kind) {
    case "text":
      return say(house, { member, room }, { kind: "message", text: input.text });
    case "command":
      return run(input.name, { house, member, room, text: input.text });
    case "recall":
      return house.recall(member, {
        room: input.isPrivate ? undefined : room,
        isMine: input.isPrivate,
        range: input.range,
      });
    case "look":
      return house.look(member, room);
  }
}

function fanOut(house: House, step: Exclude<Step, { kind: "errand" }>): void {
  switch (step.kind) {
    case "room":
      return send(step.room.hearers, step.deliveries);
    case "member":
      return send([step.member], step.deliveries, step.isAnswer);
    case "recall": {
      const { at, options: { history, mostRecalled: most } } = house;
      const deliveries: Delivery[] = [recollect(step, { history, at, most })];
      const { recallTrouble: trouble } = history;
      if (trouble !== undefined) {
        deliveries.push({ kind: "notice", text: unreadable(trouble), at, isRefusal: true });
      }
      return send([step.member], deliveries, true);
    }
    case "filter":
      step.member.hearing = step.filter;
      return;
    case "enter":
      return void step.room.hearers.add(step.member);
    case "exit":
      return void step.room.hearers.delete(step.member);
    case "reply":
      return step.member.outbox.write(step.chunk, true);
    case "answered":
      return step.outbox.answered();
    case "end":
      return step.member.outbox.end(step.why);
  }
}

/** Encodes once an audience; all its members' outboxes share the bytes, but for those who hear less. */
function send(
  members: Iterable<Member>,
  deliveries: readonly Delivery[],
  isAnswer = false,
): void {
  const chunks = new Map<Audience, Chunk>();
  for (const member of members) {
    const { audience, outbox } = member;
    let chunk: Chunk | undefined;
    if (member.hearing !== undefined && !deliveries.every((each) => wants(member, each))) {
      chunk = audience.encode(deliveries.filter((each) => wants(member, each)));
    } else {
      chunk = chunks.get(audience);
      if (chunk === undefined) chunks.set(audience, chunk = audience.encode(deliveries));
    }
    if (chunk.length > 0) outbox.write(chunk, isAnswer);
  }
}
