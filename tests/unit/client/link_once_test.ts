// Whatever happens to the link, each message is said once, and shown once.

import fc from "fast-check";
import type { Frame } from "../../../lib/client/frames.ts";
import { Link } from "../../../lib/client/link/link.ts";
import { assertEquals } from "../../assert.ts";
import { FakeClock, FakeSocket } from "./fake_socket.ts";

/** A server as lib/wire/README.md describes it, which the test drives a step at a time. */
class FakeServer {
  /** What was said, in the server's order, and by others. */
  readonly said: string[] = [];
  #session: { token: string; frames: Frame[]; lastId: number } | undefined;
  #sessions = 0;
  #socket: FakeSocket | undefined;
  /** How many of the session's frames went over the socket, and of the client's frames were read. */
  #sent = 0;
  #read = 0;
  #isJoined = false;

  accept(socket: FakeSocket): void {
    this.#socket = socket;
    this.#sent = this.#read = 0;
    this.#isJoined = false;
    socket.opens();
  }

  /** Reads one frame from the client. */
  read(): void {
    const frame = this.#socket?.sent[this.#read] as Record<string, unknown> | undefined;
    if (frame === undefined) return;
    this.#read++;
    if (frame.type === "join" && frame.room === undefined) return this.#join(frame);
    const session = this.#session!, id = Number(frame.id);
    if (frame.type === "say" && id > session.lastId) this.say(String(frame.text));
    session.lastId = Math.max(session.lastId, id);
    session.frames.push({ type: "ack", id });
  }

  /** Somebody says something. */
  say(text: string): void {
    const id = this.said.push(text), at = new Date(id).toISOString();
    this.#session?.frames.push({
      ...{ type: "message", kind: "message", id, at, from: "bob", text, room: "lobby" },
    });
  }

  /** Sends the next frame. */
  send(): void {
    const frame = this.#session?.frames[this.#sent];
    // Nothing goes out before the client has joined over this socket.
    if (this.#socket === undefined || frame === undefined || !this.#isJoined) return;
    this.#sent++;
    this.#socket.says(frame);
  }

  /** The process ends in order, and another one takes its place: it has said all that it confirmed. */
  restart(): void {
    for (let i = 0; i < 500; i++) {
      this.read();
      this.send();
    }
    this.#session = undefined;
    this.cut();
  }

  /** The link breaks, with what is on its way. */
  cut(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.closes(1006);
  }

  #join({ token, received }: Record<string, unknown>): void {
    this.#isJoined = true;
    if (this.#session !== undefined && token === this.#session.token) {
      this.#sent = received === undefined ? 0 : Number(received) + 1;
      return this.#socket!.says({ type: "resumed" });
    }
    this.#session = {
      token: `t${++this.#sessions}`,
      lastId: 0,
      frames: [],
    };
    this.#session.frames.push({
      ...{ type: "welcome", version: 1, name: "ann", maxLine: 1024, editMinutes: 60 },
      token: this.#session.token,
    });
  }
}

const STEPS = ["ask", "other", "read", "send", "cut", "pass", "restart"] as const;

Deno.test("any interleaving of lost links, late acks, restarts and resumes says and shows each message once", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...STEPS), { maxLength: 120 }), (steps) => {
    const clock = new FakeClock(), server = new FakeServer();
    const shown: string[] = [], asked: string[] = [];
    const opened: FakeSocket[] = [];
    const link = new Link({
      open: () => {
        const socket = new FakeSocket();
        opened.push(socket);
        return socket;
      },
      onFrame: (frame) => {
        if (frame.type === "message") shown.push(frame.text);
      },
      now: () => clock.now,
      later: (run, milliseconds) => clock.later(run, milliseconds),
      chance: () => 1,
    });
    const accept = () => {
      const socket = opened.splice(0).at(-1);
      if (socket !== undefined && !socket.isClosed) server.accept(socket);
    };
    link.open();
    accept();
    const settle = () => {
      for (let i = 0; i < 500; i++) {
        server.read();
        server.send();
      }
    };
    const run: Record<typeof STEPS[number], () => unknown> = {
      ask: () => {
        const text = `said ${asked.length}`;
        asked.push(text);
        link.ask({ type: "say", room: "lobby", text }, { isTyped: true });
      },
      other: () => server.say(`heard ${server.said.length}`),
      read: () => server.read(),
      send: () => server.send(),
      cut: () => server.cut(),
      // Only what was confirmed is known to be said by whoever meets another process.
      restart: () => link.state === "open" && server.restart(),
      pass: () => clock.pass(5000),
    };
    // The session begins before anything is lost.
    settle();
    for (const step of steps) {
      run[step]();
      accept();
    }
    for (let i = 0; i < 10 && (link.state !== "open" || link.waiting.length > 0); i++) {
      clock.pass(40_000);
      accept();
      settle();
    }
    settle();
    // What is said while a new server does not know the client is for the history to tell.
    const known = steps.includes("restart") ? new Set(shown) : new Set(server.said);
    assertEquals(shown, server.said.filter((text) => known.has(text)), "each once, in order");
    assertEquals(server.said.filter((text) => text.startsWith("said")), asked);
    assertEquals(link.waiting, []);
  }));
});
