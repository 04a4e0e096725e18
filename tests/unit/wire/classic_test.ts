// The v0.1 protocol: what one read returns is a message, headed by its receiver's number.

import fc from "fast-check";
import { classicProtocol } from "../../../lib/wire/classic.ts";
import { stamp } from "../../../lib/wire/stamp.ts";
import { assert, assertEquals } from "../../assert.ts";
import { said } from "../chat/said.ts";

const ENCODER = new TextEncoder();

Deno.test("one reads 1024 bytes, and hears nothing until it has spoken", () => {
  const { readSize, hears, end } = classicProtocol(1);
  assertEquals([readSize, hears, end()], [{ idle: 1024, busy: 1024 }, false, []]);
});

Deno.test("bytes go through untouched, behind ID(TIME): of the receiver", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 1024 }), (bytes) => {
    const [input, ...more] = classicProtocol(1).decode(bytes);
    assertEquals(more, []);
    assert(input?.kind === "text");
    const message = said({ from: "guest1", text: input.text });
    const head = ENCODER.encode(`7(${stamp(0)}): `);
    assertEquals(
      classicProtocol(7).encoder.encode([message]),
      Uint8Array.from([...head, ...bytes]),
    );
  }));
});

Deno.test("several messages each have their head, and nothing ends them", () => {
  const message = (text: string) => said({ text });
  const { encoder } = classicProtocol(3);
  assertEquals(
    encoder.encode([message("a\n"), message("b")]),
    ENCODER.encode(`3(${stamp(0)}): a\n3(${stamp(0)}): b`),
  );
});

Deno.test("the server's own words stay unsaid", () => {
  assertEquals(classicProtocol(3).encoder.encode([{ kind: "notice", text: "hello" }]).length, 0);
});

Deno.test("connections do not share an encoder", () => {
  assert(classicProtocol(1).encoder !== classicProtocol(2).encoder);
});
