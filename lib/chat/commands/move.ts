// From one room into another, for /join and /leave; an app stays in the one as well.

import type { House } from "../house.ts";
import type { Member } from "../member.ts";
import { NAMES_GREETED, type Room } from "../room.ts";

/** Moves a member, and tells it where it is. */
export function move(house: House, member: Member, room: Room): void {
  if (member.isApp) return house.enter(member, room);
  house.exit(member, member.room);
  arrive(house, member, room);
}

/** Puts a member that is in no room into one, and tells it where it is. */
export function arrive(house: House, member: Member, room: Room): void {
  const others = room.names(NAMES_GREETED);
  house.enter(member, room);
  house.tell(
    member,
    `You are in #${room.name}${room.isLocked ? " (locked)" : ""}. ` +
      (others ? `Here: ${others}.` : "You are the first here."),
    ...(room.topic ? [`Topic: ${room.topic}`] : []),
  );
}
