// Parses texts of others: finds links, and mentions of the reader. Pure. The pieces are shown as text nodes,
// and a link is always what `new URL` made of it.

/** A piece of a text. */
export type Piece =
  | { readonly kind: "text" | "call"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

const LINK =
  /(?<![\p{L}\p{Nd}])https?:\/\/[^\s<>"`\p{Cc}\p{Cf}、。，；：！？（）「」『』【】《》]+/giu;
/** What ends a sentence, or encloses a link. */
const TRAILING = /[.,:;!?'*_~…’”»)\]}]/u;
const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;
const BRACKETS = /[()[\]{}]/g;
const OPENED_BY: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** A text in pieces, which together are the whole text; `names` are the reader's. */
export function parse(text: string, names: readonly string[] = []): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const shown = trim(found);
    const href = safeHref(shown);
    if (href === undefined) continue;
    pieces.push(...callsIn(text.slice(end, index), names), { kind: "link", text: shown, href });
    end = index + shown.length;
  }
  pieces.push(...callsIn(text.slice(end), names));
  return pieces;
}

/** Whether a text has one of these names in it, as a word of its own. */
export function mentions(text: string, names: readonly string[]): boolean {
  return parse(text, names).some(({ kind }) => kind === "call");
}

/**
 * Where a link leads, if the page may send people there: to a website, and without a user name and password,
 * which make it look like another.
 */
function safeHref(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined;
  const { protocol, username, password, href } = new URL(link);
  const isSafe = (protocol === "https:" || protocol === "http:") && !username && !password;
  return isSafe ? href : undefined;
}

/** A link without the punctuation of the sentence around it. */
function trim(link: string): string {
  const counts = new Map<string, number>();
  const count = (bracket: string) => counts.get(bracket) ?? 0;
  for (const [bracket] of link.matchAll(BRACKETS)) counts.set(bracket, count(bracket) + 1);
  let end = link.length;
  for (let last; TRAILING.test(last = link[end - 1] ?? ""); end--) {
    const opener = OPENED_BY[last];
    if (opener === undefined) continue;
    // A bracket that was opened within the link belongs to it.
    if (count(opener) >= count(last)) break;
    counts.set(last, count(last) - 1);
  }
  return link.slice(0, end);
}

function callsIn(text: string, names: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: found, index } of names.length === 0 ? [] : text.matchAll(nameAmong(names))) {
    if (index > end) pieces.push({ kind: "text", text: text.slice(end, index) });
    pieces.push({ kind: "call", text: found });
    end = index + found.length;
  }
  if (end < text.length) pieces.push({ kind: "text", text: text.slice(end) });
  return pieces;
}

/** Matches these names in any case, but not within longer words; a dot after one may end a sentence. */
function nameAmong(names: readonly string[]): RegExp {
  const any = names.map((name) => name.replace(SYNTAX, "\\$&")).join("|");
  return new RegExp(
    `(?<![\\p{L}\\p{M}\\p{Nd}_.-])(?:${any})(?![\\p{L}\\p{M}\\p{Nd}_-]|\\.[\\p{L}\\p{Nd}])`,
    "giu",
  );
}
