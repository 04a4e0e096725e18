// Finds where the last grapheme of a line begins, which Backspace erases, by the rules of Unicode's UAX #29.
// It searches from the end: a segmenter would start at the front, and anyone may send a Backspace every other
// byte. A call costs no more than what it erases, and a few characters before that.

/** Joined to what comes before: marks, skin tones, joiners; except some vowels of Myanmar and the like. */
const EXTENDS = new RegExp(
  "^(?![\\u102b\\u102c\\u1038\\u1062-\\u1064\\u1067-\\u106d\\u1083\\u1087-\\u108c\\u108f\\u109a-\\u109c" +
    "\\u1a61\\u1a63\\u1a64\\uaa7b\\uaa7d\\u{11720}\\u{11721}])" +
    "[\\p{Grapheme_Extend}\\p{Mc}\\p{Emoji_Modifier}\\u0e33\\u0eb3\\u200d]$",
  "u",
);
/** Joined to what comes after: mostly signs of numbers. */
const PREPENDED =
  /^[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\u{110bd}\u{110cd}\u{111c2}\u{111c3}\u{113d1}\u{1193f}\u{11941}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]$/u;
/** Never joined to anything. */
const CONTROL = /^(?:[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?=\p{Default_Ignorable_Code_Point})\p{Cn})$/u;
const PICTOGRAPH = /^\p{Extended_Pictographic}$/u;
/** The viramas that join two consonants into one sign, and those consonants. */
const VIRAMA = /^[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d]$/u;
const CONSONANT =
  /^[\u0915-\u0939\u0958-\u095f\u0978-\u097f\u0995-\u09b9\u09dc-\u09df\u09f0\u09f1\u0a95-\u0ab9\u0af9\u0b15-\u0b39\u0b5c-\u0b5f\u0b71\u0c15-\u0c39\u0c58-\u0c5a\u0d15-\u0d3a]$/u;
/** Marks that are part of a sign's grapheme, but join nothing to it. */
const SPACING = /^(?!\p{Grapheme_Extend})[\p{Mc}\u0e33\u0eb3]$/u;
const ZWJ = 0x200d;
/** Two of these letters make a flag. */
const FIRST_LETTER = 0x1f1e6, LAST_LETTER = 0x1f1ff, LETTER_BYTES = 4;
/** Most marks between two joined signs that are looked at; with more, they count as joined. */
const MOST_MARKS = 16;
/** Stands for bytes that are not UTF-8. */
const INVALID = -1;

/** Where the last grapheme of the first `end` bytes begins; a byte that is not UTF-8 is a grapheme. */
export function lastGrapheme(bytes: Uint8Array, end: number): number {
  let start = lastCharacter(bytes, end), code = codePoint(bytes, start, end);
  while (start > 0) {
    const before = lastCharacter(bytes, start);
    if (!isJoined(bytes, start, code)) break;
    code = codePoint(bytes, before, start);
    start = before;
  }
  return start;
}

/** Whether the character that begins at `start` is part of the same grapheme as the one before it. */
function isJoined(bytes: Uint8Array, start: number, code: number): boolean {
  const before = codePoint(bytes, lastCharacter(bytes, start), start);
  if (before === INVALID || code === INVALID || Math.max(before, code) < 0x80) return false;
  if (isLetter(code) && isLetter(before)) return letters(bytes, start) % 2 === 1;
  const left = String.fromCodePoint(before), right = String.fromCodePoint(code);
  if (EXTENDS.test(right)) return EXTENDS.test(left) || PREPENDED.test(left) || !CONTROL.test(left);
  if (PREPENDED.test(left)) return PREPENDED.test(right) || !CONTROL.test(right);
  if (before === ZWJ && PICTOGRAPH.test(right)) return isAfter(bytes, start, PICTOGRAPH);
  if (EXTENDS.test(left) && CONSONANT.test(right)) {
    return isAfter(bytes, start, CONSONANT, VIRAMA);
  }
  return isOneSyllable(before, code);
}

/** Whether the marks that end at `end` follow such a sign, and have such a mark among them. */
function isAfter(bytes: Uint8Array, end: number, sign: RegExp, mark = EXTENDS): boolean {
  let hasMark = false;
  for (let marks = 0; end > 0; marks++) {
    if (marks > MOST_MARKS) return true;
    const start = lastCharacter(bytes, end), code = codePoint(bytes, start, end);
    if (code === INVALID) return false;
    const character = String.fromCodePoint(code);
    if (!EXTENDS.test(character)) return hasMark && sign.test(character);
    if (SPACING.test(character)) return false;
    hasMark ||= mark.test(character);
    end = start;
  }
  return false;
}

function isLetter(code: number): boolean {
  return code >= FIRST_LETTER && code <= LAST_LETTER;
}

/** How many flag letters in a row end at `end`. */
function letters(bytes: Uint8Array, end: number): number {
  let start = end;
  while (
    start >= LETTER_BYTES && bytes[start - 1]! >= 0xa6 && bytes[start - 2] === 0x87 &&
    bytes[start - 3] === 0x9f && bytes[start - 4] === 0xf0
  ) start -= LETTER_BYTES;
  return (end - start) / LETTER_BYTES;
}

/** Whether two parts of Hangul are in one syllable. */
function isOneSyllable(before: number, code: number): boolean {
  const left = hangul(before), right = hangul(code);
  if (left === "L") return right !== "" && right !== "T";
  if (left === "V" || left === "LV") return right === "V" || right === "T";
  return (left === "T" || left === "LVT") && right === "T";
}

/** Which parts of a syllable a character has: a leading consonant, a vowel, a trailing consonant. */
function hangul(code: number): "L" | "V" | "T" | "LV" | "LVT" | "" {
  if (code >= 0xac00 && code <= 0xd7a3) return (code - 0xac00) % 28 === 0 ? "LV" : "LVT";
  if (code >= 0x1100 && code <= 0x115f || code >= 0xa960 && code <= 0xa97c) return "L";
  if (code >= 0x1160 && code <= 0x11a7 || code >= 0xd7b0 && code <= 0xd7c6) return "V";
  if (code >= 0x11a8 && code <= 0x11ff || code >= 0xd7cb && code <= 0xd7fb) return "T";
  return "";
}

/** Where the character that ends at `end` begins; a byte that is not UTF-8 counts as one. */
function lastCharacter(bytes: Uint8Array, end: number): number {
  let start = end - 1;
  // All bytes of a character but the first begin with the bits 10.
  while (start > 0 && end - start < 4 && (bytes[start]! & 0xc0) === 0x80) start--;
  return codePoint(bytes, start, end) === INVALID ? end - 1 : start;
}

/** The character that these bytes are. */
function codePoint(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start]!;
  const second = bytes[start + 1]! & 0x3f, third = bytes[start + 2]! & 0x3f;
  switch (end - start) {
    case 1:
      return first < 0x80 ? first : INVALID;
    case 2:
      return first >= 0xc2 && first <= 0xdf ? (first & 0x1f) << 6 | second : INVALID;
    case 3: {
      const code = (first & 0xf) << 12 | second << 6 | third;
      const isSurrogate = code >= 0xd800 && code <= 0xdfff;
      return first >> 4 === 0xe && code >= 0x800 && !isSurrogate ? code : INVALID;
    }
    default: {
      const code = (first & 7) << 18 | second << 12 | third << 6 | bytes[start + 3]! & 0x3f;
      return first >> 3 === 0x1e && code >= 0x10000 && code <= 0x10ffff ? code : INVALID;
    }
  }
}
