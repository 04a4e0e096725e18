import { createMetrics } from "../../../../lib/metrics.ts";
import { imbalances, readBooks, readMetrics, valueOf } from "../../../../scripts/soak/books.ts";
import { assertEquals, assertThrows } from "../../../assert.ts";

const TEXT = `# HELP bobchat_messages_total Messages.
# TYPE bobchat_messages_total counter
bobchat_messages_total{to="room"} 4
bobchat_messages_total{to="person"} 1
bobchat_message_hearers_total 15
bobchat_deliveries_total{kind="message"} 12
bobchat_deliveries_total{kind="other"} 99
bobchat_withheld_messages_total{reason="ignored"} 2
bobchat_withheld_messages_total{reason="echo"} 1
bobchat_queued_bytes_total 1000
bobchat_sent_bytes_total 900
bobchat_dropped_bytes_total{reason="evicted"} 70
bobchat_dropped_bytes_total{reason="broken"} 20
bobchat_pending_bytes 10
`;

Deno.test("books that balance have nothing to say", () => {
  const books = readBooks(readMetrics(TEXT));
  assertEquals([books.messages, books.hearers, books.delivered, books.pending], [5, 15, 12, 10]);
  assertEquals(books.withheld, { ignored: 2, echo: 1 });
  assertEquals(imbalances(books), []);
});

Deno.test("a message or a byte too many or too few is told", () => {
  const books = readBooks(readMetrics(TEXT));
  assertEquals(imbalances({ ...books, delivered: 11 }), ["1 messages too few"]);
  assertEquals(imbalances({ ...books, delivered: 13 }), ["1 messages too many"]);
  assertEquals(imbalances({ ...books, pending: 0 }), ["10 bytes too few"]);
});

Deno.test("a metric that is not there is no zero", () => {
  assertThrows(() => readBooks(readMetrics("")), RangeError);
  assertThrows(() => valueOf(readMetrics(TEXT), "bobchat_members"), RangeError);
});

Deno.test("the names of the books are those of the server's metrics", async () => {
  await import("../../../../lib/chat/writer.ts");
  await import("../../../../lib/net/outbox.ts");
  const names = [...createMetrics().families()].map(({ name }) => name);
  const read = new Set([...TEXT.matchAll(/^(\w+)/gm)].map(([name]) => name));
  // It is declared with the open connections.
  read.delete("bobchat_pending_bytes");
  assertEquals(read.difference(new Set(names)), new Set());
});
