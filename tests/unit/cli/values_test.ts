// The values that options take.

import { UsageError } from "../../../lib/errors.ts";
import * as value from "../../../lib/cli/values.ts";
import { assertEquals, assertMatch, assertThrows } from "../../assert.ts";

/** Checks what a parser makes of texts, and which it refuses with a sentence that begins with the name. */
function check<T>(parse: value.Parse<T>, good: [string, T][], bad: string[]): void {
  for (const [text, expected] of good) assertEquals(parse(text, "--x"), expected, text);
  for (const text of bad) assertThrows(() => parse(text, "--x"), UsageError, "--x ");
}

Deno.test("numbers", () => {
  check(value.number({ min: 1, max: 10 }), [["1", 1], ["10", 10], ["007", 7]], [
    ...["0", "11", "1.5", "-1", "1e1", "", " 1", "NaN", "Infinity", "0x5"],
  ]);
  check(value.number({ min: 0, max: 1, fraction: true }), [["0.25", 0.25], ["1", 1]], [
    ".5",
    "1.5",
  ]);
});

Deno.test("sizes", () => {
  check(value.size({ min: 16, max: 1024 ** 2 }), [
    ["64", 64],
    ["64k", 65536],
    ["64 KiB", 65536],
    ["64KB", 65536],
    ["1MiB", 1048576],
    ["100b", 100],
  ], ["15", "2m", "1t", "k", "1.5k", "", "-1"]);
});

Deno.test("seconds become milliseconds", () => {
  check(value.seconds({ min: 0.1, max: 100 }), [["30", 30_000], ["0.1", 100]], ["0", "101", "1m"]);
});

Deno.test("words", () => {
  check(value.oneOf("text", "json"), [["text", "text"], ["JSON", "json"]], ["", "xml"]);
  check(value.yesOrNo, [["1", true], ["Yes", true], ["on", true], ["false", false], ["0", false]], [
    "",
    "maybe",
  ]);
  check(value.anyText, [["a b", "a b"]], []);
});

Deno.test("ports", () => {
  check(value.ports, [
    ["7777", [7777]],
    ["7777-7780", [7777, 7778, 7779, 7780]],
    ["1,3-4, 3", [1, 3, 4]],
    ["0,0", [0, 0]],
  ], ["", "x", "65536", "5-4", "0-3", "1-65", "-1", "1,", "1.5"]);
});

Deno.test("addresses", () => {
  check(value.hosts, [
    ["127.0.0.1", ["127.0.0.1"]],
    ["[::1], fe80::1%eth0,localhost", ["::1", "fe80::1%eth0", "localhost"]],
    ["a,a", ["a"]],
  ], ["", "a b", "a,,b", "http://x/", "127.0.0.1:8000", "localhost:80", "[::1]:80"]);
});

Deno.test("origins of web pages, and networks", () => {
  check(value.origins, [
    ["https://chat.example", ["https://chat.example"]],
    ["http://a:8080, https://b/", ["http://a:8080", "https://b"]],
  ], ["", "chat.example", "https://a/b", "ftp://a", "*"]);
  check(value.networks, [
    ["127.0.0.1", ["127.0.0.1"]],
    ["10.0.0.0/8, ::1,fd00::/8", ["10.0.0.0/8", "::1", "fd00::/8"]],
  ], ["", "localhost", "10.0.0.0/33", "10.0.0.0/8/8", "fe80::1%eth0"]);
});

Deno.test("of several values, the one that is wrong is shown", () => {
  const rows: [() => unknown, string][] = [
    [() => value.networks("10.0.0.0/8, there", "--x"), "there"],
    [() => value.hostNames("chat.example,a b", "--x"), "a b"],
    [() => value.origins("https://a,https://b/c", "--x"), "https://b/c"],
    [() => value.hosts("::1,http://b", "--x"), "http://b"],
  ];
  for (const [parse, wrong] of rows) {
    assertMatch(assertThrows(parse, UsageError).message, new RegExp(`, not "${wrong}"$`));
  }
});

Deno.test("servers of NATS, with a user and a password if need be, which no error repeats", () => {
  const nats = "tls://bob:tea%2Ccake@nats.example:4222";
  check(value.natsServers, [
    ["10.0.0.1", ["10.0.0.1"]],
    [`nats://[::1]:4222/, ${nats}`, ["nats://[::1]:4222", nats]],
  ], ["", "http://a", "nats://a/b", "nats://@a", "nats://a@b@c", "a:65536"]);
  const rows = [
    ["http://bob:cake@a", "http://a"],
    ["nats://bob:tea,cake@a", "nats://a"],
    ["nats://bob:tea/cake@a", "nats://a"],
    ["nats://bob:tea@cake@a", "nats://a"],
    ["bob:cake@a:65536", "a:65536"],
  ];
  for (const [text, shown] of rows) {
    const error = assertThrows(() => value.natsServers(text!, "--nats"), UsageError);
    assertEquals(
      error.message,
      `--nats takes an address such as nats://10.0.0.1:4222, not "${shown}"`,
    );
  }
});

Deno.test("dates and times, local unless they have a zone", () => {
  const begin = new Date(2026, 10, 24).getTime(), end = new Date(2026, 10, 25).getTime();
  const moments: [string, number][] = [
    ["2026-11-24T10:00", new Date(2026, 10, 24, 10).getTime()],
    ["2026-11-24 10:00:30", new Date(2026, 10, 24, 10, 0, 30).getTime()],
    ["2026-11-24t09:00z", Date.UTC(2026, 10, 24, 9)],
    ["2026-11-24T10:00:00.250+01:00", Date.UTC(2026, 10, 24, 9) + 250],
  ];
  const bad = [
    "",
    "today",
    "2026-11",
    "2026-02-30",
    "2026-13-01",
    "2026-11-24T25:00",
    "24.11.2026",
  ];
  check(value.time({ bareDate: "begins" }), [["2026-11-24", begin], ...moments], bad);
  check(value.time({ bareDate: "ends" }), [["2026-11-24", end], ...moments], bad);
});
