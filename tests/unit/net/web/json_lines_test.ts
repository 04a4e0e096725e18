// JSON lines as a link: lines however they are split, and how such a link ends.

import fc from "fast-check";
import { LinesLink } from "../../../../lib/net/web/json_lines.ts";
import { LINE_ENCODER } from "../../../../lib/wire/json_frames.ts";
import { assert, assertEquals } from "../../../assert.ts";
import { FakeConnection, settle } from "../fake_connection.ts";

const MOST = 300;
const DECODER = new TextDecoder();

/** An open link whose other end is the test, and what it told. */
class Opened {
  readonly connection = new FakeConnection();
  readonly link = new LinesLink(this.connection, MOST);
  readonly parts: string[] = [];
  readonly ended: [code: number, isOver: boolean][] = [];

  constructor() {
    this.link.owner = {
      received: (_link, lines) => void this.parts.push(DECODER.decode(lines)),
      pinged: () => {},
      ponged: () => {},
      ended: (link, code) => void this.ended.push([code, link.isOver]),
    };
    this.link.start();
  }

  /** What has come, in one piece. */
  get text(): string {
    return this.parts.join("");
  }

  /** Feeds what comes, and waits until it was taken. */
  async feed(...items: (string | null | Error)[]): Promise<void> {
    this.connection.feed(...items);
    const isEnd = items.at(-1) === null || items.at(-1) instanceof Error;
    while (!isEnd && !this.connection.isIdle) await settle();
    await settle();
    await settle();
  }

  send(...texts: string[]): void {
    this.link.send(LINE_ENCODER.framing.encode(texts));
  }

  [Symbol.dispose](): void {
    this.link.terminate();
  }
}

Deno.test("lines come whole, however they are split and however long they are", async () => {
  const line = fc.string({ maxLength: 2 * MOST, unit: "grapheme-ascii" });
  const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(fc.array(line), cuts, async (lines, cuts) => {
      using opened = new Opened();
      const text = ["{}", ...lines].map((line) => `${line}\n`).join("");
      const chunks: string[] = [];
      for (let at = 0, i = 0; at < text.length; i++) {
        chunks.push(text.slice(at, at += cuts[i % cuts.length]!));
      }
      await opened.feed(...chunks);
      assertEquals(opened.text, text);
      // Parts that end without a line end are of lines that are too long.
      let begun = "";
      for (const part of opened.parts) {
        begun = (begun + part).split("\n").at(-1)!;
        assert(begun === "" || begun.length > MOST);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("before the first object there may be blank lines, and /json; later they are kept", async () => {
  for (const before of ["", "\r\n \n", "/json ", "\n\t /json\t"]) {
    for (const split of [1, 1000]) {
      using opened = new Opened();
      const text = `${before}{"a":1}\n\n/json {}\n`;
      const chunks = split === 1 ? [...text] : [text];
      await opened.feed(...chunks);
      assertEquals(opened.text.trimStart(), '{"a":1}\n\n/json {}\n', before);
    }
  }
});

Deno.test("the last line needs no end; after the end of its lines an app is still sent answers", async () => {
  using opened = new Opened();
  await opened.feed('{"a":1}\n{"b":2}', null);
  assertEquals([opened.text, opened.ended], ['{"a":1}\n{"b":2}\n', [[1005, false]]]);
  opened.send("answer");
  opened.link.close(1000);
  await opened.connection.takeAll();
  assertEquals(opened.connection.text, 'answer\n{"type":"closed","code":1000}\n');
  assertEquals([opened.ended.slice(1), opened.connection.isClosed], [[[1005, true]], true]);
});

Deno.test("a link that is closed says why, and drops what comes after that", async () => {
  using opened = new Opened();
  opened.send("last");
  opened.link.close(1013, "Later.");
  opened.send("never");
  await opened.feed('{"late":1}\n', "x".repeat(2 * MOST));
  await opened.connection.takeAll();
  assertEquals(
    opened.connection.text,
    'last\n{"type":"closed","code":1013,"text":"Later."}\n',
  );
  await opened.feed("more", null);
  assertEquals([opened.text, opened.connection.isClosed], ["", true]);
});

Deno.test("an end after a write that failed, or a reset, is a lost link and no goodbye", async () => {
  using broken = new Opened();
  broken.send("x");
  await broken.connection.fail(new Deno.errors.BrokenPipe("gone"));
  await broken.feed('{"a":1}\n', null);
  assertEquals([broken.text, broken.ended], ['{"a":1}\n', [[1006, true]]]);
  using reset = new Opened();
  await reset.feed('{"a":1}\n', new Deno.errors.ConnectionReset("reset"));
  assertEquals([reset.text, reset.ended], ['{"a":1}\n', [[1006, true]]]);
});

Deno.test("a paused link that is closed reads on, to find the end", async () => {
  using opened = new Opened();
  opened.link.pause();
  await opened.feed("a\n");
  opened.connection.feed("b\n", "c\n", null);
  await settle();
  assertEquals(opened.text, "a\n");
  opened.link.close(1000);
  await opened.connection.takeAll();
  await settle();
  assertEquals([opened.text, opened.connection.isClosed], ["a\n", true]);
});
