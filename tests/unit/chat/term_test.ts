// How long something lasts: as operators type it, and as it is told.

import { readTerm, remaining } from "../../../lib/chat/term.ts";
import { assertEquals } from "../../assert.ts";

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

/** What a text is read as: the time, and what is left of it; undefined where it is refused. */
function read(text: string): [lasts: number | undefined, rest: string] | undefined {
  const term = readTerm(text);
  return typeof term === "string" ? undefined : [term.lasts, term.rest];
}

Deno.test("a time is read in the spellings that people use", () => {
  const rows: [number, ...string[]][] = [
    [5 * MINUTE, "5m", "5 m", "5M", "5min", "5 mins", "5 minutes", "5 Minutes", "for 5 minutes"],
    [90 * MINUTE, "1h30m", "1h 30m", "1 hour 30 minutes", "90m", "90 min"],
    [90 * MINUTE, "1 hour and 30 minutes", "1h & 30m"],
    [30 * MINUTE, "half an hour", "30\u00a0m", "30\tmin", "for half an hour"],
    [2 * HOUR, "2h", "2hrs", "2 hours", "120m"],
    [90_000, "90s", "90 seconds", "1m30s"],
    [DAY, "1d", "1 day", "a day", "one day", "24h"],
    [7 * DAY, "7d", "1w", "a week", "1 week"],
    [30 * DAY, "30d", "1 month"],
  ];
  for (const [lasts, ...texts] of rows) {
    for (const text of texts) assertEquals(read(text), [lasts, ""], text);
  }
});

Deno.test("what stands behind a time is why", () => {
  assertEquals(read("5 minutes to cool down"), [5 * MINUTE, "to cool down"]);
  assertEquals(read("5m 3 strikes"), [5 * MINUTE, "3 strikes"]);
  assertEquals(read("10m 2 days of it"), [10 * MINUTE, "2 days of it"]);
  assertEquals(read("1h: spam"), [HOUR, "spam"]);
});

Deno.test("without a time it is for good", () => {
  for (const text of ["", "spam", "a man of words", "for a laugh", "forevermore"]) {
    assertEquals(read(text), [undefined, text]);
  }
  for (const text of ["forever", "for ever", "for good"]) {
    assertEquals(read(text), [undefined, ""]);
    assertEquals(read(`${text} 3 strikes`), [undefined, "3 strikes"]);
  }
});

Deno.test("what begins with a number and is no time is refused, never taken for good", () => {
  const texts = ["0m", "0h0m", "5", "5x", "5minutesxyz", "-5m", "+5m", "1.5h", ".5h", "3 strikes"];
  for (const text of [...texts, "1st warning", "1h30", "5m3", "５m", "½h", "for 3 strikes"]) {
    assertEquals(read(text), undefined, text);
  }
  for (const text of ["1h 30", "5m 5", "(5m)", '"5m"', "~5m", "[2h] spam"]) {
    assertEquals(read(text), undefined, text);
  }
  assertEquals(read("11y"), undefined);
  assertEquals(read("99999999999999999999d"), undefined);
});

Deno.test("what is left is told exactly enough", () => {
  const rows: [number, string][] = [
    [MINUTE, "1 minute"],
    [90 * MINUTE, "90 minutes"],
    [2 * HOUR - 2000, "2 hours"],
    [36 * HOUR, "36 hours"],
    [DAY - 1000, "1 day"],
    [10 * DAY, "10 days"],
    [1, "1 second"],
  ];
  for (const [left, told] of rows) assertEquals(remaining({ until: left }, 0), ` for ${told}`);
  assertEquals(remaining({}, 0), "");
});
