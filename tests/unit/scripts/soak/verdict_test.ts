import type { Part, Result, TimedFigures } from "../../../../scripts/soak/result.ts";
import { judgements, wrongs } from "../../../../scripts/soak/verdict.ts";
import { assertEquals } from "../../../assert.ts";

const MIB = 1024 * 1024;
const IDLE = {
  ...{ rss: 80 * MIB, heap: 13 * MIB, wal: 0, files: 30, open: 0, members: 0, processor: 1 },
  ...{ waits: 0, wakes: 15 },
};
const PART: Part = {
  ...{ name: "people come and go", from: 0, until: 1, took: 1000, isStandstill: false },
  noticed: {
    window: {
      ...{ heard: 9, p50: 2, p99: 8, longest: 12, silence: 1000, ended: [] },
      wrongs: { lost: 0, doubled: 0, misplaced: 0 },
      ...{ resumed: 1, restarted: 0 },
    },
    comers: { here: 5, did: {}, ended: {} },
    ...{ busy: 0.1, lag: 3 },
  },
  ...{ closes: {}, dropped: {} },
};

/** A run of so many minutes in which all was well, but memory as it is said. */
function resultOf(minutes: number, rss: (minute: number) => number): Result {
  const samples: TimedFigures[] = Array.from({ length: minutes * 60 }, (_, at) => ({
    ...{ ...IDLE, at, rss: rss(at / 60) },
  }));
  return {
    options: { minutes, people: 100, hasFaults: true },
    ...{ version: "bobchat", samples, faultsAt: Infinity, parts: [PART], code: 0, crowdBusy: 0 },
    ...{ before: IDLE, after: IDLE, leftOpen: [], metrics: new Map() },
    books: {
      ...{ messages: 5, hearers: 10, delivered: 9, withheld: { echo: 1 } },
      ...{ queued: 100, sent: 90, dropped: { evicted: 10 }, pending: 0 },
    },
    counted: {
      ...{ said: 2, hearers: 4, heard: 4 },
      server: { said: 2, hearers: 4, delivered: 4 },
    },
    history: { heard: 5, wrong: [], lost: 0 },
  };
}

/** A run in which all was well. */
const GOOD = resultOf(30, (minute) => (200 + minute % 3) * MIB);

Deno.test("a run in which all was well has nothing against it", () => {
  assertEquals(wrongs(GOOD), []);
});

Deno.test("memory that grows is found in a long run, and not judged in a short one", () => {
  const grow = (minute: number) => (200 + minute) * MIB;
  assertEquals(wrongs(resultOf(30, grow)), ["memory (RSS) grows"]);
  assertEquals(wrongs(resultOf(2, grow)), []);
  assertEquals(judgements(resultOf(2, grow))[0]!.trend, undefined);
  assertEquals(wrongs(resultOf(2, () => 900 * MIB)), ["it took 900 MiB of memory"]);
});

Deno.test("whoever stayed and was not sent something, or was ended, is told of", () => {
  const window = {
    ...PART.noticed.window,
    ...{ ended: ["s1, lines: stopped reading"], wrongs: { lost: 1, doubled: 2, misplaced: 3 } },
  };
  const part = { ...PART, name: "EMFILE", noticed: { ...PART.noticed, window } };
  assertEquals(wrongs({ ...GOOD, parts: [PART, part] }), [
    "EMFILE: 1 messages lost",
    "EMFILE: 2 messages heard twice",
    "EMFILE: 3 messages out of order",
    "EMFILE: ended: s1, lines: stopped reading",
  ]);
});

Deno.test("a message may be as late as a standstill lasts, and not more than ten seconds besides", () => {
  const window = { ...PART.noticed.window, longest: 14_000 };
  const late = { ...PART, took: 5000, noticed: { ...PART.noticed, window } };
  assertEquals(wrongs({ ...GOOD, parts: [{ ...late, isStandstill: true }] }), []);
  assertEquals(wrongs({ ...GOOD, parts: [late] }).length, 1);
});

Deno.test("books, counts, files and a history that are not as they should be are told of", () => {
  assertEquals(
    wrongs({
      ...GOOD,
      books: { ...GOOD.books, delivered: 8 },
      counted: { ...GOOD.counted, heard: 3 },
      leftOpen: ["socket"],
      history: { heard: 5, wrong: ["#soak0: 5 heard, 4 kept"], lost: 2 },
      code: 1,
    }).length,
    7,
  );
});
