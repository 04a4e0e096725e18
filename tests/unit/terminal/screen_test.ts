// What a terminal shows of what the screen writes.

import fc from "fast-check";
import { layOutInput } from "../../../lib/terminal/layout.ts";
import { Screen } from "../../../lib/terminal/screen.ts";
import { assertEquals, assertStringIncludes } from "../../assert.ts";

/** A terminal that knows the sequences which the screen writes; one column a character. */
class FakeTerminal {
  readonly columns: number;
  readonly rows = 6;
  written = "";
  /** All rows, those that have scrolled away too. */
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  get text(): string {
    return this.#lines.map((line) => line.join("").trimEnd()).join("\n").trimEnd();
  }

  get cursor(): [row: number, column: number] {
    return [this.#row, this.#column];
  }

  size(): { columns: number; rows: number } {
    return { columns: this.columns, rows: this.rows };
  }

  write(text: string): void {
    this.written += text;
    // deno-lint-ignore no-control-regex -- they are what a terminal is about
    for (const [part, count, what] of text.matchAll(/\x1b\[(\d*)([AJ])|./gs)) {
      if (what === "A") this.#row = Math.max(this.#top, this.#row - Number(count || 1));
      else if (what === "J") {
        this.#lines.splice(this.#row + 1);
        this.#lines[this.#row]!.splice(this.#column);
      } else if (part === "\r") this.#column = 0;
      else if (part === "\n") this.#down();
      else if (part !== "\x07") this.#put(part);
    }
  }

  get #top(): number {
    return Math.max(0, this.#lines.length - this.rows);
  }

  #down(): void {
    this.#row++;
    this.#lines[this.#row] ??= [];
  }

  #put(character: string): void {
    if (this.#column === this.columns) {
      this.#column = 0;
      this.#down();
    }
    const line = this.#lines[this.#row]!;
    while (line.length < this.#column) line.push(" ");
    line[this.#column++] = character;
  }
}

/** Up to a few rows of it. */
const text = fc.string({ maxLength: 70, size: "max" });

/** Something that happens: a text is typed with the cursor moved back so far, or a line comes in. */
const happening = fc.oneof(
  fc.record({ typed: text, back: fc.nat(70) }),
  fc.record({ said: text }),
);

Deno.test("whatever is typed and comes in, all of it stands there, the typed line below", () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 40 }), fc.array(happening), (columns, happenings) => {
      const terminal = new FakeTerminal(columns);
      let input = { prompt: "> ", line: "", cursor: 0 };
      const screen = new Screen(terminal, () => input);
      const said: string[] = [];
      for (const each of happenings) {
        if ("said" in each) {
          said.push(each.said.replace(/\s/g, "_"));
          screen.show([{ spans: [{ text: said.at(-1)! }], head: 0 }]);
        } else {
          const { typed, back } = each;
          input = { ...input, line: typed, cursor: Math.max(0, typed.length - back) };
          screen.refresh();
        }
      }
      screen.refresh();
      const { rows, row, before } = layOutInput(input, terminal.size());
      const typing = rows.map(({ text }) => text.trimEnd()).join("\n");
      const wanted = said.map((text) =>
        text.replace(new RegExp(`.{${columns}}(?=.)`, "g"), "$&\n")
      );
      assertEquals(terminal.text, [...wanted, typing].join("\n").trimEnd());
      const [cursorRow, cursorColumn] = terminal.cursor;
      const above = wanted.length === 0 ? 0 : wanted.join("\n").split("\n").length;
      assertEquals([cursorRow, cursorColumn], [above + row, before.length]);
      screen.end();
      assertEquals(terminal.text, wanted.join("\n").trimEnd());
    }),
    { numRuns: 300 },
  );
});

Deno.test("the bell rings when it is to", () => {
  const terminal = new FakeTerminal(40);
  const screen = new Screen(terminal, () => ({ prompt: "> ", line: "", cursor: 0 }));
  const line = { spans: [{ text: "hi" }], head: 0 };
  screen.show([line]);
  assertEquals(terminal.written.includes("\x07"), false);
  screen.show([line], { rings: true });
  assertStringIncludes(terminal.written, "\x07");
});
