// Who comes to a room, takes another name and leaves, as the room is told: each at once among a few people;
// together at the next tick in a crowd, where each would be told to all. Whatever else is told of somebody
// comes after their coming.

import type { Effects } from "./effects.ts";
import type { Notice } from "./event.ts";
import type { Member } from "./member.ts";
import type { MemberId } from "./message.ts";
import type { Room } from "./room.ts";

/** In a room of more than this, comings and goings are told together. */
const CROWD = 50;

/** What is being handled: its time, and what it has brought so far. The chat is one. */
interface Batch {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly effects: Effects;
}

/** Tells a room that a member has come, who is in it now. */
export function tellJoined(batch: Batch, { member, room }: { member: Member; room: Room }): void {
  const { id, name } = member;
  const { size } = room.members;
  if (size > CROWD) return room.traffic.join(member);
  announce(batch, room, { text: `${name} joined (${size} here)`, by: id });
  batch.effects.toRoom(room, { kind: "state", what: "joined", room, name });
}

/** Tells a room that a member has gone, who is not in it any more; and its last word, if it is a small one. */
export function tellLeft(
  batch: Batch,
  { member, room, said }: { member: Member; room: Room; said?: string },
): void {
  const { id, name } = member;
  const { size } = room.members;
  if (size > CROWD) return room.traffic.leave(member);
  // Who passed while it was a crowd did so before this one left.
  tellTraffic(batch, room, size + 1);
  const words = said ? `: ${said}` : "";
  announce(batch, room, { text: `${name} left${words} (${size} here)`, by: id });
  batch.effects.toRoom(room, { kind: "state", what: "left", room, name });
}

/** Tells a member's rooms that it bears another name; a room that does not know it yet, by the new one alone. */
export function tellRenamed(batch: Batch, member: Member, before: string): void {
  for (const room of member.rooms) {
    const text = `${before} is now ${member.name}`;
    const change = {
      kind: "state",
      what: "renamed",
      room,
      from: before,
      to: member.name,
    } as const;
    if (room.traffic.has(member)) {
      const notice: Notice = { kind: "notice", text, at: batch.at, room };
      batch.effects.toMember(member, notice);
      if (member.isApp) batch.effects.toMember(member, change);
      continue;
    }
    // The old name may be that of somebody who has come, and the new one of somebody who has left.
    tellTraffic(batch, room);
    announce(batch, room, { text, by: member.id });
    batch.effects.toRoom(room, change);
  }
}

/** Has a room know a member of whom it is to be told something. */
export function introduce(batch: Batch, { member, room }: { member: Member; room: Room }): void {
  if (room.traffic.has(member)) tellTraffic(batch, room);
}

/** Tells a room who has come and gone meanwhile, and how many that makes. */
export function tellTraffic(batch: Batch, room: Room, size = room.members.size): void {
  const told = room.traffic.take();
  if (told === "") return;
  announce(batch, room, { text: `${told} (${size} here)` });
  batch.effects.toRoom(room, { kind: "state", what: "crowd", room, size });
}

function announce(
  { at, effects }: Batch,
  room: Room,
  { text, by }: { text: string; by?: MemberId },
): void {
  const notice: Notice = { kind: "notice", text, at, room, by };
  effects.toRoom(room, notice);
}
