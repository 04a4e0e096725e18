// Tells a room who joins, leaves and changes names: at once in a small room; in a crowd together at the next
// tick, since every notice there goes to many. A member's joining is always told before anything else about
// that member.

import type { Effects } from "./effects.ts";
import type { Notice } from "./delivery.ts";
import { isIn, type Member } from "./member.ts";
import type { MemberId } from "./message.ts";
import type { Room } from "./room.ts";

/** Most people in a room where joins and leaves are told at once. */
const CROWD = 50;

/** The batch being handled: its time, and its effects so far. The chat is one. */
interface Batch {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly effects: Effects;
}

/** Tells a room that a member, who is in it now, has joined. */
export function tellJoined(batch: Batch, { member, room }: { member: Member; room: Room }): void {
  const { id, name } = member;
  const { size } = room.members;
  if (size > CROWD) return room.traffic.join(member);
  announce(batch, room, { text: `${name} joined (${size} here)`, by: id });
  batch.effects.toRoom(room, { kind: "state", what: "joined", room: room.tag, name });
}

/** Tells a room that a member, who is no longer in it, has left; and its last word, in a small room. */
export function tellLeft(
  batch: Batch,
  { member, room, said }: { member: Member; room: Room; said?: string },
): void {
  const { id, name } = member;
  const { size } = room.members;
  if (size > CROWD) return room.traffic.leave(member);
  // Those who joined or left while it was a crowd did so before this one left.
  tellTraffic(batch, room, size + 1);
  const words = said ? `: ${said}` : "";
  announce(batch, room, { text: `${name} left${words} (${size} here)`, by: id });
  batch.effects.toRoom(room, { kind: "state", what: "left", room: room.tag, name });
}

/** Tells a member's rooms its new name. A room that does not know the member yet hears only the new one. */
export function tellRenamed(batch: Batch, member: Member, before: string): void {
  for (const room of member.rooms) {
    const text = `${before} is now ${member.name}`;
    const change = {
      kind: "state",
      what: "renamed",
      room: room.tag,
      from: before,
      to: member.name,
    } as const;
    if (room.traffic.has(member)) {
      const notice: Notice = { kind: "notice", text, at: batch.at, room: room.tag };
      for (const connection of member.connections) {
        if (!isIn(connection, room)) continue;
        batch.effects.toConnection(connection.id, notice);
        batch.effects.toConnection(connection.id, change);
      }
      continue;
    }
    // Somebody who joined may have the old name now, and somebody who left may have had the new one.
    tellTraffic(batch, room);
    announce(batch, room, { text, by: member.id });
    batch.effects.toRoom(room, change);
  }
}

/** Tells a room that a member has joined, if it does not know yet: before it is told more of them. */
export function introduce(batch: Batch, { member, room }: { member: Member; room: Room }): void {
  if (room.traffic.has(member)) tellTraffic(batch, room);
}

/** Tells a room who has joined and left since it was last told, and how many are in it. */
export function tellTraffic(batch: Batch, room: Room, size = room.members.size): void {
  const told = room.traffic.take();
  if (told === "") return;
  announce(batch, room, { text: `${told} (${size} here)` });
  batch.effects.toRoom(room, { kind: "state", what: "crowd", room: room.tag, size });
}

function announce(
  { at, effects }: Batch,
  room: Room,
  { text, by }: { text: string; by?: MemberId },
): void {
  const notice: Notice = { kind: "notice", text, at, room: room.tag, by };
  effects.toRoom(room, notice);
}
