// Whether a room is open to all, for /lock and /unlock.

import type { House } from "../house.ts";
import type { Member } from "../member.ts";
import type { Room } from "../room.ts";
import { silenced } from "../talk.ts";
import { introduce } from "../traffic.ts";

/** Locks or unlocks a room that a member is in, or says why not. */
export function setLock(
  house: House,
  member: Member,
  { room, isLocked }: { room: Room; isLocked: boolean },
): void {
  if (room === house.rooms.lobby) return house.refuse(member, "The lobby is open to everyone.");
  if (!room.isRuledBy(member)) {
    return house.refuse(member, "Whoever made this room decides who enters.");
  }
  if (room.isLocked === isLocked) {
    return house.refuse(member, `#${room.name} is ${isLocked ? "locked" : "open"} already.`);
  }
  const refusal = silenced(house, member);
  if (refusal !== undefined) return house.refuse(member, refusal);
  room.isLocked = isLocked;
  house.rooms.keep(room);
  const what = isLocked ? "locked the room: /invite NAME lets others in" : "unlocked the room";
  introduce(house, { member, room });
  house.announce(room, `${member.name} ${what}`, member.id);
  house.steps.toRoom(room, { kind: "signal", what: "lock", room, isLocked });
}
