// Who has come to a crowded room or left it, and of whom the room has not been told yet: see traffic.ts.

/** How many names are told of each; the others are counted. */
const NAMES_TOLD = 5;

/** A member, of whom the name alone counts here. */
interface Named {
  readonly name: string;
}

/** Those who have come or gone, and of whom the room was not told yet: empty unless it is a crowd. */
export class Unannounced {
  /** Members in the room: so they are no more than it has, and are told by the name that they bear then. */
  readonly #joined = new Set<Named>();
  /** By the name that the room knew: the first of them, and how many more. */
  #left: string[] = [];
  #moreLeft = 0;

  /** Whether the room is still to be told that this member has come. */
  has(member: Named): boolean {
    return this.#joined.has(member);
  }

  /** One has come. */
  join(member: Named): void {
    this.#joined.add(member);
  }

  /** One has gone: told in neither if it was not told that they had come. */
  leave(member: Named): void {
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
