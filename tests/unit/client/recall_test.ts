// What was said earlier: who scrolls up, and what was missed while there was no session.

import { askBack } from "../../../lib/client/state/asks.ts";
import { State } from "../../../lib/client/state/state.ts";
import { MOST } from "../../../lib/client/state/conversation.ts";
import { assert, assertEquals } from "../../assert.ts";
import { answer, ids, live, members, message, range, tell, welcome, whisper } from "./said.ts";
import type { Asked, Message } from "../../../lib/client/frames.ts";

const LOBBY = { room: "lobby", count: 20 }, PRIVATE = { count: 50 };

function said(first: number, last: number): Message[] {
  return range(first, last).map((id) => message(id));
}

function whispers(first: number, last: number): Message[] {
  return range(first, last).map((id) => whisper(id, { from: id % 2 ? "bob" : "eve" }));
}

/** A page that has just come in, to a server that has these messages. */
function arrived(all: readonly Message[], state = new State()): State {
  tell(state, welcome());
  follow(state, all, [{ type: "history", ...LOBBY }, {
    type: "history",
    private: true,
    ...PRIVATE,
  }]);
  tell(state, members("lobby", "ann", "bob"));
  return state;
}

/** Answers what a page asks for, and what it asks for because of that. Returns how much that was. */
function follow(state: State, all: readonly Message[], asks: readonly Asked[]): number {
  const open = [...asks];
  let count = 0;
  for (let asked; (asked = open.shift()) !== undefined && count < 50; count++) {
    assert(asked.type === "history");
    open.push(...tell(state, answer(all, asked)));
  }
  return count;
}

/** Scrolls up as far as that goes. */
function scroll(
  state: State,
  all: readonly Message[],
  conversation = state.conversations.active,
): void {
  conversation.isScrolledUp = true;
  for (let asks = 0; asks < 100; asks++) {
    const asked = askBack(conversation);
    if (asked === undefined) return;
    follow(state, all, [asked]);
  }
}

Deno.test("who scrolls up sees everything once, from the first message", () => {
  const all = said(1, 333);
  const state = arrived(all);
  assertEquals(ids(state.conversations.lobby), range(314, 333));
  scroll(state, all);
  assertEquals([ids(state.conversations.lobby), state.conversations.lobby.unread.all], [
    range(1, 333),
    0,
  ]);
  assert(state.conversations.lobby.entries.every(({ isEarlier }) => isEarlier));
});

Deno.test("one thing is asked for at a time, and only in a room that one is in", () => {
  const state = arrived(said(1, 100));
  const { lobby } = state.conversations;
  assertEquals(askBack(lobby), { type: "history", room: "lobby", before: 81, count: 50 });
  assertEquals(askBack(lobby), undefined);
  assertEquals(askBack(state.conversations.roomAt("tea")), undefined);
});

Deno.test("what was missed without a session is filled in, and is new", () => {
  const all = said(1, 500);
  const state = arrived(all.slice(0, 30));
  tell(state, live(31));
  state.conversations.watch(false);
  arrived(all, state);
  const { lobby } = state.conversations;
  // The last page that fills in reaches further back than what was known.
  assertEquals(ids(lobby), range(1, 500));
  assertEquals(lobby.unread.all, 500 - 31);
  state.conversations.watch(true);
  assertEquals(lobby.firstNew?.id, 32);
});

Deno.test("what was missed is read where it is looked at as it comes", () => {
  const state = arrived(said(1, 30));
  arrived(said(1, 60), state);
  assertEquals([state.conversations.lobby.unread.all, ids(state.conversations.lobby).at(-1)], [
    0,
    60,
  ]);
});

Deno.test("where nothing was missed nothing more is asked for", () => {
  const all = said(1, 100);
  const state = arrived(all);
  tell(state, welcome());
  assertEquals(tell(state, answer(all, LOBBY)), []);
  assertEquals(ids(state.conversations.lobby), range(81, 100));
});

Deno.test("a server that begins its numbers anew is followed", () => {
  const state = arrived(said(900, 950));
  // Later than all before, as a clock goes on.
  const anew = range(1, 40).map((id) => ({ ...message(id), at: message(2000 + id).at }));
  arrived(anew, state);
  assertEquals(ids(state.conversations.lobby), [...range(931, 950), ...range(1, 40)]);
});

Deno.test("what is let go while an answer is on its way is found again", () => {
  const all = said(1, MOST + 200);
  const state = arrived(all.slice(0, 150));
  const { lobby } = state.conversations;
  for (const { id } of all.slice(150, MOST + 100)) tell(state, live(id));
  lobby.isScrolledUp = true;
  follow(state, all.slice(0, MOST + 100), [askBack(lobby)!]);
  const asked = askBack(lobby)!;
  // Down again: the page keeps less, and the answer comes too late.
  lobby.isScrolledUp = false;
  for (const { id } of all.slice(MOST + 100)) tell(state, live(id));
  follow(state, all, [asked]);
  scroll(state, all);
  assertEquals(ids(lobby), range(1, MOST + 200));
});

Deno.test("private messages come with whom they were exchanged, and are read but for what was missed", () => {
  const state = arrived(whispers(1, 40));
  const told = () =>
    state.conversations.people.map((
      conversation,
    ) => [conversation.name, ids(conversation).length, conversation.unread.all]);
  assertEquals(told(), [["bob", 20, 0], ["eve", 20, 0]]);
  arrived(whispers(1, 300), state);
  assertEquals(told(), [["bob", 150, 130], ["eve", 150, 130]]);
});

Deno.test("what was whispered before the last that is known was not missed, whoever it was", () => {
  const state = arrived([whisper(10, { from: "eve" }), whisper(40)]);
  arrived([whisper(20, { from: "zoë" }), whisper(40), whisper(50, { from: "joe" })], state);
  const told = state.conversations.people.map(({ name, unread }) => [name, unread.all]);
  assertEquals(told, [["eve", 0], ["bob", 0], ["zoë", 0], ["joe", 1]]);
});

Deno.test("older whispers do not make a conversation new that nobody has opened", () => {
  const all = whispers(1, 200);
  const state = new State();
  tell(state, welcome(), { type: "history", messages: [] });
  const last = all[198]!;
  tell(state, { type: "message", ...last });
  const bob = state.conversations.person("bob");
  assertEquals(bob.unread.all, 1);
  tell(state, answer(all, PRIVATE));
  assertEquals([ids(bob).length, bob.unread.all], [25, 1]);
});

Deno.test("the private past is asked for once as one comes, even if one scrolls meanwhile", () => {
  const state = new State();
  const bob = state.conversations.person("bob");
  tell(state, welcome());
  assertEquals(askBack(bob), undefined);
  tell(state, answer(whispers(1, 100), PRIVATE));
  assertEquals(askBack(bob), { type: "history", private: true, before: 51, count: 50 });
});

Deno.test("a name has a past of its own: all of it is there for who takes the name", () => {
  const all = whispers(1, 200);
  const state = arrived(all);
  // The server has forgotten the session: one is a guest first, who has no past.
  tell(state, welcome("guest9", "u"), { type: "history", messages: [] });
  const asks = tell(state, { type: "renamed", room: "lobby", from: "guest9", to: "ann" });
  follow(state, all, asks);
  const bob = state.conversations.person("bob");
  scroll(state, all, bob);
  assertEquals(ids(bob), range(1, 200).filter((id) => id % 2));
  assertEquals(bob.unread.all, 0);
});
