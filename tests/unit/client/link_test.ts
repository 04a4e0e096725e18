// The link to the server, over one socket after another: what it says, waits for, and keeps.

import type { Asked, Frame, Refusal } from "../../../lib/client/frames.ts";
import { Link, type Saved } from "../../../lib/client/link/link.ts";
import { assert, assertEquals } from "../../assert.ts";
import { FakeClock, FakeSocket } from "./fake_socket.ts";
import { refusal } from "./said.ts";

const WELCOME = {
  type: "welcome",
  version: 1,
  name: "ann",
  token: "t",
  maxLine: 1024,
  editMinutes: 60,
} as const;
const SAY = { type: "say", room: "lobby", text: "hello" } as const;
const ROOMS = { type: "command", name: "rooms", text: "" } as const;
const TYPED = { isTyped: true };

/** A link with its clock, the sockets that it has opened, and the frames that it has passed on. */
function page(
  saved?: Saved,
  onFrame?: (link: Link, frame: Frame) => void,
  onHeeded?: (asked: Asked, refusal: Refusal | undefined) => void,
) {
  const clock = new FakeClock();
  const sockets: FakeSocket[] = [];
  const frames: Frame[] = [];
  const link: Link = new Link({
    open: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1)!;
    },
    onFrame: (frame) => {
      frames.push(frame);
      onFrame?.(link, frame);
    },
    onChange: () => undefined,
    claim: () => ({ name: "", password: "" }),
    onHeeded: ({ asked }, refusal) => onHeeded?.(asked, refusal),
    onRefused: () => undefined,
    saved,
    now: () => clock.now,
    later: (run, milliseconds) => clock.later(run, milliseconds),
    chance: () => 1,
  });
  const last = () => sockets.at(-1)!;
  /** Opens it, and has it let in. */
  const enter = (welcome: Frame = WELCOME) => {
    link.open();
    last().opens();
    last().says(welcome);
  };
  /** Loses it, and has it try again. */
  const reopen = () => {
    last().closes(1006);
    clock.pass(30_000);
    last().opens();
  };
  return { link, clock, sockets, frames, last, enter, reopen };
}

Deno.test("what is handled is told with what was asked, and what the server had against it", () => {
  const told: unknown[] = [];
  const { link, last, enter } = page(undefined, undefined, (asked, refusal) => {
    told.push([asked, refusal?.text]);
  });
  enter();
  link.ask(SAY, TYPED);
  link.ask(ROOMS);
  last().says({ type: "ack", id: 1 }, refusal("No.", 2), { type: "ack", id: 2 });
  last().says({ type: "ack", id: 2 });
  assertEquals(told, [[SAY, undefined], [ROOMS, "No."]]);
});

Deno.test("it joins, is let in, and passes on what it is told", () => {
  const { link, frames, last } = page();
  assertEquals([link.state, link.saved], ["idle", undefined]);
  link.open();
  assertEquals([link.state, last().sent], ["connecting", []]);
  last().opens();
  assertEquals(last().sent, [{ type: "join" }]);
  last().says(WELCOME, { type: "parted", room: "tea" });
  assertEquals([link.state, frames.length], ["open", 2]);
});

Deno.test("a new socket goes on where the lost one ended: with the token, and how much had come", () => {
  const { link, frames, last, enter, reopen } = page();
  enter();
  last().says({ type: "parted", room: "tea" }, { type: "ack", id: 9 });
  reopen();
  assertEquals(last().sent, [{ type: "join", token: "t", received: 2 }]);
  assertEquals(link.state, "connecting");
  last().says({ type: "resumed" }, { type: "parted", room: "chess" });
  assertEquals([link.state, frames.at(-1)], ["open", { type: "parted", room: "chess" }]);
  // That it is back is not counted.
  reopen();
  assertEquals(last().sent, [{ type: "join", token: "t", received: 3 }]);
});

Deno.test("a server that greets anew is counted anew, from its welcome", () => {
  const { last, enter, reopen } = page();
  enter();
  last().says({ type: "parted", room: "tea" });
  reopen();
  last().says({ type: "password" }, { ...WELCOME, token: "u" });
  reopen();
  assertEquals(last().sent, [{ type: "join", token: "u", received: 0 }]);
});

Deno.test("what is asked for has a number, and waits until it was handled", () => {
  const { link, last, enter } = page();
  enter();
  assert(link.ask(SAY, TYPED) && link.ask(ROOMS));
  assertEquals(last().sent.slice(1), [{ ...SAY, id: 1 }, { ...ROOMS, id: 2 }]);
  assertEquals(link.waiting.map(({ id }) => id), [1, 2]);
  last().says({ type: "ack", id: 1 });
  assertEquals(link.waiting.map(({ id }) => id), [2]);
  last().says({ type: "ack", id: 1 });
  assertEquals(link.waiting.length, 1);
});

Deno.test("who asked is told that it was handled, and what the server had against it", () => {
  const { link, last, enter } = page();
  enter();
  const heard: (string | undefined)[] = [];
  const onDone = (refusal: Refusal | undefined) => heard.push(refusal?.text);
  for (const asked of [SAY, ROOMS, SAY]) link.ask(asked, { onDone });
  last().says({ type: "ack", id: 1 }, refusal("No.", 2), { type: "ack", id: 2 });
  last().says(refusal("No."), refusal("No.", 1), { type: "ack", id: 3 });
  assertEquals(heard, [undefined, "No.", undefined]);
});

Deno.test("what was asked for during an outage is sent once, in order, when the link is back", () => {
  const { link, last, enter, reopen } = page();
  enter();
  link.ask(SAY, TYPED);
  last().says({ type: "ack", id: 1 });
  link.ask(ROOMS);
  last().closes(1006);
  assertEquals(link.state, "lost");
  link.ask({ ...SAY, text: "later" }, TYPED);
  reopen();
  assertEquals(last().sent.length, 1);
  last().says({ type: "resumed" });
  // It has no receipt of the second, so it is sent again; the server does it once.
  assertEquals(last().sent.slice(1), [{ ...ROOMS, id: 2 }, { ...SAY, text: "later", id: 3 }]);
  last().says({ type: "ack", id: 2 }, { type: "ack", id: 3 });
  assertEquals(link.waiting, []);
});

Deno.test("a session that is told anew is the same, and is sent what waits", () => {
  const { link, last, enter, reopen } = page();
  enter();
  link.ask(ROOMS);
  reopen();
  last().says(WELCOME);
  assertEquals(last().sent.slice(1), [{ ...ROOMS, id: 1 }]);
});

Deno.test("in a new session the page asks first, then only what was typed is asked for again", () => {
  const asks = (link: Link, frame: Frame) => {
    if (frame.type === "welcome") link.ask({ type: "join", room: "tea" });
  };
  const { link, last, enter, reopen } = page(undefined, asks);
  enter();
  last().says({ type: "ack", id: 1 });
  link.ask(ROOMS);
  let handled = 0;
  link.ask(SAY, { ...TYPED, where: "#lobby", shown: "hello", onDone: () => handled++ });
  reopen();
  last().says({ ...WELCOME, token: "u" });
  assertEquals(last().sent.slice(1), [{ type: "join", room: "tea", id: 4 }, { ...SAY, id: 5 }]);
  assertEquals(link.waiting.map(({ where, shown }) => [where, shown]), [
    [undefined, undefined],
    ["#lobby", "hello"],
  ]);
  last().says({ type: "ack", id: 4 }, { type: "ack", id: 5 });
  assertEquals([handled, link.waiting.length], [1, 0]);
});

Deno.test("an end that is meant is one: nothing waits, nothing can be asked, no one can come back", () => {
  const { link, clock, sockets, last, enter } = page();
  enter();
  link.unlock("open sesame");
  assertEquals(last().sent.length, 1, "nobody asked for it");
  link.ask(SAY, TYPED);
  last().closes(1000);
  assertEquals([link.state, link.waiting, link.saved], ["ended", [], undefined]);
  assert(!link.ask(SAY));
  clock.pass(600_000);
  link.check();
  assertEquals(sockets.length, 1);
  // But one can come in again.
  link.open();
  last().opens();
  assertEquals(last().sent, [{ type: "join" }]);
});

Deno.test("who goes on in another window is told so, and is not fought for the session", () => {
  const { link, clock, sockets, frames, last, enter } = page();
  enter();
  last().closes(4001);
  clock.pass(600_000);
  assertEquals([link.state, sockets.length], ["ended", 1]);
  assertEquals(frames.at(-1), {
    type: "error",
    code: "replaced",
    text: "bobchat is open in another window.",
  });
});

Deno.test("no more is asked for than can wait", () => {
  const { link } = page();
  let taken = 0;
  while (taken < 10_000 && link.ask(SAY, TYPED)) taken++;
  assertEquals([taken, link.waiting.length], [500, 500]);
});

Deno.test("a page that is loaded again has the token, the numbers and what was typed, but no secret", () => {
  const { link, enter } = page();
  enter();
  link.ask(SAY, { ...TYPED, where: "#lobby" });
  link.ask(ROOMS);
  link.ask({ type: "nick", name: "ann", password: "correct horse" }, { isSecret: true });
  link.ask({ type: "command", name: "register", text: "correct horse" }, {
    ...TYPED,
    isSecret: true,
  });
  link.unlock("open sesame");
  const json = JSON.stringify(link.saved);
  assert(!/correct horse|open sesame/.test(json), json);
  const next = page(JSON.parse(json));
  next.link.open();
  next.last().opens();
  // It has forgotten what it was told.
  assertEquals(next.last().sent, [{ type: "join", token: "t" }]);
  next.last().says(WELCOME);
  next.link.ask(ROOMS);
  assertEquals(next.last().sent.slice(1), [{ ...SAY, id: 1 }, { ...ROOMS, id: 5 }]);
});
