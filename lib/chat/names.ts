// The names in use: who bears which, and what may be a name at all.

import type { MemberId } from "./event.ts";

/** What a name must look like, for people to read. */
export const NAME_RULE = "1 to 20 letters, digits, dots, _ or -";

// A letter may carry marks (Devanagari vowels, say), but not a tower of them; and nothing that is not
// seen, fillers and variation selectors, which would make two names look like one.
const NAME = /^(?!.*\p{Default_Ignorable_Code_Point})(?:[\p{L}\p{Nd}_.-]\p{M}{0,3}){1,20}$/u;
const GUEST = /^guest\p{Nd}+$/u;

/** Two names are the same name when they fold alike: NFKC, then case (Unicode's full folding, near enough). */
export function fold(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Every name that somebody bears, by its folded form. */
export class Names {
  readonly #owners = new Map<string, MemberId>();

  /** Gives the name at the door, which nobody can choose. */
  guest(id: MemberId): string {
    const name = `guest${id}`;
    this.#owners.set(name, id);
    return name;
  }

  /** Moves `id` from `current` to `wanted`. Returns the name given, or a sentence why not. */
  rename(id: MemberId, current: string, wanted: string): { name: string } | { refused: string } {
    const name = wanted.normalize("NFC");
    if (!NAME.test(name)) return { refused: `A name is ${NAME_RULE}` };
    const folded = fold(name);
    // Folding can lengthen or change a character's class, and what looks like a guest is one.
    if (!NAME.test(folded)) return { refused: `A name is ${NAME_RULE}` };
    if (GUEST.test(folded)) {
      return { refused: "guest names are given at the door: choose another name" };
    }
    const owner = this.#owners.get(folded);
    if (owner !== undefined && owner !== id) {
      return { refused: `${name} is taken: choose another name` };
    }
    this.release(current);
    this.#owners.set(folded, id);
    return { name };
  }

  /** Gives a name back. */
  release(name: string): void {
    this.#owners.delete(fold(name));
  }
}
