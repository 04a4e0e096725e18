// An app's session, over links that come and go.

import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { PendingConnections } from "../../../../lib/net/pending_connections.ts";
import { type AppSocket, Session } from "../../../../lib/net/web/session.ts";
import { decodeFrames, encodeFrames } from "../../../../lib/wire/websocket_frame.ts";
import { assert, assertEquals, assertRejects } from "../../../assert.ts";

/** A WebSocket and its socket, whose other end is the test. */
class FakeLink {
  readonly ws = Object.assign(new EventEmitter(), {
    ping: (words: string) => void this.pings.push(words),
    close: (code: number) => void (this.closedWith = code),
    terminate: () => void (this.isTerminated = true),
    pause: () => void (this.isPaused = true),
    resume: () => void (this.isPaused = false),
  });
  readonly socket = {
    write: (chunk: Uint8Array, done = () => {}) => {
      this.written.push(chunk);
      if (this.takes) done();
    },
    writableLength: 0,
    destroy: () => void (this.isTerminated = true),
    resetAndDestroy: () => void (this.isReset = true),
  };
  readonly tcp = this.socket;
  readonly written: Uint8Array[] = [];
  readonly pings: string[] = [];
  /** Whether its peer reads. */
  takes = true;
  closedWith: number | undefined;
  isTerminated = false;
  isPaused = false;
  isReset = false;

  get link(): AppSocket {
    return this as unknown as AppSocket;
  }

  /** What its peer was sent. */
  get texts(): string[] {
    return this.written.flatMap(decodeFrames);
  }

  says(text: string): void {
    this.ws.emit("message", Buffer.from(text), false);
  }

  /** Answers the last ping. */
  pongs(): void {
    this.ws.emit("pong", Buffer.from(this.pings.at(-1)!));
  }

  closes(code: number): void {
    this.ws.emit("close", code);
  }
}

const written = new WeakMap<Session, number>();

/** Writes frames in one chunk as an outbox does, which says before where a welcome is. */
function write(session: Session, ...texts: string[]): Promise<number> {
  const chunk = encodeFrames(texts), before = written.get(session) ?? 0;
  written.set(session, before + chunk.length);
  if (texts.includes(WELCOME)) {
    const start = before + encodeFrames(texts.slice(0, texts.indexOf(WELCOME))).length;
    session.expectWelcome({ start, end: start + encodeFrames([WELCOME]).length });
  }
  return session.write(chunk);
}

/** A session whose app was welcomed, over a link on which no more has come. */
function open({ most = 1000, lost = 60_000, left = 60_000 } = {}) {
  const first = new FakeLink();
  const who = { remote: "192.0.2.1:1", address: "192.0.2.1", isPrivate: false, isSecure: false };
  const room = new PendingConnections({ most: 9, mostPerNetwork: 9, deadlineMs: lost });
  const options = { ...who, most, away: { room, lost, left } };
  const session = new Session(first.link, options);
  void write(session, WELCOME);
  first.written.length = 0;
  const read = async () => {
    const buffer = new Uint8Array(100);
    const count = await session.read(buffer);
    return count === null ? null : new TextDecoder().decode(buffer.subarray(0, count));
  };
  const say = (...texts: string[]) => write(session, ...texts);
  return { first, session, options, read, say, [Symbol.dispose]: () => session.close() };
}

const WELCOME = '{"type":"welcome","name":"ann"}';
const GREETING = encodeFrames(["resumed"]);

Deno.test("messages are read as lines, and line ends in them are blanks", async () => {
  using opened = open();
  opened.first.says('{"a":\n1}');
  opened.first.says("b");
  assertEquals([await opened.read(), await opened.read()], ['{"a": 1}\n', "b\n"]);
});

Deno.test("what is written goes out as it is, and binary messages are refused", async () => {
  using opened = open();
  await opened.say("a", "b");
  assertEquals(opened.first.texts, ["a", "b"]);
  opened.first.ws.emit("message", Buffer.of(1), true);
  assertEquals(opened.first.closedWith, 1003);
});

Deno.test("an app that lost its link gets what it missed, and nothing twice", async () => {
  using opened = open();
  const { first, session, say } = opened;
  await say("1", "2");
  first.closes(1006);
  await say("3");
  await say("4", "5");
  const second = new FakeLink();
  assert(session.resume(second.link, { received: 1, greeting: GREETING }));
  await say("6");
  assertEquals(second.texts, ["resumed", "2", "3", "4", "5", "6"]);
  // What it has is known by the ping that went behind it.
  second.pongs();
  const third = new FakeLink();
  assert(!session.resume(third.link, { received: 1, greeting: GREETING }));
  assert(session.resume(third.link, { received: 5, greeting: GREETING }));
  assertEquals([third.texts, second.closedWith], [["resumed", "6"], 4001]);
});

Deno.test("what comes before the welcome is sent, and not counted", async () => {
  using opened = open();
  const first = new FakeLink();
  const fresh = new Session(first.link, opened.options);
  await write(fresh, "a password?");
  await write(fresh, "once more", WELCOME, "1", "2");
  assertEquals(first.texts, ["a password?", "once more", WELCOME, "1", "2"]);
  const second = new FakeLink();
  assert(fresh.resume(second.link, { received: 1, greeting: GREETING }));
  assertEquals(second.texts, ["resumed", "2"]);
  fresh.close();
});

Deno.test("an app that has forgotten all is welcomed first, and counts from there", async () => {
  using opened = open();
  await opened.say("1", "2");
  const second = new FakeLink();
  opened.session.restart(second.link);
  await opened.say("on its way");
  await opened.say("also", WELCOME, "3");
  assertEquals([second.texts, opened.first.closedWith], [[WELCOME, "3"], 4001]);
  opened.session.beat();
  second.pongs();
  const third = new FakeLink();
  assert(!opened.session.resume(third.link, { received: 2, greeting: GREETING }));
  await opened.say("4");
  assert(opened.session.resume(third.link, { received: 1, greeting: GREETING }));
  assertEquals(third.texts, ["resumed", "4"]);
});

Deno.test("a welcome is where the outbox says, whatever a frame looks like", async () => {
  using opened = open();
  const second = new FakeLink();
  opened.session.restart(second.link);
  await opened.say('{"type":"welcome","name":"eve"}');
  await opened.say(WELCOME, "1");
  assertEquals(second.texts, [WELCOME, "1"]);
});

Deno.test("an app that begins anew while its welcome waits is sent the next one alone", async () => {
  using opened = open();
  const { session } = opened, size = encodeFrames([WELCOME]).length;
  session.restart(new FakeLink().link);
  session.expectWelcome({ start: size, end: 2 * size });
  const third = new FakeLink();
  session.restart(third.link);
  session.expectWelcome({ start: 2 * size, end: 3 * size });
  await session.write(encodeFrames([WELCOME, WELCOME, "1"]));
  assertEquals(third.texts, [WELCOME, "1"]);
});

Deno.test("an app that may not have its new welcome counts from the old one: it begins anew", async () => {
  using opened = open();
  await opened.say("1");
  const second = new FakeLink();
  opened.session.restart(second.link);
  opened.session.beat();
  for (let i = 0; i < 4; i++) opened.session.beat();
  await opened.say(WELCOME, "2", "3");
  // A ping that went out before the welcome says nothing about it.
  second.pongs();
  const third = new FakeLink();
  assert(!opened.session.resume(third.link, { received: 1, greeting: GREETING }));
});

Deno.test("what an old link still says and does is nobody's", async () => {
  using opened = open({ lost: 1 });
  const second = new FakeLink();
  assert(opened.session.resume(second.link, { received: 0, greeting: GREETING }));
  opened.first.closes(1006);
  await opened.say("still here");
  assertEquals([second.texts, opened.session.isOpen], [["resumed", "still here"], true]);
});

Deno.test("an app that stays away is lost; one that said goodbye has left", async () => {
  using gone = open({ lost: 1 });
  gone.first.closes(1006);
  await assertRejects(gone.read, Deno.errors.ConnectionAborted);
  assert(!gone.session.isOpen);
  for (const code of [1000, 1001, 1005]) {
    using left = open({ left: 1 });
    left.first.closes(code);
    assertEquals(await left.read(), null);
  }
});

Deno.test("for one that is away no more is kept than it may have; who lacks more begins anew", async () => {
  using opened = open({ most: 100 });
  await opened.say("x".repeat(60));
  opened.first.closes(1006);
  await opened.say("y".repeat(60));
  await opened.say("z");
  const second = new FakeLink();
  const come = (received: number) =>
    opened.session.resume(second.link, { received, greeting: GREETING });
  assert(!come(0));
  assert(opened.session.isOpen);
  assert(come(1));
  assertEquals(second.texts, ["resumed", "y".repeat(60), "z"]);
});

Deno.test("a write waits for its peer to read, and does not fail with the link", async () => {
  using opened = open();
  const { first, session } = opened;
  first.takes = false;
  let done = () => {};
  first.socket.write = (_chunk, end = () => {}) => void (done = end);
  const writing = session.write(encodeFrames(["a"]));
  first.closes(1006);
  done();
  assertEquals(await writing, 3);
});

Deno.test("behind every so many bytes a ping asks whether they have arrived", async () => {
  using opened = open({ most: 1e6 });
  for (let i = 0; i < 3; i++) await opened.say("x".repeat(50_000));
  assertEquals(opened.first.pings, ["100008"]);
  opened.first.pongs();
  const second = new FakeLink();
  const come = (received: number) =>
    opened.session.resume(second.link, { received, greeting: GREETING });
  assert(!come(1) && come(2));
});

Deno.test("a link that answers no ping is lost, one that answers is not", () => {
  using opened = open();
  for (let i = 0; i < 12; i++) {
    opened.session.beat();
    if (opened.first.pings.length > 0) opened.first.pongs();
  }
  assertEquals([opened.first.pings.length, opened.first.isTerminated], [3, false]);
  for (let i = 0; i < 8; i++) opened.session.beat();
  assert(opened.first.isTerminated);
});

Deno.test("pings, and pongs that nobody asked for, are empty lines; an answer is none", async () => {
  using opened = open();
  const { ws } = opened.first;
  ws.emit("ping", Buffer.from("x"));
  assertEquals(await opened.read(), "\n");
  ws.emit("pong", Buffer.from("0"));
  assertEquals(await opened.read(), "\n");
  for (let i = 0; i < 4; i++) opened.session.beat();
  opened.first.pongs();
  opened.first.says("a");
  assertEquals(await opened.read(), "a\n");
});

Deno.test("a link is not lost while it is not read, since its answer may be behind that", async () => {
  using opened = open();
  for (let i = 0; i < 4; i++) opened.session.beat();
  opened.first.says("a".repeat(99));
  for (let i = 0; i < 300; i++) opened.first.says("b".repeat(99));
  for (let i = 0; i < 12; i++) opened.session.beat();
  assertEquals([opened.first.isPaused, opened.first.isTerminated], [true, false]);
  for (let i = 0; i < 301; i++) await opened.read();
  for (let i = 0; i < 4; i++) opened.session.beat();
  assertEquals([opened.first.isPaused, opened.first.isTerminated], [false, true]);
});

Deno.test("a new link is not read either while enough waits to be read", async () => {
  using opened = open();
  for (let i = 0; i < 300; i++) opened.first.says("b".repeat(99));
  const second = new FakeLink();
  assert(opened.session.resume(second.link, { received: 0, greeting: GREETING }));
  assert(second.isPaused);
  for (let i = 0; i < 300; i++) await opened.read();
  assert(!second.isPaused);
});

Deno.test("the end of the writes closes the link, with a code that says whether to come back", async () => {
  const rows: [code: number, isStopping: boolean, isEvicted: boolean][] = [
    [1000, false, false],
    [1001, true, false],
    [1013, false, true],
  ];
  for (const [code, isStopping, isEvicted] of rows) {
    using opened = open();
    if (isStopping) opened.session.stop();
    opened.session.endWrites(isEvicted);
    opened.session.endWrites();
    assertEquals(opened.first.closedWith, code);
    opened.first.closes(1000);
    await opened.session.closed();
    await assertRejects(() => opened.session.write(encodeFrames(["late"])), Deno.errors.BrokenPipe);
  }
});

Deno.test("the end of the writes of one that is away is its end", async () => {
  using opened = open();
  opened.first.closes(1006);
  opened.session.endWrites();
  await opened.session.closed();
});

Deno.test("a peer that stopped reading is reset, so that the system keeps nothing for it", () => {
  const { first, session } = open();
  first.socket.writableLength = 1;
  session.close();
  session.close();
  assert(first.isReset);
});

Deno.test("an app that comes back from elsewhere is where it is now, and that is told once", () => {
  using opened = open();
  const { session } = opened;
  const before: string[] = [];
  session.onMoved((address) => void before.push(address));
  session.move({ remote: "192.0.2.1:7", address: "192.0.2.1" });
  session.move({ remote: "192.0.2.9:8", address: "192.0.2.9" });
  assertEquals(before, ["192.0.2.1"]);
  assertEquals([session.address, session.remote], ["192.0.2.9", "192.0.2.9:8"]);
});
