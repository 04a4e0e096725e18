// The line that is being typed: keys change it, as in a shell. It knows no screen and no server.

import { Recall } from "../client/typing/recall.ts";
import type { Input } from "./layout.ts";
import type { Key } from "./keys.ts";

/** What a key has done: the line was entered; the user leaves; or nothing that concerns others. */
export type Pressed =
  | { readonly kind: "entered"; readonly text: string }
  | { readonly kind: "other"; readonly name: string }
  | undefined;

/** Most characters of a line. */
const LONGEST = 64 * 1024;
const GRAPHEMES = new Intl.Segmenter();
const LINE_END = /\r\n?|\n/g;
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f]/g;

/** A line with its cursor. */
export class Editor {
  line = "";
  cursor = 0;
  readonly #recall = new Recall();
  /** What was deleted last, for Ctrl-Y. */
  #deleted = "";
  /** The search in what was said: the words, and how far back they were found. */
  #search: { words: string; found: string | undefined; back: number } | undefined;

  /** What to draw; `prompt` stands before the line unless something is searched for. */
  input(prompt: string, { isHidden = false } = {}): Input {
    if (this.#search !== undefined) {
      const { words, found = "" } = this.#search;
      return { prompt: `(search) ${words}: `, line: found, cursor: 0 };
    }
    const line = isHidden ? "·".repeat(this.line.length) : this.line;
    return { prompt, line, cursor: this.cursor };
  }

  /** Puts a text in place of the line. */
  set(text: string, cursor = text.length): void {
    this.line = text;
    this.cursor = cursor;
  }

  /** Keeps a text to be recalled. */
  remember(text: string): void {
    this.#recall.add(text);
  }

  /** Takes a key. */
  press(key: Key): Pressed {
    if (key.kind === "text") return this.#type(key.text);
    if (key.kind === "paste") return this.#type(clean(key.text));
    if (this.#search !== undefined && this.#searched(key.text)) return undefined;
    const { line, cursor } = this;
    switch (key.text) {
      case "enter":
        this.set("");
        return { kind: "entered", text: line };
      case "backspace":
        this.#delete(this.#left(), cursor);
        break;
      case "delete":
        this.#delete(cursor, this.#right());
        break;
      case "ctrl-d":
        if (line === "") return { kind: "other", name: "leave" };
        this.#delete(cursor, this.#right());
        break;
      case "ctrl-c":
        if (line === "") return { kind: "other", name: "leave" };
        this.set("");
        break;
      case "left":
      case "ctrl-b":
        this.cursor = this.#left();
        break;
      case "right":
      case "ctrl-f":
        this.cursor = this.#right();
        break;
      case "home":
      case "ctrl-a":
        this.cursor = 0;
        break;
      case "end":
      case "ctrl-e":
        this.cursor = line.length;
        break;
      case "ctrl-left":
      case "alt-left":
      case "alt-b":
        this.cursor = this.#wordLeft();
        break;
      case "ctrl-right":
      case "alt-right":
      case "alt-f":
        this.cursor = this.#wordRight();
        break;
      case "ctrl-w":
      case "alt-backspace":
        this.#cut(this.#wordLeft(), cursor);
        break;
      case "alt-d":
        this.#cut(cursor, this.#wordRight());
        break;
      case "ctrl-u":
        this.#cut(0, cursor);
        break;
      case "ctrl-k":
        this.#cut(cursor, line.length);
        break;
      case "ctrl-y":
        return this.#type(this.#deleted);
      case "up":
      case "ctrl-p":
        // Whoever has cleared the line begins at the end again.
        while (line === "" && this.#recall.isBack) this.#recall.down();
        this.#recalled(this.#recall.up(line));
        break;
      case "down":
      case "ctrl-n":
        this.#recalled(this.#recall.down());
        break;
      case "ctrl-r":
        this.#search = { words: "", found: undefined, back: 0 };
        break;
      default:
        return { kind: "other", name: key.text };
    }
    return undefined;
  }

  /** A key while something is searched for; false if the search is over and the key is to be taken as usual. */
  #searched(name: string): boolean {
    const search = this.#search!;
    if (name === "ctrl-r") {
      this.#find(search.words, search.back + 1);
    } else if (name === "backspace") {
      this.#find(search.words.slice(0, -1), 0);
    } else {
      this.#search = undefined;
      const isGivenUp = name === "ctrl-g" || name === "ctrl-c";
      if (!isGivenUp && search.found !== undefined) this.set(search.found);
      // Enter sends nothing that was not looked at: it takes what was found.
      return isGivenUp || name === "enter";
    }
    return true;
  }

  #find(words: string, back: number): void {
    const found = this.#recall.find(words, back);
    if (found !== undefined) this.#search = { words, found, back };
    else this.#search = { ...this.#search!, words };
  }

  #type(text: string): undefined {
    if (this.#search !== undefined) return this.#find(this.#search.words + text, 0) as undefined;
    const room = LONGEST - this.line.length, typed = text.slice(0, Math.max(0, room));
    const before = this.line.slice(0, this.cursor) + typed;
    this.set(before + this.line.slice(this.cursor), before.length);
  }

  #recalled(text: string | undefined): void {
    if (text !== undefined) this.set(text);
  }

  #cut(from: number, to: number): void {
    if (from < to) this.#deleted = this.line.slice(from, to);
    this.#delete(from, to);
  }

  #delete(from: number, to: number): void {
    this.set(this.line.slice(0, from) + this.line.slice(to), from);
  }

  /** Where the character before the cursor begins, as its typist sees it: a flag is one. */
  #left(): number {
    if (this.cursor === 0) return 0;
    return GRAPHEMES.segment(this.line.slice(0, this.cursor)).containing(this.cursor - 1)!.index;
  }

  #right(): number {
    const next = GRAPHEMES.segment(this.line).containing(this.cursor);
    return next === undefined ? this.cursor : next.index + next.segment.length;
  }

  #wordLeft(): number {
    // From the end: a regular expression would try each of a long line's letters.
    const before = this.line.slice(0, this.cursor).trimEnd();
    return before.length - (before.split(/\s/u).at(-1)?.length ?? 0);
  }

  #wordRight(): number {
    const [word = ""] = /^\s*\S*/.exec(this.line.slice(this.cursor)) ?? [];
    return this.cursor + word.length;
  }
}

/** A pasted text: its lines wait for Enter, a tab is a space, and nothing in it is a key. */
function clean(text: string): string {
  return text.replace(LINE_END, "\n").replace(/\n+$/, "").replaceAll("\t", " ").replace(
    CONTROL,
    "",
  );
}
