// JSON lines over a connection that a test makes up.

import type { Connection } from "../../../lib/terminal/connection.ts";
import { LineSocket } from "../../../lib/terminal/line_socket.ts";
import { assertEquals } from "../../assert.ts";

/** A connection to a server that says these lines, and then nothing until it is dropped. */
function connectionTo(...lines: string[]) {
  const dropped = Promise.withResolvers<void>();
  const sent: string[] = [];
  const connection = {
    ...{ isSecure: false, isTls: false, isDropped: false, sent },
    async *lines() {
      yield lines;
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
function open(connection: ReturnType<typeof connectionTo>): LineSocket {
  // Only what a socket uses is there.
  const socket = new LineSocket(Promise.resolve(connection as unknown as Connection));
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
