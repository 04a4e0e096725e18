// An app's session, over links that come and go.

import { PendingConnections } from "../../../../lib/net/pending_connections.ts";
import { Link } from "../../../../lib/net/web/link.ts";
import { Session } from "../../../../lib/net/web/session.ts";
import { LINE_ENCODER, WEBSOCKET_ENCODER } from "../../../../lib/wire/json_frames.ts";
import { encodeFrames } from "../../../../lib/wire/websocket_frame.ts";
import { assert, assertEquals, assertRejects } from "../../../assert.ts";
import { FakeConnection } from "../fake_connection.ts";

/** A link whose other end is the test. */
class FakeLink extends Link {
  readonly encoder;
  readonly written: Uint8Array[] = [];
  readonly pings: string[] = [];
  /** Whether its peer reads. */
  takes = true;
  closedWith: number | undefined;
  isTerminated = false;
  /** Whether it was terminated as the link of one that was evicted. */
  wasEvicted = false;
  isPaused = false;
  over = false;
  #done = () => {};

  constructor(encoder = WEBSOCKET_ENCODER) {
    super(new FakeConnection());
    this.encoder = encoder;
  }

  override ping: Link["ping"] = (count, after, done) => {
    if (after !== undefined) this.send(after, done);
    this.pings.push(`${count}`);
  };

  override get isOver(): boolean {
    return this.over;
  }

  override send(chunk: Uint8Array, done = () => {}): void {
    if (chunk.length > 0) this.written.push(chunk);
    if (this.takes) done();
    else this.#done = done;
  }

  override close(code: number): void {
    this.closedWith = code;
  }

  override terminate(isEvicted = false): void {
    this.isTerminated = true;
    this.wasEvicted = isEvicted;
  }

  override pause(): void {
    this.isPaused = true;
  }

  override resume(): void {
    this.isPaused = false;
  }

  /** What its peer was sent. */
  get texts(): string[] {
    return this.written.flatMap((chunk) => this.encoder.framing.decode(chunk));
  }

  says(text: string): void {
    this.owner.received(this, new TextEncoder().encode(`${text}\n`));
  }

  /** Answers the last ping. */
  pongs(): void {
    this.owner.ponged(this, Number(this.pings.at(-1)!));
  }

  /** It is over, with what was being sent. */
  closes(code: number): void {
    this.over = true;
    this.#done();
    this.owner.ended(this, code);
  }

  protected take(): void {}

  protected takeEnd(): boolean {
    return false;
  }

  protected farewell(): Uint8Array {
    return new Uint8Array(0);
  }

  protected awaitsGoodbye(): boolean {
    return false;
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
function open({ most = 1000, lost = 60_000, left = 60_000, told = 60_000 } = {}) {
  const first = new FakeLink();
  const who = { remote: "192.0.2.1:1", address: "192.0.2.1", isPrivate: false, isSecure: false };
  const room = new PendingConnections({ most: 9, mostPerNetwork: 9, deadlineMs: lost });
  const closed: Session[] = [];
  const options = {
    ...{ ...who, most, token: "t", away: { waiting: room, lost, left, told } },
    closed: (session: Session) => void closed.push(session),
  };
  const session = new Session(first, options);
  void write(session, WELCOME);
  first.written.length = 0;
  const read = async () => {
    const buffer = new Uint8Array(100);
    const count = await session.read(buffer);
    return count === null ? null : new TextDecoder().decode(buffer.subarray(0, count));
  };
  const say = (...texts: string[]) => write(session, ...texts);
  return { first, session, options, closed, read, say, [Symbol.dispose]: () => session.close() };
}

const WELCOME = '{"type":"welcome","name":"ann"}';
const RESUMED = '{"type":"resumed"}';

Deno.test("what comes is read as it is, and what is written goes out so", async () => {
  using opened = open();
  opened.first.says('{"a":1}');
  opened.first.says("b");
  assertEquals([await opened.read(), await opened.read()], ['{"a":1}\n', "b\n"]);
  await opened.say("a", "b");
  assertEquals(opened.first.texts, ["a", "b"]);
});

Deno.test("an app that lost its link gets what it missed, and nothing twice", async () => {
  using opened = open();
  const { first, session, say } = opened;
  await say("1", "2");
  first.closes(1006);
  await say("3");
  await say("4", "5");
  const second = new FakeLink();
  assert(session.continueOn(second, 1));
  await say("6");
  assertEquals(second.texts, [RESUMED, "2", "3", "4", "5", "6"]);
  // What it has is known by the ping that went behind it.
  second.pongs();
  const third = new FakeLink();
  assert(!session.continueOn(third, 1));
  assert(session.continueOn(third, 5));
  assertEquals([third.texts, second.closedWith], [[RESUMED, "6"], 4001]);
});

Deno.test("what comes before the welcome is sent, and not counted", async () => {
  using opened = open();
  const first = new FakeLink();
  const fresh = new Session(first, opened.options);
  await write(fresh, "a password?");
  await write(fresh, "once more", WELCOME, "1", "2");
  assertEquals(first.texts, ["a password?", "once more", WELCOME, "1", "2"]);
  const second = new FakeLink();
  assert(fresh.continueOn(second, 1));
  assertEquals(second.texts, [RESUMED, "2"]);
  fresh.close();
});

Deno.test("an app that has forgotten all is welcomed first, and counts from there", async () => {
  using opened = open();
  await opened.say("1", "2");
  const second = new FakeLink();
  opened.session.restartOn(second);
  await opened.say("on its way");
  await opened.say("also", WELCOME, "3");
  assertEquals([second.texts, opened.first.closedWith], [[WELCOME, "3"], 4001]);
  opened.session.beat();
  second.pongs();
  const third = new FakeLink();
  assert(!opened.session.continueOn(third, 2));
  await opened.say("4");
  assert(opened.session.continueOn(third, 1));
  assertEquals(third.texts, [RESUMED, "4"]);
});

Deno.test("a welcome is where the outbox says, whatever a frame looks like", async () => {
  using opened = open();
  const second = new FakeLink();
  opened.session.restartOn(second);
  await opened.say('{"type":"welcome","name":"eve"}');
  await opened.say(WELCOME, "1");
  assertEquals(second.texts, [WELCOME, "1"]);
});

Deno.test("an app that begins anew while its welcome waits is sent the next one alone", async () => {
  using opened = open();
  const { session } = opened, size = encodeFrames([WELCOME]).length;
  session.restartOn(new FakeLink());
  session.expectWelcome({ start: size, end: 2 * size });
  const third = new FakeLink();
  session.restartOn(third);
  session.expectWelcome({ start: 2 * size, end: 3 * size });
  await session.write(encodeFrames([WELCOME, WELCOME, "1"]));
  assertEquals(third.texts, [WELCOME, "1"]);
});

Deno.test("an app that may not have its new welcome counts from the old one: it begins anew", async () => {
  using opened = open();
  await opened.say("1");
  const second = new FakeLink();
  opened.session.restartOn(second);
  opened.session.beat();
  for (let i = 0; i < 4; i++) opened.session.beat();
  await opened.say(WELCOME, "2", "3");
  // A ping that went out before the welcome says nothing about it.
  second.pongs();
  const third = new FakeLink();
  assert(!opened.session.continueOn(third, 1));
});

Deno.test("what an old link still says and does is nobody's", async () => {
  using opened = open({ lost: 1 });
  const second = new FakeLink();
  assert(opened.session.continueOn(second, 0));
  opened.first.closes(1006);
  await opened.say("still here");
  assertEquals([second.texts, opened.session.isOpen], [[RESUMED, "still here"], true]);
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

Deno.test("that a link is lost is told after a while, and once that it is back; a short loss is not", async () => {
  using opened = open({ told: 1 });
  const told: boolean[] = [], { promise, resolve } = Promise.withResolvers<void>();
  opened.session.onLost((isLost) => {
    told.push(isLost);
    resolve();
  });
  opened.first.closes(1006);
  await promise;
  const second = new FakeLink();
  assert(opened.session.continueOn(second, 0));
  assertEquals(told, [true, false]);
  second.closes(1006);
  assert(opened.session.continueOn(new FakeLink(), 0));
  opened.session.close();
  assertEquals(told, [true, false]);
});

Deno.test("for one that is away no more is kept than it may have; who lacks more begins anew", async () => {
  using opened = open({ most: 100 });
  await opened.say("x".repeat(60));
  opened.first.closes(1006);
  await opened.say("y".repeat(60));
  await opened.say("z");
  const second = new FakeLink();
  const come = (received: number) => opened.session.continueOn(second, received);
  assert(!come(0));
  assert(opened.session.isOpen);
  assert(come(1));
  assertEquals(second.texts, [RESUMED, "y".repeat(60), "z"]);
});

Deno.test("a write waits for its peer to read, and does not fail with the link", async () => {
  using opened = open();
  const { first, session } = opened;
  first.takes = false;
  const writing = session.write(encodeFrames(["a"]));
  first.closes(1006);
  assertEquals(await writing, 3);
});

Deno.test("a write that an old link never gets rid of does not hold up the new one", async () => {
  using opened = open();
  const { first, session } = opened;
  first.takes = false;
  const writing = session.write(encodeFrames(["a"]));
  const second = new FakeLink();
  assert(session.continueOn(second, 0));
  assertEquals(await writing, 3);
  await opened.say("b");
  assertEquals(second.texts, [RESUMED, "a", "b"]);
});

Deno.test("behind every so many bytes a ping asks whether they have arrived", async () => {
  using opened = open({ most: 1e6 });
  for (let i = 0; i < 3; i++) await opened.say("x".repeat(50_000));
  assertEquals(opened.first.pings, ["100008"]);
  opened.first.pongs();
  const second = new FakeLink();
  const come = (received: number) => opened.session.continueOn(second, received);
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
  const { first } = opened;
  first.owner.pinged(first);
  assertEquals(await opened.read(), "\n");
  first.owner.ponged(first, 0);
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
  assert(opened.session.continueOn(second, 0));
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

Deno.test("one that is closed ends its link at once, and says whether its app was evicted", () => {
  for (const isEvicted of [false, true]) {
    const { first, session, closed } = open();
    session.close(isEvicted);
    session.close();
    assertEquals([first.isTerminated, first.wasEvicted], [true, isEvicted]);
    assertEquals(closed, [session]);
  }
});

Deno.test("an app that answers late, behind more than may wait to be read, is not lost", async () => {
  using opened = open();
  const { first, session } = opened;
  for (let i = 0; i < 4; i++) session.beat();
  assertEquals(first.pings.length, 1);
  for (let i = 0; i < 3; i++) session.beat();
  // What it says at once: while that is read at the rate, its answer waits behind it.
  const burst = Array.from({ length: 600 }, (_, i) => `say ${i}`);
  while (burst.length > 0) {
    while (burst.length > 0 && !first.isPaused) first.says(burst.shift()!);
    while (first.isPaused) {
      session.beat();
      await opened.read();
    }
    // It is read again: its next bytes, or its answer, may take a moment.
    for (let i = 0; i < 3; i++) session.beat();
  }
  first.pongs();
  for (let i = 0; i < 3; i++) session.beat();
  assert(!first.isTerminated);
});

Deno.test("an app that sends lines may end them, and is still sent what it asked for", async () => {
  const lines = () => Object.assign(new FakeLink(LINE_ENCODER), { ping: undefined });
  const first = lines();
  const { options } = open({ left: 1 });
  const session = new Session(first, options);
  first.says('{"type":"join"}');
  // The end of its input, and of nothing else.
  first.owner.ended(first, 1005);
  await session.write(LINE_ENCODER.framing.encode(["an answer"]));
  assertEquals(first.texts, ["an answer"]);
  const buffer = new Uint8Array(100);
  assertEquals([await session.read(buffer), await session.read(buffer)], [16, null]);
  session.endWrites();
  assertEquals(first.closedWith, 1000);
  first.closes(1005);
  await session.closed();
});

Deno.test("where there are no pings the last bytes are kept, and no link is lost by beats", async () => {
  const lines = () => Object.assign(new FakeLink(LINE_ENCODER), { ping: undefined });
  const first = lines(), second = lines();
  const { options } = open({ most: 1e6 });
  const session = new Session(first, options);
  const welcome = LINE_ENCODER.framing.encode([WELCOME]);
  session.expectWelcome({ start: 0, end: welcome.length });
  await session.write(welcome);
  for (let i = 0; i < 10; i++) {
    await session.write(LINE_ENCODER.framing.encode([`${i}${"x".repeat(9998)}`]));
  }
  for (let i = 0; i < 20; i++) session.beat();
  assert(!first.isTerminated);
  assert(!session.continueOn(second, 3));
  assert(session.continueOn(second, 4));
  assertEquals(second.texts.map((text) => text.slice(0, 9)), [
    RESUMED.slice(0, 9),
    ...["4", "5", "6", "7", "8", "9"].map((digit) => `${digit}xxxxxxxx`),
  ]);
  session.close();
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

Deno.test("the rest of a line that was too long is not awaited over another link", async () => {
  const lines = () => Object.assign(new FakeLink(LINE_ENCODER), { ping: undefined });
  const first = lines(), second = lines();
  const { options } = open();
  const session = new Session(first, options);
  first.owner.received(first, new TextEncoder().encode("x".repeat(9)));
  session.restartOn(second);
  second.says("a");
  const buffer = new Uint8Array(100);
  const read: (number | null)[] = [];
  for (let i = 0; i < 3; i++) read.push(await session.read(buffer));
  // An end of the line, and then the new one.
  assertEquals(read, [9, 1, 2]);
  session.close();
});
