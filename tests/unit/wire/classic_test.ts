// The v0.1 protocol: what one read returns is a message, headed by its receiver's number.

import { toBytes } from "../../../lib/wire/chunk.ts";
import type { Protocol } from "../../../lib/wire/protocol.ts";
import type { Delivery } from "../../../lib/chat/delivery.ts";
import fc from "fast-check";
import { classicProtocol } from "../../../lib/wire/classic.ts";
import { stamp } from "../../../lib/wire/stamp.ts";
import { assert, assertEquals } from "../../assert.ts";
import { said } from "../chat/said.ts";

const ENCODER = new TextEncoder();

Deno.test("one reads 1024 bytes, and hears nothing until it has spoken", () => {
  const { readSize, speaks, end } = classicProtocol(1);
  assertEquals([readSize, speaks, end()], [{ idle: 1024, busy: 1024 }, "classic", []]);
});

function encode({ encoder }: Protocol, ...deliveries: Delivery[]): Uint8Array | undefined {
  const chunk = encoder.encode(deliveries);
  return chunk && toBytes(chunk);
}

Deno.test("bytes go through untouched, behind ID(TIME): of the receiver", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 1024 }), (bytes) => {
    const [input, ...more] = classicProtocol(1).decode(bytes);
    assertEquals(more, []);
    assert(input?.kind === "text");
    const message = said({ from: "guest1", text: input.text });
    const head = ENCODER.encode(`7(${stamp(0)}): `);
    assertEquals(
      encode(classicProtocol(7), message),
      Uint8Array.from([...head, ...bytes]),
    );
  }));
});

Deno.test("several messages each have their head, and nothing ends them", () => {
  const message = (text: string) => said({ text });
  assertEquals(
    encode(classicProtocol(3), message("a\n"), message("b")),
    ENCODER.encode(`3(${stamp(0)}): a\n3(${stamp(0)}): b`),
  );
});

Deno.test("the server's own words stay unsaid", () => {
  assertEquals(encode(classicProtocol(3), { kind: "notice", text: "hello" }), undefined);
});

Deno.test("connections do not share an encoder", () => {
  assert(classicProtocol(1).encoder !== classicProtocol(2).encoder);
});
