// Connects without a terminal: stdin goes to the server, and the server's lines go to stdout.

import { parseHeard } from "../wire/heard.ts";
import { StartError, unreadable, unwritable } from "../errors.ts";
import { Arrival } from "./arrival.ts";
import type { Connection } from "./connection.ts";
import type { Wanted } from "./presence.ts";

/** Options of a pipe. */
export interface PipeOptions {
  /** What to ask the server for before stdin is sent. */
  readonly wanted: Wanted;
  /** Whether lines are printed as JSON objects. */
  readonly json: boolean;
  /** The server's address, for errors. */
  readonly server: string;
}

/** Milliseconds in which the server must have given the name and the room. */
const PATIENCE = 10_000;
/** How a server with `--tls-only` refuses who does not encrypt. */
const TLS_ONLY = "*** This server speaks TLS only: ";

/** How a server with a password asks for it. */
const PASSWORD = "*** This room has a password: ";

/** Sends all of stdin, and prints all that comes in. Throws a `StartError` if the server ends first. */
export async function pipe(connection: Connection, options: PipeOptions): Promise<void> {
  const { server } = options;
  const ready = Promise.withResolvers<void>();
  let isSent = false;
  const feed = async () => {
    await ready.promise;
    for await (const chunk of input()) await connection.send(chunk);
    isSent = true;
    connection.end();
  };
  const timer = setTimeout(() => {
    ready.reject(new StartError(`${server} does not answer to --nick and --room: leave them out`));
  }, PATIENCE);
  try {
    const written = write(connection, options, () => {
      clearTimeout(timer);
      ready.resolve();
    });
    const last = await Promise.race([written, feed().then(() => written)]);
    if (last.startsWith(TLS_ONLY)) throw new StartError(`${server} speaks TLS only: add --tls`);
    if (isSent && !connection.isBroken || last === "*** Goodbye.") return;
  } catch (error) {
    // The reader of stdout has gone (`| head`).
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw error;
  } finally {
    clearTimeout(timer);
  }
  throw new StartError(`${server} has ended the connection`);
}

/** Stdin, whose failures are not the connection's. */
async function* input(): AsyncGenerator<Uint8Array> {
  try {
    yield* Deno.stdin.readable;
  } catch (error) {
    throw unreadable(error);
  }
}

/** Prints what comes in, and asks for name and room; returns the last line. */
async function write(
  connection: Connection,
  { wanted, json, server }: PipeOptions,
  arrived: () => void,
): Promise<string> {
  const encoder = new TextEncoder(), stdout = Deno.stdout.writable.getWriter();
  const arrival = new Arrival(wanted);
  if (arrival.isOver) arrived();
  let last = "";
  for await (const lines of connection.lines()) {
    const shown = json ? lines.map((line) => JSON.stringify(parseHeard(line))) : lines;
    try {
      await stdout.write(encoder.encode(shown.map((line) => `${line}\n`).join("")));
    } catch (error) {
      throw unwritable(error);
    }
    for (const line of arrival.isOver ? [] : lines) {
      if (line.startsWith(PASSWORD)) {
        throw new StartError(
          `${server} has a password: leave --nick and --room out, and make it the first line`,
        );
      }
      for (const answer of arrival.heard(parseHeard(line)).send) {
        await connection.send(`${answer}\n`);
      }
      const refused = arrival.refusedName || arrival.refusedRoom;
      if (refused !== "") throw new StartError(refused.replace(/\.$/, ""));
      if (arrival.isOver) arrived();
    }
    last = lines.at(-1) ?? last;
  }
  return last;
}
