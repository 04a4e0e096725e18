// What a person typed: lines, what they mean, what of them may be shown, and what is too long.

import fc from "fast-check";
import { TABLE } from "../../../lib/chat/commands/table.ts";
import {
  COMMANDS,
  excess,
  isSecret,
  lines,
  mayHaveSecret,
  read,
  toAsk,
  unveil,
} from "../../../lib/client/typing/typed.ts";
import { Conversation } from "../../../lib/client/state/conversation.ts";
import { Room } from "../../../lib/client/state/room.ts";
import { JsonProtocol } from "../../../lib/wire/json.ts";
import { assert, assertEquals, assertGreater } from "../../assert.ts";

const TEA = new Room("tea"), BOB = new Conversation({ kind: "person", name: "bob" });
const FRAME = 4096;
const ENCODER = new TextEncoder();

Deno.test("a text is a line each, whatever ends them, without the empty ones", () => {
  assertEquals(lines("a\nb\r\nc\rd\u2028e\u2029f"), ["a", "b", "c", "d", "e", "f"]);
  assertEquals(lines("\n a \n\n \t \nb\n"), [" a ", "b"]);
  assertEquals(lines(" "), []);
});

Deno.test("a tab becomes a blank; control characters and halves of characters go", () => {
  assertEquals(lines("a\tb\x1b[31m\x00c\x85d\x7f"), ["a b[31mcd"]);
  assertEquals(lines("a\ud83d"), ["a\ufffd"]);
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert(lines(text).every((line) => line.isWellFormed() && !/\p{Cc}/u.test(line)));
  }));
});

Deno.test("a slash begins a command, two of them a text with one", () => {
  assertEquals(read("hello /who"), { kind: "say", text: "hello /who" });
  assertEquals(read("/WHO"), { kind: "command", name: "who", text: "" });
  assertEquals(read("/msg  bob  hi  there "), {
    kind: "command",
    name: "msg",
    text: "bob  hi  there",
  });
  assertEquals(read("//who"), { kind: "say", text: "/who" });
  assertEquals(read("///"), { kind: "say", text: "//" });
  for (const text of ["/", "/ who", " /who", " hello "]) {
    assertEquals(read(text), { kind: "say", text });
  }
});

Deno.test("the commands that can be completed are the server's", () => {
  assertEquals(COMMANDS.toSorted(), [...TABLE.keys()].sort());
});

Deno.test("a password is not shown, and the rest is as it was typed", () => {
  const rows = [
    ["/register correct horse", ""],
    ["/IDENTIFY correct horse", ""],
    ["/password correct horse", ""],
    ["/nick ann correct horse", "/nick ann"],
    ["/Nick  ann\u00a0correct", "/nick ann"],
    ["/nick ann", "/nick ann"],
    ["/me  waves", "/me waves"],
    ["/who", "/who"],
    ["//who", "//who"],
    ["hello", "hello"],
  ] as const;
  for (const [typed, shown] of rows) assertEquals(unveil(read(typed)), shown, typed);
  const secret = rows.map(([typed]) => typed).filter((typed) => isSecret(read(typed)));
  assertEquals(secret, rows.slice(0, 5).map(([typed]) => typed));
});

Deno.test("what is recalled of a line means what the line meant", () => {
  const line = fc.tuple(fc.constantFrom("", "/", "//", "/nick ", "/me ", "/ "), fc.string())
    .map((parts) => parts.join(""));
  fc.assert(fc.property(line, (typed) => {
    const meant = read(typed);
    if (!isSecret(meant)) assertEquals(read(unveil(meant)), meant);
  }));
});

Deno.test("a line is said in its room, or to its person alone; a command goes as it is", () => {
  assertEquals(toAsk(read("//x"), TEA), { type: "say", room: "tea", text: "/x" });
  assertEquals(toAsk(read("//x"), BOB), { type: "command", name: "msg", text: "bob /x" });
  const who = { type: "command", name: "who", text: "" } as const;
  assertEquals(toAsk(read("/who"), TEA), { ...who, room: "tea" });
  assertEquals(toAsk(read("/who"), BOB), { ...who, room: undefined });
});

Deno.test("a text may have so many bytes, and no more", () => {
  assertEquals(excess({ type: "say", room: "tea", text: "x".repeat(64) }, 64), 0);
  assertEquals(excess({ type: "say", room: "tea", text: "x".repeat(64) }, 61), 3);
  assertEquals(excess({ type: "say", room: "tea", text: "ä€😀" }, 8), 1);
  assertEquals(excess({ type: "command", name: "msg", text: "bob hi" }, 8), 1);
  assertEquals(excess({ type: "members", room: "tea" }, 1), 0);
});

Deno.test("what JSON makes longer must fit into a frame, too", () => {
  const quotes = { type: "say", room: "tea", text: '"'.repeat(2100) } as const;
  assertGreater(excess(quotes, 10_000), 0);
  assertEquals(excess({ ...quotes, text: '"'.repeat(1900) }, 10_000), 0);
  // The longest that fits still does so with the longest number.
  let length = 1900;
  while (excess({ ...quotes, text: '"'.repeat(length + 1) }, 10_000) === 0) length++;
  const asked = { ...quotes, text: '"'.repeat(length), id: Number.MAX_SAFE_INTEGER };
  assert(ENCODER.encode(JSON.stringify(asked)).length <= FRAME);
});

Deno.test("what is not too long for the page is not too long for the server", () => {
  const text = fc.tuple(
    fc.constantFrom("", "/", "//", "/me ", "/msg bob "),
    fc.constantFrom("x", "é", "😀", '"', "\\", "x\u2028y", "\u202e", "\ud800"),
    fc.integer({ min: 1, max: 3000 }),
  ).map(([head, unit, times]) => head + unit.repeat(times));
  const property = fc.property(
    text,
    fc.constantFrom(TEA, BOB),
    fc.constantFrom(64, 1024, 3000, 65_536),
    (typed, conversation, maxLine) => {
      for (const line of lines(typed)) {
        const asked = toAsk(read(line), conversation);
        if (excess(asked, maxLine) > 0) continue;
        const frame = ENCODER.encode(
          `${JSON.stringify({ ...asked, id: Number.MAX_SAFE_INTEGER })}\n`,
        );
        assert(frame.length - 1 <= FRAME, `${frame.length}`);
        const server = new JsonProtocol({ maxLine, token: "" });
        const inputs = server.decode(frame).map(({ kind }) => kind);
        assert(["text", "command", "receipt"].includes(inputs[0]!), inputs.join());
      }
    },
  );
  fc.assert(property, { numRuns: 300 });
});

Deno.test("a text has a secret as soon as a command is begun that a password goes with", () => {
  const secret = [
    ...["/register", "/register pass", "/REGISTER pass", "  /register pass", "/identify pass"],
    ...["/nick ann pass", "hello\n/nick ann pass", "hello\r/register pass\nbye"],
  ];
  const open = ["", "hello", "/", "/reg", "/nick", "/nick ann", "//register pass", "a /register b"];
  assertEquals(secret.filter((text) => !mayHaveSecret(text)), []);
  assertEquals(open.filter(mayHaveSecret), []);
});
