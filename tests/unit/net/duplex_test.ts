// A connection as a stream: what TLS writes, and how it fails.

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { ConnectionDuplex } from "../../../lib/net/duplex.ts";
import { assert, assertEquals } from "../../assert.ts";
import { FakeConnection } from "./fake_connection.ts";

Deno.test("chunks go out whole and in order, however little the system takes at a time", async () => {
  const connection = new FakeConnection(), stream = new ConnectionDuplex(connection);
  let done = 0, flushed = 0;
  stream.write(Buffer.from("abc"), () => done++);
  stream.write(Buffer.from("de"), "utf8", () => done++);
  stream.flushed(() => flushed++);
  assertEquals(done, 2);
  for (const text of ["a", "ab", "abc", "abcd"]) {
    await connection.take(1);
    assertEquals([connection.text, connection.writes.length, flushed], [text, 1, 0]);
  }
  await connection.take(1);
  assertEquals([connection.text, connection.writes.length, flushed], ["abcde", 0, 1]);
  stream.flushed(() => flushed++);
  assertEquals(flushed, 2);
});

Deno.test("a write that fails closes the connection, with the reason", async () => {
  const connection = new FakeConnection(), stream = new ConnectionDuplex(connection);
  const failed = once(stream, "error"), told: unknown[] = [];
  stream.write(Buffer.from("abc"));
  stream.write(Buffer.from("de"));
  stream.flushed((error) => told.push(error));
  const reset = new Deno.errors.ConnectionReset("reset");
  await connection.fail(reset);
  assertEquals([await failed, told], [[reset], [reset]]);
  assert(connection.isClosed && stream.destroyed);
  assertEquals(connection.writes.length, 0);
});
