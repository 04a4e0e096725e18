// What is said to a server until one is who and where one wants to be.

import { Arrival } from "../../../../lib/cli/connect/arrival.ts";
import type { Wanted } from "../../../../lib/cli/connect/presence.ts";
import { parseHeard } from "../../../../lib/wire/heard.ts";
import { assert, assertEquals } from "../../../assert.ts";

const WELCOME = "*** Welcome to bobchat, guest2. Here: bob.";
const TALK = "*** Type to talk. /nick NAME changes your name, /help lists what else there is.";

/** Hears the lines; returns what was sent (`> `) and what was news, in order. */
function arrive(wanted: Partial<Wanted>, ...lines: string[]): [Arrival, string[]] {
  const arrival = new Arrival({ isGreeted: true, ...wanted });
  const seen: string[] = [];
  for (const line of lines) {
    const { send, isNews } = arrival.heard(parseHeard(line));
    if (isNews) seen.push(line);
    seen.push(...send.map((sent) => `> ${sent}`));
  }
  return [arrival, seen];
}

Deno.test("name and room are asked for, each when its turn has come", () => {
  const wanted = { name: "alice", room: "tea" };
  assertEquals(arrive(wanted, "*** A message of the day")[1], []);
  assertEquals(arrive(wanted, WELCOME)[1], ["> /nick alice"]);
  const [named, sent] = arrive(wanted, WELCOME, TALK, "*** guest2 is now alice");
  assertEquals(sent, ["> /nick alice", "> /join tea"]);
  assert(!named.isOver);
  const entered = "*** You are in #tea. Here: carol.";
  const [arrival] = arrive(wanted, WELCOME, TALK, "*** guest2 is now alice", entered);
  assert(arrival.isOver);
  assertEquals(arrival.present, "Here: carol.");
});

Deno.test("without a greeting there is nothing to wait for", () => {
  assert(new Arrival({ isGreeted: false }).isOver);
});

Deno.test("a guest in the lobby has arrived with the greeting", () => {
  const [arrival, seen] = arrive({}, WELCOME, TALK, "bob(03:04:05PM): hi");
  assert(arrival.isOver);
  assertEquals([arrival.present, seen], ["Here: bob.", ["bob(03:04:05PM): hi"]]);
});

Deno.test("what was said in the room is told apart from what was said at the admission", () => {
  const early = "bob(03:04:05PM): in the lobby", late = "carol(03:04:05PM): in the room";
  const [arrival, seen] = arrive({ room: "tea" }, early, WELCOME, late, "*** You are in #tea. X");
  assertEquals(arrival.said, [parseHeard(late)]);
  assertEquals(seen, ["> /join tea"]);
  assertEquals(arrive({}, early, WELCOME)[0].said, [parseHeard(early)]);
});

Deno.test("a registered name is asked for with its password, and by a server that forgot it without", () => {
  const wanted = { name: "alice", password: "s3cret" };
  const forgotten = "*** alice is not registered: /nick alice without a password takes it.";
  assertEquals(arrive(wanted, WELCOME, forgotten, "*** guest2 is now alice")[1], [
    "> /nick alice s3cret",
    "> /nick alice",
  ]);
});

Deno.test("the server password is given if it is known", () => {
  const asked = "*** This room has a password: type it.";
  assertEquals(arrive({ serverPassword: "sesame" }, asked, WELCOME)[1], ["> sesame"]);
  assertEquals(arrive({}, asked)[1], [asked]);
  const wrong = "*** That is not the password: type it again.";
  assertEquals(arrive({ serverPassword: "sesame" }, asked, wrong)[1], ["> sesame", wrong]);
});

Deno.test("a name that is taken is no news, and the room is asked for all the same", () => {
  const taken = "*** alice is taken, or looks like Alice: choose another name.";
  const [arrival, seen] = arrive({ name: "alice", room: "tea" }, WELCOME, taken);
  assertEquals(seen, ["> /nick alice", "> /join tea"]);
  assert(arrival.isTaken);
});

Deno.test("a name or a room that is refused is news", () => {
  const names = [
    "alice is registered: if it is yours, /identify PASSWORD; else choose another name.",
    "That is not the password of alice.",
    "alice is banned for 2 hours: spam.",
    "Too many requests at the moment: try again in a minute.",
  ];
  for (const text of names) {
    const [arrival, seen] = arrive({ name: "alice", room: "tea" }, WELCOME, `*** ${text}`);
    assertEquals(seen, ["> /nick alice", `*** ${text}`, "> /join tea"]);
    assertEquals([arrival.refusedName, arrival.isTaken], [text, false]);
  }
  const rooms = [
    "#tea is locked: someone in it has to /invite you.",
    "There are 100 rooms, and no more can be made: /rooms lists them.",
  ];
  for (const text of rooms) {
    const [arrival, seen] = arrive({ room: "tea" }, WELCOME, `*** ${text}`);
    assertEquals(seen, ["> /join tea", `*** ${text}`]);
    assertEquals([arrival.refusedRoom, arrival.isOver], [text, true]);
  }
});

Deno.test("what has nothing to do with arriving is news meanwhile", () => {
  const lines = ["*** You missed 3 messages in #tea: see /history 3", "bob(03:04:05PM) to me: hi"];
  assertEquals(arrive({ room: "tea" }, WELCOME, ...lines)[1], ["> /join tea", ...lines]);
});

Deno.test("notices before a greeting that never came are there to be shown", () => {
  const full = "*** The room is full (it holds 2): try again later.";
  assertEquals(arrive({ name: "alice" }, full)[0].held, [parseHeard(full)]);
});
