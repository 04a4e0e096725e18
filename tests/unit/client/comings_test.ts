// Who comes and who leaves: one line of a room's log for what happens within a minute.

import fc from "fast-check";
import type { Frame } from "../../../lib/client/frames.ts";
import { Comings } from "../../../lib/client/state/comings.ts";
import { State } from "../../../lib/client/state/state.ts";
import { assert, assertEquals } from "../../assert.ts";
import { live, members, tell, timeOf, welcome } from "./said.ts";

/** A page that is in as ann, in the lobby and in the room tea. */
function joined(): State {
  const state = new State();
  tell(state, welcome(), members("lobby", "ann"), members("tea", "ann"));
  return state;
}

/** What the server sends when somebody joins or leaves, some seconds after the beginning. */
function comes(seconds: number, type: "joined" | "left", name: string, words = ""): Frame[] {
  const at = new Date(timeOf(seconds)).toISOString(), room = "lobby";
  return [
    { type: "notice", text: `${name} ${type}${words} (9 here)`, at, room, about: type },
    { type, room, name },
  ];
}

function crowd(seconds: number, text: string): Frame[] {
  const at = new Date(timeOf(seconds)).toISOString(), room = "lobby";
  return [{ type: "notice", text, at, room, about: "crowd" }, { type: "crowd", room, size: 60 }];
}

function lines({ conversations: { lobby } }: State): string[] {
  return lobby.entries.map(({ text }) => text);
}

/** The line for these changes, such as "+ann" and "-bob". */
function line(...changes: string[]): string {
  const comings = new Comings(0);
  for (const change of changes) {
    const type = change.startsWith("+") ? "joined" : "left", name = change.slice(1);
    comings.add({ type, room: "lobby", name }, `${name} ${type}`);
  }
  return comings.text;
}

Deno.test("one who comes is told in the server's words, several in one line", () => {
  const state = joined();
  tell(state, ...comes(1, "joined", "bob"));
  assertEquals(lines(state), ["bob joined (9 here)"]);
  const [entry] = state.conversations.lobby.entries;
  tell(state, ...comes(2, "joined", "eve"), ...comes(3, "left", "carl", ": bye"));
  assertEquals(lines(state), ["bob and eve joined; carl left"]);
  // It is the same entry, so that nothing moves and nothing is counted anew.
  assert(state.conversations.lobby.entries[0] === entry);
  assertEquals(entry?.comings?.sentences, [
    ...["bob joined (9 here)", "eve joined (9 here)", "carl left: bye (9 here)"],
  ]);
});

Deno.test("of many only some are named, and who comes and goes is told so", () => {
  assertEquals(line("+anna", "+bob", "+c"), "anna, bob and c joined");
  assertEquals(
    line("+anna", "+bob", "+c", "+d", "+e", "-carl"),
    "anna, bob and 3 more joined; carl left",
  );
  assertEquals(line("+anna", "-anna"), "anna joined and left");
  assertEquals(line("-anna", "+anna"), "anna left and came back");
  assertEquals(line("+anna", "-anna", "+anna"), "anna joined");
  assertEquals(line("-anna", "+anna", "-anna", "+bob"), "bob joined; anna left");
});

Deno.test("a line names everybody once, however they come and go", () => {
  const change = fc.tuple(fc.constantFrom("+", "-"), fc.constantFrom("ann", "bob", "eve"));
  fc.assert(fc.property(fc.array(change, { minLength: 2 }), (changes) => {
    const text = line(...changes.map(([way, name]) => way + name));
    for (const name of new Set(changes.map(([, name]) => name))) {
      assertEquals(text.split(name).length, 2, text);
    }
  }));
});

Deno.test("a line ends after a minute, and where something is said", () => {
  const state = joined();
  tell(state, ...comes(0, "joined", "bob"), ...comes(59, "joined", "eve"));
  tell(state, ...comes(60, "left", "bob"), ...comes(119, "left", "eve"));
  assertEquals(lines(state), ["bob and eve joined", "bob and eve left"]);
  tell(state, live(119, { text: "hello" }), ...comes(119, "joined", "carl"));
  assertEquals(lines(state).slice(2), ["hello", "carl joined (9 here)"]);
  // What is said of another room ends nothing here.
  tell(state, live(120, { room: "tea" }), ...comes(120, "joined", "dora"));
  assertEquals(lines(state).slice(2), ["hello", "carl and dora joined"]);
});

Deno.test("a line takes no more than one can unfold", () => {
  const state = joined();
  for (let at = 0; at < 450; at++) tell(state, ...comes(1, at % 2 ? "left" : "joined", "bob"));
  const counts = state.conversations.lobby.entries.map(({ comings }) => comings?.sentences.length);
  assertEquals(counts, [200, 200, 50]);
});

Deno.test("a crowd's comings are one line, too", () => {
  const state = joined();
  tell(state, ...crowd(1, "bob and 7 more joined (60 here)"));
  assertEquals(lines(state), ["bob and 7 more joined (60 here)"]);
  tell(state, ...crowd(2, "eve left (60 here)"));
  assertEquals(lines(state), ["Many joined or left"]);
  tell(state, ...comes(3, "left", "carl"));
  assertEquals(lines(state), ["carl left; many others joined or left"]);
  assertEquals(state.conversations.lobby.size, 60);
});

Deno.test("who comes and goes is nothing to read, and no reason to begin anew", () => {
  const state = joined();
  const { lobby } = state.conversations;
  tell(state, ...comes(1, "joined", "bob"));
  state.conversations.show(state.conversations.roomAt("tea"));
  tell(state, ...comes(2, "joined", "eve"));
  assertEquals([lobby.unread.all, lobby.firstNew], [0, undefined]);
  tell(state, live(3), live(4), ...comes(5, "left", "bob"), ...comes(6, "left", "eve"));
  assertEquals(lobby.unread.all, 2);
  state.conversations.show(lobby);
  assertEquals([lobby.unread.all, lobby.firstNew?.id], [0, 3]);
});

Deno.test("of one who is ignored nothing is told, and other notices stay what they are", () => {
  const state = joined();
  tell(state, { type: "joined", room: "lobby", name: "eve" });
  assertEquals(lines(state), []);
  const at = new Date(timeOf(1)).toISOString();
  const topic = {
    type: "notice",
    text: "bob set the topic",
    at,
    room: "lobby",
    about: "topic",
  } as const;
  tell(state, topic, { type: "topic", room: "lobby", topic: "tea" });
  assertEquals(lines(state), ["bob set the topic"]);
  // A notice whose change does not follow is told all the same.
  const [notice] = comes(2, "left", "bob");
  tell(state, notice!, { type: "ack", id: 1 });
  assertEquals(lines(state), ["bob set the topic", "bob left (9 here)"]);
});
