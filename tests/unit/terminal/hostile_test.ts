// Lines that a hostile server makes: however long, they cost no more than their length, and harm nobody.

import { State } from "../../../lib/client/state/state.ts";
import { complete } from "../../../lib/terminal/complete.ts";
import { Keys } from "../../../lib/terminal/keys.ts";
import { layOut } from "../../../lib/terminal/layout.ts";
import { isMention, paint } from "../../../lib/terminal/paint.ts";
import { read, unveil } from "../../../lib/client/typing/typed.ts";
import { readServerFrame } from "../../../lib/wire/read_server_frame.ts";
import { assertEquals, assertLess } from "../../assert.ts";
import { shown } from "./shown.ts";

/** Characters: far more than are held of a line, so that what grows with their square is seen. */
const SIZE = 512 * 1024;

/** A line of that length. */
function long(head: string, part: string, tail = ""): string {
  return head + part.repeat(Math.ceil(SIZE / part.length)) + tail;
}

/** Does it, in a second; a slow machine takes a tenth of that. */
function soon(what: string, work: () => void): void {
  const since = performance.now();
  work();
  assertLess(performance.now() - since, 1000, what.slice(0, 60));
}

Deno.test("a long line is taken apart in no time, whoever looks at it", () => {
  const lines = ["@me...", "me-", " ", "a(", "{", "\u0301"].map((part) => long("", part, "x"));
  for (const text of lines) {
    const line = { kind: "message", from: "a", at: 0, text } as const;
    soon(text, () => void isMention(line, "me"));
    soon(text, () => void complete(text, ["ann"]));
    soon(text, () => void new Keys().decode(text));
    soon(text, () => void new Keys().decode(`\x1b[200~${text}`));
    soon(text, () => void readServerFrame(JSON.stringify({ type: "notice", text })));
  }
});

Deno.test("a line full of one's own name is drawn in no time", () => {
  const line = shown(long("a(03:04:05PM): ", "me ").slice(0, SIZE / 4));
  soon("draw", () => layOut(paint(line, { colours: [1], self: "me" }), 80));
});

Deno.test("a password that is pasted with blanks is found in no time", () => {
  const blanks = long("", " ");
  soon("password", () => {
    assertEquals(unveil(read(`/identify a${blanks}b${blanks}`)), "");
    assertEquals(unveil(read(`/nick ${blanks}ann`)), "/nick ann");
  });
});

Deno.test("what is no frame is left out, and no text changes the terminal", () => {
  const message = {
    ...{ type: "message", kind: "message", id: 1, at: "2026-11-25T15:00:00.000Z" },
    ...{ from: "a", text: "hi", room: "lobby" },
  };
  assertEquals<unknown>(readServerFrame(JSON.stringify(message)), message);
  const odd = [
    ...["{", "[]", "7", "null", '"x"', "{}", '{"type":7}', '{"type":"toString"}'],
    ...['{"type":"rooms"}', '{"type":"rooms","rooms":[null]}', '{"type":"rooms","rooms":{}}'],
    ...[{ kind: "odd" }, { id: "1" }, { at: "never" }, { text: 7 }, { from: null }].map((change) =>
      JSON.stringify({ ...message, ...change })
    ),
  ];
  for (const line of odd) assertEquals(readServerFrame(line), undefined, line);
  const evil = JSON.stringify({ type: "notice", text: "\x1b[2Ja\u202eb\x9bc\nd", room: "\x07x" });
  assertEquals<unknown>(readServerFrame(evil), { type: "notice", text: "abd", room: "x" });
});

Deno.test("however deep an object is, or long a text, the client lives and keeps what it can show", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  for (const type of ["notice", "odd"]) {
    const frame = readServerFrame(`{"type":"${type}","text":"hi","more":${deep}}`);
    assertEquals<unknown>(frame, type === "notice" ? { type, text: "hi" } : undefined);
  }
  assertEquals(readServerFrame(`{"type":"notice","text":${deep}}`), undefined);
  const long = readServerFrame(JSON.stringify({ type: "notice", text: "x".repeat(1024 * 1024) }));
  assertEquals(long?.type === "notice" && long.text.length, 64 * 1024);
});

Deno.test("endless lists are cut, so that putting them in order takes no time", () => {
  const message = { type: "message", kind: "message", from: "a", text: "hi", room: "lobby" };
  const messages = Array.from({ length: 100_000 }, (_, count) => {
    return { ...message, id: 200_000 - count, at: new Date(2e9 - count).toISOString() };
  });
  const line = JSON.stringify({ type: "history", room: "lobby", messages });
  const state = new State();
  soon("history", () => void state.apply(readServerFrame(line)!));
});
