// What NATS's library rejects with, as a fault of the stream.

import { JetStreamApiError } from "@nats-io/jetstream";
import { type FaultKind, StreamFault } from "../../../lib/cluster/stream.ts";
import { faults } from "../../../lib/cluster/jetstream.ts";
import { assertEquals, assertRejects } from "../../assert.ts";

Deno.test("JetStream's numbers tell a store that is full, a stream that is gone, and who cannot answer now", async () => {
  const rows: [number, FaultKind][] = [
    ...[10023, 10077, 10047].map((code): [number, FaultKind] => [code, "full"]),
    [10059, "gone"],
    ...[10008, 10009].map((code): [number, FaultKind] => [code, "nobody"]),
    [10100, "refused"],
  ];
  for (const [number, kind] of rows) {
    const error = new JetStreamApiError({ code: 503, err_code: number, description: "no" });
    const fault = await assertRejects(() => faults(Promise.reject(error)), StreamFault);
    assertEquals((fault as StreamFault).kind, kind, `${number}`);
  }
});
