// The user's name and rooms: how the page enters with them, and out again where the name is refused.

import { Link } from "../../../lib/client/link/link.ts";
import { Presence } from "../../../lib/client/presence.ts";
import { lastVisit, rememberVisit } from "../../../lib/page/remembered.ts";
import { Account } from "../../../lib/client/state/account.ts";
import { State } from "../../../lib/client/state/state.ts";
import { assertEquals } from "../../assert.ts";
import { FakeClock, FakeSocket } from "./fake_socket.ts";
import { members, refusal, welcome } from "./said.ts";

/** The page of somebody whose last visit was so. */
function page(visit: { name?: string; rooms?: string[] }) {
  rememberVisit({ name: "", rooms: [], ...visit });
  const clock = new FakeClock(), state = new State(), account = new Account(false);
  const sockets: FakeSocket[] = [], refused: [string, string][] = [], wanted: boolean[] = [];
  const link: Link = new Link({
    open: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1)!;
    },
    claim: () => presence.claimed,
    onFrame: (frame) => {
      const { me } = state;
      state.apply(frame);
      if (frame.type === "welcome") presence.welcome(frame);
      if (frame.type === "renamed" && frame.from === me) wanted.push(presence.renamed());
      if (frame.type === "members") presence.remember();
    },
    onChange: () => undefined,
    onHeeded: () => undefined,
    onRefused: (name, refusal) => presence.refused(name, refusal),
    now: () => clock.now,
    later: (run, milliseconds) => clock.later(run, milliseconds),
    chance: () => 1,
  });
  const presence: Presence = new Presence({
    ...{ account, state, link, token: undefined },
    visits: { last: lastVisit, remember: rememberVisit },
    onRefused: (name, { text }) => refused.push([name, text]),
  });
  const last = () => sockets.at(-1)!;
  const open = () => {
    link.open();
    last().opens();
  };
  /** The server gives the user this name. */
  const rename = (to: string) =>
    last().says({ type: "renamed", room: "lobby", from: state.me, to });
  return { link, state, clock, presence, refused, wanted, last, open, rename };
}

const TEA = { type: "join", room: "tea" };

Deno.test("who has a name enters under it, and the rooms once they have it", () => {
  const { presence, wanted, last, open, rename } = page({ name: "ann", rooms: ["lobby", "tea"] });
  open();
  last().says(welcome("guest1"), members("lobby", "guest1"));
  assertEquals(last().sent, [{ type: "join", name: "ann", id: 1 }]);
  assertEquals([presence.isEntering, lastVisit().rooms], [true, ["lobby", "tea"]]);
  rename("ann");
  assertEquals(last().sent.slice(1), [{ ...TEA, id: 2 }]);
  assertEquals([presence.isEntering, wanted], [false, [true]]);
});

Deno.test("a server that welcomes somebody under their name asks for nothing more", () => {
  const { presence, last, open } = page({ name: "ann", rooms: ["tea"] });
  open();
  last().says(welcome("ann"));
  assertEquals(last().sent.slice(1), [{ ...TEA, id: 2 }]);
  assertEquals(presence.isEntering, false);
});

Deno.test("whose name is refused is out, and was in no room, until they have another", () => {
  const { link, state, presence, refused, last, open, rename } = page({
    name: "ann",
    rooms: ["tea"],
  });
  open();
  last().says(welcome("guest1"), { type: "notice", text: "Welcome, guest1." });
  last().says(refusal("ann is taken.", 1));
  assertEquals(last().sent.slice(1), [{ type: "command", name: "quit" }]);
  assertEquals([refused, link.state], [[["ann", "ann is taken."]], "idle"]);
  assertEquals([presence.isEntering, state.me, state.wanted], [true, "", ""]);
  assertEquals(state.conversations.lobby.entries, []);
  presence.claim("anna", "");
  open();
  last().says(welcome("guest2", "u"));
  rename("anna");
  assertEquals(last().sent, [{ type: "join", name: "anna", id: 2 }, { ...TEA, id: 3 }]);
  assertEquals(lastVisit().name, "anna");
});

Deno.test("a guest is in at once", () => {
  const { presence, last, open } = page({ rooms: ["tea"] });
  open();
  last().says(welcome("guest1"));
  assertEquals(last().sent, [{ type: "join" }, { ...TEA, id: 1 }]);
  assertEquals(presence.isEntering, false);
});

Deno.test("a server password comes first, and the name after it", () => {
  const { link, refused, last, open } = page({ name: "ann" });
  open();
  const first = { ...refusal("Send the password first.", 1), code: "server-password" };
  last().says({ type: "password" }, first, { type: "ack", id: 1 });
  link.unlock("open sesame");
  last().says(welcome("guest1"));
  assertEquals(last().sent.slice(1), [
    { type: "password", password: "open sesame" },
    { type: "nick", name: "ann", id: 2 },
  ]);
  last().says(refusal("ann is taken.", 2), { type: "ack", id: 2 });
  assertEquals([refused, link.state], [[["ann", "ann is taken."]], "idle"]);
});

Deno.test("after an outage what was typed goes to the rooms at once, and nobody leaves for a name", () => {
  const { link, clock, refused, last, open, rename } = page({ name: "ann", rooms: ["tea"] });
  open();
  last().says(welcome("guest1"));
  rename("ann");
  last().says(members("tea", "ann"), { type: "ack", id: 2 });
  last().closes(1006);
  link.ask({ type: "say", room: "tea", text: "a cup" }, { isTyped: true });
  clock.pass(30_000);
  last().opens();
  last().says(welcome("guest1", "u"));
  assertEquals(last().sent.slice(1), [
    { type: "nick", name: "ann", id: 4 },
    { ...TEA, id: 5 },
    { type: "say", room: "tea", text: "a cup", id: 6 },
  ]);
  last().says(refusal("ann is taken.", 4), { type: "ack", id: 4 });
  assertEquals([refused, link.state], [[["ann", "ann is taken."]], "open"]);
});

Deno.test("who chooses another name before they are in has that one in the end", () => {
  const { state, presence, wanted, last, open, rename } = page({ name: "ann" });
  open();
  presence.claim("zoë", "");
  last().says(welcome("guest1"));
  assertEquals(last().sent.slice(1), [{ type: "nick", name: "zoë", id: 2 }]);
  rename("ann");
  assertEquals([state.wanted, wanted], ["zoë", [false]]);
  rename("zoë");
  last().says({ type: "ack", id: 2 });
  assertEquals([state.wanted, wanted, lastVisit().name], ["zoë", [false, true], "zoë"]);
});
