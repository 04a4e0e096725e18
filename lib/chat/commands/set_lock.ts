// Whether a room is open to all, for /lock and /unlock.

import type { House } from "../house.ts";
import type { Member } from "../member.ts";

/** Locks or unlocks the room that a member is in, or says why not. */
export function setLock(house: House, member: Member, isLocked: boolean): void {
  const { room } = member;
  if (room === house.rooms.lobby) return house.tell(member, "The lobby is open to everyone.");
  if (!room.isRuledBy(member)) {
    return house.tell(member, "Whoever made this room decides who enters.");
  }
  if (room.isLocked === isLocked) {
    return house.tell(member, `#${room.name} is ${isLocked ? "locked" : "open"} already.`);
  }
  room.isLocked = isLocked;
  house.rooms.keep(room);
  const what = isLocked ? "locked the room: /invite NAME lets others in" : "unlocked the room";
  house.announce(room, `${member.name} ${what}`);
}
