// How many rooms one may make: nobody takes them all, whatever they call themselves.

import type { Event } from "../../../lib/chat/event.ts";
import { assert, assertEquals } from "../../assert.ts";
import { people, type Person, run, runIn } from "./people.ts";

const WAY_OUT =
  "remove the topic of one (/topic -) and leave it empty, ask an operator to /close one";
const OF_GUESTS =
  `*** The guests of your network have made 10 rooms: ${WAY_OUT}, or /register your name.`;
const OF_ACCOUNT = `*** You have made 10 rooms: ${WAY_OUT}.`;

/** So many people, each from a network of their own. */
function strangers(count: number): Person[] {
  const all = people(count);
  for (const person of all) person.address = `10.${person.id >> 8}.${person.id & 255}.1`;
  return all;
}

/** Makes rooms that stay. */
function makes(person: Person, prefix: string, count = 10): Event[] {
  return Array.from({ length: count }).flatMap((_, i) =>
    person.types(`/join ${prefix}${i}`, "/topic kept")
  );
}

/** What a person was last told, besides of others' coming and going. */
function lastTold({ talk }: Person): string {
  return talk.at(-1)!;
}

Deno.test("the guests of one network make ten rooms together, whatever they do", async () => {
  const [bad, again, other, far] = people(4) as [Person, Person, Person, Person];
  bad.address = "2001:db8::1";
  again.address = "2001:db8::2";
  other.address = "2001:db8:0:0:ffff::1";
  far.address = "2001:db8:0:1::1";
  await run(
    [bad, again, other, far].map((person) => person.join()),
    makes(bad, "bad"),
    bad.types("/join more", "/nick worse", "/join more", "/leave", "/join more"),
    [bad.leaves()],
    again.types("/join more"),
    other.types("/join more"),
    far.types("/join more"),
  );
  assertEquals(bad.talk.filter((line) => line === OF_GUESTS).length, 3);
  assertEquals([lastTold(again), lastTold(other)], [OF_GUESTS, OF_GUESTS]);
  assertEquals(lastTold(far), "*** You are in #more. You are the first here.");
});

Deno.test("who has made ten rooms goes into others, and makes one more when one is gone", async () => {
  const [bad] = people(1) as [Person];
  await run(
    [bad.join()],
    makes(bad, "bad"),
    bad.types("/join lobby", "/join bad3", "/topic -", "/leave", "/join more"),
  );
  assertEquals(lastTold(bad), "*** You are in #more. You are the first here.");
  assert(!bad.talk.includes(OF_GUESTS));
});

Deno.test("an account makes ten rooms, also by several connections and under another name", async () => {
  const [alice, again, guest] = strangers(3) as [Person, Person, Person];
  const register = ["/nick alice", "/register password", "/register password"];
  await run(
    [alice, again, guest].map((person) => person.join()),
    alice.types(...register),
    makes(alice, "room"),
    alice.types("/join more"),
    again.types("/nick alice password"),
    again.types("/join more"),
    [again.leaves()],
    guest.types("/join more"),
  );
  assertEquals(alice.talk.filter((line) => line === OF_ACCOUNT).length, 1);
  assertEquals(again.talk.filter((line) => line === OF_ACCOUNT).length, 1);
  assertEquals(lastTold(guest), "*** You are in #more. You are the first here.");
});

Deno.test("a name that is given up leaves its rooms with the guests of its network", async () => {
  const [alice] = people(1) as [Person];
  await run(
    [alice.join()],
    alice.types("/nick alice", "/register password"),
    makes(alice, "room"),
    alice.types("/unregister alice", "/join more"),
    alice.types("/register password"),
    alice.types("/join more", "/topic kept"),
  );
  assertEquals(alice.talk.filter((line) => line === OF_GUESTS).length, 1);
  assertEquals(lastTold(alice), "*** alice set the topic: kept");
});

Deno.test("from one network no more than half of all rooms are made, by however many accounts", async () => {
  const all = people(6);
  await run(
    all.map((person) => person.join()),
    ...all.map((person) => person.types(`/nick name${person.id}`, "/register password")),
    ...all.map((person) => makes(person, `of${person.id}-`)),
  );
  for (const person of all.slice(0, 5)) {
    assertEquals(lastTold(person), `*** name${person.id} set the topic: kept`);
  }
  assertEquals(
    all[5]!.talk.filter((line) => line === `*** 50 rooms were made from your network: ${WAY_OUT}.`)
      .length,
    10,
  );
});

Deno.test("when all rooms are taken, the one that has been empty longest gives way", async () => {
  const all = strangers(11);
  const [last] = all.slice(-1) as [Person];
  await runIn(
    { clock: (batch) => batch },
    all.map((person) => person.join()),
    ...all.slice(1, -1).map((person) => makes(person, `of${person.id}-`)),
    makes(all[0]!, "first-", 9),
    // One that is in use does not give way, though it was empty first.
    all[0]!.types("/join of2-0"),
    last.types("/join more", "/topic also kept", "/join more2", "/rooms"),
  );
  const rooms = last.talk.filter((line) => line.startsWith("*** #"));
  assertEquals(rooms.length, 100);
  const gone = ["of2-0", "of2-1", "of2-2", "of2-3", "more", "more2"]
    .filter((name) => !rooms.some((line) => line.startsWith(`*** #${name} `)));
  assertEquals(gone, ["of2-1", "of2-2"]);
});

Deno.test("while somebody is in each of all rooms, no more can be made", async () => {
  const all = strangers(101);
  await run(
    all.map((person) => person.join()),
    all.flatMap((person) => person.types(`/join room${person.id}`)),
  );
  assertEquals(lastTold(all[98]!), "*** You are in #room99. You are the first here.");
  for (const late of all.slice(99)) {
    assertEquals(
      lastTold(late),
      "*** There are 100 rooms, and no more can be made: /rooms lists them.",
    );
  }
});
