// Who has joined or left a crowded room and has not been announced there yet: see traffic.ts.

import type { MemberId } from "./message.ts";

/** How many names each notice lists; the others are counted. */
const NAMES_TOLD = 5;

/** A member; only its name and number matter here. */
interface Named {
  readonly id: MemberId;
  readonly name: string;
}

/** The same as plain data. */
export interface UnannouncedState {
  readonly joined: readonly MemberId[];
  readonly left: readonly string[];
  readonly moreLeft: number;
}

/** Who has joined and left since the room was last told; empty unless it is a crowd. */
export class Unannounced {
  /** At most all members in the room; announced by the name that each has by then. */
  readonly #joined = new Set<Named>();
  /** By the names that the room knew: the first few, and the count of the others. */
  #left: string[] = [];
  #moreLeft = 0;

  /** The state as plain data. */
  state(): UnannouncedState {
    const joined = Array.from(this.#joined, ({ id }) => id);
    return { joined, left: [...this.#left], moreLeft: this.#moreLeft };
  }

  /** Takes over a state. */
  restore({ joined, left, moreLeft }: UnannouncedState, member: (id: MemberId) => Named): void {
    for (const id of joined) this.#joined.add(member(id));
    this.#left.push(...left);
    this.#moreLeft = moreLeft;
  }

  /** Whether the room has not been told yet that this member joined. */
  has(member: Named): boolean {
    return this.#joined.has(member);
  }

  /** Notes that a member joined. */
  join(member: Named): void {
    this.#joined.add(member);
  }

  /** Notes that a member left; if its joining was not announced either, neither is. */
  leave(member: Named): void {
    if (this.#joined.delete(member)) return;
    if (this.#left.length < NAMES_TOLD) this.#left.push(member.name);
    else this.#moreLeft++;
  }

  /**
   * `ann left; bob and 7 more joined`, which is then forgotten; empty when nobody has joined or left. Those
   * who left come first: a name that one of them had may belong to one who joined.
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
