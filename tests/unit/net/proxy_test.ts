// The headers of trusted proxies: what is passed on, and what the log says of who sends none.

import { Networks } from "../../../lib/chat/address.ts";
import type { PeekedConnection } from "../../../lib/net/peeked.ts";
import { ProxyHeaders } from "../../../lib/net/proxy.ts";
import { assertEquals } from "../../assert.ts";
import { Logged } from "../logged.ts";
import { FakePeeked } from "./fake_peeked.ts";

const PROXY = "192.0.2.1", LONG = 60_000;

/** Reads headers, of few connections at once. */
function open(deadlineMs = LONG) {
  const served: PeekedConnection[] = [];
  const headers = new ProxyHeaders({
    proxies: new Networks([PROXY]),
    serve: (connection) => void served.push(connection),
    pending: { most: 2, mostPerNetwork: 2, deadlineMs },
  });
  return { headers, served };
}

Deno.test("a proxy that is late with its header is closed, and the log says so", async () => {
  using log = new Logged();
  const { headers, served } = open(5), late = new FakePeeked(PROXY);
  late.fake.feed("PROXY TCP4 ");
  await headers.serve(late);
  assertEquals(log.lines, [`close ${PROXY}:1, a --trusted-proxy: no PROXY header in time`]);
  assertEquals([late.fake.isClosed, served.length], [true, 0]);
});

Deno.test("of too many proxies' connections without a header, the eldest is closed; a stop closes all", async () => {
  using log = new Logged();
  const { headers, served } = open(), all = [1, 2, 3].map(() => new FakePeeked(PROXY));
  const done = all.map((each) => headers.serve(each));
  await done[0];
  assertEquals(all.map(({ fake }) => fake.isClosed), [true, false, false]);
  all[1]!.fake.feed("PROXY TCP4 198.51.100.7 192.0.2.2 5 6\r\n");
  await done[1];
  headers.close();
  await done[2];
  assertEquals(served.map(({ address }) => address), ["198.51.100.7"]);
  assertEquals(log.lines, [
    `close ${PROXY}:1, a --trusted-proxy: others came, and it had waited longest for its PROXY header`,
    `close ${PROXY}:1, a --trusted-proxy: the server stops`,
  ]);
});
