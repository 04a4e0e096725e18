// How far back a conversation is known, and what is asked for.

import { Past } from "../../../lib/client/state/past.ts";
import { assert, assertEquals, assertGreater } from "../../assert.ts";
import { entry, timeOf } from "./said.ts";

const PAGE = { count: 50, hasKnown: false };

Deno.test("at first anything may lie further back, then what the last answer left", () => {
  const past = new Past();
  assertGreater(past.older ?? 0, 1e9);
  assertEquals(past.since, Infinity);
  past.ask();
  assert(past.isAsked);
  assertEquals(past.heed({ ...PAGE, first: timeOf(51), next: 51 }), undefined);
  assertEquals([past.older, past.isAsked], [51, false]);
  past.heed({ ...PAGE, first: timeOf(1), next: undefined });
  assertEquals(past.older, undefined);
});

Deno.test("what was missed is asked for, page by page, until something known comes", () => {
  for (
    const end of [{ hasKnown: true, first: timeOf(30) }, { hasKnown: false, first: timeOf(9) }]
  ) {
    const past = new Past();
    past.heed({ ...PAGE, first: timeOf(5), next: 5 });
    past.begin(entry(10));
    assertEquals(past.since, timeOf(10));
    assertEquals(past.heed({ ...PAGE, first: timeOf(200), next: 200 }), 200);
    assertEquals([past.isAsked, past.older, past.since], [true, 5, timeOf(10)]);
    assertEquals(past.heed({ ...PAGE, ...end, next: 8 }), undefined);
    // Before what was known all is as it was.
    assertEquals([past.isAsked, past.older, past.since], [false, 5, Infinity]);
  }
});

Deno.test("more than can be filled in is a new beginning, and so is a server that has no more", () => {
  const much = new Past();
  much.begin(entry(1));
  let asked: number | undefined = 5000, pages = 0;
  while (asked !== undefined && pages < 100) {
    pages++;
    asked = much.heed({
      first: timeOf(asked - 200),
      count: 200,
      next: asked - 200,
      hasKnown: false,
    });
  }
  assertEquals([pages, much.older], [5, 4000]);
  const less = new Past();
  less.heed({ ...PAGE, first: timeOf(51), next: 51 });
  less.begin(entry(100));
  assertEquals(
    less.heed({ first: timeOf(101), count: 3, next: undefined, hasKnown: false }),
    undefined,
  );
  assertEquals(less.older, undefined);
});

Deno.test("a server that has forgotten everything says so with an empty page", () => {
  const past = new Past();
  past.begin(entry(100));
  assertEquals(
    past.heed({ first: undefined, count: 0, next: undefined, hasKnown: false }),
    undefined,
  );
  assertEquals([past.older, past.since], [undefined, Infinity]);
});

Deno.test("a new session asks anew, whatever was on its way", () => {
  const past = new Past();
  past.ask();
  past.begin(undefined);
  assert(!past.isAsked);
});

Deno.test("what was let go is asked for again, also what went while an answer was on its way", () => {
  const past = new Past();
  past.heed({ ...PAGE, first: timeOf(60), next: 60 });
  past.letGo(90);
  past.letGo(80);
  assertEquals(past.older, 90);
  past.ask();
  past.heed({ ...PAGE, first: timeOf(40), next: 40 });
  assertEquals(past.older, 40);
  past.ask();
  past.letGo(70);
  past.heed({ ...PAGE, first: timeOf(20), next: undefined });
  assertEquals(past.older, 70);
});
