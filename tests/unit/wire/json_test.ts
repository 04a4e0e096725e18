// The protocol of apps: what their objects ask for, and what they are sent.

import { toBytes } from "../../../lib/wire/chunk.ts";
import fc from "fast-check";
import type { Chunk, Delivery } from "../../../lib/chat/delivery.ts";
import { idOf, type Input } from "../../../lib/chat/event.ts";
import { JsonProtocol } from "../../../lib/wire/json.ts";
import { WEBSOCKET_ENCODER } from "../../../lib/wire/json_frames.ts";
import { readHello } from "../../../lib/wire/read_frame.ts";
import { decodeFrames } from "../../../lib/wire/websocket_frame.ts";
import { assert, assertEquals, assertMatch } from "../../assert.ts";
import { said } from "../chat/said.ts";

const ENCODER = new TextEncoder();
const TEA = { id: 2, name: "tea" };

function protocol(maxLine = 64): JsonProtocol {
  return new JsonProtocol({ maxLine, token: "secret" });
}

/** What objects ask for, one line each. */
function ask(from: JsonProtocol, ...objects: unknown[]): Input[] {
  const lines = objects.map((each) => typeof each === "string" ? each : JSON.stringify(each));
  return from.decode(ENCODER.encode(lines.map((line) => `${line}\n`).join("")));
}

/** The objects that a chunk of frames has. */
function objects(chunk: Chunk): unknown[] {
  return decodeFrames(toBytes(chunk)).map((text) => JSON.parse(text));
}

function encode(...deliveries: Delivery[]): unknown[] {
  return objects(WEBSOCKET_ENCODER.encode(deliveries));
}

/** The sentence that an object is answered with. */
function refusal(object: unknown): string {
  const [input] = ask(protocol(), object);
  assert(input?.kind === "reply", JSON.stringify(object));
  const [error] = objects(input.chunk) as [{ type: string; code: string; text: string }];
  assertEquals([error.type, error.code], ["error", "malformed"]);
  return error.text;
}

Deno.test("a notice says which change is told right after it, whoever is not sent some of them", () => {
  const notice = (text: string, by?: number): Delivery => ({ kind: "notice", text, room: TEA, by });
  const left = { kind: "state", what: "left", room: TEA, name: "bob" } as const;
  const crowd = { kind: "state", what: "crowd", room: TEA, size: 60 } as const;
  const about = (...deliveries: Delivery[]) =>
    (encode(...deliveries) as { about?: string }[]).map(({ about }) => about);
  assertEquals(about(notice("bob left", 1), left), ["left", undefined]);
  assertEquals(about(notice("ann left", 2), left, notice("9 left"), crowd), [
    ...["left", undefined, "crowd", undefined],
  ]);
  assertEquals(about(notice("bob left", 1), notice("ann left", 2)), [undefined, undefined]);
  assertEquals(about(notice("bob left", 1), { ...left, room: { id: 3, name: "cake" } }), [
    ...[undefined, undefined],
  ]);
  // An announcement, after which the notice about bob was left out.
  assertEquals(about(notice("ann announces: tea"), left), [undefined, undefined]);
  assertEquals(about({ kind: "notice", text: "to you alone", by: 1 }, left), [
    ...[undefined, undefined],
  ]);
});

Deno.test("each object asks for what its type says", () => {
  const rows: [object, Input][] = [
    [{ type: "say", text: "hello" }, { kind: "text", text: "hello", room: undefined }],
    [{ type: "say", text: "/who", room: "#tea" }, { kind: "text", text: "/who", room: "tea" }],
    [
      { type: "leave", room: "tea" },
      { kind: "command", name: "leave", text: "", room: "tea" },
    ],
    [{ type: "nick", name: "ann" }, { kind: "command", name: "nick", text: "ann" }],
    [
      { type: "nick", name: "ann", password: "correct horse" },
      { kind: "command", name: "nick", text: "ann correct horse" },
    ],
    [{ type: "password", password: "open sesame" }, { kind: "password", text: "open sesame" }],
    [
      { type: "command", name: "me", text: " waves ", room: "tea" },
      { kind: "command", name: "me", text: "waves", room: "tea" },
    ],
    [{ type: "members", room: "tea" }, { kind: "look", room: "tea" }],
    [
      { type: "history", room: "tea", before: 9, count: 20 },
      {
        ...{ kind: "recall", isPrivate: false, room: "tea" },
        range: { before: 9, after: undefined, count: 20 },
      },
    ],
    [
      { type: "history", private: true, after: 0, count: 9999 },
      {
        ...{ kind: "recall", isPrivate: true, room: undefined },
        range: { before: undefined, after: 0, count: 200 },
      },
    ],
  ];
  for (const [object, input] of rows) assertEquals(ask(protocol(), object), [input]);
});

Deno.test("an app may say all at once as it comes, and joins rooms later", () => {
  const app = protocol();
  assertEquals(
    ask(app, { type: "join", key: "sesame", name: "ann", password: "x y", room: "tea" }),
    [
      { kind: "password", text: "sesame" },
      { kind: "command", name: "nick", text: "ann x y" },
      { kind: "command", name: "join", text: "tea" },
    ],
  );
  assertEquals(ask(app, { type: "join", room: "#den" }), [
    { kind: "command", name: "join", text: "den" },
  ]);
  assertEquals(ask(app, { type: "join", token: "secret" }), [{ kind: "refresh" }]);
  // A token of an earlier server's means nothing to a new connection.
  assertEquals(ask(protocol(), { type: "join", token: "old" }), []);
});

Deno.test("half of a surrogate pair is no text that others could read", () => {
  assertEquals(ask(protocol(), '{"type":"say","text":"a\\ud800b"}'), [
    { kind: "text", text: "a\ufffdb", room: undefined },
  ]);
});

Deno.test("what is malformed is answered, and what comes again with its id was not said", () => {
  const app = protocol();
  const replies = ask(app, { type: "say", id: 2 }, { type: "say", id: 2, text: "hello" });
  assertEquals(
    replies.flatMap((each) => each.kind === "reply" ? objects(each.chunk) : [each]),
    [
      { type: "error", code: "malformed", id: 2, text: '"say" needs a text as its "text".' },
      { kind: "receipt", receipt: 2 },
      { kind: "receipt", receipt: 2 },
    ],
  );
});

Deno.test("an empty line is counted, so that it is paid for, and asks for nothing", () => {
  const app = protocol();
  assertEquals(app.decode(ENCODER.encode("\n\n")), []);
  assertEquals(app.lines, 2);
});

Deno.test("texts are cleaned, and a line's end in one is a blank", () => {
  assertEquals(ask(protocol(), { type: "say", text: "a\r\nb\tc\u001b[31md\u202e" }), [
    { kind: "text", text: "a b cd", room: undefined },
  ]);
  assertEquals(ask(protocol(), { type: "say", text: " \n " }), []);
});

Deno.test("a text over the limit is reported, in bytes", () => {
  const fits = "é".repeat(32);
  assertEquals(ask(protocol(), { type: "say", text: fits }).map(({ kind }) => kind), ["text"]);
  const tooLong = [{ kind: "oversize" as const, limit: 64 }];
  assertEquals(ask(protocol(), { type: "say", text: `${fits}!` }), tooLong);
  // A command's text begins with a name, maybe: the command says what is too long.
  const command = (text: string) => ask(protocol(), { type: "command", name: "msg", text });
  assertEquals(command(`bob ${fits}`).map(({ kind }) => kind), ["command"]);
  assertEquals(command(fits.repeat(9)), tooLong);
});

Deno.test("a message may come in any pieces, and each is counted, whatever becomes of it", () => {
  const says = protocol();
  const bytes = ENCODER.encode('{"type":"say","text":"é"}\n{\n{"type":"say","text":" "}\n');
  const inputs = [...bytes].flatMap((byte) => says.decode(Uint8Array.of(byte)));
  assertEquals(inputs.map(({ kind }) => kind), ["text", "reply"]);
  assertEquals(says.lines, 3);
});

Deno.test("what was read, and whether somebody is here, is asked and told", () => {
  const app = protocol();
  assertEquals(
    ask(
      app,
      { type: "read", room: "#tea", upTo: 7 },
      { type: "read", with: "bob", upTo: 8, id: 1 },
      { type: "person", name: "bob", id: 2 },
    ),
    [
      { kind: "read", room: "tea", person: undefined, upTo: 7 },
      { kind: "read", room: undefined, person: "bob", upTo: 8, id: 1, receipt: 1 },
      { kind: "ask who", person: "bob", id: 2, receipt: 2 },
    ],
  );
  const marks = [{ room: TEA, upTo: 7 }, { person: "bob", upTo: 0 }];
  assertEquals(
    encode(
      { kind: "state", what: "read", marks },
      { kind: "state", what: "person", name: "bob", presence: "absent" },
    ),
    [
      { type: "read", marks: [{ room: "tea", upTo: 7 }, { with: "bob", upTo: 0 }] },
      { type: "person", name: "bob", presence: "absent" },
    ],
  );
});

Deno.test("what an object lacks is a sentence", () => {
  const rows: [unknown, RegExp][] = [
    ["{", /^That is no JSON\.$/],
    ["[]", /^That is no object: /],
    ["null", /^That is no object: /],
    [{}, /^A type is "join", /],
    [{ type: "shout" }, /^A type is "join", /],
    [{ type: "say" }, /^"say" needs a text as its "text"\.$/],
    [{ type: "say", text: 7 }, /^"say" needs a text as its "text"\.$/],
    [{ type: "say", text: "x", room: {} }, /^"say" needs a text as its "room"\.$/],
    [{ type: "nick", name: "two words" }, /^A name is one word\.$/],
    [{ type: "history", count: -1 }, /^"count" is a whole number from 1\.$/],
    [{ type: "say", text: "x", id: "7" }, /^"id" is a whole number from 1\.$/],
    [{ type: "history", after: -1 }, /^"after" is a whole number from 0\.$/],
    [{ type: "history", private: 1 }, /^"private" is true or false\.$/],
    [{ type: "constructor" }, /^A type is "join", .*"person" or "read"\.$/],
    [{ type: "read" }, /^"upTo" is a whole number from 1\.$/],
    [{ type: "read", with: "two words", upTo: 1 }, /^A name is one word\.$/],
    [{ type: "person" }, /^"person" needs a text as its "name"\.$/],
  ];
  for (const [object, sentence] of rows) {
    assertMatch(refusal(object), sentence, JSON.stringify(object));
  }
});

Deno.test("what has an id is done once, and gets its receipt again when it is asked for again", () => {
  const app = protocol();
  const [first] = ask(app, { type: "say", text: "one", id: 3 });
  assert(first?.kind === "text");
  assertEquals([first.text, first.receipt], ["one", 3]);
  for (const id of [3, 1]) {
    assertEquals(ask(app, { type: "say", text: "one", id }), [{ kind: "receipt", receipt: id }]);
  }
  // Nothing is to be said: there is a receipt all the same.
  assertEquals(ask(app, { type: "say", text: " ", id: 4 }), [{ kind: "receipt", receipt: 4 }]);
  assertEquals(encode({ kind: "receipt", id: 4 }), [{ type: "ack", id: 4 }]);
  // It comes behind the last of what an object asks for.
  const [nick, join] = ask(app, { type: "join", name: "ann", room: "tea", id: 5 });
  assert(nick?.kind === "command" && nick.receipt === undefined);
  assert(join?.kind === "command" && join.receipt !== undefined);
});

Deno.test("all that an object with an id asks for bears its id, so that a refusal can name it", () => {
  const long = "x".repeat(2000);
  const rows: object[] = [
    { type: "say", text: "hello" },
    { type: "say", text: long },
    { type: "command", name: "me", text: long },
    { type: "nick", name: "ann" },
    { type: "password", password: "sesame" },
    { type: "history" },
    { type: "members" },
    { type: "join", key: "sesame", name: "ann", room: "tea" },
  ];
  for (const object of rows) {
    const inputs = ask(protocol(), { ...object, id: 5 }).filter(({ kind }) => kind !== "receipt");
    assert(inputs.length > 0);
    for (const input of inputs) assertEquals(idOf(input), 5, JSON.stringify(object));
    for (const input of ask(protocol(), object)) assertEquals(idOf(input), undefined);
  }
});

Deno.test("however the bytes are cut, they ask for the same", () => {
  const lines = [
    { type: "say", text: "héllo 🎉" },
    { type: "nick", name: "ann" },
    { type: "say", text: "x".repeat(60) },
  ].map((each) => `${JSON.stringify(each)}\n`).join("");
  const bytes = ENCODER.encode(lines);
  const whole = protocol().decode(bytes);
  fc.assert(fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
    const app = protocol(), inputs: Input[] = [];
    const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
    // The reader uses one buffer for all it reads.
    const buffer = new Uint8Array(bytes.length);
    for (let i = 1; i < at.length; i++) {
      const part = bytes.subarray(at[i - 1], at[i]);
      buffer.set(part);
      inputs.push(...app.decode(buffer.subarray(0, part.length)));
      buffer.fill(0);
    }
    assertEquals(inputs, whole);
  }));
});

Deno.test("messages and notices are objects with ids and ISO times", () => {
  const at = Date.UTC(2026, 10, 24, 9), iso = "2026-11-24T09:00:00.000Z";
  const to = { member: 2, name: "bob" };
  assertEquals(
    encode(
      said({ id: 7, at, from: "ann", text: "tea?", room: TEA }),
      said({ kind: "action", id: 8, at, from: "ann", text: "waves", room: TEA }),
      said({ kind: "private", id: 9, at, from: "ann", text: "psst", to }),
      { kind: "notice", text: "bob joined (2 here)", at, room: TEA },
      { kind: "notice", code: "not-in-room", answers: 3, text: "You are not in #tea.", at },
    ),
    [
      { type: "message", kind: "message", id: 7, at: iso, from: "ann", text: "tea?", room: "tea" },
      { type: "message", kind: "action", id: 8, at: iso, from: "ann", text: "waves", room: "tea" },
      { type: "message", kind: "private", id: 9, at: iso, from: "ann", text: "psst", to: "bob" },
      { type: "notice", text: "bob joined (2 here)", at: iso, room: "tea" },
      { type: "error", code: "not-in-room", id: 3, text: "You are not in #tea.", at: iso },
    ],
  );
});

Deno.test("what was said before, and what was found, are lists of messages", () => {
  const message = said({ id: 7, from: "ann", text: "tea?", room: TEA });
  const shown = {
    ...{ kind: "message", id: 7, at: "1970-01-01T00:00:00.000Z" },
    ...{ from: "ann", text: "tea?", room: "tea" },
  };
  assertEquals(
    encode(
      { kind: "history page", messages: [message], room: TEA, at: 0, next: 7 },
      { kind: "history page", messages: [], at: 0 },
      { kind: "search results", messages: [message] },
    ),
    [
      { type: "history", room: "tea", messages: [shown], next: 7 },
      { type: "history", messages: [] },
      { type: "found", messages: [shown] },
    ],
  );
});

Deno.test("every signal is an object of its own type", () => {
  const kind = "state", room = TEA;
  const rows: [Delivery, object][] = [
    [
      { kind, what: "welcome", name: "ann", token: "secret", maxLine: 1024, editMinutes: 60 },
      { type: "welcome", version: 1, name: "ann", token: "secret", maxLine: 1024, editMinutes: 60 },
    ],
    [{ kind, what: "password" }, { type: "password" }],
    [
      {
        ...{ kind, what: "members", room, topic: "leaves", isLocked: true, size: 2 },
        members: [{ name: "ann", isAway: true, isLost: false }],
      },
      {
        ...{ type: "members", room: "tea", topic: "leaves", locked: true, size: 2 },
        members: [{ name: "ann", away: true }],
      },
    ],
    [{ kind, what: "parted", room }, { type: "parted", room: "tea" }],
    [{ kind, what: "joined", room, name: "bob" }, { type: "joined", room: "tea", name: "bob" }],
    [{ kind, what: "left", room, name: "bob" }, { type: "left", room: "tea", name: "bob" }],
    [{ kind, what: "crowd", room, size: 70 }, { type: "crowd", room: "tea", size: 70 }],
    [
      { kind, what: "renamed", room, from: "a", to: "b" },
      { type: "renamed", room: "tea", from: "a", to: "b" },
    ],
    [
      { kind, what: "away", room, name: "bob", isAway: true },
      { type: "away", room: "tea", name: "bob", away: true },
    ],
    [{ kind, what: "topic", room, topic: "x" }, { type: "topic", room: "tea", topic: "x" }],
    [{ kind, what: "lock", room, isLocked: true }, { type: "lock", room: "tea", locked: true }],
    [
      { kind, what: "rooms", rooms: [{ name: "tea", size: 2, isLocked: false, topic: "" }] },
      { type: "rooms", rooms: [{ name: "tea", size: 2, locked: false, topic: "" }] },
    ],
  ];
  for (const [delivery, object] of rows) assertEquals(encode(delivery), [object]);
});

Deno.test("the log is shown the objects, and no token", () => {
  const chunk = WEBSOCKET_ENCODER.encode([
    {
      kind: "state",
      what: "welcome",
      name: "ann",
      token: "secret",
      maxLine: 1024,
      editMinutes: 60,
    },
    { kind: "notice", text: "hello" },
  ]);
  assertEquals(
    WEBSOCKET_ENCODER.describe(chunk),
    '{"type":"welcome","version":1,"name":"ann","token":"…","maxLine":1024,"editMinutes":60} {"type":"notice","text":"hello"}',
  );
});

Deno.test("the first object says that an app comes, or to what it comes back", () => {
  const browser = "b".repeat(32),
    none = { token: undefined, received: undefined, browser: undefined };
  const rows: [unknown, unknown][] = [
    [{ type: "join" }, { type: "join", ...none }],
    [{ type: "join", token: "t", received: 0 }, { type: "join", ...none, token: "t", received: 0 }],
    [{ type: "join", token: "t", received: 12 }, {
      ...{ type: "join", ...none, token: "t", received: 12 },
    }],
    [{ type: "join", token: 5 }, { type: "join", ...none }],
    [{ type: "join", browser }, { type: "join", ...none, browser }],
  ];
  for (const [object, hello] of rows) assertEquals(readHello(JSON.stringify(object)), hello);
  const short = JSON.stringify({ type: "join", browser: browser.slice(1) });
  for (const bad of ["x", "{}", '{"type":"say"}', '{"type":"join","received":-1}', short]) {
    assert(readHello(bad).type === "malformed", bad);
  }
});
