// What is kept for accounts between their visits: whom they ignore, the rooms to enter, and how far they have read.
// Private words that wait for them are in waiting.ts; visit.ts brings it all back when somebody identifies.

import type { Place, ReadMark, Record, SavedVisit } from "./history.ts";
import type { AccountId } from "./message.ts";
import { lookalikes, nameKey } from "./names.ts";

/** Most rooms to enter at the next visit: as many as an app can be in. */
const MOST_ROOMS = 20;
/** Most rooms, and most people, of which an account's marks are kept: those with the lowest numbers go first. */
const MOST_MARKS = 100;

/** What is kept for one account. */
class Visit {
  ignored: readonly string[] = [];
  /** All keys of those names, once they were asked for. */
  ignoredKeys: Set<string> | undefined;
  /** Names, the one that was entered last comes last. */
  rooms: readonly string[] = [];
  readonly marks = new Map<string, ReadMark>();
}

/** What is kept for all accounts. */
export class Kept {
  readonly #keep: (record: Record) => void;
  readonly #visits = new Map<AccountId, Visit>();

  /** `keep` has a record kept. */
  constructor(keep: (record: Record) => void) {
    this.#keep = keep;
  }

  /** Everything, as plain data. */
  all(): SavedVisit[] {
    return Array.from(this.#visits, ([account, { ignored, rooms, marks }]) => ({
      ...{ account, ignored, rooms },
      marks: [...marks.values()],
    }));
  }

  /** Puts back what was kept for an account. */
  restore({ account, ignored, rooms, marks }: SavedVisit): void {
    const visit = this.#visit(account);
    Object.assign(visit, { ignored, rooms: rooms.slice(-MOST_ROOMS) });
    for (const mark of marks) visit.marks.set(keyOf(mark), mark);
    while (excess(visit) !== undefined) continue;
  }

  /** The names that an account ignores. */
  ignored(account: AccountId): readonly string[] {
    return this.#visits.get(account)?.ignored ?? [];
  }

  /** Whether an account ignores whoever has this name. */
  ignores(account: AccountId, name: string): boolean {
    const visit = this.#visits.get(account);
    if (visit === undefined || visit.ignored.length === 0) return false;
    visit.ignoredKeys ??= new Set(visit.ignored.flatMap(lookalikes));
    return lookalikes(name).some((key) => visit.ignoredKeys!.has(key));
  }

  /** Notes whom an account ignores. */
  ignore(account: AccountId, names: readonly string[]): void {
    this.#change(account, { ignored: names });
  }

  /** The names of the rooms to enter, the last one last. */
  rooms(account: AccountId): readonly string[] {
    return this.#visits.get(account)?.rooms ?? [];
  }

  /** Notes that an account has entered a room. */
  entered(account: AccountId, name: string): void {
    this.#change(account, { rooms: [...this.#without(account, name), name].slice(-MOST_ROOMS) });
  }

  /** Notes that an account has left a room, and stays. */
  left(account: AccountId, name: string): void {
    this.#change(account, { rooms: this.#without(account, name) });
  }

  /** How far an account has read; undefined if that is not known. */
  read(account: AccountId, place: Place): number | undefined {
    return this.#visits.get(account)?.marks.get(keyOf(place))?.upTo;
  }

  /** All marks of an account. */
  marks(account: AccountId): ReadMark[] {
    return [...this.#visits.get(account)?.marks.values() ?? []];
  }

  /** Notes how far an account has read; returns whether that is further than before. */
  noteRead(account: AccountId, mark: ReadMark): boolean {
    if (mark.upTo <= (this.read(account, mark) ?? -1)) return false;
    const visit = this.#visit(account);
    visit.marks.set(keyOf(mark), mark);
    this.#keep({ kind: "seen", account, mark });
    const dropped = excess(visit);
    if (dropped !== undefined) this.#keep({ kind: "unseen", account, place: dropped });
    return true;
  }

  /** Forgets what was kept for an account that is gone; the history does so by itself. */
  remove(account: AccountId): void {
    this.#visits.delete(account);
  }

  #visit(account: AccountId): Visit {
    let visit = this.#visits.get(account);
    if (visit === undefined) this.#visits.set(account, visit = new Visit());
    return visit;
  }

  #without(account: AccountId, name: string): string[] {
    const key = nameKey(name);
    return this.rooms(account).filter((each) => nameKey(each) !== key);
  }

  #change(account: AccountId, change: Partial<Pick<Visit, "ignored" | "rooms">>): void {
    const { ignored, rooms } = this.#visits.get(account) ?? new Visit();
    const now = { ignored, rooms, ...change };
    if (isSame(now.ignored, ignored) && isSame(now.rooms, rooms)) return;
    Object.assign(this.#visit(account), change, { ignoredKeys: undefined });
    this.#keep({ kind: "visit", account, ...now });
  }
}

/** The key of what can be read. */
export function keyOf(place: Place): string {
  return "room" in place ? `#${place.room}` : `@${nameKey(place.person)}`;
}

/** Drops the lowest mark of whichever kind there are too many of, and returns it. */
function excess({ marks }: Visit): ReadMark | undefined {
  for (const kind of ["room", "person"] as const) {
    const those = [...marks.values()].filter((mark) => kind in mark);
    if (those.length <= MOST_MARKS) continue;
    const lowest = those.reduce((one, other) => other.upTo < one.upTo ? other : one);
    marks.delete(keyOf(lowest));
    return lowest;
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, i) => each === other[i]);
}
