// Who comes to a room, takes another name and leaves, as the room is told: each at once among a few people;
// together at the next tick in a crowd, where each would be told to all. Whatever else is told of somebody
// comes after their coming.

import type { Notice } from "./event.ts";
import type { Chat } from "./chat.ts";
import type { Member } from "./member.ts";
import type { Room } from "./room.ts";

/** In a room of more than this, comings and goings are told together. */
const CROWD = 50;
/** How many names are told of each; the others are counted. */
const NAMES_TOLD = 5;

/** Those who have come or gone, and of whom the room was not told yet: empty unless it is a crowd. */
export class Traffic {
  /** Members in the room: so they are no more than it has, and are told by the name that they bear then. */
  readonly #joined = new Set<Member>();
  /** By the name that the room knew: the first of them, and how many more. */
  #left: string[] = [];
  #moreLeft = 0;

  /** Whether the room is still to be told that this member has come. */
  has(member: Member): boolean {
    return this.#joined.has(member);
  }

  /** One has come. */
  join(member: Member): void {
    this.#joined.add(member);
  }

  /** One has gone: told in neither if it was not told that they had come. */
  leave(member: Member): void {
    if (this.#joined.delete(member)) return;
    if (this.#left.length < NAMES_TOLD) this.#left.push(member.name);
    else this.#moreLeft++;
  }

  /**
   * `ann left; bob and 7 more joined`, which is forgotten here; empty when nobody has passed. Those who left
   * come first: a name that one has given up may be that of another who has come.
   */
  take(): string {
    const joined = this.#joined.values().take(NAMES_TOLD).map(({ name }) => name).toArray();
    const parts = [
      summary(this.#left, this.#moreLeft, "left"),
      summary(joined, this.#joined.size - joined.length, "joined"),
    ];
    this.#joined.clear();
    this.#left = [];
    this.#moreLeft = 0;
    return parts.filter((part) => part !== "").join("; ");
  }
}

function summary(names: readonly string[], more: number, what: string): string {
  if (names.length === 0) return "";
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""} ${what}`;
}

/** Tells a room that a member has come, who is in it now. */
export function tellJoined(chat: Chat, { member, room }: { member: Member; room: Room }): void {
  const { id, name } = member;
  const { size } = room.members;
  if (size > CROWD) return room.traffic.join(member);
  chat.announce(room, `${name} joined (${size} here)`, id);
  chat.effects.toRoom(room, { kind: "state", what: "joined", room, name });
}

/** Tells a room that a member has gone, who is not in it any more; and its last word, if it is a small one. */
export function tellLeft(
  chat: Chat,
  { member, room, said }: { member: Member; room: Room; said?: string },
): void {
  const { id, name } = member;
  const { size } = room.members;
  if (size > CROWD) return room.traffic.leave(member);
  // Who passed while it was a crowd did so before this one left.
  tellTraffic(chat, room, size + 1);
  const words = said ? `: ${said}` : "";
  chat.announce(room, `${name} left${words} (${size} here)`, id);
  chat.effects.toRoom(room, { kind: "state", what: "left", room, name });
}

/** Tells a member's rooms that it bears another name; a room that does not know it yet, by the new one alone. */
export function tellRenamed(chat: Chat, member: Member, before: string): void {
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
      const notice: Notice = { kind: "notice", text, at: chat.at, room };
      chat.effects.toMember(member, notice);
      chat.change(member, change);
      continue;
    }
    // The old name may be that of somebody who has come, and the new one of somebody who has left.
    tellTraffic(chat, room);
    chat.announce(room, text, member.id);
    chat.effects.toRoom(room, change);
  }
}

/** Has a room know a member of whom it is to be told something. */
export function introduce(chat: Chat, { member, room }: { member: Member; room: Room }): void {
  if (room.traffic.has(member)) tellTraffic(chat, room);
}

/** Tells a room who has come and gone meanwhile, and how many that makes. */
export function tellTraffic(chat: Chat, room: Room, size = room.members.size): void {
  const told = room.traffic.take();
  if (told === "") return;
  chat.announce(room, `${told} (${size} here)`);
  chat.effects.toRoom(room, { kind: "state", what: "crowd", room, size });
}
