// Names: what may be a name, which names are the same or look the same, and which member has which.

import unhomoglyph from "unhomoglyph";
import type { MemberId } from "./message.ts";

/** The rule for names, as people read it. */
export const NAME_RULE = "1 to 20 letters, digits, dots, _ or -";

// A letter may carry a few marks (Devanagari vowels, say), but no tower of them. Invisible characters,
// fillers and variation selectors are refused: with them two names could look the same.
const NAME = /^(?!.*\p{Default_Ignorable_Code_Point})(?:[\p{L}\p{Nd}_.-]\p{M}{0,3})+$/u;
/** Invisible characters, which a name cannot have. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
/** Most UTF-16 units of a name: a room's with all its marks. Longer texts are not examined further. */
const LONGEST = 240;
const GUEST = /^guest\p{Nd}+$/u;
/** Names that look like a guest's: an l looks like a 1, and an o like a 0. */
const LIKE_GUEST = /^guest[\p{Nd}lo]+$/u;
const IPV4 = /^\p{Nd}+(?:\.\p{Nd}+){3}$/u;

/** Whether a text may be a name of at most so many characters, not counting marks. */
export function isName(text: string, most: number): boolean {
  return text.length <= LONGEST && NAME.test(text) && text.replace(/\p{M}/gu, "").length <= most;
}

/** If invisible characters alone keep a text from being a name: what to do about it, to end a sentence with. */
export function unseenIn(text: string, most: number): string {
  if (text.length > LONGEST || !isName(text.replace(UNSEEN, ""), most)) return "";
  const codes = new Set(Array.from(text.match(UNSEEN) ?? [], codeOf));
  return codes.size === 0 ? "" : `: leave out ${[...codes].join(", ")}, which cannot be seen`;
}

/** A character's code, as in U+200C. */
function codeOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Two names are the same name when they fold alike: NFKC, then case (Unicode's full folding, near enough). */
export function fold(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** The key of a text that is too long for a name. */
const NO_KEY = "";

/** The key that a name shares with the names it equals, and with those that look like it in small letters. */
export function nameKey(name: string): string {
  if (name.length > LONGEST) return NO_KEY;
  const folded = fold(name);
  // Only the server gives guest names, and only their numbers tell them apart.
  return GUEST.test(folded) ? folded : fold(unhomoglyph(folded));
}

/** All keys by which another name may look like this one: a capital I looks like an l, a small i does not. */
export function lookalikes(name: string): string[] {
  if (name.length > LONGEST) return [NO_KEY];
  const key = nameKey(name);
  // Folded once more: a letter that looks like M folds to m, which looks like rn.
  const other = GUEST.test(key)
    ? key
    : fold(unhomoglyph(fold(unhomoglyph(name.normalize("NFKC")))));
  return key === other ? [key] : [key, other];
}

/** Whether only the server may give this name, or it looks like such a name. */
export function isGuestName(name: string): boolean {
  return lookalikes(name).some((key) => LIKE_GUEST.test(key));
}

/** The name in the form in which it will be used, or a sentence that says why it cannot be a name. */
export function checkName(wanted: string): { name: string } | { refused: string } {
  if (wanted.length > LONGEST) return { refused: `A name is ${NAME_RULE}.` };
  const name = wanted.normalize("NFC");
  // Folding can lengthen or change a character's class.
  if (![name, fold(name)].every((form) => isName(form, 20))) {
    return { refused: `A name is ${NAME_RULE}${unseenIn(name, 20)}.` };
  }
  // A ban of such a name would be taken for a ban of the address.
  if (IPV4.test(name)) return { refused: "A name is not an address: choose another name." };
  if (isGuestName(name)) {
    return { refused: "Guest names are given by the server: choose another name." };
  }
  return { name };
}

/** Which member has which name, by every key of it. */
export class Names {
  readonly #bearers = new Map<string, MemberId>();
  /** The keys of chosen names; a guest name is its own key. */
  readonly #keys = new Map<MemberId, readonly string[]>();

  /** The member with this name. */
  bearer(name: string): MemberId | undefined {
    const key = nameKey(name);
    const id = this.#bearers.get(key);
    // The first key stands for the name itself; the others only for names that look like it.
    return id !== undefined && (this.#keys.get(id)?.[0] ?? key) === key ? id : undefined;
  }

  /** The member with this name or one that looks like it, other than `except`. */
  rival(name: string, except?: MemberId): MemberId | undefined {
    return this.rivals(name, except)[0];
  }

  /** All of them, each once. */
  rivals(name: string, except?: MemberId): MemberId[] {
    const ids = lookalikes(name).flatMap((key) => this.#bearers.get(key) ?? []);
    return [...new Set(ids)].filter((id) => id !== except);
  }

  /** Gives a new member its guest name, which nobody can choose. */
  guest(id: MemberId): string {
    const name = guestName(id);
    this.#bearers.set(name, id);
    return name;
  }

  /** Gives a member a name that has no rival, and frees its old one. */
  give(id: MemberId, name: string): void {
    this.release(id);
    const keys = lookalikes(name);
    this.#keys.set(id, keys);
    for (const key of keys) this.#bearers.set(key, id);
  }

  /** Frees a member's name. */
  release(id: MemberId): void {
    for (const key of this.#keys.get(id) ?? [guestName(id)]) this.#bearers.delete(key);
    this.#keys.delete(id);
  }
}

/** The name of a guest. */
export function guestName(id: MemberId): string {
  return `guest${id}`;
}
