// Comings and goings, in rooms that become crowds and cease to be: whoever reads along can follow.

import fc from "fast-check";
import type { Delivery, Encoder } from "../../../lib/chat/delivery.ts";
import type { Event } from "../../../lib/chat/event.ts";
import { assert, assertEquals } from "../../assert.ts";
import { people, Person, Plain, run, TICK } from "./people.ts";

/** Most people in a room that is no crowd yet. */
const FEW = 50;

/** What a person hears of who came and went. */
function traffic({ heard }: Person): string[] {
  return heard.filter((line) => /^\*\*\* .* (?:joined|left|is now)\b/.test(line));
}

/** So many people, of whom the first is there before all others and is told of them. */
function crowd(count: number): [witness: Person, ...others: Person[]] {
  return people(count) as [Person, ...Person[]];
}

Deno.test("in a crowd a name that is changed at once is told as that of somebody who joined", async () => {
  const all = crowd(FEW + 3);
  const [witness, ...others] = all;
  const [ann, ben, cat] = others.slice(-3) as [Person, Person, Person];
  await run(
    [witness, ...others].map((person) => person.join()),
    [ann.orders("nick", "ann"), ben.orders("nick", "ben"), TICK],
    [cat.orders("nick", "cat")],
  );
  assertEquals(traffic(witness).slice(FEW - 1), [
    "*** ann, ben, guest53 joined (53 here)",
    "*** guest53 is now cat",
  ]);
  assert(ann.heard.includes("*** guest51 is now ann"), "the renamed one is told");
});

Deno.test("who leaves a crowd is told before whoever makes it a small room by leaving", async () => {
  const [witness, ...others] = crowd(FEW + 3);
  const [ann, ben, cat, dan] = others as [Person, Person, Person, Person];
  await run(
    [witness, ...others].map((person) => person.join()),
    [TICK],
    [ann.leaves(), ben.leaves(), cat.leaves("bye", "bye"), dan.leaves()],
    [TICK],
  );
  assertEquals(traffic(witness).slice(FEW), [
    "*** guest2, guest3 left (51 here)",
    "*** guest4 left: bye (50 here)",
    "*** guest5 left (49 here)",
  ]);
});

Deno.test("in a crowd nothing is told of anybody before that they have joined", async () => {
  for (const what of ["hello", "/me waves", "/topic tea", "/away"]) {
    const [witness, ...others] = crowd(FEW + 2);
    const [last, other] = [others.at(-1)!, others.at(-2)!];
    await run(
      [witness, ...others].map((person) => person.join()),
      [...last.types(what), other.leaves()],
      [TICK],
    );
    const told = witness.heard.slice(FEW + 1, -1);
    assertEquals(told[0], "*** guest51, guest52 joined (52 here)", what);
    assertEquals(told.at(-1), "*** guest51 left (51 here)", what);
  }
});

Deno.test("who comes and goes in a crowd between two ticks is told in neither", async () => {
  const [witness, ...others] = crowd(FEW + 2);
  const last = others.at(-1)!;
  await run([witness, ...others].map((person) => person.join()), [last.leaves()], [TICK]);
  assertEquals(traffic(witness).slice(FEW - 1), ["*** guest51 joined (51 here)"]);
});

Deno.test("in a crowd a name that was given up and taken at once is told in that order", async () => {
  const [witness, ...others] = crowd(FEW + 3);
  const [first, last] = [others[0]!, others.at(-1)!];
  await run(
    [witness, ...others.slice(0, -1)].map((person) => person.join()),
    [
      first.orders("nick", "ann"),
      TICK,
    ],
    [last.join(), first.leaves(), last.orders("nick", "ann")],
    [TICK],
  );
  assertEquals(traffic(witness).at(-1), "*** ann left; ann joined (52 here)");
});

Deno.test("a crowd's authors are no more reason to tell it who came than it has newcomers", async () => {
  const [witness, ...others] = crowd(FEW + 20);
  const [old, ...newcomers] = others.slice(FEW - 2) as [Person, ...Person[]];
  await run(
    [witness, ...others].map((person) => person.join()),
    Array.from({ length: 50 }, () => old.says("and so on")),
    newcomers.flatMap((person) => [person.says("hello"), person.says("all")]),
    [TICK],
  );
  assertEquals(traffic(witness).filter((line) => / joined/.test(line)).length, FEW - 1 + 1);
});

/** Follows what the room is told, as an app at its side might. */
class Follower implements Encoder {
  /** Those it knows to be there. */
  readonly names = new Set<string>();
  /** How many have come whose names were not told; and how many have left. */
  unnamed = 0;
  lost = 0;
  /** When, by the number of the batch, and how many were said to be there. */
  readonly counts: [at: number, size: number][] = [];
  /** The same by the signals alone. */
  readonly listed = new Set<string>();
  size = 0;
  isStale = false;

  encode(deliveries: readonly Delivery[]): undefined {
    for (const delivery of deliveries) this.#heed(delivery);
  }

  describe(): string {
    return "";
  }

  /** How many are there by what it read. */
  get told(): number {
    return this.names.size + this.unnamed - this.lost;
  }

  #heed(delivery: Delivery): void {
    if (delivery.kind === "notice") return this.#read(delivery.text, delivery.at ?? 0);
    if (delivery.kind === "message") {
      return assert(this.names.has(delivery.from) || this.unnamed > 0, `${delivery.from} speaks`);
    }
    if (delivery.kind !== "state") return;
    switch (delivery.what) {
      case "members":
        this.listed.clear();
        for (const { name } of delivery.members) this.listed.add(name);
        this.size = delivery.size;
        this.isStale = false;
        return;
      case "joined":
        assert(!this.listed.has(delivery.name), `${delivery.name} joined again`);
        this.listed.add(delivery.name);
        this.size++;
        return;
      case "left":
        assert(this.listed.delete(delivery.name) || this.isStale, `${delivery.name} was not there`);
        this.size--;
        return;
      case "renamed":
        assert(this.listed.delete(delivery.from) || this.isStale, `${delivery.from} was not there`);
        this.listed.add(delivery.to);
        return;
      case "crowd":
        this.size = delivery.size;
        this.isStale = true;
    }
  }

  #read(text: string, at: number): void {
    const renamed = /^(\S+) is now (\S+)$/.exec(text);
    if (renamed !== null) {
      this.#goes(renamed[1]!);
      this.#comes(renamed[2]!);
      return;
    }
    const [, told, size] = /^(.*) \((\d+) here\)$/.exec(text) ?? [];
    if (told === undefined) return;
    for (const part of told.split("; ")) {
      const [, list, more = 0, what] = /^(.*?)(?: and (\d+) more)? (joined|left)$/.exec(part) ?? [];
      assert(list !== undefined, text);
      for (const name of list.split(", ")) what === "left" ? this.#goes(name) : this.#comes(name);
      if (what === "left") this.lost += Number(more);
      else this.unnamed += Number(more);
    }
    assertEquals(this.told, Number(size), text);
    this.counts.push([at, Number(size)]);
  }

  #comes(name: string): void {
    // Who bore the name was one of those who left unnamed.
    if (this.names.has(name)) assert(--this.lost >= 0, `${name} came twice`);
    this.names.add(name);
  }

  #goes(name: string): void {
    // Or it was one of those who came unnamed.
    if (!this.names.delete(name)) assert(--this.unnamed >= 0, `${name} was not there`);
  }
}

/** An app that reads along. */
class Reader extends Person {
  declare readonly encoder: Follower;
  override readonly speaks = "json";
}

Deno.test("whoever reads along can follow who is there, whatever happens at a crowd's edge", async () => {
  const move = fc.record({
    who: fc.nat(7),
    what: fc.constantFrom("in", "in", "out", "out", "nick", "say", "away", "tick", "look"),
    name: fc.nat(5),
  });
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: FEW - 3, max: FEW }),
    fc.array(move, { minLength: 10, maxLength: 60, size: "max" }),
    async (residents, moves) => {
      const reader = new Reader(1, new Follower());
      const plain = new Plain();
      let last = 1;
      const newcomer = () => new Person(++last, plain);
      const base = Array.from({ length: residents - 1 }, newcomer);
      const here: (Person | undefined)[] = [];
      const sizes = [1, ...base.map((_, i) => i + 2)];
      let size = residents;
      const play = ({ who, what, name }: typeof moves[number]): Event => {
        const person = here[who];
        if (what === "tick") return TICK;
        if (what === "look") return reader.input({ kind: "look" });
        if (person === undefined) {
          size++;
          return (here[who] = newcomer()).join();
        }
        if (what === "nick") return person.orders("nick", `name${name}`);
        if (what === "say") return person.says("hello");
        if (what === "away") return person.orders("away", "lunch");
        if (what !== "out") return TICK;
        size--;
        here[who] = undefined;
        return person.leaves();
      };
      const events = moves.map((each) => {
        const event = play(each);
        sizes.push(size);
        return [event];
      });
      // An event a batch, so that the time tells it.
      reader.encoder.names.add("guest1");
      await run([reader.join()], ...base.map((person) => [person.join()]), ...events, [TICK], [
        reader.input({ kind: "look" }),
      ]);
      const { counts, names, unnamed, lost, told, listed, size: signalled } = reader.encoder;
      // A batch's own event may come before or after what it has the room told.
      for (const [at, count] of counts) {
        const before = sizes[at - 2] ?? size, after = sizes[at - 1] ?? size;
        assert(count === before || count === after, `${count} of ${before} or ${after} at ${at}`);
      }
      assertEquals([told, signalled, listed.size], [size, size, size]);
      if (unnamed + lost === 0) assertEquals([...names].sort(), [...listed].sort());
    },
  ));
});
