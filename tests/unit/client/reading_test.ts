// How far the user has read, on several devices: what is unread agrees, and the server is not told too often.

import fc from "fast-check";
import type { Asked, Frame, Message } from "../../../lib/client/frames.ts";
import { Reading } from "../../../lib/client/reading.ts";
import { Conversation } from "../../../lib/client/state/conversation.ts";
import { State } from "../../../lib/client/state/state.ts";
import { assertEquals } from "../../assert.ts";
import { FakeClock } from "./fake_socket.ts";
import { answer, entry, live, members, message, range, tell, welcome, whisper } from "./said.ts";

const SEEN = { isSeen: true }, UNSEEN = { isSeen: false };

/** A server with one account, and the pages that it is open on. */
class Server {
  readonly said: Message[] = [];
  readonly pages: Page[] = [];
  readonly #marks = new Map<string, Extract<Asked, { type: "read" }>>();

  says(from: Partial<Message>): void {
    const next = message(this.said.length + 1, from);
    this.said.push(next);
    for (const page of this.pages) page.hears({ type: "message", ...next });
  }

  /** The answers to what a page asks. */
  asks(page: Page, asked: Asked): void {
    if (asked.type === "history") page.hears(answer(this.said, asked));
    if (asked.type !== "read") return;
    const key = asked.room ?? `@${asked.with}`;
    if ((this.#marks.get(key)?.upTo ?? 0) >= asked.upTo) return;
    this.#marks.set(key, asked);
    for (const each of this.pages) if (each !== page) each.hears({ type: "read", marks: [asked] });
  }

  /** One more page, which is in the lobby and in the room tea. */
  opens(): Page {
    const page = new Page(this);
    page.hears(welcome());
    for (const room of ["lobby", "tea"]) {
      page.hears(members(room, "ann", "bob"));
      page.hears(answer(this.said, { room, count: 5 }));
    }
    page.hears({ type: "read", marks: [...this.#marks.values()] });
    this.pages.push(page);
    return page;
  }
}

/** A page, with a clock of its own. */
class Page {
  readonly state = new State();
  readonly clock = new FakeClock();
  readonly told: Asked[] = [];
  readonly #server: Server;
  readonly #reading: Reading;

  constructor(server: Server) {
    this.#server = server;
    this.state.conversations.isWatched = false;
    const ask = (asked: Asked) => {
      if (asked.type === "read") this.told.push(asked);
      server.asks(this, asked);
      return true;
    };
    this.#reading = new Reading({
      conversations: this.state.conversations,
      link: { state: "open", ask },
      now: () => this.clock.now,
      later: (run, ms) => this.clock.later(run, ms),
    });
  }

  hears(frame: Frame): void {
    for (const asked of tell(this.state, frame)) this.#server.asks(this, asked);
    this.#reading.look();
  }

  /** Somebody looks at a room, or at nothing. */
  looks(room: string | undefined): void {
    const { conversations } = this.state;
    if (room !== undefined) conversations.show(conversations.roomAt(room));
    conversations.watch(room !== undefined);
    this.#reading.look();
  }

  leaves(): void {
    this.looks(undefined);
    this.#reading.tell();
  }

  get unread(): Record<string, number> {
    const counts = this.state.conversations.rooms.map(({ name, unread }) => [name, unread.all]);
    return Object.fromEntries(counts);
  }
}

Deno.test("whatever is said and read where, what is unread is the same on all devices, old and new", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ says: fc.constantFrom("lobby", "tea") }) },
    {
      weight: 2,
      arbitrary: fc.record({
        page: fc.nat(2),
        looks: fc.constantFrom("lobby", "tea", undefined),
        after: fc.constantFrom(0, 0, 100, 6000),
      }),
    },
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const server = new Server();
    const pages = [server.opens(), server.opens(), server.opens()];
    // An account has marks from its first visit on.
    for (const room of ["lobby", "tea"]) {
      server.says({ room });
      pages[0]!.looks(room);
      pages[0]!.leaves();
    }
    for (const step of steps) {
      if ("says" in step) server.says({ room: step.says });
      else {
        pages[step.page]!.looks(step.looks);
        pages[step.page]!.clock.pass(step.after);
      }
    }
    for (const page of pages) page.leaves();
    const later = server.opens();
    for (const page of pages) assertEquals(page.unread, later.unread);
    // Once looked at, it is read everywhere.
    for (const room of ["lobby", "tea"]) later.looks(room);
    later.leaves();
    for (const page of pages) assertEquals(page.unread, { lobby: 0, tea: 0 });
  }));
});

Deno.test("the server is told at once, then every five seconds at most, and as the user goes", () => {
  const server = new Server(), page = server.opens();
  const told = () => page.told.map((asked) => asked.type === "read" && asked.upTo);
  page.looks("lobby");
  for (let i = 0; i < 22; i++) {
    server.says({});
    page.clock.pass(1000);
  }
  assertEquals(told(), [1, 5, 10, 15, 20]);
  page.leaves();
  assertEquals(told(), [1, 5, 10, 15, 20, 22]);
  page.clock.pass(60_000);
  assertEquals(page.told.length, 6);
});

Deno.test("the new line stands where the user left on another device", () => {
  const made = new Conversation({ kind: "room", name: "tea" });
  made.merge(range(1, 9).map((id) => entry(id)), { since: Infinity });
  assertEquals(made.unread.all, 0);
  made.readTo(6, UNSEEN);
  assertEquals([made.unread.all, made.firstNew?.id], [3, 7]);
  made.readTo(8, UNSEEN);
  assertEquals([made.unread.all, made.firstNew?.id], [1, 9]);
  made.readTo(7, UNSEEN);
  assertEquals(made.unread.all, 1);
  made.open();
  assertEquals([made.unread.all, made.firstNew?.id, made.unreported], [0, 9, 9]);
  made.readTo(9, SEEN);
  assertEquals([made.firstNew?.id, made.unreported], [9, undefined]);
});

Deno.test("what is in front when the user comes is read, and new all the same", () => {
  const made = new Conversation({ kind: "room", name: "lobby" });
  made.merge(range(1, 9).map((id) => entry(id)), { since: Infinity });
  made.markRead();
  made.readTo(6, SEEN);
  assertEquals([made.unread.all, made.firstNew?.id, made.unreported], [0, 7, 9]);
});

Deno.test("private talks are as read as on the other devices, also those that begin later", () => {
  const state = new State();
  tell(state, welcome());
  tell(state, { type: "read", marks: [{ with: "Bob", upTo: 2 }, { with: "eve", upTo: 0 }] });
  assertEquals(state.conversations.people, []);
  const said = [...range(1, 4).map((id) => whisper(id)), whisper(5, { from: "eve" })];
  tell(state, { type: "history", messages: said });
  const unread = state.conversations.people.map(({ name, unread }) => [name, unread.calls]);
  assertEquals(unread, [["bob", 2], ["eve", 1]]);
});

Deno.test("in a new session, whose numbers may begin anew, what was read is unknown", () => {
  const state = new State();
  tell(state, welcome(), members("lobby", "ann"), members("tea", "ann"));
  tell(state, { type: "read", marks: [{ room: "tea", upTo: 90 }] });
  tell(state, welcome("ann", "u"), members("tea", "ann"), live(1, { room: "tea" }));
  assertEquals(state.conversations.roomAt("tea").unread.all, 1);
});
