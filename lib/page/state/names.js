// Names as the page compares and colours them.

/**
 * What two spellings of one name have in common.
 * @param {string} name
 */
export function fold(name) {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/**
 * Whether a name was given at the door.
 * @param {string} name
 */
export function isGuest(name) {
  return /^guest\d+$/.test(name);
}

/** How many colours there are. */
const COLOURS = 24;

/**
 * The hue of a name, in degrees: the same wherever and whenever it is seen.
 * @param {string} name
 */
export function hue(name) {
  let hash = 0x811c9dc5;
  for (const character of fold(name)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 8) % COLOURS * (360 / COLOURS);
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * The first letter of a name, as it is seen.
 * @param {string} name
 */
export function initial(name) {
  const [first] = GRAPHEMES.segment(name);
  return first?.segment.toUpperCase() ?? "";
}
