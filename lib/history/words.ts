// Splits texts into words, and matches queries against them: the same rule for both histories. Words are
// compared after NFKC, without case and accents. White space, punctuation and a change of script end a word;
// letters and digits go together. In scripts without spaces every character is a word, and so is every emoji
// and every other symbol.

/** Most UTF-16 units of a word that count; the rest is ignored. */
const LONGEST = 1000;

/** Accents, and the points of Arabic and Hebrew; not marks that are letters of their script (Indic, kana). */
const ACCENTS =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\u20e1\u20e5-\u20f0\ufe20-\ufe2f]/g;
/** Joiners, variation selectors, soft hyphens: nobody types them in a search. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
/** Symbols that are words of their own: pictures, keycaps, flags; without skin tones. */
const EMOJI =
  /(\p{Extended_Pictographic})[\u{1f3fb}-\u{1f3ff}]?|([0-9#*]\u20e3|\p{RI}{1,2}|[\u{1f3fb}-\u{1f3ff}])/gu;
const ASCII = /^[\0-\x7f]*$/;

/** Scripts with spaces between words: a change from one to another ends a word. */
const SPACED = [
  ...["Latin", "Greek", "Cyrillic", "Hangul", "Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil"],
  ...["Telugu", "Kannada", "Malayalam", "Gujarati", "Gurmukhi", "Oriya", "Sinhala", "Georgian"],
  ...["Armenian", "Ethiopic", "Mongolian", "Tibetan", "Syriac", "Thaana", "Nko", "Cherokee"],
  ...["Canadian_Aboriginal", "Coptic", "Gothic", "Deseret", "Tifinagh", "Runic", "Adlam"],
].map((name) => new RegExp(`\\p{Script_Extensions=${name}}`, "u"));
/** Scripts without spaces between words. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;
const PART_OF_WORD = /[\p{L}\p{M}\p{N}\p{S}\p{Co}\p{Cn}]/u;

/** Kinds of characters: not of a word, a mark, of any script (a digit), a word alone; or 5 and its script. */
const NOTHING = 1, MARK = 2, COMMON = 3, ALONE = 4, SCRIPT = 5;
/** The kinds by code point, filled in as characters are met; 0: not yet. */
const kinds = new Uint8Array(0x110000);

function kindOf(code: number): number {
  return kinds[code] ||= findKind(String.fromCodePoint(code));
}

function findKind(character: string): number {
  if (!PART_OF_WORD.test(character)) return NOTHING;
  if (/\p{M}/u.test(character)) return MARK;
  if (/\p{S}/u.test(character) || UNSPACED.test(character)) return ALONE;
  if (/\p{Script=Common}/u.test(character)) return COMMON;
  const script = SPACED.findIndex((each) => each.test(character));
  return script === -1 ? COMMON : SCRIPT + script;
}

/** The words of a text, in order, in the form in which they are compared. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  if (ASCII.test(text)) {
    addWords(text.toLowerCase(), words);
    return words;
  }
  const seen = text.toWellFormed().replaceAll("\u200b", " ").replace(UNSEEN, "");
  let end = 0;
  for (const { 0: all, 1: picture, 2: other, index } of seen.matchAll(EMOJI)) {
    addWords(fold(seen.slice(end, index)), words);
    const before = words.length, emoji = picture ?? other ?? all;
    // NFKC turns some into letters, and some into nothing that is a word.
    if (picture !== undefined) addWords(fold(picture), words);
    if (words.length === before) words.push(emoji);
    end = index + all.length;
  }
  addWords(fold(seen.slice(end)), words);
  return words;
}

function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const small = text.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("ς", "σ");
  return small.normalize("NFKD").replace(ACCENTS, "").normalize("NFKC");
}

function addWords(text: string, words: string[]): void {
  let start = -1, kind = NOTHING;
  const end = (at: number) => {
    if (start !== -1) words.push(text.slice(start, Math.min(at, start + LONGEST)).toWellFormed());
    start = -1;
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!, each = kindOf(code);
    if (each === NOTHING) end(i);
    else if (start === -1 || !goesOn(kind, each)) {
      end(i);
      start = i;
      kind = each === MARK ? COMMON : each;
    } else if (kind === COMMON && each >= SCRIPT) kind = each;
    if (code > 0xffff) i++;
  }
  end(text.length);
}

/** Whether a character continues a word of that kind. */
function goesOn(kind: number, each: number): boolean {
  if (each === MARK) return true;
  if (kind === ALONE || each === ALONE) return false;
  return kind === each || kind === COMMON || each === COMMON;
}

/** A query: for each word that was typed, the words that it consists of, which must be side by side. */
export type Query = readonly (readonly string[])[];

/** A query from the words that were typed; empty if nothing in them is a word. */
export function toQuery(typed: readonly string[]): Query {
  return typed.map(wordsOf).filter((words) => words.length > 0);
}

/** Whether a text matches a query: all words, whole except for the last of each, which may be a beginning. */
export function matches(text: string, query: Query): boolean {
  const words = wordsOf(text);
  return query.every((wanted) => words.some((_, at) => isAt(words, { at, wanted })));
}

function isAt(
  words: readonly string[],
  { at, wanted }: { at: number; wanted: readonly string[] },
): boolean {
  const last = wanted.length - 1;
  return words[at + last]?.startsWith(wanted[last]!) === true &&
    wanted.every((word, i) => i === last || words[at + i] === word);
}

/** The lengths of the beginnings of a word that are indexed. */
const INDEXED = [1, 2, 3, 4, 6, 9];

/**
 * The terms under which a text is indexed: beginnings of its words, and pairs of characters in scripts
 * without spaces. So a beginning is found as fast as a word; what is found is then matched against the query.
 */
export function termsOf(text: string): Set<string> {
  const terms = new Set<string>();
  let before: string | undefined;
  for (const word of wordsOf(text)) {
    for (const beginning of beginningsOf(word)) terms.add(beginning);
    const first = firstOf(word);
    if (first !== undefined && before !== undefined) terms.add(before + first);
    before = first;
  }
  return terms;
}

/** Terms that every text matching a query has; mostly the rare ones first. */
export function termsWanted(query: Query): string[] {
  const terms = new Set<string>();
  for (const words of query) {
    const pairs = pairsOf(words);
    for (const pair of pairs) terms.add(pair);
    for (const word of words) {
      if (pairs.length === 0 || firstOf(word) === undefined) terms.add(beginningsOf(word).at(-1)!);
    }
  }
  return [...terms].sort((a, b) => weight(b) - weight(a));
}

/** The indexed beginnings of a word, the longest last. */
function beginningsOf(word: string): string[] {
  const beginnings: string[] = [];
  let length = 0, end = 0;
  for (const character of word) {
    length++;
    end += character.length;
    if (INDEXED.includes(length)) beginnings.push(word.slice(0, end));
    if (length === INDEXED.at(-1)) break;
  }
  return beginnings;
}

/** The character of a word that is a single one, without its marks. */
function firstOf(word: string): string | undefined {
  const code = word.codePointAt(0)!;
  return kindOf(code) === ALONE ? String.fromCodePoint(code) : undefined;
}

/** Pairs of neighbouring words of one character each. */
function pairsOf(words: readonly string[]): string[] {
  const firsts = words.map(firstOf);
  return firsts.slice(1).flatMap((second, i) => {
    const first = firsts[i];
    return first === undefined || second === undefined ? [] : [first + second];
  });
}

/** A pair in a script of thousands of characters is as rare as a word of others. */
function weight(term: string): number {
  return term.length * (kindOf(term.codePointAt(0)!) === ALONE ? 3 : 1);
}
