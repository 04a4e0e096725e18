// First bytes over real connections, one by one and in one piece with what follows: everyone comes in, and
// nothing of a request, a hello or a header is ever said, early or late.

import fc from "fast-check";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { Client, testWith } from "./bobchat.ts";
import { PROTOCOLS, TestServer } from "./listeners.ts";
import { cut, Relay, sendPieces } from "./relay.ts";

const ENCODER = new TextEncoder();
const GREETED = "/help lists what else there is.";

/** Headers of the PROXY protocol, of both versions. */
const HEADERS = {
  "a PROXY header": ENCODER.encode("PROXY TCP4 198.51.100.7 192.0.2.2 5 6\r\n"),
  "a binary PROXY header": Uint8Array.of(
    ...[13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x11, 0, 12],
    ...[198, 51, 100, 7, 192, 0, 2, 2, 0, 5, 0, 6],
  ),
};
const NO_HEADER = new Uint8Array(0);

const WAYS: [string, Uint8Array, boolean][] = [
  ["byte by byte", NO_HEADER, true],
  ...Object.entries(HEADERS).flatMap(([name, header]): [string, Uint8Array, boolean][] => [
    [`after ${name}, byte by byte`, header, true],
    [`after ${name} in one piece with what follows`, header, false],
  ]),
];

for (const [how, header, isCut] of WAYS) {
  testWith(["openssl"], `everyone comes in by every protocol ${how}`, async () => {
    const flags = header === NO_HEADER ? [] : ["--proxy-protocol", "--trusted-proxy", "127.0.0.1"];
    await using server = await TestServer.open(flags);
    using relay = new Relay(server.port, { header, isCut });
    using alice = await Client.enter(await server.dial("tcp", relay.port), "alice");
    let told = "";
    for (const protocol of PROTOCOLS) {
      using client = await Client.enter(await server.dial(protocol, relay.port), protocol);
      alice.incoming.forget();
      await client.send(`by ${protocol}\nand more\n`);
      told += await alice.until(": and more\r\n");
    }
    const said = PROTOCOLS.flatMap((name) => [`${name}(): by ${name}`, `${name}(): and more`]);
    const lines = told.replace(/\([^)]*\)/g, "()").split("\r\n");
    assertEquals(lines.filter((line) => line !== "" && !line.startsWith("***")), said);
    assertEquals(/PROXY|QUIT|HTTP|\ufffd/.exec(alice.incoming.text), null);
    assertEquals(await server.bobchat.stop(), 0);
  });
}

/** The first bytes that a client of TLS sends. */
async function hello(): Promise<Uint8Array> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connecting = Deno.connectTls({ hostname: "127.0.0.1", port: listener.addr.port });
  using conn = await listener.accept();
  const buffer = new Uint8Array(4096);
  const count = await conn.read(buffer);
  (await connecting).close();
  return buffer.slice(0, count!);
}

const REST = "Cookie: secret\r\n\r\nsecret\r\nmore secret\r\n";
/** What no person types, each with more in the same piece. */
const firstBytes = async (): Promise<Record<string, Uint8Array>> => ({
  "a request": ENCODER.encode(`GET /?secret HTTP/1.1\r\nHost: x\r\n${REST}`),
  "a form": ENCODER.encode(`POST /secret HTTP/1.0\r\nContent-Length: 9\r\n${REST}`),
  "a whole address": ENCODER.encode(`GET http://x/secret HTTP/1.1\r\n${REST}`),
  "an unknown method": ENCODER.encode(`secret /secret HTTP/1.1\r\n${REST}`),
  "HTTP/2": ENCODER.encode(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${REST}`),
  "a WebSocket": ENCODER.encode(
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${REST}`,
  ),
  "a hello": Uint8Array.of(...await hello(), ...ENCODER.encode(REST)),
  "no hello": Uint8Array.of(0x16, 3, 1, 0, 9, ...ENCODER.encode(`secret\n${REST}`)),
  "an object": ENCODER.encode(`{"type":"secret","text":"secret"}\n${REST}`),
  "/json and an object": ENCODER.encode(`/json {"token":"secret"}\n${REST}`),
  ...Object.fromEntries(
    Object.entries(HEADERS).map(([name, header]) =>
      [name, Uint8Array.of(...header, ...ENCODER.encode(`secret\n${REST}`))] as const
    ),
  ),
});

/** One by one, in one piece, or anyhow. */
const SIZES = fc.oneof(
  { arbitrary: fc.constant<number[]>([1]), weight: 1 },
  { arbitrary: fc.constant<number[]>([10_000]), weight: 1 },
  {
    arbitrary: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
    weight: 2,
  },
);

const CUT_OFF = [
  Deno.errors.BrokenPipe,
  Deno.errors.ConnectionReset,
  Deno.errors.BadResource,
];

/** Sends strange bytes in pieces, ends, and waits for the end of the connection; returns what came back. */
async function strange(
  conn: Deno.Conn,
  bytes: Uint8Array,
  { sizes, isLate }: { sizes: readonly number[]; isLate: boolean },
): Promise<string> {
  using client = new Client(conn);
  if (isLate) await client.until(GREETED);
  try {
    await sendPieces(conn, cut(bytes, sizes));
    await conn.closeWrite();
  } catch (error) {
    // It was cut off before its end.
    if (!CUT_OFF.some((kind) => error instanceof kind)) throw error;
  }
  return await client.end();
}

for (const isLate of [false, true]) {
  testWith(
    ["openssl"],
    `nothing of a request, a hello, an object or a header is said, ${
      isLate ? "though it comes after the greeting" : "however its first bytes are split"
    }`,
    async () => {
      await using server = await TestServer.open();
      using alice = await server.join("tcp", "alice");
      const { port } = server;
      const caCerts = [await Deno.readTextFile(server.cert)];
      const test = async (sizes: number[]) => {
        alice.incoming.forget();
        const all = Object.entries(await firstBytes()).flatMap(([name, bytes]) =>
          [false, true].map(async (isSecure) => {
            const where = { hostname: "127.0.0.1", port };
            const conn = isSecure
              ? await Deno.connectTls({ ...where, caCerts })
              : await Deno.connect(where);
            const answer = await strange(conn, bytes, { sizes, isLate });
            assert(!answer.includes("secret\r\n"), `${name}: ${answer}`);
          })
        );
        await Promise.all(all);
        await alice.send("all well?\n");
        assertMatch(await alice.until(": all well?\r\n"), /^alice\(.*\): all well\?\r\n$/);
      };
      await fc.assert(fc.asyncProperty(SIZES, test), { numRuns: isLate ? 5 : 15 });
      assertEquals(await server.bobchat.stop(), 0);
    },
  );
}
