// The writer: one order for everyone, one encoding an encoder, and what each event does.

import { toChunk } from "../../../lib/wire/chunk.ts";
import fc from "fast-check";
import type { Event } from "../../../lib/chat/event.ts";
import { assert, assertEquals } from "../../assert.ts";
import { people, Person, Plain, run } from "./people.ts";

const CLOSING = "*** The room is closing: goodbye";

Deno.test("a newcomer is greeted, and the others are told", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join()], [bob.join()]);
  assertEquals(alice.heard, [
    "*** Welcome to bobchat, guest1. You are the first here.",
    "*** Type to talk. /nick NAME changes your name, /help lists what else there is.",
    "*** guest2 joined (2 here)",
    CLOSING,
  ]);
  assertEquals(bob.heard[0], "*** Welcome to bobchat, guest2. Here: guest1.");
  assertEquals([alice.ended, bob.ended], ["server closed", "server closed"]);
});

Deno.test("a greeting lists twenty names and /who a hundred, and they count the rest", async () => {
  const crowd = people(103);
  await run(crowd.map((person) => person.join()), [crowd[102]!.orders("who")]);
  const [greeting, , list] = crowd[102]!.heard;
  assert(greeting!.endsWith("guest19, guest20 and 82 more."), greeting);
  assert(list!.endsWith("guest99, guest100 and 3 more"), list);
});

Deno.test("words go to all, the sender too, with name and time", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join(), bob.join()], [alice.says("hello"), bob.says("hi")]);
  for (const { heard } of [alice, bob]) {
    assertEquals(heard.slice(-3), ["guest1(2): hello", "guest2(2): hi", CLOSING]);
  }
});

Deno.test("a batch is encoded once for all who share an encoder", async () => {
  const encoder = new Plain();
  const crowd = people(50, encoder);
  await run(crowd.map((person) => person.join()), [], []);
  const before = encoder.encoded;
  const again = people(50, encoder);
  await run(again.map((person) => person.join()), again.map((person) => person.says("hi")));
  // Joins as before, and one more for all fifty messages.
  assertEquals(encoder.encoded - before, before + 1);
  assert(
    again.every(({ chunks }) => chunks.at(-2) === again[0]!.chunks.at(-2)),
    "one and the same",
  );
});

Deno.test("who joins within a batch hears what is said after it, and nothing from before", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join(), alice.says("before"), bob.join(), alice.says("after")]);
  assertEquals(bob.heard.filter((line) => line.startsWith("guest1")), ["guest1(1): after"]);
});

Deno.test("who leaves within a batch hears what was said before it", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join(), bob.join()], [alice.says("a"), bob.leaves(), alice.says("b")]);
  assertEquals(bob.heard.filter((line) => line.startsWith("guest1")), ["guest1(2): a"]);
  assertEquals(bob.ended, "left");
  assertEquals(alice.heard.slice(-4), [
    "guest1(2): a",
    "*** guest2 left (1 here)",
    "guest1(2): b",
    CLOSING,
  ]);
});

Deno.test("a leave that has a reason says it", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join(), bob.join()], [bob.leaves("reads too slowly", "reads too slowly")]);
  assertEquals(alice.heard.at(-2), "*** guest2 left: reads too slowly (1 here)");
});

Deno.test("what is typed behind one's own leave is nobody's", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join(), bob.join()], [bob.leaves(), bob.says("ghost"), bob.leaves()]);
  assertEquals(alice.heard.slice(-2), ["*** guest2 left (1 here)", CLOSING]);
});

Deno.test("too long a line is told to its sender alone", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join(), bob.join()], [alice.input({ kind: "oversize", limit: 64 })]);
  assertEquals(
    alice.heard.at(-2),
    "*** That line was longer than 64 bytes, so it was not sent: say it in shorter lines.",
  );
  assertEquals(bob.heard.at(-2), bob.heard[1]);
});

Deno.test("a stranger's protocol gets a hint and is let go", async () => {
  const [alice] = people(1) as [Person];
  await run([alice.join()], [alice.input({ kind: "stranger", speaks: "TLS" })]);
  assertEquals(
    alice.heard.at(-1),
    "*** That looks like TLS, and came after the greeting: nothing of it was passed on. " +
      "Connect again; to say it, say something else first.",
  );
  assertEquals(alice.ended, "spoke TLS");
});

Deno.test("a protocol's own answer reaches its client as it is, in its place", async () => {
  const [alice] = people(1) as [Person];
  const chunk = toChunk(Uint8Array.of(255, 251, 6));
  await run([alice.join()], [
    alice.says("a"),
    alice.input({ kind: "reply", chunk }),
    alice.says("b"),
  ]);
  assertEquals(alice.chunks.indexOf(chunk), alice.chunks.length - 3);
});

Deno.test("v0.1: words wait for the first hearer, and one hears from one's second words on", async () => {
  const encoder = new Plain();
  const [a, b, c] = [1, 2, 3].map((id) => new Person(id, encoder, "classic")) as [
    Person,
    Person,
    Person,
  ];
  await run([a.join(), b.join(), c.join()], [a.says("one")], [b.says("two"), b.says("three")]);
  const words = ({ heard }: Person) => heard.filter((line) => line.startsWith("guest"));
  assertEquals(words(a), ["guest1(2): one", "guest2(3): two", "guest2(3): three"]);
  assertEquals(words(b), ["guest2(3): three"]);
  assertEquals(words(c), []);
});

Deno.test("every member sees one order: each hears a part of it, without gaps while it is in", async () => {
  type Move = { readonly who: number; readonly what: "in" | "out" | "say" };
  const move: fc.Arbitrary<Move> = fc.record({
    who: fc.nat(4),
    what: fc.constantFrom("in", "out", "say", "say", "say"),
  });
  await fc.assert(fc.asyncProperty(fc.array(fc.array(move), { maxLength: 12 }), async (rounds) => {
    const everyone: Person[] = [];
    const here: (Person | undefined)[] = [];
    const expected = new Map<Person, string[]>();
    const encoder = new Plain();
    let said = 0;
    const play = ({ who, what }: Move, at: number): Event[] => {
      const person = here[who];
      if (what === "in" && person === undefined) {
        const newcomer = new Person(everyone.length + 1, encoder);
        everyone.push(newcomer);
        expected.set(newcomer, []);
        here[who] = newcomer;
        return [newcomer.join()];
      }
      if (person === undefined || what === "in") return [];
      if (what === "out") {
        here[who] = undefined;
        return [person.leaves()];
      }
      const text = `words ${said++}`;
      for (const hearer of here) {
        if (hearer) expected.get(hearer)!.push(`guest${person.id}(${at}): ${text}`);
      }
      return [person.says(text)];
    };
    await run(...rounds.map((round, i) => round.flatMap((move) => play(move, i + 1))));
    for (const person of everyone) {
      const words = person.heard.filter((line) => !line.startsWith("***"));
      assertEquals(words, expected.get(person));
    }
  }));
});
