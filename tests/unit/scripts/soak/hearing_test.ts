import { Hearing } from "../../../../scripts/soak/hearing.ts";
import { assertEquals } from "../../../assert.ts";

/** What went wrong when alice and bob heard these messages of a room: `a1` is author a's first. */
function wrongs(...heard: [alice: string, bob: string]): number[] {
  const room = new Hearing();
  room.add("alice");
  room.add("bob");
  const [alice, bob] = heard.map((texts) => texts.split(" "));
  for (const [who, texts] of [["alice", alice], ["bob", bob]] as const) {
    for (const text of texts!) room.heard(who, { author: text[0]!, number: Number(text.slice(1)) });
  }
  room.close();
  const { lost, doubled, misplaced } = room.wrongs;
  return [lost, doubled, misplaced];
}

Deno.test("nothing is wrong when both hear the same, once and in order", () => {
  assertEquals(wrongs("a1 b1 a2 a3", "a1 b1 a2 a3"), [0, 0, 0]);
});

Deno.test("what one of them was not sent is lost, in the middle and at the end", () => {
  assertEquals(wrongs("a1 b1 a2 a3", "a1 a2 a3"), [1, 0, 0]);
  assertEquals(wrongs("a1 b1 a2 a3", "a1 b1"), [2, 0, 0]);
});

Deno.test("what neither was sent is lost by its number", () => {
  assertEquals(wrongs("a1 a3", "a1 a3"), [1, 0, 0]);
});

Deno.test("what one of them was sent twice is doubled", () => {
  assertEquals(wrongs("a1 a2", "a1 a1 a2"), [0, 1, 0]);
  assertEquals(wrongs("a1 a1 a2", "a1 a2"), [0, 1, 0]);
});

Deno.test("another order is not taken for the same", () => {
  const [lost, doubled] = wrongs("a1 b1", "b1 a1");
  assertEquals([lost! > 0, doubled! > 0], [true, true]);
});
