// An app's session over real links that are lost and replaced, whatever they are at.

import fc from "fast-check";
import { PendingConnections } from "../../../../lib/net/pending_connections.ts";
import { LinesLink } from "../../../../lib/net/web/json_lines.ts";
import type { Link } from "../../../../lib/net/web/link.ts";
import { Session } from "../../../../lib/net/web/session.ts";
import { assert, assertEquals } from "../../../assert.ts";
import { FakeConnection, settle } from "../fake_connection.ts";
import { load } from "./load_websockets.ts";

const openWebSocket = await load(4096);
const WELCOME = '{"type":"welcome"}', RESUMED = '{"type":"resumed"}';
const TEXT = 1, PING = 9;

/** One link, and what the app at its other end has read: whole frames alone. */
class End {
  readonly connection = new FakeConnection();
  readonly link: Link;
  readonly isWeb: boolean;
  readonly pings: number[] = [];
  #parsed = 0;

  constructor(isWeb: boolean) {
    this.isWeb = isWeb;
    this.link = isWeb ? openWebSocket(this.connection) : new LinesLink(this.connection, 4096);
    this.link.start();
  }

  /** The texts that have come since the last call. */
  read(): string[] {
    const { taken } = this.connection, texts: string[] = [];
    for (let next; (next = this.#next(taken)) !== undefined;) {
      const { opcode, from, to } = next;
      const text = new TextDecoder().decode(Uint8Array.from(taken.slice(from, to)));
      this.#parsed = this.isWeb ? to : to + 1;
      if (opcode === TEXT && !text.startsWith('{"type":"closed"')) texts.push(text);
      if (opcode === PING) this.pings.push(Number(text));
    }
    return texts;
  }

  #next(taken: readonly number[]): { opcode: number; from: number; to: number } | undefined {
    const at = this.#parsed;
    if (!this.isWeb) {
      const to = taken.indexOf(10, at);
      return to === -1 ? undefined : { opcode: TEXT, from: at, to };
    }
    const short = taken[at + 1];
    if (short === undefined || short === 126 && taken.length < at + 4) return undefined;
    const from = at + (short < 126 ? 2 : 4);
    const to = from + (short < 126 ? short : taken[at + 2]! << 8 | taken[at + 3]!);
    return to > taken.length ? undefined : { opcode: taken[at]! & 15, from, to };
  }
}

Deno.test("however links are lost and replaced, an app gets each frame once and in order", async () => {
  const step = fc.oneof(
    fc.record({ say: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 3 }) }),
    fc.record({ take: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ lose: fc.boolean() }),
    fc.record({ come: fc.boolean() }),
    fc.record({ pong: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, isWeb) => {
      const who = {
        remote: "192.0.2.1:1",
        address: "192.0.2.1",
        isPrivate: false,
        isSecure: false,
      };
      const room = new PendingConnections({ most: 9, mostPerNetwork: 9, deadlineMs: 60_000 });
      const away = { waiting: room, lost: 60_000, left: 60_000, told: 60_000 };
      const ends = [new End(isWeb)];
      const options = { ...who, token: "t", most: 1e6, away, closed: () => {} };
      const session = new Session(ends[0]!.link, options);
      const { framing } = session.encoder;
      const due: string[] = [], got: string[] = [];
      let writing = Promise.resolve(0);
      const say = (...texts: string[]) => {
        due.push(...texts);
        writing = writing.then(() => session.write(framing.encode(texts)));
      };
      const read = () => {
        for (const text of ends.at(-1)!.read()) {
          if (text !== WELCOME && text !== RESUMED) got.push(text);
        }
      };
      const come = async () => {
        await settle();
        read();
        const end = new End(isWeb);
        ends.push(end);
        assert(session.continueOn(end.link, got.length));
      };
      const welcome = framing.encode([WELCOME]);
      session.expectWelcome({ start: 0, end: welcome.length });
      writing = session.write(welcome);
      // An app comes back only by the token that came with its welcome.
      await ends[0]!.connection.takeAll();
      let count = 0;
      for (const what of steps) {
        const { connection, pings, link } = ends.at(-1)!;
        if ("say" in what) say(...what.say.map((size) => `${count++} ${"x".repeat(size)}`));
        else if ("take" in what) {
          if (connection.writes.length > 0) await connection.take(what.take);
          read();
        } else if ("lose" in what) {
          if (what.lose) connection.feed(new Deno.errors.ConnectionReset("reset"));
          else if (connection.writes.length > 0) {
            await connection.fail(new Deno.errors.BrokenPipe("gone"));
          }
        } else if ("come" in what) await come();
        else if (pings.length > 0) session.ponged(link, pings.shift()!);
        await settle();
      }
      await come();
      let isWritten = false;
      void writing.then(() => isWritten = true);
      // Whatever the links before may still hold.
      const last = ends.at(-1)!.connection;
      while (!isWritten || last.writes.length > 0) await last.takeAll();
      read();
      assertEquals(got, due);
      for (const { connection } of ends) connection.close();
      session.close();
    }),
    { numRuns: 150 },
  );
});
