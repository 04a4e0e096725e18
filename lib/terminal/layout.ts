// Texts into rows of a terminal, by the columns that each character takes there.

import stringWidth from "string-width";
import type { Painted, Span } from "./paint.ts";

/** A row as it is written, and the columns that it takes. */
export interface Row {
  readonly text: string;
  readonly width: number;
}

/**
 * The columns that a text takes. Of an emoji that is made of several, a terminal may show these side by
 * side: the wider measure holds everywhere.
 */
export function widthOf(text: string): number {
  const width = stringWidth(text);
  if (width === text.length) return width;
  // The letters of a flag are one column each where they are no flag.
  const parts = Array.from(text.replace(/\p{Regional_Indicator}/gu, "x"));
  return Math.max(width, parts.reduce((sum, part) => sum + stringWidth(part), 0));
}

/** How far rows are indented that have no room under what was said. */
const LITTLE = 4;
const GRAPHEMES = new Intl.Segmenter();

/** A line in rows, broken between words, what was said staying right of the name. */
export function layOut({ spans, head }: Painted, columns: number): Row[] {
  const text = spans.map(({ text }) => text).join("");
  const width = widthOf(text);
  if (width <= columns) return [{ text: styled(spans), width }];
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

/** Where rows begin and end: between words, or within one that is longer than a row. */
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
      // Where a row ends, a blank is not needed.
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

/** A line that is being typed, behind its prompt; the cursor stands before the character at `cursor`. */
export interface Input {
  readonly prompt: string;
  readonly line: string;
  readonly cursor: number;
}

/** The same in rows. */
export interface InputRows {
  readonly rows: readonly Row[];
  /** The cursor's row, and what stands left of it there. */
  readonly row: number;
  readonly before: string;
}

/** Lays a typed line out, as much of it as there are rows for. */
export function layOutInput(
  { prompt, line, cursor }: Input,
  { columns, rows: most }: { columns: number; rows: number },
): InputRows {
  // What is no character has a place of its own here, so that the cursor can stand beside it.
  const text = prompt + line.replace(/\p{Cc}/gu, "·");
  // The last column stays free for the cursor.
  const room = Math.max(2, columns - 1);
  const rows: Row[] = [];
  let row = 0, before = "", at = 0;
  let current = { text: "", width: 0 };
  for (const part of [...graphemes(text), ""]) {
    const width = widthOf(part);
    if (current.width + width > room) {
      rows.push(current);
      current = { text: "", width: 0 };
    }
    if (at <= prompt.length + cursor) {
      row = rows.length;
      before = current.text + text.slice(at, prompt.length + cursor).slice(0, part.length);
    }
    current = { text: current.text + part, width: current.width + width };
    at += part.length;
  }
  rows.push(current);
  // Of a text that is higher than the screen, what is around the cursor.
  const first = Math.max(0, row - most + 1);
  return { rows: rows.slice(first, first + most), row: row - first, before };
}
