// Keys from what a terminal sends: text, pasted text (between the marks of "bracketed paste"), and named keys.

/** What was typed: text to insert, a paste, or a key by its name, such as `enter`, `ctrl-a` or `alt-1`. */
export interface Key {
  readonly kind: "text" | "paste" | "key";
  readonly text: string;
}

/** Has the terminal mark what is pasted; and not. */
export const PASTE_ON = "\x1b[?2004h", PASTE_OFF = "\x1b[?2004l";

const PASTE_BEGIN = "\x1b[200~", PASTE_END = "\x1b[201~";
/** Most characters of a paste that are kept. */
const MOST_PASTED = 64 * 1024;

/** The keys whose sequences end in a letter, and those with a number before a `~`. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ A: "up", B: "down", C: "right", D: "left", H: "home", F: "end", Z: "shift-tab" },
};
const NUMBERS: Readonly<Record<string, string>> = {
  ...{ 1: "home", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown", 7: "home", 8: "end" },
};
/** The control characters that have keys of their own. */
const CONTROLS: Readonly<Record<string, string>> = {
  ...{ "\r": "enter", "\n": "enter", "\t": "tab", "\x7f": "backspace", "\b": "backspace" },
};
/** One key; a sequence that is not whole matches up to its end. */
// deno-lint-ignore no-control-regex
const KEY = /\x1b(?:\[[\d;?]*[ -/]*([@-~])?|O([@-~])?|(.)?)|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/gsu;

/** Turns what comes in into keys. */
export class Keys {
  /** The start of a sequence whose rest has not come. */
  #held = "";
  #pasted: string | undefined;

  /** Takes what has come in; returns the keys that are whole. */
  decode(chunk: string): Key[] {
    const keys: Key[] = [];
    let rest = this.#held + chunk;
    this.#held = "";
    while (rest !== "") {
      if (this.#pasted !== undefined) {
        const end = rest.indexOf(PASTE_END);
        if (end === -1) {
          // The mark may have come in part.
          const kept = rest.lastIndexOf("\x1b") === -1 ? rest.length : rest.lastIndexOf("\x1b");
          this.#paste(rest.slice(0, kept));
          this.#held = rest.slice(kept).slice(0, PASTE_END.length);
          return keys;
        }
        this.#paste(rest.slice(0, end));
        keys.push({ kind: "paste", text: this.#pasted });
        this.#pasted = undefined;
        rest = rest.slice(end + PASTE_END.length);
        continue;
      }
      const begin = rest.indexOf(PASTE_BEGIN);
      keys.push(...this.#keysIn(begin === -1 ? rest : rest.slice(0, begin)));
      if (begin === -1) return keys;
      rest = rest.slice(begin + PASTE_BEGIN.length);
      this.#pasted = "";
    }
    return keys;
  }

  #paste(text: string): void {
    this.#pasted = (this.#pasted + text).slice(0, MOST_PASTED);
  }

  *#keysIn(text: string): Generator<Key> {
    for (const [found, letter, single, alone] of text.matchAll(KEY)) {
      if (!found.startsWith("\x1b")) {
        yield found < " " || found === "\x7f"
          ? named(nameOf(found))
          : { kind: "text", text: found };
      } else if (alone !== undefined) {
        yield named(`alt-${alone < " " || alone === "\x7f" ? nameOf(alone) : alone}`);
      } else {
        const end = letter ?? single;
        // A lone Escape is held too, until the next key: it means nothing by itself.
        if (end === undefined) this.#held = found;
        else yield* sequence(found, end);
      }
    }
  }
}

function named(text: string): Key {
  return { kind: "key", text };
}

function nameOf(control: string): string {
  return CONTROLS[control] ?? `ctrl-${String.fromCharCode(control.charCodeAt(0) + 96)}`;
}

/** The key of a sequence, such as `ESC [ 1 ; 3 A` for Alt and the up arrow. */
function* sequence(found: string, end: string): Generator<Key> {
  const [number = "", modifier = "1"] = found.slice(2, -1).split(";");
  const name = end === "~" ? NUMBERS[number] : LETTERS[end];
  if (name === undefined) return;
  // The modifiers are bits of the number less one: Shift, Alt, Ctrl.
  const bits = Number(modifier) - 1;
  yield named(`${bits & 4 ? "ctrl-" : ""}${bits & 2 ? "alt-" : ""}${name}`);
}
