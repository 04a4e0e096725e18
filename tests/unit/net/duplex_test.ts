// A connection as a stream: what TLS writes, and how it fails.

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { ConnectionDuplex } from "../../../lib/net/duplex.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { FakeConnection, settle } from "./fake_connection.ts";

Deno.test("a chunk is done once the system has taken all of it, however little at a time", async () => {
  const connection = new FakeConnection(), stream = new ConnectionDuplex(connection);
  let count = 0;
  stream.write(Buffer.from("abc"), () => count++);
  await connection.take(1);
  await connection.take(1);
  assertEquals(count, 0);
  await connection.take(1);
  assertEquals([count, connection.text, connection.writes.length], [1, "abc", 0]);
  stream.write(Buffer.from("de"), "utf8", () => count++);
  await connection.take();
  assertEquals([count, connection.text], [2, "abcde"]);
});

Deno.test("a chunk that would overtake another is a bug, and not sent", async () => {
  const connection = new FakeConnection(), stream = new ConnectionDuplex(connection);
  stream.write(Buffer.from("abc"));
  assertThrows(() => stream.write(Buffer.from("de")), Error, "a write is under way");
  await connection.takeAll();
  assertEquals(connection.text, "abc");
});

Deno.test("a write that fails closes the connection, with the reason", async () => {
  const connection = new FakeConnection(), stream = new ConnectionDuplex(connection);
  const failed = once(stream, "error");
  let isDone = false;
  stream.write(Buffer.from("abc"), () => isDone = true);
  const reset = new Deno.errors.ConnectionReset("reset");
  await connection.fail(reset);
  assertEquals(await failed, [reset]);
  await settle();
  assert(connection.isClosed && stream.destroyed && !isDone);
});
