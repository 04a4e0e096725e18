// HTTP over real connections: they are kept, answered in order, and cost nobody anything.

import { ASSETS } from "../../lib/page/assets.ts";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { Bobchat, Client, needsNetwork } from "./bobchat.ts";
import { Cable } from "./cable.ts";
import { testPage } from "./chromium.ts";
import { TestServer } from "./listeners.ts";

const PATHS = [...ASSETS.keys()];
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const ENCODER = new TextEncoder();
/** The texts of answers that came on one connection, one character a byte. */
const bodies = (bytes: string) =>
  bytes.split(/HTTP\/1\.1 200 OK\r\n/).slice(1).map((each) =>
    each.slice(each.indexOf("\r\n\r\n") + 4)
  );
const latin1 = (text: string) =>
  Array.from(ENCODER.encode(text), (byte) => String.fromCharCode(byte)).join("");

for (const scheme of ["http", "https"] as const) {
  testPage(
    ["openssl"],
    `the page and its WebSocket need no more connections than a browser opens at once, by ${scheme}`,
    async (visits) => {
      await using server = await TestServer.open();
      using cable = new Cable(server.port);
      const at = { port: cable.port, scheme };
      const ann = await visits.open(at, { name: "ann" });
      await ann.say("hello");
      await ann.sees("hello");
      assert(PATHS.length > 30);
      assert(cable.connections <= 7, `${cable.connections}`);
      const before = cable.connections;
      await ann.page.reload();
      await ann.sees("hello");
      // The WebSocket is a new one.
      assert(cable.connections <= before + 2, `${cable.connections} after ${before}`);
    },
  );
}

Deno.test(
  "requests that come in one piece are answered in order, on one connection",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using client = await Client.connect(bobchat.port);
    await client.send(PATHS.map(get).join(""));
    await client.endWrites();
    await client.end();
    assertEquals(
      bodies(client.incoming.bytes),
      PATHS.map((path) => latin1(ASSETS.get(path)!.body)),
    );
  },
);

Deno.test(
  "who asks for much and reads nothing costs no memory, and delays nobody",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using all = new DisposableStack();
    using polite = await Client.connect(bobchat.port);
    await polite.send(get("/view/log.ts"));
    await polite.until("content-length");
    const before = await memory(bobchat.process.pid);
    const requests = ENCODER.encode(get("/view/log.ts").repeat(2000));
    for (let i = 0; i < 190; i++) {
      const conn = all.use(await Deno.connect({ hostname: "127.0.0.1", port: bobchat.port }));
      await conn.write(requests);
    }
    for (let i = 0; i < 20; i++) {
      polite.incoming.forget();
      await polite.send(get("/none"));
      await polite.until("404: see /\n");
    }
    const more = await memory(bobchat.process.pid) - before;
    assert(more < 128, `${more} MiB`);
  },
);

Deno.test(
  "a malformed request is answered, though more follows than is read",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using client = await Client.connect(bobchat.port);
    await client.send(`POST / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n${"x".repeat(300_000)}`);
    assertMatch(await client.end(), /^HTTP\/1\.1 400 Bad Request\r\n[^]*\r\nconnection: close\r\n/);
  },
);

Deno.test(
  "the page is shown by the machine's names, and by no name that may be another site's",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    const statusBy = async (host: string) => {
      using client = await Client.connect(bobchat.port);
      await client.send(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      return (await client.end()).slice(9, 12);
    };
    for (const host of [Deno.hostname(), "localhost:7777", "127.0.0.1", "box.local"]) {
      assertEquals(await statusBy(host), "200", host);
    }
    assertEquals(await statusBy("evil.example"), "421");
    await bobchat.stderr.until(/ info refuse 127\.0\.0\.1:\d+: "it asks for evil\.example"\n/);
  },
);

/** The memory of a process, in MiB. */
async function memory(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)![1]) / 1024;
}
