// All rooms. A room is made when somebody first enters it, and dropped when the last one leaves, unless its
// topic keeps it; then it is dropped once nobody has come back for long.

import { BoundedMap } from "../std/bounded_map.ts";
import type { AccountId } from "./message.ts";
import type { Record, SavedRoom } from "./history.ts";
import type { Connection, Member } from "./member.ts";
import { isName, nameKey, unseenIn } from "./names.ts";
import type { Refusal } from "./refusals.ts";
import { author, LOBBY, Room } from "./room.ts";
import { makerOf, tooManyRooms } from "./room_limits.ts";

/** Most rooms at once, including empty ones with a topic. */
const MOST_ROOMS = 100;
/**
 * Most rooms that are gone and can be found again. Beyond that, whoever makes the one that was left first makes
 * another room of its name; what was said in it stays in the history.
 */
const MOST_LEFT = 10_000;
/** Most characters of a room's name. */
export const NAME_LENGTH = 30;

/** Options of the rooms. */
export interface RoomsOptions {
  /** Whether rooms that are gone can be found again, with their messages. */
  readonly lasts: boolean;
  /** Milliseconds that a topic keeps an empty room; 0: for good. */
  readonly keepFor: number;
  /** The time of the batch being handled, in epoch milliseconds. */
  readonly now: () => number;
  readonly isRegistered: (id: AccountId) => boolean;
  /** Whether somebody who may come back with their node was in a room. */
  readonly isHeld: (room: Room) => boolean;
  /** Has a record kept. */
  readonly keep: (record: Record) => void;
}

/** All rooms. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #byKey = new Map<string, Room>();
  /** Rooms that are gone and can be found again, by their keys; the one that was left first comes first. */
  readonly #left = new BoundedMap<string, SavedRoom>(MOST_LEFT);
  readonly lobby: Room;
  /** The highest number given to a room so far. */
  lastId = LOBBY.id;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.lobby = this.add(new Room(LOBBY));
    // Every history has it from the start.
    this.lobby.isKept = true;
  }

  /** Takes over a room that a history has kept: with a topic it is there, without one it can be found again. */
  restore(saved: SavedRoom): void {
    // Nobody owns or locks the lobby.
    if (saved.id === LOBBY.id) return void (this.lobby.topic = saved.topic);
    // Its key, and whether another name looks like its own, may have been judged by an earlier version.
    const key = nameKey(saved.name);
    if (this.#byKey.has(key) || this.get(saved.id) !== undefined) return;
    this.lastId = Math.max(this.lastId, saved.id);
    if (saved.topic !== "") this.add(Room.from(saved));
    else this.setAside({ ...saved, key });
  }

  /** The rooms that are gone and can be found again. */
  left(): Iterable<SavedRoom> {
    return this.#left.values();
  }

  /** Adds a room. */
  add(room: Room): Room {
    this.#byKey.set(room.key, room);
    return room;
  }

  /** Keeps in mind a room that is gone and can be found again. */
  setAside(saved: SavedRoom): void {
    this.#left.set(saved.key, saved);
  }

  /** How many there are. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Every room. */
  all(): Iterable<Room> {
    return this.#byKey.values();
  }

  /** The room with that name, with or without its `#`. */
  find(name: string): Room | undefined {
    return this.#byKey.get(nameKey(name.replace(/^#/, "")));
  }

  /** The room with that number, while it exists. */
  get(id: number): Room | undefined {
    return this.#byKey.values().find((room) => room.id === id);
  }

  /** The room with that name, made for this member if there is none; or why there can be none. */
  open(wanted: string, by: { member: Member; connection: Connection }): Room | Refusal {
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
    const { isRegistered } = this.#options;
    const maker = makerOf(by);
    const refusal = tooManyRooms(maker, { rooms: this.all(), isRegistered });
    if (refusal !== undefined) return { code: "room-limit", text: refusal };
    if (this.#byKey.size >= MOST_ROOMS && !this.#giveWay()) {
      return {
        code: "room-limit",
        text: `There are ${MOST_ROOMS} rooms, and no more can be made: /rooms lists them.`,
      };
    }
    const key = nameKey(name);
    const saved = this.#left.get(key);
    this.#left.delete(key);
    const room = this.add(
      saved
        ? Room.from({ ...saved, emptySince: undefined })
        : new Room({ id: ++this.lastId, name }),
    );
    room.maker = maker;
    // Whoever enters an open empty room counts as its maker.
    if (!room.isLocked) {
      room.owner = author(by.member);
      room.invited.length = 0;
    }
    if (room.isKept) this.keep(room);
    return room;
  }

  /** Keeps a room's changes. */
  keep(room: Room): void {
    room.isKept = true;
    this.#options.keep({ kind: "room", room: room.saved });
  }

  /** Makes sure that the history has a room, before anything in it is kept. */
  ensureKept(room: Room): void {
    if (!room.isKept) this.keep(room);
  }

  /** Notes that a member has entered. */
  occupy(room: Room): void {
    if (room.emptySince === undefined) return;
    room.emptySince = undefined;
    if (room.isKept) this.keep(room);
  }

  /** Notes that a member has left. With the last one the room is dropped, unless its topic or a gone node keeps it. */
  vacate(room: Room): void {
    if (room === this.lobby || room.members.size > 0) return;
    const isKept = room.topic !== "" && !room.isLost;
    if (!isKept && !this.#options.isHeld(room)) return this.drop(room);
    room.emptySince = this.#options.now();
    if (room.isKept) this.keep(room);
  }

  /** Drops the rooms that nobody has been in for too long. */
  expire(): void {
    const { keepFor, now } = this.#options;
    const at = now();
    for (const room of [...this.all()]) {
      if (room === this.lobby || room.members.size > 0) continue;
      const { emptySince = Infinity } = room;
      if (emptySince > at) {
        // Unknown if the server was killed: it counts from now on.
        room.emptySince = at;
        this.keep(room);
      } else if (keepFor > 0 && at - emptySince >= keepFor) {
        this.drop(room);
      }
    }
  }

  /** Drops an empty room, with its topic and lock. */
  drop(room: Room): void {
    this.#byKey.delete(room.key);
    // The messages of a locked room are not for whoever makes a room of that name next.
    const isFoundAgain = this.#options.lasts && room.isKept && !room.isLocked;
    if (isFoundAgain && room.topic !== "") {
      room.topic = "";
      room.emptySince = undefined;
      this.keep(room);
    }
    const { id } = room, at = this.#options.now();
    if (!isFoundAgain) return this.#options.keep({ kind: "room gone", id });
    this.#options.keep({ kind: "room empty", id, at });
    this.setAside({ ...room.saved, emptySince: at });
  }

  /** Drops the room that has been empty longest, to make room for a new one; false if there is none. */
  #giveWay(): boolean {
    const empty = [...this.all()].filter((room) => room !== this.lobby && room.members.size === 0);
    const since = ({ emptySince = 0 }: Room) => emptySince;
    const [longest] = empty.sort((one, other) => since(one) - since(other));
    if (longest === undefined) return false;
    this.drop(longest);
    return true;
  }
}
