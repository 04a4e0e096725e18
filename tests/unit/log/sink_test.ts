// Where the log goes: what cannot be written is counted and dropped, and nobody waits for it.

import { getTextFormatter, type LogRecord } from "@logtape/logtape";
import { logSink } from "../../../lib/log/sink.ts";
import { assert, assertEquals } from "../../assert.ts";
import { settle } from "../net/fake_connection.ts";

const DECODER = new TextDecoder();

/** A log whose output the test breaks and mends. */
function open() {
  const log = {
    text: "",
    lost: 0,
    /** What a write does: takes so many bytes, fails, or waits for ever. */
    next: Infinity as number | Error | "stuck",
    record: (text: string) => sink(recordOf(text)),
    close: () => sink[Symbol.asyncDispose](),
  };
  const write = (bytes: Uint8Array) => {
    const { next } = log;
    if (next === "stuck") return new Promise<number>(() => {});
    if (next instanceof Error) return Promise.reject(next);
    const part = bytes.subarray(0, next);
    log.text += DECODER.decode(part);
    // The disk is full behind that.
    if (next !== Infinity) log.next = new Error("No space left on device");
    return Promise.resolve(part.length);
  };
  const format = getTextFormatter({ timestamp: "none", format: ({ message }) => message });
  const sink = logSink({ format, output: { write }, onLost: (count) => log.lost += count });
  return log;
}

function recordOf(text: string): LogRecord {
  return {
    category: ["bobchat"],
    level: "info",
    message: [text],
    rawMessage: text,
    timestamp: 0,
    properties: {},
  };
}

Deno.test("what a full disk does not take is counted, and told once it takes something again", async () => {
  const log = open();
  log.record("one");
  await settle();
  log.next = new Error("No space left on device");
  log.record("two");
  log.record("three");
  await settle();
  log.record("four");
  await settle();
  assertEquals([log.text, log.lost], ["one\n", 3]);
  log.next = Infinity;
  log.record("five");
  await settle();
  assertEquals(log.text, 'one\nfive\n3 lines of the log were lost: "No space left on device"\n');
  log.record("six");
  await settle();
  assert(log.text.endsWith('device"\nsix\n'), log.text);
});

Deno.test("a line that was cut is not run into by the next", async () => {
  const log = open();
  log.next = 2;
  log.record("one");
  await settle();
  log.next = Infinity;
  log.record("two");
  await settle();
  assertEquals(log.text, 'on\ntwo\n1 lines of the log were lost: "No space left on device"\n');
});

Deno.test("what nobody reads waits in a bounded text, and holds up neither the log nor its end", async () => {
  const log = open();
  log.next = "stuck";
  for (let i = 0; i < 3000; i++) log.record("x".repeat(999));
  assert(log.lost > 1900 && log.lost < 2000, `${log.lost}`);
  await log.close();
});
