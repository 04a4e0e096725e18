// What outboxes count of the bytes that they are given: all are sent, dropped or pending, to the byte. What is pending is
// told by the open connections (open_connections.ts).

import { counter, counters, histogram } from "../metrics.ts";

/** Bytes that were handed to outboxes. */
export const QUEUED = counter(
  "bobchat_queued_bytes_total",
  "Bytes that were handed over to be sent.",
);
/** Those that the system took. */
export const SENT = counter("bobchat_sent_bytes_total", "Bytes that the system has taken to send.");
/** Those that nobody was sent. */
export const DROPPED = counters({
  name: "bobchat_dropped_bytes_total",
  help:
    "Bytes that were not sent: what waited when the connection was evicted or broke, or came after its end.",
  label: "reason",
  values: ["evicted", "broken", "ended"],
});
/** Those that wait, of each outbox that is busy. */
export const PENDING = histogram({
  name: "bobchat_outbox_pending_bytes",
  help:
    "Bytes that wait for one connection, of each that is being sent something, a few times a second.",
  bounds: [1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216],
});
