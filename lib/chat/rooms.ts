// The rooms there are: made when somebody first enters, gone when the last has left and no topic keeps
// them.

import type { History, Record, Saved } from "./history.ts";
import type { Member } from "./member.ts";
import { isName, nameKey, unseenIn } from "./names.ts";
import { isSame, LOBBY, Room, speaker } from "./room.ts";

/** Most rooms at once, the empty ones with a topic among them. */
const MOST_ROOMS = 100;
/** Longest name of a room, in characters. */
export const NAME_LENGTH = 30;

/** What the rooms are given. */
export interface RoomsOptions {
  readonly history: History;
  readonly saved: Saved;
  /** Takes what is to be kept. */
  readonly keep: (record: Record) => void;
}

/** All rooms. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #byKey = new Map<string, Room>();
  #lastId: number;
  readonly lobby: Room;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.#lastId = Math.max(options.saved.lastRoom, LOBBY.id);
    for (const saved of options.saved.rooms) this.#add(Room.from(saved));
    this.lobby = this.#byKey.get(nameKey(LOBBY.name)) ?? this.#add(new Room(LOBBY));
  }

  /** Every room. */
  all(): Iterable<Room> {
    return this.#byKey.values();
  }

  /** The room of that name, with or without its `#`. */
  find(name: string): Room | undefined {
    return this.#byKey.get(nameKey(name.replace(/^#/, "")));
  }

  /** The room of that number, while it is there. */
  get(id: number): Room | undefined {
    return this.#byKey.values().find((room) => room.id === id);
  }

  /** The room of that name, made for this member if need be; or a sentence why there is none. */
  open(wanted: string, maker: Member): Room | string {
    const found = this.find(wanted);
    if (found !== undefined) return found;
    const name = wanted.replace(/^#/, "").normalize("NFC");
    if (!isName(name, NAME_LENGTH)) {
      const unseen = unseenIn(name, NAME_LENGTH);
      return `A room's name is 1 to ${NAME_LENGTH} letters, digits, dots, _ or -, as in #tea${unseen}.`;
    }
    if (this.#byKey.size >= MOST_ROOMS) {
      return `There are ${MOST_ROOMS} rooms, and no more can be made: /rooms lists them.`;
    }
    const saved = this.#options.history.room(nameKey(name));
    const room = this.#add(saved ? Room.from(saved) : new Room({ id: ++this.#lastId, name }));
    // Who finds an open room empty has it as good as made it.
    if (!room.isLocked) room.owner = speaker(maker);
    this.keep(room);
    return room;
  }

  /** Keeps what has changed of a room. */
  keep(room: Room): void {
    this.#options.keep({ kind: "room", room: room.saved });
  }

  /** A member has left it; if it is gone from the house and has no account, it rules it no more. */
  vacate(room: Room, member: Member, { isGone }: { isGone: boolean }): void {
    const isOrphaned = isGone && member.account === undefined &&
      isSame(room.owner, speaker(member));
    if (isOrphaned) {
      const [eldest] = room.members;
      room.owner = eldest && speaker(eldest);
    }
    const isLost = room.isLocked && room.owner === undefined;
    const isKept = room === this.lobby || room.members.size > 0 || room.topic !== "" && !isLost;
    if (isKept) {
      if (isOrphaned) this.keep(room);
      return;
    }
    this.#byKey.delete(room.key);
    // What was said behind a lock is not for whoever makes a room of that name next.
    const isFoundAgain = this.#options.history.lasts && !room.isLocked;
    this.#options.keep({ kind: isFoundAgain ? "room empty" : "room gone", id: room.id });
  }

  #add(room: Room): Room {
    this.#byKey.set(room.key, room);
    return room;
  }
}
