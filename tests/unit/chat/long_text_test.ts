// What --max-line bounds: the text that others are sent, whatever command brings it.

import { OVERSIZE } from "../../../lib/chat/fan_out.ts";
import { isLonger } from "../../../lib/chat/size.ts";
import { createMetrics } from "../../../lib/metrics.ts";
import { assert, assertEquals } from "../../assert.ts";
import { people, type Person, promotes, run, runIn } from "./people.ts";

const FITS = "é".repeat(512);
const TOO_LONG =
  "*** That line was longer than 1024 bytes, so it was not sent: say it in shorter lines.";

Deno.test("a text of the limit fits to a room and to a person, and one byte more is refused", async () => {
  const rows: [string, string, string][] = [
    ["me", "", `* guest1(2) ${FITS}`],
    ["msg", "guest2 ", `guest1(2) to guest2: ${FITS}`],
    ["msg", "guest2    ", `guest1(2) to guest2: ${FITS}`],
    ["reply", "", `guest1(2) to guest2: ${FITS}`],
    ["quit", "", `*** guest1 left: ${FITS} (1 here)`],
  ];
  for (const [name, head, heard] of rows) {
    for (const [text, isSent] of [[FITS, true], [`${FITS}!`, false]] as const) {
      const [alice, bob] = people(2) as [Person, Person];
      await run([alice.join(), bob.join(), bob.orders("msg", "guest1 hi")], [
        alice.orders(name, head + text),
      ]);
      assertEquals(bob.heard.includes(heard), isSent, `${name} ${isSent}`);
      assertEquals(alice.heard.includes(TOO_LONG), !isSent, name);
    }
  }
});

Deno.test("an announcement is no longer than another text", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await runIn(
    {},
    [alice.join(), bob.join()],
    [alice.orders("nick", "al")],
    [alice.orders("register", "password")],
    [alice.orders("register", "password")],
    [promotes("al")],
    [alice.orders("announce", `${FITS}!`), alice.orders("announce", FITS)],
  );
  assertEquals(bob.heard.filter((line) => line.includes("announces")).length, 1);
  assertEquals(alice.heard.filter((line) => line === TOO_LONG).length, 1);
});

Deno.test("what was too long is counted", async () => {
  const metrics = createMetrics();
  const [alice] = people(1) as [Person];
  await runIn({ metrics }, [alice.join()], [
    alice.orders("me", `${FITS}!`),
    alice.orders("me", FITS),
  ]);
  assertEquals(metrics.count(OVERSIZE), 1);
});

Deno.test("bytes are counted as UTF-8 has them", () => {
  for (const text of ["", "abc", "é", "漢字", "👨‍👩‍👧", "aé漢👍", "x".repeat(1000) + "漢"]) {
    const { length } = new TextEncoder().encode(text);
    assert(!isLonger(text, length), text);
    assert(length === 0 || isLonger(text, length - 1), text);
  }
  // As it came: a byte that was no UTF-8.
  assert(!isLonger("\ufffd".repeat(10), 10));
});
