// JSON lines over a connection that a test makes up.

import type { Connection } from "../../../lib/terminal/connection.ts";
import { LineSocket, type LineSocketOptions } from "../../../lib/terminal/line_socket.ts";
import { assertEquals } from "../../assert.ts";

/** A connection to a server that says these lines, and then nothing until it is dropped. */
function connectionTo(...lines: string[]) {
  const dropped = Promise.withResolvers<void>();
  const sent: string[] = [];
  const connection = {
    ...{ isSecure: false, isTls: false, isDropped: false, read: 0, sent },
    async *lines() {
      for (const line of lines) {
        connection.read++;
        yield [line];
      }
      await dropped.promise;
    },
    send(text: string) {
      sent.push(text);
      return Promise.resolve();
    },
    end() {},
    drop() {
      connection.isDropped = true;
      dropped.resolve();
    },
  };
  return connection;
}

/** A socket over it that has said something. */
function open(
  connection: ReturnType<typeof connectionTo>,
  options: LineSocketOptions = {},
): LineSocket {
  // Only what a socket uses is there.
  const socket = new LineSocket(Promise.resolve(connection as unknown as Connection), options);
  socket.onopen = () => socket.send('{"type":"join"}');
  return socket;
}

Deno.test("a connection to a server that speaks plain lines is dropped, unless somebody uses it on", async () => {
  await Promise.all([false, true].map(async (isKept) => {
    const connection = connectionTo("Welcome");
    const socket = open(connection);
    assertEquals(await socket.spoken, "plain");
    if (isKept) socket.keep();
    socket.close();
    assertEquals(connection.isDropped, !isKept);
    assertEquals(connection.sent, ['/json {"type":"join"}\n']);
    connection.drop();
    await socket.ended;
  }));
});

Deno.test("while what came cannot be written, nothing more is read", async () => {
  const connection = connectionTo('{"type":"ack","id":1}', '{"type":"ack","id":2}');
  const asked = Promise.withResolvers<void>(), written = Promise.withResolvers<void>();
  const told: string[] = [];
  const socket = open(connection, {
    onJson: (line) => told.push(line),
    room: () => {
      asked.resolve();
      return written.promise;
    },
  });
  await asked.promise;
  assertEquals([connection.read, told.length], [1, 1]);
  written.resolve();
  connection.drop();
  await socket.ended;
  assertEquals([connection.read, told.length], [2, 2]);
  socket.close();
});
