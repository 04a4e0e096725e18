// Lays out texts in rows of a terminal, by the columns that each character takes.

import stringWidth from "string-width";
import type { Painted, Span } from "./paint.ts";

/** A row of text, and the columns that it takes. */
export interface Row {
  readonly text: string;
  readonly width: number;
}

const ASCII = /^[\x20-\x7e]*$/;

/**
 * The columns that a text takes. A terminal may show the parts of a composed emoji side by side, so the wider
 * measure is used.
 */
export function widthOf(text: string): number {
  const width = stringWidth(text);
  // A width is as many as the code units by chance, too, where a part is none wide and another two.
  if (ASCII.test(text)) return width;
  // The letters of a flag take one column each where they are not shown as a flag.
  const parts = Array.from(text.replace(/\p{Regional_Indicator}/gu, "x"));
  return Math.max(width, parts.reduce((sum, part) => sum + stringWidth(part), 0));
}

/** How far rows are indented if there is no room to align them with the text. */
const LITTLE = 4;
/** The fewest columns that a row is laid out for: a wide character needs as many. */
const LEAST = 2;
const GRAPHEMES = new Intl.Segmenter();

/** Breaks a line into rows between words; the text stays right of the name. */
export function layOut({ spans, head }: Painted, width: number): Row[] {
  const columns = Math.max(LEAST, width);
  const text = spans.map(({ text }) => text).join("");
  const whole = widthOf(text);
  if (whole <= columns) return [{ text: styled(spans), width: whole }];
  const under = widthOf(text.slice(0, head));
  const indent = under <= columns / 2 ? under : Math.min(LITTLE, columns - 2);
  return breaks(text, columns, indent).map(([start, end], row) => {
    const margin = " ".repeat(row === 0 ? 0 : indent);
    return {
      text: margin + styled(cut(spans, start, end)),
      width: margin.length + widthOf(text.slice(start, end)),
    };
  });
}

/** Where rows begin and end: between words, or within a word longer than a row. */
function breaks(text: string, columns: number, indent: number): [start: number, end: number][] {
  const rows: [number, number][] = [];
  let start = 0, end = 0, width = 0;
  const next = (): void => {
    rows.push([start, end]);
    start = end;
    width = 0;
  };
  const room = (): number => columns - (rows.length === 0 ? 0 : indent) - width;
  for (const [word] of text.matchAll(/\s+|\S+/g)) {
    const needed = widthOf(word);
    if (needed > room() && word.trim() === "") {
      // A space at the end of a row is dropped.
      next();
      end = start += word.length;
      continue;
    }
    if (needed > room() && needed <= columns - indent) next();
    for (const part of needed > room() ? graphemes(word) : [word]) {
      const size = widthOf(part);
      if (size > room() && width > 0) next();
      end += part.length;
      width += size;
    }
  }
  next();
  return rows;
}

function graphemes(text: string): string[] {
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}

function cut(spans: readonly Span[], start: number, end: number): Span[] {
  let at = 0;
  return spans.flatMap(({ text, style }) => {
    const part = text.slice(Math.max(0, start - at), Math.max(0, end - at));
    at += text.length;
    return part === "" ? [] : [{ text: part, style }];
  });
}

function styled(spans: readonly Span[]): string {
  return spans.map(({ text, style }) => style ? `\x1b[${style}m${text}\x1b[m` : text).join("");
}

/** A line being typed, after its prompt; the cursor is before the character at `cursor`. */
export interface Input {
  readonly prompt: string;
  readonly line: string;
  readonly cursor: number;
}

/** The same in rows. */
export interface InputRows {
  readonly rows: readonly Row[];
  /** The cursor's row, and the text left of the cursor in it. */
  readonly row: number;
  readonly before: string;
}

/** Lays out a line being typed, in as many rows as there are. */
export function layOutInput(
  { prompt, line, cursor }: Input,
  { columns, rows: most }: { columns: number; rows: number },
): InputRows {
  // A control character gets a column of its own, so that the cursor can be beside it; a line end a row.
  const text = prompt + line.replace(/(?!\n)\p{Cc}/gu, "·");
  // The last column stays free for the cursor.
  const room = Math.max(2, columns - 1);
  const rows: Row[] = [];
  let row = 0, before = "", at = 0;
  let current = { text: "", width: 0 };
  for (const part of [...graphemes(text), ""]) {
    const isEnd = part === "\n", width = isEnd ? 0 : widthOf(part);
    if (current.width + width > room) {
      rows.push(current);
      current = { text: "", width: 0 };
    }
    if (at <= prompt.length + cursor) {
      row = rows.length;
      before = current.text + text.slice(at, prompt.length + cursor).slice(0, part.length);
    }
    current = { text: current.text + (isEnd ? "" : part), width: current.width + width };
    at += part.length;
    if (isEnd) {
      rows.push(current);
      current = { text: "", width: 0 };
    }
  }
  rows.push(current);
  // If the text is taller than the screen, only the rows around the cursor are shown.
  const first = Math.max(0, row - most + 1);
  return { rows: rows.slice(first, first + most), row: row - first, before };
}
