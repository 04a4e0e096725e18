// The screen: lines scroll up above the line that is being typed. To show new lines, that line is erased,
// they are written, and it is drawn again, all in one write.

import { type Input, type InputRows, layOut, layOutInput, widthOf } from "./layout.ts";
import type { Painted } from "./paint.ts";

/** Where the screen is shown. */
export interface Terminal {
  write(text: string): void;
  size(): { columns: number; rows: number };
}

/** Most lines that are kept to be laid out again when the window's width changes. */
const MOST_PAST = 300;
const CLEAR_BELOW = "\r\x1b[J", CLEAR_ALL = "\x1b[H\x1b[2J", BELL = "\x07";

/** A line that was written, with the widths of its rows. */
interface Past {
  readonly line: Painted;
  readonly widths: readonly number[];
}

/** What the user sees. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #input: () => Input;
  #past: Past[] = [];
  #drawn: InputRows = { rows: [], row: 0, before: "" };
  #columns: number;

  constructor(terminal: Terminal, input: () => Input) {
    this.#terminal = terminal;
    this.#input = input;
    this.#columns = terminal.size().columns;
  }

  /** Writes lines above the one being typed. */
  show(lines: readonly Painted[], { rings = false } = {}): void {
    const text = this.#erase() + this.#print(lines) + this.#draw();
    this.#terminal.write(rings ? text + BELL : text);
  }

  /** Draws the line being typed again; if the window's width has changed, also the lines above it. */
  refresh(): void {
    this.show([]);
  }

  /** Clears the screen. */
  clear(): void {
    this.#past = [];
    this.#terminal.write(CLEAR_ALL + this.#draw());
  }

  /** Erases the line being typed, so that others may write there. */
  end(): void {
    this.#terminal.write(this.#erase());
  }

  #erase(): string {
    const { columns } = this.#terminal.size();
    if (columns !== this.#columns) return this.#reflow();
    return up(this.#drawn.row) + CLEAR_BELOW;
  }

  /** Lays out the visible lines for a new width; the terminal has already wrapped rows that are too long. */
  #reflow(): string {
    const { columns, rows } = this.#terminal.size();
    this.#columns = columns;
    const height = (widths: readonly number[]) =>
      widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    const { rows: typed, row, before } = this.#drawn;
    let above = height(typed.slice(0, row).map(({ width }) => width));
    above += Math.floor(widthOf(before) / columns);
    let first = this.#past.length;
    for (; first > 0; first--) {
      const more = height(this.#past[first - 1]!.widths);
      if (above + more >= rows) break;
      above += more;
    }
    const again = this.#past.splice(first).map(({ line }) => line);
    return up(above) + CLEAR_BELOW + this.#print(again);
  }

  #print(lines: readonly Painted[]): string {
    let text = "";
    for (const line of lines) {
      const rows = layOut(line, this.#columns);
      text += rows.map(({ text }) => `${text}\r\n`).join("");
      this.#past.push({ line, widths: rows.map(({ width }) => width) });
    }
    this.#past.splice(0, this.#past.length - MOST_PAST);
    return text;
  }

  #draw(): string {
    const size = { columns: this.#columns, rows: this.#terminal.size().rows };
    const { rows, row, before } = this.#drawn = layOutInput(this.#input(), size);
    const text = rows.map(({ text }) => text).join("\r\n");
    if (row === rows.length - 1 && before === rows[row]?.text) return text;
    // Written again up to the cursor, so that it is right even if the terminal measures widths differently.
    return `${text}${up(rows.length - 1 - row)}\r${before}`;
  }
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}
