// Envelopes as bytes: how much one takes, and that what goes in comes out.

import fc from "fast-check";
import type { SharedEvent } from "../../../lib/chat/event.ts";
import {
  decode,
  EnvelopeEncoder,
  MOST_ALONE,
  MOST_BYTES,
  MOST_EVENTS,
} from "../../../lib/cluster/encode.ts";
import { assert, assertEquals } from "../../assert.ts";
import { say } from "../../trivial_chat.ts";

const HEAD = { rules: 1, node: 2, epoch: 3, counter: 4 };
const ENCODER = new TextEncoder();

function encode(events: readonly SharedEvent[]): { count: number; bytes: Uint8Array } {
  const encoder = new EnvelopeEncoder();
  encoder.begin(HEAD);
  for (const event of events) if (encoder.add(event) !== "added") break;
  return { count: encoder.count, bytes: encoder.end() };
}

Deno.test("an envelope comes out as it went in, whatever was said", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
    const events = texts.map(say);
    assertEquals(decode(encode(events).bytes), { ...HEAD, events });
  }));
});

Deno.test("an envelope takes 500 events and no more", () => {
  const { count, bytes } = encode(Array.from({ length: 600 }, (_, i) => say(`${i}`)));
  assertEquals(count, MOST_EVENTS);
  assertEquals(decode(bytes)?.events.length, MOST_EVENTS);
});

Deno.test("an envelope takes 512 KiB of several events and no more", () => {
  const { count, bytes } = encode(Array.from({ length: 400 }, () => say("ü".repeat(1000))));
  assert(count < 400);
  assert(bytes.length <= MOST_BYTES + 2 && bytes.length > MOST_BYTES - 3000);
  assertEquals(decode(bytes)?.events.length, count);
});

Deno.test("a larger event goes alone, and one that NATS would not take is refused", () => {
  const large = say("x".repeat(MOST_BYTES));
  assertEquals(encode([large, say("next")]).count, 1);
  const encoder = new EnvelopeEncoder();
  encoder.begin(HEAD);
  assertEquals(encoder.add(say("x".repeat(MOST_ALONE))), "too large");
  assertEquals(encoder.add(say("next")), "added");
  assertEquals(decode(encoder.end())?.events, [say("next")]);
});

Deno.test("what is no envelope is told apart", () => {
  for (
    const text of [
      "",
      "hello",
      "{}",
      "[]",
      "null",
      '{"rules":1,"node":"2","epoch":1,"counter":1,"events":[]}',
      '{"rules":1,"node":2,"epoch":1,"counter":1,"events":[null]}',
      '{"rules":1,"node":2,"epoch":1,"counter":1,"events":[{"kind":"typed","id":8589934593}]}',
    ]
  ) {
    assertEquals(decode(ENCODER.encode(text)), undefined, text);
  }
  assertEquals(decode(Uint8Array.of(0xff, 0x00)), undefined);
});
