// How the link enters: under a name at once, and out again where the server refuses it.

import type { Asked, Frame } from "../../../lib/client/frames.ts";
import { Link } from "../../../lib/client/link/link.ts";
import { assertEquals } from "../../assert.ts";
import { FakeClock, FakeSocket } from "./fake_socket.ts";
import { refusal, welcome } from "./said.ts";

/** The link of a user with a name, what it has passed on, and what became of it. */
function page(name = "ann", password = "", browser?: string) {
  const clock = new FakeClock();
  const sockets: FakeSocket[] = [];
  const frames: Frame[] = [],
    heeded: [Asked["type"], boolean, string?][] = [],
    refused: [string, string][] = [];
  const user = { name, password };
  const link: Link = new Link({
    open: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1)!;
    },
    claim: () => user,
    browser,
    onFrame: (frame) => frames.push(frame),
    onHeeded: ({ asked, isSecret }, refusal) => heeded.push([asked.type, isSecret, refusal?.text]),
    onRefused: (name, { text }) => refused.push([name, text]),
    onChange: () => undefined,
    now: () => clock.now,
    later: (run, milliseconds) => clock.later(run, milliseconds),
    chance: () => 1,
  });
  const last = () => sockets.at(-1)!;
  const open = () => {
    link.open();
    last().opens();
  };
  return { link, clock, user, frames, heeded, refused, last, open };
}

Deno.test("a new session begins with the name, and its password if it has one", () => {
  const ann = page();
  ann.open();
  assertEquals(ann.last().sent, [{ type: "join", name: "ann", id: 1 }]);
  const zoe = page("zoë", "correct horse");
  zoe.open();
  assertEquals(zoe.last().sent, [
    { type: "join", name: "zoë", password: "correct horse", id: 1 },
  ]);
  zoe.last().says(welcome("guest1"), { type: "ack", id: 1 });
  assertEquals(zoe.heeded, [["join", true, undefined]]);
  assertEquals(zoe.link.enteredAs, "zoë");
});

Deno.test("each join has what the tabs of the browser have in common", () => {
  const { last, open, clock } = page("ann", "", "secret");
  open();
  assertEquals(last().sent, [{ type: "join", name: "ann", browser: "secret", id: 1 }]);
  last().says(welcome("ann", "t"), { type: "ack", id: 1 });
  last().closes(1006);
  clock.pass(30_000);
  last().opens();
  assertEquals(last().sent, [{ type: "join", token: "t", received: 1, browser: "secret" }]);
});

Deno.test("a name that another tab has already is no refusal", () => {
  const { frames, refused, last, open } = page();
  open();
  const already = { ...refusal("You are ann already.", 1), code: "nothing-to-change" };
  last().says(welcome("ann"), already, { type: "ack", id: 1 });
  assertEquals(refused, []);
  assertEquals(frames.map(({ type }) => type), ["welcome", "ack"]);
});

Deno.test("a session that goes on has its name, unless the server began another", () => {
  const { link, last, open, clock } = page();
  open();
  last().says(welcome("guest1", "t"), { type: "ack", id: 1 });
  last().closes(1006);
  clock.pass(30_000);
  last().opens();
  assertEquals(last().sent, [{ type: "join", token: "t", received: 1 }]);
  last().says({ type: "resumed" });
  assertEquals(link.enteredAs, "ann");
  last().closes(1006);
  clock.pass(30_000);
  last().opens();
  last().says(welcome("guest1", "u"));
  assertEquals(link.enteredAs, "");
});

Deno.test("a name that is refused is told to who asked for it, and shown to nobody else", () => {
  const { link, frames, refused, last, open } = page();
  open();
  last().says(welcome("guest1"), refusal("ann is taken.", 1), { type: "ack", id: 1 });
  assertEquals(refused, [["ann", "ann is taken."]]);
  assertEquals(frames.map(({ type }) => type), ["welcome", "ack"]);
  assertEquals(link.enteredAs, "");
});

Deno.test("a wrong password of the name is found out later", () => {
  const { refused, heeded, last, open } = page("ann", "wrong horse");
  open();
  last().says(welcome("guest1"), { type: "ack", id: 1 }, refusal("That is not it.", 1));
  assertEquals([refused, heeded.length], [[["ann", "That is not it."]], 1]);
});

Deno.test("where the server password comes first, the name is not refused, but not heard either", () => {
  const { link, frames, refused, last, open } = page();
  open();
  const first = { ...refusal("Send the password first.", 1), code: "server-password" };
  last().says({ type: "password" }, first, { type: "ack", id: 1 });
  assertEquals([link.state, link.enteredAs, refused], ["joining", "", []]);
  assertEquals(frames.map(({ type }) => type), ["password", "ack"]);
  // It is sent with the next join, before the name; if it is wrong, that is no refusal of the name.
  link.unlock("open barley");
  last().closes(1006);
  open();
  assertEquals(last().sent, [{ type: "join", key: "open barley", name: "ann", id: 2 }]);
  last().says({ type: "password" }, refusal("That is not the password.", 2));
  assertEquals([frames.at(-1), refused], [refusal("That is not the password.", 2), []]);
});

Deno.test("who leaves is out, and enters a new session next", () => {
  const { link, user, last, open } = page();
  open();
  last().says(welcome("guest1"), refusal("ann is taken.", 1));
  link.ask({ type: "members", room: "lobby" });
  const before = last();
  link.leave();
  assertEquals(before.sent.at(-1), { type: "command", name: "quit" });
  assertEquals([before.isClosed, link.state, link.waiting, link.saved], [
    ...[true, "idle", [], undefined],
  ]);
  user.name = "anna";
  open();
  assertEquals(last().sent, [{ type: "join", name: "anna", id: 3 }]);
});
