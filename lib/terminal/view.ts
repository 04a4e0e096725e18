// The whole window: the conversation in front, the status line, and the line that is being typed. What has
// changed since the last time is written, in one write.

import { type Input, layOut, layOutInput } from "./layout.ts";
import { type Look, paint, type Painted, type Shown } from "./paint.ts";
import type { Terminal } from "./screen.ts";

/** What is shown. */
export interface Picture {
  /** The conversation's entries; the last one is the newest. */
  readonly entries: readonly Shown[];
  /** The first that was unread when the user came: there is a line above it. */
  readonly firstNew?: Shown;
  /** What was typed and was not sent yet. */
  readonly waiting: readonly string[];
  readonly status: string;
  readonly input: Input;
  readonly self: string;
}

/** Fewer columns than these get short times. */
const NARROW = 60;
const BEGIN = "\x1b[?1049h\x1b[2J", END = "\x1b[?7h\x1b[?25h\x1b[?1049l", BELL = "\x07";
/** Hides the cursor, and has what is too wide for a row stay in it; and undoes that. */
const STILL = "\x1b[?25l\x1b[?7l", FREE = "\x1b[?7h\x1b[?25h";
const INVERSE = "7", DIM = "2";

/** What the user sees. */
export class View {
  readonly #terminal: Terminal;
  readonly #colours: Look["colours"];
  #drawn: string[] = [];
  #size = { columns: 0, rows: 0 };
  /** The last entry that is seen, if the user has scrolled up. */
  #anchor: Shown | undefined;
  /** The first and the last entry that is seen. */
  #seen: { first?: Shown; rows: number } = { rows: 0 };

  constructor(terminal: Terminal, colours: Look["colours"]) {
    this.#terminal = terminal;
    this.#colours = colours;
  }

  /** Takes the window. */
  begin(): void {
    this.#terminal.write(BEGIN);
  }

  /** Gives the window back as it was. */
  end(): void {
    this.#terminal.write(END);
  }

  /** Rings. */
  ring(): void {
    this.#terminal.write(BELL);
  }

  /** Draws everything again. */
  clear(): void {
    this.#drawn = [];
  }

  /** Whether the user has scrolled up. */
  get isScrolledUp(): boolean {
    return this.#anchor !== undefined;
  }

  /** Scrolls to the end. */
  toEnd(): void {
    this.#anchor = undefined;
  }

  /** Scrolls up; false if there is nothing earlier to see. */
  pageUp(): boolean {
    if (this.#seen.first === undefined) return false;
    this.#anchor = this.#seen.first;
    return true;
  }

  /** Scrolls down. */
  pageDown({ entries }: Picture): void {
    if (this.#anchor === undefined) return;
    let left = this.#seen.rows;
    let at = entries.indexOf(this.#anchor);
    while (at < entries.length - 1 && left > 0) left -= this.#rowsOf(entries[++at]!, "").length;
    this.#anchor = at >= entries.length - 1 ? undefined : entries[at];
  }

  /** Draws what has changed. */
  draw(picture: Picture): void {
    const { columns, rows } = this.#terminal.size();
    if (columns !== this.#size.columns || rows !== this.#size.rows) this.#drawn = [];
    this.#size = { columns, rows };
    const most = Math.max(1, Math.min(rows - 2, Math.floor(rows / 2)));
    const input = layOutInput(picture.input, { columns, rows: most });
    const status = rows > 2 ? [this.#status(picture.status)] : [];
    const room = Math.max(0, rows - input.rows.length - status.length);
    const drawn = [...this.#log(picture, room), ...status, ...input.rows.map(({ text }) => text)];
    let text = this.#drawn.length === 0 ? `${STILL}\x1b[2J` : STILL;
    drawn.forEach((row, at) => {
      if (row !== this.#drawn[at]) text += `\x1b[${at + 1};1H\x1b[2K${row}`;
    });
    this.#drawn = drawn;
    // Written again up to the cursor, so that it is right even if the terminal measures widths differently.
    text += `\x1b[${rows - input.rows.length + input.row + 1};1H${input.before}${FREE}`;
    this.#terminal.write(text);
  }

  /** The rows of the conversation, as many as there is room for. */
  #log({ entries, firstNew, waiting, self }: Picture, room: number): string[] {
    const rows: string[] = [];
    const end = this.#anchor === undefined ? -1 : entries.indexOf(this.#anchor);
    if (end === -1) {
      this.#anchor = undefined;
      rows.push(
        ...waiting.flatMap((text) => this.#lay({ spans: [this.#dim(`… ${text}`)], head: 2 })),
      );
    }
    let at = end === -1 ? entries.length - 1 : end;
    for (; at >= 0 && rows.length < room; at--) {
      const entry = entries[at]!;
      rows.unshift(...this.#rowsOf(entry, self));
      if (entry === firstNew) {
        rows.unshift(...this.#lay({ spans: [this.#dim("--- new ---")], head: 0 }));
      }
    }
    this.#seen = { first: rows.length < room ? undefined : entries[at + 1], rows: room };
    const seen = room === 0 ? [] : rows.slice(-room);
    return [...Array(room - seen.length).fill(""), ...seen];
  }

  #rowsOf(entry: Shown, self: string): string[] {
    const look = { colours: this.#colours, self, isNarrow: this.#size.columns < NARROW };
    return this.#lay(paint(entry, self === "" ? { ...look, self: undefined } : look));
  }

  #lay(painted: Painted): string[] {
    return layOut(painted, this.#size.columns).map(({ text }) => text);
  }

  #dim(text: string) {
    return this.#colours === undefined ? { text } : { text, style: DIM };
  }

  #status(status: string): string {
    const [{ text } = { text: "" }] = layOut(
      { spans: [{ text: status }], head: 0 },
      this.#size.columns,
    );
    return this.#colours === undefined ? text : `\x1b[${INVERSE}m${text}\x1b[m`;
  }
}
