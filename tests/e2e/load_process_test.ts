// The benchmark's load process, against a relay that a test can make forget or repeat something.

import { compile } from "../../scripts/bench/servers.ts";
import { assert, assertEquals } from "../assert.ts";
import { testWith } from "./bobchat.ts";

const SOURCE = new URL("../../scripts/bench/load.c", import.meta.url).pathname;
const CLIENTS = 4;

/** How often a relay sends a chunk of messages to its connection with this number, from 0. */
type Copies = (connection: number) => number;

/** Sends all that it is sent to everyone; one chunk of messages as it is told. Counts that one's lines. */
class Relay {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections: { conn: Deno.TcpConn; written: Promise<unknown> }[] = [];
  readonly #copies: Copies;
  #chunks = 0;
  /** Lines of the chunk that was not sent as all others were. */
  lines = 0;

  constructor(copies: Copies) {
    this.#copies = copies;
    void this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async #accept(): Promise<void> {
    // The load process opens its connections one after the other, and a relay ends by closing its listener.
    for await (const conn of this.#listener) {
      this.#connections.push({ conn, written: Promise.resolve() });
      void this.#relay(conn);
    }
  }

  async #relay(conn: Deno.TcpConn): Promise<void> {
    for (const buffer = new Uint8Array(4096);;) {
      const count = await conn.read(buffer);
      if (count === null) return;
      const chunk = buffer.slice(0, count);
      const isOdd = chunk[0] === "#".charCodeAt(0) && ++this.#chunks === 10;
      if (isOdd) this.lines = chunk.filter((byte) => byte === "\n".charCodeAt(0)).length;
      for (const [number, to] of this.#connections.entries()) {
        for (let left = isOdd ? this.#copies(number) : 1; left > 0; left--) {
          to.written = to.written.then(() => to.conn.write(chunk));
        }
      }
    }
  }

  async close(): Promise<void> {
    this.#listener.close();
    for (const { conn, written } of this.#connections) {
      await written;
      conn.close();
    }
  }
}

/** What the load process reports of a short run against such a relay. */
async function report(copies: Copies): Promise<{ lines: number; got: Record<string, number> }> {
  const folder = await Deno.makeTempDir();
  const relay = new Relay(copies);
  try {
    assertEquals(await compile(SOURCE, `${folder}/load`), undefined);
    const asked = { clients: CLIENTS, senders: CLIENTS, window: 8, warmup: 0, server: Deno.pid };
    const settings = Object.entries({ ...asked, seconds: 0.5, patience: 0.5 });
    const child = new Deno.Command(`${folder}/load`, {
      args: [`${relay.port}`, ...settings.map(([key, value]) => `${key}=${value}`)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const stdin = child.stdin.getWriter();
    await stdin.write(new TextEncoder().encode("go\n"));
    await stdin.close();
    const { stdout } = await child.output();
    await relay.close();
    const [ready, line] = new TextDecoder().decode(stdout).split("\n");
    assertEquals(ready, "ready");
    return { lines: relay.lines, got: JSON.parse(line!) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

testWith(["cc"], "the load process counts what arrives, and what it cost the server", async () => {
  const { got } = await report(() => 1);
  assertEquals([got.lost, got.closed], [0, 0]);
  assert(got.deliveries! > 100 && got.p50! > 0 && got.p99! >= got.p50!, JSON.stringify(got));
  assert(got.spent! > 0 && got.cpu! > 0 && got.cpu! <= got.seconds! * 1.1);
});

testWith(["cc"], "the load process misses what one of its clients was not sent", async () => {
  const { lines, got } = await report((connection) => connection === 2 ? 0 : 1);
  assert(lines > 0);
  assertEquals(got.lost, lines);
});

testWith(
  ["cc"],
  "what one client was sent twice does not stand for what another was not",
  async () => {
    const { lines, got } = await report((connection) => [1, 2, 0, 1][connection]!);
    assert(lines > 0);
    assertEquals(got.lost, 2 * lines);
  },
);
