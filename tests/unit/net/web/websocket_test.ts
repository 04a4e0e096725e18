// A WebSocket as a link: frames however they are split, and what no library would send.

import { Buffer } from "node:buffer";
import fc from "fast-check";
import type { WebSocketLink } from "../../../../lib/net/web/websocket.ts";
import { encodeFrames } from "../../../../lib/wire/websocket_frame.ts";
import { assert, assertEquals } from "../../../assert.ts";
import { FakeConnection, settle } from "../fake_connection.ts";
import { load } from "./load_websockets.ts";

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();
const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10, CONTINUATION = 0;
const MOST = 4096;

const open = await load(MOST);

/** A frame as a client sends it. */
function frame(
  payload: string | Uint8Array,
  { opcode = TEXT, isFinal = true, isMasked = true, rsv = 0 } = {},
): Uint8Array {
  const bytes = typeof payload === "string" ? ENCODER.encode(payload) : payload;
  const mask = isMasked ? [1, 2, 3, 4] : [];
  const { length } = bytes;
  const size = length < 126
    ? [length]
    : length < 65536
    ? [126, length >> 8, length & 255]
    : [127, 0, 0, 0, 0, length >>> 24, length >> 16 & 255, length >> 8 & 255, length & 255];
  size[0]! |= isMasked ? 0x80 : 0;
  const masked = isMasked ? bytes.map((byte, i) => byte ^ mask[i % 4]!) : bytes;
  return join(Uint8Array.of((isFinal ? 0x80 : 0) | rsv | opcode, ...size, ...mask), masked);
}

function closeFrame(code: number, reason = ""): Uint8Array {
  return frame(Uint8Array.from([code >> 8, code & 255, ...ENCODER.encode(reason)]), {
    opcode: CLOSE,
  });
}

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** An open WebSocket whose other end is the test, and what it told. */
class Opened {
  readonly connection = new FakeConnection();
  readonly link: WebSocketLink;
  readonly lines: string[] = [];
  readonly pongs: number[] = [];
  readonly ended: number[] = [];
  pings = 0;

  constructor(head?: Uint8Array, opens = open) {
    this.link = opens(this.connection);
    this.link.owner = {
      received: (_link, lines) => void this.lines.push(DECODER.decode(lines)),
      pinged: () => void this.pings++,
      ponged: (_link, count) => void this.pongs.push(count),
      ended: (_link, code) => void this.ended.push(code),
    };
    this.link.start(head);
  }

  /** Feeds bytes and waits until they were taken. */
  async feed(...items: (Uint8Array | null | Error)[]): Promise<void> {
    this.connection.feed(...items);
    await settle();
    await settle();
  }

  /** The frames that its peer was sent so far: opcode, and content. */
  async sent(): Promise<[opcode: number, content: string][]> {
    await this.connection.takeAll();
    const bytes = Uint8Array.from(this.connection.taken), frames: [number, string][] = [];
    for (let at = 0; at < bytes.length;) {
      const head = bytes[at + 1]! < 126 ? 2 : 4;
      const length = head === 2 ? bytes[at + 1]! : bytes[at + 2]! << 8 | bytes[at + 3]!;
      const payload = bytes.subarray(at + head, at + head + length);
      const opcode = bytes[at]! & 15;
      const content = opcode === CLOSE
        ? `${payload.length > 1 ? payload[0]! << 8 | payload[1]! : ""}`
        : DECODER.decode(payload);
      frames.push([opcode, content]);
      at += head + length;
    }
    return frames;
  }

  [Symbol.dispose](): void {
    this.link.terminate();
  }
}

Deno.test("wherever frames are split, each message is one line, and line ends in it are blanks", async () => {
  const message = fc.string({ unit: "grapheme", maxLength: 300 });
  const messages = fc.array(fc.tuple(message, fc.nat(3)), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(messages, fc.array(fc.integer({ min: 1, max: 200 })), async (sent, cuts) => {
      using opened = new Opened();
      const bytes = join(...sent.flatMap(([text, fragments]) => {
        const whole = ENCODER.encode(text), parts: Uint8Array[] = [];
        for (let i = 0; i <= fragments; i++) {
          const [from, to] = [i, i + 1].map((n) => Math.floor(whole.length * n / (fragments + 1)));
          const opcode = i === 0 ? TEXT : CONTINUATION;
          parts.push(frame(whole.slice(from, to), { opcode, isFinal: i === fragments }));
          // A ping between fragments is no part of the message.
          parts.push(frame("?", { opcode: PING }));
        }
        return parts;
      }));
      const chunks: Uint8Array[] = [];
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = cuts[i % cuts.length] ?? bytes.length;
        chunks.push(bytes.slice(at, at += size));
      }
      opened.connection.feed(...chunks);
      while (!opened.connection.isIdle) await settle();
      assertEquals(opened.lines, sent.map(([text]) => `${text.replaceAll("\n", " ")}\n`));
      assertEquals(opened.pings, sent.reduce((sum, [, fragments]) => sum + fragments + 1, 0));
    }),
    { numRuns: 60 },
  );
});

Deno.test("what came along with the request is read first", async () => {
  using opened = new Opened(frame("a"));
  await opened.feed(frame("b"));
  assertEquals(opened.lines, ["a\n", "b\n"]);
});

Deno.test("what breaks the protocol is closed with the code for it", async () => {
  const rows: [what: string, code: number, bytes: Uint8Array][] = [
    ["no mask", 1002, frame("x", { isMasked: false })],
    ["a reserved bit", 1002, frame("x", { rsv: 0x40 })],
    ["an unknown opcode", 1002, frame("x", { opcode: 3 })],
    ["a continuation of nothing", 1002, frame("x", { opcode: CONTINUATION })],
    ["a fragmented ping", 1002, frame("x", { opcode: PING, isFinal: false })],
    ["a ping of 126 bytes", 1002, frame("x".repeat(126), { opcode: PING })],
    ["a close of one byte", 1002, frame("x", { opcode: CLOSE })],
    ["a code that nobody may send", 1002, closeFrame(1006)],
    ["binary", 1003, frame("x", { opcode: BINARY })],
    ["no UTF-8", 1007, frame(Uint8Array.of(0xc3, 0x28))],
    ["a reason that is no UTF-8", 1007, frame(Uint8Array.of(3, 0xe8, 0xff), { opcode: CLOSE })],
    ["too long", 1009, frame("x".repeat(MOST + 1))],
    [
      "longer than there are numbers",
      1009,
      Uint8Array.of(0x81, 0xff, 255, 255, 255, 255, 0, 0, 0, 0),
    ],
    [
      "too long in fragments",
      1009,
      join(
        frame("x".repeat(MOST), { isFinal: false }),
        frame("x", { opcode: CONTINUATION }),
      ),
    ],
    [
      "fragments without end",
      1008,
      join(
        frame("", { isFinal: false }),
        ...Array.from({ length: 256 }, () => frame("", { opcode: CONTINUATION, isFinal: false })),
      ),
    ],
  ];
  for (const [what, code, bytes] of rows) {
    using opened = new Opened();
    await opened.feed(join(bytes, frame("more")));
    assertEquals(await opened.sent(), [[CLOSE, `${code}`]], what);
    assertEquals(opened.lines, [], what);
    await opened.feed(closeFrame(code), null);
    assert(opened.connection.isClosed && opened.link.isOver, what);
  }
});

Deno.test("a frame that trickles in byte by byte is bounded in parts", async () => {
  using opened = new Opened();
  const bytes = frame("x".repeat(MOST));
  for (const byte of bytes.subarray(0, 300)) opened.connection.feed(Uint8Array.of(byte));
  while (!opened.connection.isIdle) await settle();
  assertEquals(await opened.sent(), [[CLOSE, "1008"]]);
});

Deno.test("where a message may be large, it may come in as many packets as it takes", async () => {
  const most = 3 * 1024 * 1024, openLarge = await load(most);
  using opened = new Opened(undefined, openLarge);
  const bytes = frame(new Uint8Array(most).fill(97));
  for (let at = 0; at < bytes.length; at += 1400) {
    opened.connection.feed(bytes.slice(at, at + 1400));
  }
  while (!opened.connection.isIdle) await settle();
  assertEquals(opened.lines.map(({ length }) => length), [most + 1]);
});

Deno.test("a message of the most bytes is no byte too long", async () => {
  using opened = new Opened();
  await opened.feed(frame("x".repeat(MOST)), frame("y"));
  assertEquals(opened.lines.map(({ length }) => length), [MOST + 1, 2]);
});

Deno.test("a ping is answered with what it carried; of many, the newest", async () => {
  using opened = new Opened();
  const pings = Array.from({ length: 61 }, (_, i) => frame(`${i}`, { opcode: PING }));
  await opened.feed(join(...pings, frame("a")));
  assertEquals([opened.pings, opened.lines], [61, ["a\n"]]);
  assertEquals(await opened.sent(), [[PONG, "0"], [PONG, "60"]]);
  // A peer that reads nothing, and pings for ever, has one answer waiting.
  for (let i = 0; i < 1000; i++) await opened.feed(frame(`${i}`, { opcode: PING }));
  assertEquals(opened.connection.writes.length, 1);
  assertEquals((await opened.sent()).slice(2), [[PONG, "0"], [PONG, "999"]]);
});

Deno.test("pings of this side carry a count, which answers bring back", async () => {
  using opened = new Opened();
  opened.link.ping(7);
  assertEquals(await opened.sent(), [[PING, "7"]]);
  await opened.feed(frame("7", { opcode: PONG }), frame("x", { opcode: PONG }));
  assertEquals(opened.pongs, [7, NaN]);
  // With a chunk they are one write.
  let done = 0;
  opened.link.ping(8, encodeFrames(["x"]), () => done++);
  assertEquals([opened.connection.writes.length, done], [1, 0]);
  await opened.connection.take();
  assertEquals([opened.connection.writes.length, done], [0, 1]);
  assertEquals((await opened.sent()).slice(1), [[TEXT, "x"], [PING, "8"]]);
});

Deno.test("whoever writes, frames go out whole and one after another, however little is taken", async () => {
  const step = fc.oneof(
    fc.record({ say: fc.string({ maxLength: 200 }) }),
    fc.record({ ping: fc.nat(999) }),
    fc.record({ pinged: fc.string({ maxLength: 9, unit: "grapheme-ascii" }) }),
    fc.record({ take: fc.integer({ min: 1, max: 40 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      using opened = new Opened();
      const { connection, link } = opened;
      const said: string[] = [], done: string[] = [], pinged: string[] = [], asked: string[] = [];
      for (const what of steps) {
        if ("say" in what) {
          said.push(what.say);
          link.send(encodeFrames([what.say]), () => void done.push(what.say));
        } else if ("ping" in what) {
          pinged.push(`${what.ping}`);
          link.ping(what.ping);
        } else if ("pinged" in what) {
          asked.push(what.pinged);
          await opened.feed(frame(what.pinged, { opcode: PING }));
        } else if (connection.writes.length > 0) {
          await connection.take(what.take);
        }
        assert(connection.writes.length <= 1);
      }
      link.close(1000);
      const sent = await opened.sent();
      const of = (opcode: number) =>
        sent.filter(([each]) => each === opcode).map(([, text]) => text);
      assertEquals([of(TEXT), done, of(PING)], [said, said, pinged]);
      assertEquals(sent.at(-1), [CLOSE, "1000"]);
      // Each answer is to a later ping than the one before.
      let at = 0;
      for (const answer of of(PONG)) {
        at = asked.indexOf(answer, at) + 1;
        assert(at > 0);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("an app that says goodbye is answered, and the connection ends cleanly", async () => {
  for (
    const [code, answer] of [[1000, "1000"], [1001, "1001"], [4321, "4321"], [1005, ""]] as const
  ) {
    using opened = new Opened();
    const bye = code === 1005 ? frame("", { opcode: CLOSE }) : closeFrame(code, "bye");
    await opened.feed(join(bye, frame("late")));
    assertEquals(await opened.sent(), [[CLOSE, answer]]);
    assertEquals([opened.connection.writesEnded, opened.ended], [true, []]);
    await opened.feed(null);
    assertEquals([opened.ended, opened.lines, opened.connection.isClosed], [[code], [], true]);
  }
});

Deno.test("a link that was closed waits for the answer, drops what comes before it, then ends", async () => {
  using opened = new Opened();
  opened.link.send(encodeFrames(["last"]));
  opened.link.close(1013, "later");
  opened.link.send(encodeFrames(["never"]));
  assertEquals(await opened.sent(), [[TEXT, "last"], [CLOSE, "1013"]]);
  await opened.feed(frame("x"), frame("y", { opcode: PING }));
  assertEquals([opened.connection.writesEnded, opened.lines, opened.pings], [false, [], 0]);
  await opened.feed(closeFrame(1013));
  assertEquals(opened.connection.writesEnded, true);
  await opened.feed(null);
  assertEquals([opened.ended, opened.connection.isClosed], [[1013], true]);
});

Deno.test("a peer that does not answer a close is cut after a second", async () => {
  using opened = new Opened();
  const { promise, resolve } = Promise.withResolvers<number>();
  opened.link.owner = { ...opened.link.owner, ended: (_link, code) => resolve(code) };
  opened.link.close(1000);
  await opened.connection.takeAll();
  const since = performance.now();
  assertEquals(await promise, 1006);
  assert(performance.now() - since > 900);
  assert(opened.connection.isClosed);
});

Deno.test("an end without a goodbye, or a reset, is a lost link", async () => {
  for (const end of [null, new Deno.errors.ConnectionReset("reset")]) {
    using opened = new Opened();
    let done = 0;
    opened.link.send(encodeFrames(["x"]), () => done++);
    opened.link.send(encodeFrames(["y"]), () => done++);
    await opened.feed(frame("a"), end);
    assertEquals([opened.lines, opened.ended, opened.link.isOver], [["a\n"], [1006], true]);
    assertEquals([done, opened.connection.isClosed, opened.connection.wasEvicted], [
      2,
      true,
      end === null,
    ]);
  }
});

Deno.test("after a write that failed, what was sent before is still read", async () => {
  using opened = new Opened();
  let done = 0;
  opened.link.send(encodeFrames(["x"]), () => done++);
  await opened.connection.fail(new Deno.errors.BrokenPipe("gone"));
  opened.link.send(encodeFrames(["y"]), () => done++);
  assertEquals([done, opened.connection.writes.length, opened.ended], [2, 0, []]);
  await opened.feed(frame("a"), null);
  assertEquals([opened.lines, opened.ended], [["a\n"], [1006]]);
});

Deno.test("while it is paused nothing is read, so that TCP slows the peer down", async () => {
  using opened = new Opened();
  await opened.feed(frame("a"));
  opened.link.pause();
  // One read was under way.
  await opened.feed(frame("b"));
  await opened.feed(frame("c"), frame("d"));
  assertEquals(opened.lines, ["a\n", "b\n"]);
  assert(!opened.connection.isIdle);
  opened.link.resume();
  await opened.feed();
  assertEquals(opened.lines, ["a\n", "b\n", "c\n", "d\n"]);
});

Deno.test("a paused link that is closed still finds the answer", async () => {
  using opened = new Opened();
  opened.link.pause();
  await opened.feed(frame("a"), frame("b"), closeFrame(1000), null);
  opened.link.close(1000);
  await opened.sent();
  await opened.feed();
  assertEquals([opened.lines, opened.ended], [["a\n"], [1000]]);
});
