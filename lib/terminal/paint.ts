// Styles a line: each name in its own colour, times dimmed, the user's own name highlighted.

import { fold } from "../chat/names.ts";
import { stamp } from "../wire/stamp.ts";

/** Something to show: what somebody said, or what nobody did: a notice, or a line as it came. */
export interface Shown {
  readonly kind: "message" | "action" | "private" | "notice" | "error" | "other";
  readonly text: string;
  /** The author. */
  readonly from?: string;
  /** To whom a private message is. */
  readonly to?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly isEdited?: boolean;
  /** What is said in place of a message that was taken back. */
  readonly gone?: string;
}

/** A part of a line, and its style: the parameters of an SGR sequence, if any. */
export interface Span {
  readonly text: string;
  readonly style?: string;
}

/** A line in styled parts. */
export interface Painted {
  readonly spans: readonly Span[];
  /** How many of its characters come before the message's text. */
  readonly head: number;
}

/** The styles to use. */
export interface Look {
  /** The colours of names, out of a terminal's 256; without them, no styles at all. */
  readonly colours?: readonly number[];
  /** The user's own name. */
  readonly self?: string;
  /** Whether times are short: without seconds. */
  readonly isNarrow?: boolean;
}

/** Colours that can be read on a dark background, and on a light one. */
const ON_DARK = [75, 78, 80, 111, 114, 141, 173, 176, 179, 204, 209, 215];
const ON_LIGHT = [22, 25, 28, 30, 54, 61, 88, 90, 94, 125, 130, 160];
const DIM = "2", MENTION = "1;7";
/** Most mentions that are highlighted in one line. */
const MOST_MENTIONS = 100;

/** The colours to use, by the environment's variables. */
export function coloursFor(env: (name: string) => string | undefined): Look["colours"] {
  if (env("NO_COLOR") || env("TERM") === "dumb") return;
  // `15;0` is white on black: of the sixteen colours, 7 and those above 8 are light.
  const background = /;(\d+)$/.exec(env("COLORFGBG") ?? "")?.[1];
  const isLight = background !== undefined && (background === "7" || Number(background) > 8);
  return isLight ? ON_LIGHT : ON_DARK;
}

/** A line in its parts. */
export function paint(line: Shown, look: Look): Painted {
  const isTold = line.text !== "" || line.gone === undefined;
  const text = isTold ? words(line.text, look) : [{ text: line.gone ?? "", style: DIM }];
  const before = head(line, look).filter(({ text }) => text !== "");
  const after = line.isEdited ? [{ text: " (edited)", style: DIM }] : [];
  const spans = [...before, ...text, ...after].filter(({ text }) => text !== "");
  const length = before.reduce((sum, { text }) => sum + text.length, 0);
  const plain = [{ text: spans.map(({ text }) => text).join("") }];
  return { spans: look.colours === undefined ? plain : spans, head: length };
}

function head(line: Shown, look: Look): Span[] {
  const { from = "", to } = line;
  const name = (text: string) => ({ text, style: colourOf(text, look) });
  switch (line.kind) {
    case "message":
      return [name(from), time(line, look), { text: ": " }];
    case "action":
      return [{ text: "* " }, name(from), time(line, look), { text: " " }];
    case "private":
      return to === undefined
        ? [name(from), time(line, look), { text: ": " }]
        : [name(from), time(line, look), { text: " to " }, name(to), { text: ": " }];
    case "notice":
    case "error":
      return [{ text: "***", style: DIM }, { text: " " }];
    case "other":
      return [];
  }
}

function time({ at = 0 }: Shown, { isNarrow = false }: Look): Span {
  const whole = stamp(at);
  return { text: `(${isNarrow ? whole.slice(0, 5) : whole})`, style: DIM };
}

/** A text with the mentions of the user highlighted. */
function words(text: string, { self }: Look): Span[] {
  const spans: Span[] = [];
  let end = 0;
  const mentions = self === undefined ? [] : text.matchAll(mentionOf(self)).take(MOST_MENTIONS);
  for (const { 0: mention, index } of mentions) {
    spans.push({ text: text.slice(end, index) }, { text: mention, style: MENTION });
    end = index + mention.length;
  }
  return [...spans, { text: text.slice(end) }];
}

/** Whether a line is addressed to the user or mentions them; their own lines do not count. */
export function isMention({ kind, from, text }: Shown, self: string | undefined): boolean {
  if (self === undefined || from === undefined || from === "" || fold(from) === fold(self)) {
    return false;
  }
  return kind === "private" || text.search(mentionOf(self)) !== -1;
}

/** Matches the user's name as a word, in any case; a dot or hyphen after it may end the sentence. */
function mentionOf(self: string): RegExp {
  const name = RegExp.escape(self);
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}_.-])@?${name}(?![.-]*[\\p{L}\\p{M}\\p{N}_])`, "giu");
}

/** The colour of a name, always the same: by its FNV-1a hash. */
function colourOf(name: string, { colours = [] }: Look): string {
  let hash = 0x811c9dc5;
  for (const character of fold(name)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return `38;5;${colours[(hash >>> 0) % colours.length]}`;
}
