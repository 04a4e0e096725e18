// The time in front of a message.

import { stamp } from "../../../lib/wire/stamp.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("local time, twelve hours, two digits each", () => {
  const rows: [number, number, number, string][] = [
    [0, 0, 0, "12:00:00AM"],
    [0, 59, 9, "12:59:09AM"],
    [3, 4, 5, "03:04:05AM"],
    [11, 59, 59, "11:59:59AM"],
    [12, 0, 0, "12:00:00PM"],
    [15, 4, 5, "03:04:05PM"],
    [23, 59, 59, "11:59:59PM"],
  ];
  for (const [hours, minutes, seconds, expected] of rows) {
    const at = new Date(2024, 5, 1, hours, minutes, seconds).getTime();
    assertEquals(stamp(at), expected);
    assertEquals(stamp(at + 999), expected);
  }
});
