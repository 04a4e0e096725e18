// The rooms there are: made when somebody first enters, gone when the last has left and no topic keeps
// them, or nobody has come back for long.

import type { AccountId, Author } from "./message.ts";
import type { History, Record, Saved } from "./history.ts";
import type { Member } from "./member.ts";
import { isName, nameKey, unseenIn } from "./names.ts";
import type { Refusal } from "./refusals.ts";
import { author, isSame, LOBBY, Room } from "./room.ts";
import { makerOf, tooManyRooms } from "./room_limits.ts";

/** Most rooms at once, the empty ones with a topic among them. */
const MOST_ROOMS = 100;
/** Longest name of a room, in characters. */
export const NAME_LENGTH = 30;

/** What the rooms are given. */
export interface RoomsOptions {
  readonly history: History;
  readonly saved: Saved;
  /** Milliseconds that a topic keeps a room that nobody is in; 0: for good. */
  readonly keepFor: number;
  /** Epoch milliseconds of what is being handled. */
  readonly now: () => number;
  readonly isRegistered: (id: AccountId) => boolean;
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
    // Every history has it from the start.
    this.lobby.isKept = true;
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

  /** The room of that name, made for this member if need be; or why there is none. */
  open(wanted: string, member: Member): Room | Refusal {
    const found = this.find(wanted);
    if (found !== undefined) return found;
    const name = wanted.replace(/^#/, "").normalize("NFC");
    if (!isName(name, NAME_LENGTH)) {
      const unseen = unseenIn(name, NAME_LENGTH);
      return {
        code: "room-name-invalid",
        text:
          `A room's name is 1 to ${NAME_LENGTH} letters, digits, dots, _ or -, as in #tea${unseen}.`,
      };
    }
    const { history, isRegistered } = this.#options;
    const maker = makerOf(member);
    const refusal = tooManyRooms(maker, { rooms: this.all(), isRegistered });
    if (refusal !== undefined) return { code: "room-limit", text: refusal };
    if (this.#byKey.size >= MOST_ROOMS && !this.#giveWay()) {
      return {
        code: "room-limit",
        text: `There are ${MOST_ROOMS} rooms, and no more can be made: /rooms lists them.`,
      };
    }
    const saved = history.room(nameKey(name));
    const room = this.#add(saved ? Room.from(saved) : new Room({ id: ++this.#lastId, name }));
    room.maker = maker;
    // Who finds an open room empty has it as good as made it.
    if (!room.isLocked) {
      room.owner = author(member);
      room.invited.length = 0;
    }
    if (room.isKept) this.keep(room);
    return room;
  }

  /** Keeps what has changed of a room. */
  keep(room: Room): void {
    room.isKept = true;
    this.#options.keep({ kind: "room", room: room.saved });
  }

  /** Has the history know a room, before what is kept of it. */
  ensureKept(room: Room): void {
    if (!room.isKept) this.keep(room);
  }

  /** Somebody has entered it. */
  occupy(room: Room): void {
    if (room.emptySince === undefined) return;
    room.emptySince = undefined;
    this.keep(room);
  }

  /** Somebody has left it: it goes with the last, unless its topic keeps it. */
  vacate(room: Room): void {
    if (room === this.lobby || room.members.size > 0) return;
    if (room.topic === "" || isLost(room)) return this.drop(room);
    room.emptySince = this.#options.now();
    this.keep(room);
  }

  /** A member is gone from the chat: what it ruled as a guest is the eldest's, or goes if nobody can enter. */
  disown(member: Member): void {
    for (const room of [...this.all()]) {
      const { owner } = room;
      const isAccount = owner?.account !== undefined && this.#options.isRegistered(owner.account);
      if (isAccount || !isSame(owner, author(member))) continue;
      const [eldest] = room.members;
      room.owner = eldest && author(eldest);
      if (room.members.size === 0 && isLost(room)) this.drop(room);
      else if (room.isKept) this.keep(room);
    }
  }

  /** Drops the rooms that nobody has been in for too long. */
  expire(): void {
    const { keepFor, now } = this.#options;
    const at = now();
    for (const room of [...this.all()]) {
      if (room === this.lobby || room.members.size > 0) continue;
      const { emptySince = Infinity } = room;
      if (emptySince > at) {
        // Not known since when, as where the server was killed: it counts from now on.
        room.emptySince = at;
        this.keep(room);
      } else if (keepFor > 0 && at - emptySince >= keepFor) {
        this.drop(room);
      }
    }
  }

  /** Lets a room that nobody is in go, its topic and its lock with it. */
  drop(room: Room): void {
    this.#byKey.delete(room.key);
    // What was said behind a lock is not for whoever makes a room of that name next.
    const isFoundAgain = this.#options.history.lasts && room.isKept && !room.isLocked;
    if (isFoundAgain && room.topic !== "") {
      room.topic = "";
      room.emptySince = undefined;
      this.keep(room);
    }
    const { id } = room;
    this.#options.keep(
      isFoundAgain
        ? { kind: "room empty", id, at: this.#options.now() }
        : { kind: "room gone", id },
    );
  }

  /**
   * A member, who was identified for another account or none, is another person now. What it had as this
   * connection alone is the account's as well; what it had by its account stays with that, while there is one.
   */
  follow(member: Member, before: AccountId | undefined): void {
    const { isRegistered } = this.#options;
    const now = author(member);
    const renew = (who: Author): Author => {
      const isTheirs = who.member === member.id || before !== undefined && who.account === before;
      if (!isTheirs || who.account !== undefined && who.account === now.account) return who;
      if (who.account === undefined || !isRegistered(who.account)) return now;
      return { member: 0, account: who.account };
    };
    for (const room of this.#byKey.values()) {
      const owner = room.owner && renew(room.owner);
      const invited = room.invited.map(renew);
      const isChanged = owner?.account !== room.owner?.account ||
        invited.some(({ account }, i) => account !== room.invited[i]!.account);
      room.owner = owner;
      room.invited.splice(0, Infinity, ...invited);
      if (isChanged && room.isKept) this.keep(room);
    }
  }

  /** Drops the room that has been empty longest for one that somebody wants; false if there is none. */
  #giveWay(): boolean {
    const empty = [...this.all()].filter((room) => room !== this.lobby && room.members.size === 0);
    const since = ({ emptySince = 0 }: Room) => emptySince;
    const [longest] = empty.sort((one, other) => since(one) - since(other));
    if (longest === undefined) return false;
    this.drop(longest);
    return true;
  }

  #add(room: Room): Room {
    this.#byKey.set(room.key, room);
    return room;
  }
}

/** Whether nobody but an operator could enter a room that is empty. */
function isLost({ isLocked, owner }: Room): boolean {
  return isLocked && owner === undefined;
}
