// Styles a line: each name in its own colour, times dimmed, the user's own name highlighted.

import { fold } from "../chat/names.ts";
import type { Heard } from "../wire/heard.ts";

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

/** A line in its parts, which together are the whole line. */
export function paint(line: Heard, look: Look): Painted {
  const spans = parts(line, look).filter(({ text }) => text !== "");
  const text = spans.map(({ text }) => text).join("");
  const head = text.length - line.text.length;
  return { spans: look.colours === undefined ? [{ text }] : spans, head };
}

function parts(line: Heard, look: Look): Span[] {
  const name = (text: string) => ({ text, style: colourOf(text, look) });
  switch (line.kind) {
    case "message":
      return [name(line.from), time(line), { text: ": " }, ...words(line.text, look)];
    case "action":
      return [
        { text: "* " },
        name(line.from),
        time(line),
        { text: " " },
        ...words(line.text, look),
      ];
    case "private":
      return [
        ...[name(line.from), time(line), { text: " to " }, name(line.to), { text: ": " }],
        ...words(line.text, look),
      ];
    case "notice":
      return [{ text: "***", style: DIM }, { text: ` ${line.text}` }];
    case "other":
      return [{ text: line.text }];
  }
}

function time({ time }: { time: string }): Span {
  return { text: `(${time})`, style: DIM };
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
export function isMention(line: Heard, self: string | undefined): boolean {
  if (self === undefined || !("from" in line) || fold(line.from) === fold(self)) return false;
  return line.kind === "private" || line.text.search(mentionOf(self)) !== -1;
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
