// How the link to the server is lost, noticed to be lost, and tried again; and the server password.

import type { Frame } from "../../../lib/client/frames.ts";
import { Link } from "../../../lib/client/link/link.ts";
import { assertEquals } from "../../assert.ts";
import { FakeClock, FakeSocket } from "./fake_socket.ts";

const WELCOME = {
  type: "welcome",
  version: 1,
  name: "ann",
  token: "t",
  maxLine: 1024,
  editMinutes: 60,
} as const;
const ROOMS = { type: "command", name: "rooms", text: "" } as const;
/** Milliseconds after which a server that owes an answer is given up, at the most. */
const PATIENCE = 16_000, SILENCE = 28_000;

function page() {
  const clock = new FakeClock();
  const sockets: FakeSocket[] = [];
  const frames: Frame[] = [];
  const states: string[] = [];
  const link: Link = new Link({
    open: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1)!;
    },
    onFrame: (frame) => frames.push(frame),
    claim: () => ({ name: "", password: "" }),
    onHeeded: () => undefined,
    onRefused: () => undefined,
    onChange: () => states.at(-1) === link.state || states.push(link.state),
    now: () => clock.now,
    later: (run, milliseconds) => clock.later(run, milliseconds),
    chance: () => 1,
  });
  const last = () => sockets.at(-1)!;
  const open = () => {
    link.open();
    last().opens();
  };
  return { link, clock, sockets, frames, states, last, open };
}

/** A page that is in, and has asked for something and been answered. */
function entered() {
  const made = page();
  made.open();
  made.last().says(WELCOME);
  made.link.ask(ROOMS);
  made.last().says({ type: "ack", id: 1 });
  return made;
}

Deno.test("a link that is lost is tried again by itself, later each time", () => {
  const { link, clock, sockets, last, states } = entered();
  const pauses: number[] = [];
  for (let tries = 0; tries < 9; tries++) {
    last().closes(1006);
    assertEquals([link.state, clock.size], ["lost", 1]);
    pauses.push(clock.next!);
    clock.pass(clock.next!);
    assertEquals(link.state, "connecting");
  }
  assertEquals(sockets.length, 10);
  assertEquals(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  assertEquals(states.slice(0, 4), ["connecting", "open", "lost", "connecting"]);
});

Deno.test("once a link has held for a while the pauses begin anew; one that breaks at once goes on", () => {
  const { link, clock, last } = entered();
  const lose = () => {
    last().closes(1006);
    const pause = clock.next!;
    link.open();
    last().opens();
    last().says({ type: "resumed" });
    return pause;
  };
  assertEquals([lose(), lose(), lose()], [500, 1000, 2000]);
  clock.pass(5000);
  assertEquals([lose(), lose()], [500, 1000]);
});

Deno.test("a server that does not answer what it is asked is given up", () => {
  const { link, clock, sockets, last } = entered();
  clock.pass(20_000);
  assertEquals([link.state, sockets.length], ["open", 1]);
  link.ask(ROOMS);
  clock.pass(11_000);
  assertEquals(link.state, "open");
  last().says({ type: "parted", room: "tea" });
  clock.pass(11_000);
  assertEquals(link.state, "open", "it has said something");
  clock.pass(PATIENCE - 11_000);
  assertEquals([sockets[0]?.isClosed, link.state === "open"], [true, false]);
});

Deno.test("a server that says nothing for 25 seconds is asked, and given up if it does not answer", () => {
  const { link, clock, sockets, last } = entered();
  const asked = last().sent.length;
  for (let times = 1; times < 20; times++) {
    clock.pass(SILENCE);
    assertEquals(last().sent.slice(asked).at(-1), { id: 1 });
    last().says({ type: "ack", id: 1 });
  }
  assertEquals([link.state, sockets.length], ["open", 1]);
  clock.pass(SILENCE + PATIENCE);
  assertEquals([sockets[0]?.isClosed, link.state === "open"], [true, false]);
});

Deno.test("a link is lost until it is back, also while a try hangs", () => {
  const { link, clock, last } = entered();
  assertEquals(link.isLost, false);
  last().closes(1006);
  for (let tries = 0; tries < 3; tries++) {
    clock.pass(clock.next!);
    assertEquals([link.state, link.isLost], ["connecting", true]);
    clock.pass(PATIENCE);
    assertEquals(link.isLost, true);
  }
  link.open();
  last().opens();
  last().says({ type: "resumed" });
  assertEquals(link.isLost, false);
});

Deno.test("a server that lets nobody in is given up, also one that opens no socket", () => {
  const silent = page();
  silent.link.open();
  silent.clock.pass(PATIENCE);
  assertEquals(silent.sockets[0]?.isClosed, true);
  const mute = page();
  mute.open();
  mute.clock.pass(PATIENCE);
  assertEquals(mute.sockets[0]?.isClosed, true);
});

Deno.test("an old socket is heard no more", () => {
  const { link, frames, sockets, last } = entered();
  const [old] = sockets;
  link.open();
  last().opens();
  old!.says({ type: "parted", room: "tea" });
  old!.closes(1000);
  assertEquals([link.state, frames.length, old?.isClosed], ["connecting", 2, true]);
});

Deno.test("when something has changed outside, a lost link is tried at once", () => {
  const { link, clock, sockets, last } = entered();
  last().closes(1006);
  link.check();
  assertEquals([link.state, sockets.length], ["connecting", 2]);
  // The try that was due is called off.
  clock.pass(600);
  assertEquals(sockets.length, 2);
});

Deno.test("when something has changed outside, a link that seems open must answer", () => {
  const { link, clock, sockets, last } = entered();
  link.check();
  // What was handled already is answered again, and not done again.
  assertEquals(last().sent.at(-1), { id: 1 });
  last().says({ type: "ack", id: 1 });
  clock.pass(20_000);
  assertEquals(link.state, "open");
  link.check();
  clock.pass(PATIENCE);
  assertEquals(sockets[0]?.isClosed, true);
});

Deno.test("a number of another session is no question to this one", () => {
  const { link, last, open } = entered();
  open();
  last().says({ ...WELCOME, token: "u" });
  link.check();
  assertEquals(last().sent.slice(1), [{ type: "members", id: 2 }]);
});

Deno.test("while the server asks for its password nobody is hurried; then it must answer", () => {
  const { link, clock, sockets, frames, last, open } = page();
  open();
  last().says({ type: "password" });
  assertEquals([link.state, frames.at(-1)?.type], ["joining", "password"]);
  clock.pass(600_000);
  assertEquals(link.state, "joining");
  link.ask(ROOMS);
  link.unlock("open sesame");
  assertEquals(last().sent.slice(1), [{ type: "password", password: "open sesame" }]);
  clock.pass(PATIENCE);
  assertEquals(sockets[0]?.isClosed, true);
});

Deno.test("the server password is said once by its person, and by the link as it comes again", () => {
  const { link, frames, last, open } = page();
  open();
  last().says({ type: "password" });
  link.unlock("open sesame");
  last().says(WELCOME);
  open();
  assertEquals(last().sent, [{ type: "join", token: "t", received: 0, key: "open sesame" }]);
  last().says({ type: "password" }, { ...WELCOME, token: "u" });
  assertEquals(frames.filter(({ type }) => type === "password").length, 1);
  assertEquals(link.state, "open");
});

Deno.test("what was typed is known by a random text, and in another session said to come again", () => {
  const sockets: FakeSocket[] = [], clock = new FakeClock();
  let nonces = 0;
  const link: Link = new Link({
    open: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1)!;
    },
    onFrame: () => undefined,
    now: () => clock.now,
    later: (run, milliseconds) => clock.later(run, milliseconds),
    chance: () => 1,
    nonce: () => `n${++nonces}`,
  });
  const say = { type: "say", room: "lobby", text: "hello" } as const;
  const open = (token: string) => {
    link.open();
    sockets.at(-1)!.opens();
    sockets.at(-1)!.says({ ...WELCOME, token });
  };
  open("t");
  link.ask(say, { isTyped: true });
  link.ask(ROOMS);
  assertEquals(sockets[0]!.sent.slice(1), [{ ...say, nonce: "n1", id: 1 }, { ...ROOMS, id: 2 }]);
  open("u");
  assertEquals(sockets[1]!.sent.slice(1), [{ ...say, nonce: "n1", again: true, id: 3 }]);
});
