// One conversation: its order, what of it is new, and how much of it is kept.

import fc from "fast-check";
import { Past } from "../../../lib/client/state/past.ts";
import { Conversation, MOST, MOST_BACK } from "../../../lib/client/state/conversation.ts";
import { Room } from "../../../lib/client/state/room.ts";
import { assert, assertEquals } from "../../assert.ts";
import { entry, ids, notice, range, timeOf } from "./said.ts";

const NEVER = { since: -Infinity }, EVER = { since: Infinity };
const SEEN = { isSeen: true }, UNSEEN = { isSeen: false };

function conversation(...said: number[]): Conversation {
  const made = new Conversation({ kind: "room", name: "tea" });
  for (const id of said) made.add(entry(id), SEEN);
  return made;
}

Deno.test("pages of history in any cut and order give each message once, in the order it was said", () => {
  const pages = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ max: 12, min: 0 })),
  );
  const property = fc.property(pages, fc.nat(40), fc.array(fc.nat(60)), (cuts, from, notices) => {
    const made = conversation(...range(from, 40));
    const known = new Set(range(from, 40));
    for (const at of notices) made.merge([notice(at)], NEVER);
    for (const [first, length] of cuts) {
      const page = range(first, Math.min(first + length, 40));
      assertEquals(
        made.merge(page.map((id) => entry(id)), NEVER),
        page.some((id) => known.has(id)),
      );
      for (const id of page) known.add(id);
    }
    assertEquals(ids(made), [...known].sort((one, other) => one - other));
    const times = made.entries.map(({ at }) => at);
    assertEquals(times, times.toSorted((one, other) => one - other));
    assertEquals(made.entries.length, known.size + notices.length);
  });
  fc.assert(property);
});

Deno.test("what was said in one millisecond stands by its number", () => {
  const made = conversation();
  const at = timeOf(1);
  for (const id of [3, 1, 2]) made.merge([entry(id, { at })], NEVER);
  assertEquals(ids(made), [1, 2, 3]);
});

Deno.test("a message that is known is not added again, but its number may be used anew", () => {
  const made = conversation(1);
  assertEquals([made.add(entry(1), SEEN), made.add(entry(1, { at: timeOf(9) }), SEEN)], [
    false,
    true,
  ]);
  assertEquals(ids(made), [1, 1]);
});

Deno.test("what comes unseen is counted, and what calls the reader apart; what they said is not", () => {
  const made = conversation(1);
  assertEquals(made.unread, { all: 0, calls: 0 });
  made.add(entry(2), UNSEEN);
  made.add(notice(3), UNSEEN);
  made.add(entry(4, { isMention: true }), UNSEEN);
  made.add(entry(5, { kind: "private" }), UNSEEN);
  made.add({ ...notice(6), kind: "error" }, UNSEEN);
  made.add(entry(7, { isMine: true }), UNSEEN);
  assertEquals(made.unread, { all: 3, calls: 2 });
  made.markRead();
  assertEquals(made.unread, { all: 0, calls: 0 });
  made.add(entry(8), UNSEEN);
  assertEquals(made.unread, { all: 1, calls: 0 });
});

Deno.test("the new line is above the first that was not read, and stays while others come", () => {
  const made = conversation(1);
  for (const id of [2, 3]) made.add(entry(id), UNSEEN);
  assertEquals(made.firstNew?.id, 2);
  made.open();
  assertEquals([made.firstNew?.id, made.unread.all], [2, 0]);
  made.merge([entry(3.5)], { since: timeOf(3) });
  made.open();
  made.add(entry(4), SEEN);
  assertEquals(made.firstNew?.id, 2);
  // Who speaks has read what was there.
  made.add(entry(5, { isMine: true }), SEEN);
  assertEquals(made.firstNew, undefined);
  made.add(notice(6), UNSEEN);
  assertEquals(made.firstNew, undefined);
  made.add(entry(7), UNSEEN);
  assertEquals(made.firstNew?.id, 7);
});

Deno.test("what was missed is new when it is opened, wherever it came from", () => {
  const made = conversation(1, 2);
  made.merge(range(1, 5).map((id) => entry(id, { isMine: id === 4 })), { since: timeOf(2) });
  assertEquals(made.unread.all, 2);
  made.open();
  assertEquals([made.firstNew?.id, made.unread.all], [3, 0]);
});

Deno.test("what was said before anyone could have read it is not new", () => {
  const made = conversation();
  made.merge(range(1, 5).map((id) => entry(id)), EVER);
  assertEquals(made.unread.all, 0);
  const later = conversation();
  later.merge(range(1, 5).map((id) => entry(id)), { since: timeOf(3) });
  assertEquals(later.unread.all, 2);
});

Deno.test("what comes in front of messages that nobody has looked at yet leaves those new", () => {
  const made = conversation();
  for (const id of [8, 9]) made.add(entry(id), UNSEEN);
  made.merge(range(5, 8).map((id) => entry(id)), EVER);
  assertEquals(made.unread.all, 2);
  made.merge(range(1, 4).map((id) => entry(id)), EVER);
  assertEquals(made.unread.all, 2);
  const missed = conversation();
  missed.add(notice(9), SEEN);
  missed.merge([entry(5), entry(7)], { since: timeOf(6) });
  assertEquals(missed.unread.all, 1);
  const gap = conversation();
  gap.add(entry(9), UNSEEN);
  gap.merge(range(5, 8).map((id) => entry(id)), { since: timeOf(6) });
  assertEquals(gap.unread.all, 3);
});

Deno.test("no more is kept than can be looked through; of a conversation that is looked back at, more", () => {
  const made = conversation(...range(1, MOST + 10));
  assertEquals(ids(made), range(11, MOST + 10));
  made.isScrolledUp = true;
  made.merge(range(1, 10).map((id) => entry(id)), EVER);
  assertEquals([ids(made).length, made.isFull], [MOST + 10, false]);
  for (const id of range(MOST + 11, MOST_BACK + 5)) made.add(entry(id), UNSEEN);
  assertEquals([made.entries.length, ids(made)[0], made.isFull], [MOST_BACK, 6, true]);
  made.isScrolledUp = false;
  made.add(entry(MOST_BACK + 6), UNSEEN);
  assertEquals(made.entries.length, MOST);
});

Deno.test("what was let go can be asked for, and comes again", () => {
  const past = new Past();
  past.heed({ first: undefined, count: 0, next: undefined, hasKnown: false });
  const made = new Conversation({ kind: "room", name: "tea", past });
  for (const id of range(1, MOST + 2)) made.add(entry(id), SEEN);
  assertEquals(past.older, 3);
  made.isSearched = true;
  assert(!made.merge([entry(1), entry(2)], EVER));
  assertEquals(ids(made).slice(0, 3), [1, 2, 3]);
});

Deno.test("the newest is the last message, whatever the server said behind it", () => {
  const made = conversation(1, 2);
  made.add(notice(3), SEEN);
  assertEquals([made.newest?.id, conversation().newest], [2, undefined]);
});

Deno.test("the members of a room are those who came, less those who went, by their last names", () => {
  const name = fc.constantFrom("ann", "bob", "eve", "zoë");
  const step = fc.tuple(fc.constantFrom("come", "go", "rename"), name, name);
  fc.assert(fc.property(fc.array(step), (steps) => {
    const room = new Room("tea");
    const names = new Set<string>();
    for (const [what, one, other] of steps) {
      if (what === "come") room.come(one), names.add(one);
      if (what === "go") room.go(one), names.delete(one);
      // A server gives nobody a name that somebody has.
      if (what !== "rename" || names.has(other)) continue;
      room.rename(one, other);
      if (names.delete(one)) names.add(other);
    }
    assertEquals(new Set(room.members.keys()), names);
    assert([...room.members].every(([key, { name }]) => key === name));
    assertEquals(room.size, names.size);
  }));
});

Deno.test("whose link is lost is so besides being away, until it is back", () => {
  const room = new Room("tea");
  room.come("bob");
  room.change({ type: "away", room: "tea", name: "bob", away: true });
  room.change({ type: "lost", room: "tea", name: "bob", lost: true });
  assertEquals(room.members.get("bob"), { name: "bob", away: true, lost: true });
  room.change({ type: "away", room: "tea", name: "bob", away: false });
  room.change({ type: "lost", room: "tea", name: "bob", lost: false });
  assertEquals(room.members.get("bob"), { name: "bob", away: false, lost: false });
});

Deno.test("who takes another name is as away as before", () => {
  const room = new Room("tea");
  room.members.set("bob", { name: "bob", away: true });
  room.rename("bob", "rob");
  assertEquals([...room.members.values()], [{ name: "rob", away: true }]);
});

Deno.test("those who are in a conversation are named in their order", () => {
  const room = new Room("tea");
  for (const name of ["p10", "zoë", "p2", "Ann"]) room.come(name);
  assertEquals(room.names, ["Ann", "p2", "p10", "zoë"]);
  assertEquals(new Conversation({ kind: "person", name: "bob" }).names, ["bob"]);
});

Deno.test('the "new" line is not above what turns out to be one\'s own', () => {
  const talk = conversation();
  for (const [id, from] of [[1, "bob"], [2, "Ann"], [3, "bob"]] as const) {
    talk.add(entry(id, { from }), UNSEEN);
  }
  talk.readTo(1, { isSeen: false });
  assertEquals(talk.firstNew?.id, 2);
  talk.claim("ann");
  assertEquals([talk.firstNew?.id, talk.unread.all], [3, 1]);
});
