// Names: what may be one, which are the same or look it, and who bears which.

import unhomoglyph from "unhomoglyph";
import type { MemberId } from "./event.ts";

/** What a name must look like, for people to read. */
export const NAME_RULE = "1 to 20 letters, digits, dots, _ or -";

// A letter may carry marks (Devanagari vowels, say), but not a tower of them; and nothing that is not
// seen, fillers and variation selectors, which would make two names look like one.
const NAME = /^(?!.*\p{Default_Ignorable_Code_Point})(?:[\p{L}\p{Nd}_.-]\p{M}{0,3})+$/u;
/** What nobody sees, and a name cannot have. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
/** UTF-16 units of the longest name, a room's with all its marks: what is longer is looked at no closer. */
const LONGEST = 240;
const GUEST = /^guest\p{Nd}+$/u;
/** A guest's name as a look-alike has it: 1 is an l there, and 0 an o. */
const LIKE_GUEST = /^guest[\p{Nd}lo]+$/u;
const IPV4 = /^\p{Nd}+(?:\.\p{Nd}+){3}$/u;

/** Whether a text may be a name of at most so many characters, not counting marks. */
export function isName(text: string, most: number): boolean {
  return text.length <= LONGEST && NAME.test(text) && text.replace(/\p{M}/gu, "").length <= most;
}

/** What to do about a text that is no name for something unseen alone, to end a sentence with; else nothing. */
export function unseenIn(text: string, most: number): string {
  if (text.length > LONGEST || !isName(text.replace(UNSEEN, ""), most)) return "";
  const codes = new Set(Array.from(text.match(UNSEEN) ?? [], codeOf));
  return codes.size === 0 ? "" : `: leave out ${[...codes].join(", ")}, which cannot be seen`;
}

/** As in U+200C. */
function codeOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Two names are the same name when they fold alike: NFKC, then case (Unicode's full folding, near enough). */
export function fold(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** The key of what is too long for a name. */
const NO_KEY = "";

/** What a name has in common with those that it is, or looks like, once both are in small letters. */
export function nameKey(name: string): string {
  if (name.length > LONGEST) return NO_KEY;
  const folded = fold(name);
  // Guests are many, only the server makes them, and their numbers tell them apart.
  return GUEST.test(folded) ? folded : fold(unhomoglyph(folded));
}

/** Every key by which another name may look like this one: a capital I looks like an l, a small i does not. */
export function lookalikes(name: string): string[] {
  if (name.length > LONGEST) return [NO_KEY];
  const key = nameKey(name);
  // Folded once more: what looks like an M is an m in small letters, which looks like rn.
  const other = GUEST.test(key)
    ? key
    : fold(unhomoglyph(fold(unhomoglyph(name.normalize("NFKC")))));
  return key === other ? [key] : [key, other];
}

/** Whether a name is one that the server gives, or looks it. */
export function isGuestName(name: string): boolean {
  return lookalikes(name).some((key) => LIKE_GUEST.test(key));
}

/** A name as it will be borne, or a sentence why it cannot be one. */
export function checkName(wanted: string): { name: string } | { refused: string } {
  if (wanted.length > LONGEST) return { refused: `A name is ${NAME_RULE}.` };
  const name = wanted.normalize("NFC");
  // Folding can lengthen or change a character's class.
  if (![name, fold(name)].every((form) => isName(form, 20))) {
    return { refused: `A name is ${NAME_RULE}${unseenIn(name, 20)}.` };
  }
  // Bans would mean the address.
  if (IPV4.test(name)) return { refused: "A name is not an address: choose another name." };
  if (isGuestName(name)) {
    return { refused: "Guest names are given by the server: choose another name." };
  }
  return { name };
}

/** Who bears which name, by every key of it. */
export class Names {
  readonly #bearers = new Map<string, MemberId>();
  /** Those of names that were chosen; a guest's is its name. */
  readonly #keys = new Map<MemberId, readonly string[]>();

  /** Who bears this name. */
  bearer(name: string): MemberId | undefined {
    const key = nameKey(name);
    const id = this.#bearers.get(key);
    // Under its first key a name is itself, under the other it only looks so.
    return id !== undefined && (this.#keys.get(id)?.[0] ?? key) === key ? id : undefined;
  }

  /** Who bears this name or one that looks like it, besides one that may. */
  rival(name: string, except?: MemberId): MemberId | undefined {
    for (const key of lookalikes(name)) {
      const id = this.#bearers.get(key);
      if (id !== undefined && id !== except) return id;
    }
  }

  /** Gives the name on arrival, which nobody can choose. */
  guest(id: MemberId): string {
    const name = guestName(id);
    this.#bearers.set(name, id);
    return name;
  }

  /** Gives a member a name that has no rival, and takes its old one back. */
  give(id: MemberId, name: string): void {
    this.release(id);
    const keys = lookalikes(name);
    this.#keys.set(id, keys);
    for (const key of keys) this.#bearers.set(key, id);
  }

  /** Takes a member's name back. */
  release(id: MemberId): void {
    for (const key of this.#keys.get(id) ?? [guestName(id)]) this.#bearers.delete(key);
    this.#keys.delete(id);
  }
}

function guestName(id: MemberId): string {
  return `guest${id}`;
}
