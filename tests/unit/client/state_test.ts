// What the page knows, as a fold of what it is sent: people, rooms, and who is called.

import fc from "fast-check";
import type { Frame } from "../../../lib/client/frames.ts";
import { askPresence, askWho } from "../../../lib/client/state/asks.ts";
import type { Conversation } from "../../../lib/client/state/conversation.ts";
import type { Entry } from "../../../lib/client/state/entry.ts";
import { State } from "../../../lib/client/state/state.ts";
import { assert, assertEquals } from "../../assert.ts";
import { ids, live, members, message, range, tell, timeOf, welcome } from "./said.ts";

/** A page that is in as ann, in the lobby and in the room tea. */
function joined(): State {
  const state = new State();
  tell(state, welcome(), members("lobby", "ann", "bob"), members("tea", "ann", "eve"));
  return state;
}

function whispered(id: number, from: string, to: string, text = "psst"): Frame {
  return live(id, { kind: "private", room: undefined, from, to, text });
}

Deno.test("who is welcomed learns their name, how much they may say, and asks for their private past", () => {
  const state = new State();
  const asks = tell(state, {
    type: "welcome",
    version: 1,
    name: "guest7",
    token: "t",
    maxLine: 99,
    editMinutes: 60,
  });
  assertEquals([state.me, state.maxLine, state.mine], ["guest7", 99, ["guest7"]]);
  assertEquals(asks, [{ type: "history", private: true, count: 50 }]);
});

Deno.test("a room is as its members were told, until a new session says so again", () => {
  const state = joined();
  const tea = state.conversations.room("tea");
  assertEquals([tea?.isIn, tea?.size, [...tea?.members.keys() ?? []]], [true, 2, ["ann", "eve"]]);
  tell(state, { ...members("tea", "ann"), topic: "leaves", locked: true, size: 300 } as Frame);
  assertEquals([tea?.topic, tea?.isLocked, tea?.size, tea?.members.size], ["leaves", true, 300, 1]);
  tell(state, welcome());
  assertEquals(tea?.isIn, false);
});

Deno.test("the members of each room are exactly those who joined, less those who left", () => {
  const room = fc.constantFrom("lobby", "tea"), name = fc.constantFrom("ann", "bob", "eve", "zoë");
  const step = fc.oneof(
    fc.record({ type: fc.constantFrom("joined" as const, "left" as const), room, name }),
    fc.record({ type: fc.constant("away" as const), room, name, away: fc.boolean() }),
    fc.record({ type: fc.constant("renamed" as const), room, from: name, to: name }),
  );
  fc.assert(fc.property(fc.array(step), (steps) => {
    const state = joined();
    const there: Record<string, Map<string, boolean>> = {
      lobby: new Map([["ann", false], ["bob", false]]),
      tea: new Map([["ann", false], ["eve", false]]),
    };
    for (const step of steps) {
      const now = there[step.room]!;
      if (step.type === "joined") now.set(step.name, false);
      if (step.type === "left") now.delete(step.name);
      // A server says of those alone who are there, and gives nobody a name that somebody has.
      if (step.type === "away" && !now.has(step.name)) continue;
      if (step.type === "away") now.set(step.name, step.away);
      if (step.type === "renamed") {
        const isAway = now.get(step.from);
        if (isAway === undefined || now.has(step.to)) continue;
        now.delete(step.from);
        now.set(step.to, isAway);
      }
      tell(state, step);
    }
    for (const [key, now] of Object.entries(there)) {
      const known = state.conversations.room(key)!;
      const away = [...known.members.values()].map(({ name, away }) => [name, away] as const);
      assertEquals([new Map(away), known.size], [now, now.size]);
    }
  }));
});

Deno.test("a topic and a lock are the room's; of rooms that one is not in nothing is kept", () => {
  const state = joined();
  tell(
    state,
    { type: "topic", room: "tea", topic: "leaves" },
    { type: "lock", room: "tea", locked: true },
    { type: "topic", room: "chess", topic: "x" },
    { type: "joined", room: "chess", name: "bob" },
  );
  const tea = state.conversations.room("tea");
  assertEquals([tea?.topic, tea?.isLocked, state.conversations.room("chess")], [
    "leaves",
    true,
    undefined,
  ]);
});

Deno.test("of a crowd one knows how many, and asks who it is once it is small and in front", () => {
  const state = joined();
  const tea = state.conversations.roomAt("tea");
  assertEquals(tell(state, { type: "crowd", room: "tea", size: 90 }), []);
  assertEquals([tea.size, tea.isStale], [90, true]);
  assertEquals(askWho(tea), [{ type: "members", room: "tea" }]);
  assertEquals(askWho(tea), []);
  state.conversations.show(tea);
  assertEquals(tell(state, { type: "crowd", room: "tea", size: 101 }), []);
  assertEquals(tell(state, { type: "crowd", room: "tea", size: 100 }), [
    { type: "members", room: "tea" },
  ]);
  tell(state, { type: "crowd", room: "tea", size: 200 }, members("tea", "ann"));
  assertEquals([tea.isStale, askWho(state.conversations.person("bob"))], [false, []]);
});

Deno.test("who is parted from a room sees the lobby; the lobby stays", () => {
  const state = joined();
  state.conversations.show(state.conversations.roomAt("tea"));
  tell(state, { type: "parted", room: "tea" }, { type: "parted", room: "lobby" });
  assertEquals(state.conversations.rooms.map(({ name }) => name), ["lobby"]);
  assert(state.conversations.active === state.conversations.lobby);
});

Deno.test("what is said stands in its room, a whisper with whom it was exchanged", () => {
  const state = joined();
  tell(state, live(1), live(2, { room: "tea" }), whispered(3, "bob", "ann"), live(1));
  tell(state, whispered(4, "ann", "eve"), whispered(5, "ann", "ann"));
  const { lobby, people } = state.conversations;
  assertEquals([ids(lobby), ids(state.conversations.roomAt("tea"))], [[1], [2]]);
  const told = people.map((
    conversation,
  ) => [conversation.name, ids(conversation), conversation.entries[0]?.isMine]);
  assertEquals(told, [["bob", [3], false], ["eve", [4], true], ["ann", [5], true]]);
});

Deno.test("one is called by one's name and by whispers, unless one looks or speaks oneself", () => {
  const state = joined();
  const call = (frame: Frame) => state.apply(frame).call?.entry.id;
  assertEquals(call(live(1, { room: "tea", text: "Ann?" })), 1);
  assertEquals(call(live(2, { room: "tea", text: "anna" })), undefined);
  assertEquals(call(live(1, { room: "tea", text: "Ann?" })), undefined);
  assertEquals(call(whispered(3, "bob", "ann")), 3);
  assertEquals(call(whispered(4, "ann", "bob")), undefined);
  assertEquals(call(live(5, { from: "ann", room: "tea", text: "ann" })), undefined);
  assertEquals(call(live(6, { text: "ann" })), undefined);
  state.conversations.watch(false);
  assertEquals(call(live(7, { text: "ann" })), 7);
  const mentioned = state.conversations.lobby.entries.filter(({ isMention }) => isMention);
  assertEquals([mentioned.map(({ id }) => id), state.conversations.calls], [[6, 7], 3]);
  const tea = state.conversations.room("tea")?.entries.map(({ id, isMention }) => [id, isMention]);
  assertEquals(tea, [[1, true], [2, false], [5, false]]);
});

Deno.test("the name that one has asked for calls, too, whatever is in it", () => {
  const state = joined();
  state.wanted = "a\\b";
  tell(state, live(1, { text: "is it a\\b?" }), live(2, { text: "a b" }));
  assertEquals(state.conversations.lobby.entries.map(({ isMention }) => isMention), [true, false]);
  assertEquals([state.names, new State().names], [["ann", "a\\b"], []]);
});

Deno.test("who takes another name is called by it, and what they have said remains theirs", () => {
  const state = joined();
  const asks = tell(state, { type: "renamed", room: "lobby", from: "ann", to: "Zoë" });
  assertEquals(asks, [{ type: "history", private: true, count: 50 }]);
  // It is told once for each room; the second time it is not theirs any more.
  assertEquals(tell(state, { type: "renamed", room: "tea", from: "ann", to: "Zoë" }), []);
  assertEquals([state.me, state.mine], ["Zoë", ["ann", "zoë"]]);
  assert(state.conversations.room("tea")?.members.has("Zoë"));
  const messages = [message(1, { from: "ANN" }), message(2, { from: "Zoe\u0308" }), message(3)];
  tell(state, { type: "history", room: "lobby", messages });
  assertEquals(state.conversations.lobby.entries.map(({ isMine }) => isMine), [true, true, false]);
  const next = new State();
  next.remember(state.mine);
  tell(next, welcome("guest9"), {
    type: "history",
    messages: [message(4, { from: "ann", to: "bob", room: undefined })],
  });
  assertEquals(next.conversations.people.map(({ name }) => name), ["bob"]);
});

Deno.test("a conversation follows the other's name", () => {
  const state = joined();
  tell(state, whispered(1, "bob", "ann"), {
    type: "renamed",
    room: "lobby",
    from: "bob",
    to: "rob",
  });
  tell(state, whispered(2, "rob", "ann"));
  assertEquals(
    state.conversations.people.map((conversation) => [conversation.name, ids(conversation)]),
    [["rob", [1, 2]]],
  );
});

Deno.test("the server's word stands in its room, or else where it is seen", () => {
  const state = joined();
  const at = new Date(0).toISOString();
  state.conversations.show(state.conversations.person("bob"));
  tell(state, { type: "notice", text: "one", at, room: "tea" }, {
    type: "error",
    code: "refused",
    text: "two",
  });
  tell(state, { type: "notice", text: "three", at, room: "chess" });
  const said = state.conversations.all.map((
    { name, entries },
  ) => [name, entries.map(({ text }) => text)]);
  assertEquals(said, [["lobby", []], ["tea", ["one"]], ["bob", ["two", "three"]]]);
  assertEquals(state.conversations.active.entries.map(({ kind }) => kind), ["error", "notice"]);
  assertEquals(state.conversations.room("tea")?.unread, { all: 0, calls: 0 });
});

Deno.test("what is of no concern changes nothing", () => {
  const state = joined();
  for (const id of range(1, 2)) tell(state, { type: "ack", id });
  const later = { type: "to be passed over" } as unknown as Frame;
  assertEquals(tell(state, { type: "resumed" }, { type: "rooms", rooms: [] }, later), []);
  assertEquals(state.conversations.all.length, 2);
});

Deno.test("what the page itself has against something stands where it is seen, and is said now", () => {
  const state = joined();
  const before = Date.now();
  state.complain("No.");
  const [entry] = state.conversations.active.entries;
  assertEquals([entry?.kind, entry?.text], ["error", "No."]);
  assert(entry !== undefined && entry.at >= before);
});

Deno.test("what the server says without a time, in a conversation that is empty, it says now", () => {
  const state = new State();
  const before = Date.now();
  tell(state, { type: "notice", text: "This room has a password: type it." });
  const [entry] = state.conversations.active.entries;
  assert(entry !== undefined && entry.at >= before);
});

Deno.test("the server's greeting stands in the lobby, whatever is in front when it comes", () => {
  const state = joined();
  const greet = (...texts: string[]) => {
    for (const text of texts) tell(state, { type: "notice", text });
  };
  const lobby = () => state.conversations.lobby.entries.map(({ text }) => text);
  tell(state, { type: "ack", id: 1 });
  state.conversations.show(state.conversations.roomAt("tea"));
  greet("an answer");
  // The server has been started anew.
  tell(state, welcome("guest1", "another"), members("lobby", "guest1"));
  greet("Welcome.", "Type to talk.");
  tell(state, { type: "error", code: "refused", text: "ann is taken." }, { type: "ack", id: 1 });
  greet("You missed nothing.");
  assertEquals(lobby(), ["Welcome.", "Type to talk."]);
  assertEquals(state.conversations.active.entries.map(({ text }) => text), [
    ...["an answer", "ann is taken.", "You missed nothing."],
  ]);
});

Deno.test("a refusal that a dialog shows is taken back, and nothing else is", () => {
  const state = joined();
  const { lobby } = state.conversations;
  const texts = () => lobby.entries.map(({ text }) => text);
  const refusal = { type: "error", code: "name-taken", text: "ann is taken." } as const;
  tell(state, live(1), refusal);
  state.notices.takeBack({ ...refusal });
  assertEquals(texts(), ["1", "ann is taken."]);
  state.notices.takeBack(refusal);
  state.notices.takeBack(refusal);
  assertEquals([texts(), lobby.unread], [["1"], { all: 0, calls: 0 }]);
  tell(state, live(2));
  assertEquals([texts(), lobby.unread.all], [["1", "2"], 0]);
});

Deno.test("one is oneself in any capitals", () => {
  const state = joined();
  assertEquals(["ann", "ANN", "ａnn", "anna", ""].map((name) => state.isMe(name)), [
    ...[true, true, true, false, false],
  ]);
});

Deno.test("whether the other one in a private conversation is here is known while it is in front", () => {
  const state = joined();
  const bob = state.conversations.person("bob");
  assertEquals(askPresence(bob), [{ type: "person", name: "bob" }]);
  assertEquals(askPresence(state.conversations.lobby), []);
  const left = { type: "left", room: "lobby", name: "bob" } as const;
  assertEquals(tell(state, left), []);
  state.conversations.show(bob);
  const asked = [{ type: "person" as const, name: "bob" }];
  assertEquals(tell(state, { type: "person", name: "BOB", presence: "absent" }), []);
  assertEquals(bob.presence, "absent");
  assertEquals(tell(state, { type: "joined", room: "lobby", name: "bob" }), asked);
  assertEquals(tell(state, whispered(3, "bob", "ann")), asked);
  assertEquals(tell(state, { type: "away", room: "lobby", name: "bob", away: true }), asked);
  assertEquals(tell(state, { type: "away", room: "lobby", name: "eve", away: true }), []);
  assertEquals(tell(state, welcome("ann", "u")).at(-1), asked[0]);
});

/** What of a conversation's entries may change. */
function forms({ entries }: { entries: readonly Entry[] }) {
  return entries.filter(({ id }) => id !== undefined)
    .map(({ text, isEdited = false, gone = "" }) => [text, isEdited, gone]);
}

Deno.test("what is edited or taken back changes where it stands, in rooms and in private talks", () => {
  const state = joined();
  tell(state, live(1), live(2), whispered(3, "eve", "ann"), whispered(4, "ann", "eve"));
  const at = new Date().toISOString();
  tell(
    state,
    { type: "edited", id: 1, at, from: "bob", room: "lobby", text: "one" },
    { type: "deleted", id: 2, at, from: "bob", room: "lobby", by: "eve" },
    { type: "edited", id: 3, at, from: "eve", to: "ann", text: "hush" },
    { type: "deleted", id: 4, at, from: "ann", to: "eve", by: "ann" },
    // Of another author, or not here.
    { type: "edited", id: 1, at, from: "eve", room: "lobby", text: "another" },
    { type: "deleted", id: 99, at, from: "bob", room: "lobby", by: "bob" },
    { type: "deleted", id: 1, at, from: "bob", room: "cake", by: "bob" },
  );
  const { conversations } = state;
  assertEquals(forms(conversations.room("lobby")!), [
    ["one", true, ""],
    ["", false, "message taken back by eve"],
  ]);
  assertEquals(forms(conversations.person("eve")), [
    ["hush", true, ""],
    ["", false, "message taken back"],
  ]);
  // A page of history may have what was changed while the page was away.
  const messages = [
    message(1, { text: "two", edited: true }),
    message(2, { text: "", deleted: true }),
    message(5, { text: "", deleted: true }),
  ];
  tell(state, { type: "history", room: "lobby", messages });
  assertEquals(forms(conversations.room("lobby")!), [
    ["two", true, ""],
    ["", false, "message taken back"],
    ["", false, "message taken back"],
  ]);
});

Deno.test("only one's own words can be changed, for as long as the server says, the last ones first", () => {
  const state = joined();
  const own = (id: number) => live(id, { from: "ann" });
  tell(state, own(1), own(2), live(3), whispered(4, "eve", "ann"), whispered(5, "ann", "eve"));
  const lobby = state.conversations.room("lobby")!, eve = state.conversations.person("eve");
  const last = (of: Conversation, now: number) => state.lastOwn(of, now)?.id;
  const then = timeOf(5);
  assertEquals([last(lobby, then), last(eve, then)], [2, 5]);
  assertEquals(last(lobby, timeOf(2) + 3_600_000), undefined);
  const at = new Date().toISOString();
  tell(state, { type: "deleted", id: 2, at, from: "ann", room: "lobby", by: "ann" });
  assertEquals(last(lobby, then), 1);
  tell(state, { ...welcome(), editMinutes: 0 } as Frame);
  assertEquals([last(lobby, then), last(eve, then)], [undefined, undefined]);
});

Deno.test("what one said on another device can be changed here once the name is proved to be one's own", () => {
  const state = new State(), { lobby } = state.conversations;
  const messages = [message(8, { from: "ann", text: "before" }), message(9)];
  tell(state, welcome("guest7"), { type: "history", room: "lobby", messages });
  tell(state, { type: "renamed", room: "lobby", from: "guest7", to: "ann" });
  assertEquals(state.lastOwn(lobby, timeOf(9)), undefined);
  state.claim();
  assertEquals(state.lastOwn(lobby, timeOf(9))?.text, "before");
  assertEquals(lobby.entries.map(({ isMine }) => isMine), [true, false]);
});
