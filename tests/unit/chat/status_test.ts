// /status: how the server is, for its operators.

import { describe } from "../../../lib/chat/status.ts";
import { assert, assertEquals } from "../../assert.ts";
import { crowned, people, type Person, runIn, STATUS } from "./people.ts";

const LINES = [
  "This server has been up for 3 days, and has 120 connections.",
  "In the last minute: 2.3 messages and 279 deliveries a second, 12 % of a core, at most 4 ms late. " +
  "Memory: 110 MiB.",
  "Slowest readers: carol (200 KiB wait, nothing taken for 3 seconds), 10.1.2.4:5000 (900 bytes wait).",
];

Deno.test("an operator is told how busy the server is, and who reads slowly; nobody else is", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await runIn({}, [alice.join(), bob.join()], ...crowned(alice), [
    alice.orders("status"),
    bob.orders("status"),
    alice.orders("status", "now"),
  ]);
  for (const line of LINES) assert(alice.heard.includes(`*** ${line}`), alice.heard.join("\n"));
  assertEquals(bob.heard.filter((line) => line.includes("/status is for operators")).length, 1);
  assert(!bob.heard.some((line) => line.includes("has been up")));
  assert(alice.heard.some((line) => line.includes("Usage: /status")));
});

Deno.test("when nobody reads slowly, that is said", () => {
  const lines = describe({ ...STATUS, connections: 1, uptime: 10, slowest: [] });
  assertEquals([lines[0], lines[2]], [
    "This server has been up for 1 second, and has 1 connection.",
    "Nobody reads slowly.",
  ]);
});
