// Removes what must not reach another person's terminal, or could be mistaken for another line.

import { stripVTControlCharacters } from "node:util";

// C0, DEL and C1; bidi overrides and isolates, which make text read as something else; and Unicode's own
// line ends and byte order mark. Joiners and direction marks stay: scripts and emoji need them.
const HOSTILE = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/gu;
const BLANK = /[\t\u2028\u2029]/g;

/** The text without control characters, escape sequences and bidi overrides; a tab becomes a space. */
export function sanitize(text: string): string {
  // Nearly every text is clean, and `search` finds that out without allocating.
  if (text.search(HOSTILE) === -1) return text;
  return stripVTControlCharacters(text).replace(BLANK, " ").replace(HOSTILE, "");
}
