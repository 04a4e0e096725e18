// Compares and colours names, as clients do it.

/** The form that all spellings of a name share. */
export function fold(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

const ORDER = new Intl.Collator(undefined, { numeric: true });

/** Compares names in the order in which people look for them: p2 before p10, and Ann beside ann. */
export function compareNames(one: string, other: string): number {
  return ORDER.compare(one, other);
}

/** Whether the server gave the name. */
export function isGuest(name: string): boolean {
  return /^guest\d+$/.test(name);
}

/** How many colours there are. */
const COLOURS = 24;

/** The hue of a name, in degrees; always the same for the same name. */
export function hue(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of fold(name)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 8) % COLOURS * (360 / COLOURS);
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The first letter of a name, as it is seen. */
export function initial(name: string): string {
  const [first] = GRAPHEMES.segment(name);
  return first?.segment.toUpperCase() ?? "";
}
