// What the page knows, as a fold of the frames that it is sent: who it is, who is where, what was said. No
// DOM, no socket.

import type { Asked, Frame, Message } from "../frames.ts";
import { fold } from "./names.ts";
import { type Change, Room, type Talk } from "./talk.ts";
import type { Entry } from "./entry.ts";
import { Talks } from "./talks.ts";
import { mentions } from "./text.ts";

/** How many earlier messages are asked for at once: by who scrolls up, and to fill in what was missed. */
const PAGE = 50, FILL = 200;
/** Bytes that a message may have until the server has said how many. */
const MAX_LINE = 1024;
/** Most members that a server names. */
const MOST_NAMED = 100;
const NOTHING = Object.freeze({ isMine: false, isMention: false, isEarlier: false });

/** A sentence of the server's, or of the page's own. */
type Told = Pick<
  Extract<Frame, { type: "notice" | "error" }>,
  "type" | "text" | "at" | "room"
>;

/** What calls the page's person, who was not looking. */
export interface Call {
  readonly talk: Talk;
  readonly entry: Entry;
}

/** All that is known. */
export class State {
  readonly talks = new Talks();
  /** The name that the page's person bears; empty before they are in. */
  me = "";
  /** The name that they have asked for. */
  wanted = "";
  /** Bytes that a message may have. */
  maxLine = MAX_LINE;
  /** Whether the server has answered in this session: what it says before is its greeting. */
  #isGreeted = true;
  /** What the server, or the page, has said last, and where it stands. */
  #told: Call | undefined;
  /** Every name that they have borne, folded. */
  readonly #mine = new Set<string>();

  /** The same for whoever loads the page again. */
  get mine(): string[] {
    return [...this.#mine];
  }

  /** The names that call them. */
  get names(): string[] {
    return [this.me, this.wanted].filter((name) => name !== "");
  }

  /** Whether it is the page's person who bears this name. */
  isMe(name: string): boolean {
    return fold(name) === fold(this.me);
  }

  remember(names: readonly string[]): void {
    for (const name of names) this.#mine.add(fold(name));
  }

  /** What to ask for to see further back in a conversation; nothing where that cannot be, or is under way. */
  askBack(talk: Talk): Asked | undefined {
    const { past, isFull } = talk;
    const room = talk instanceof Room ? talk : undefined;
    if (past.isAsked || past.older === undefined || isFull || room?.isIn === false) {
      return undefined;
    }
    past.ask();
    return askFor(room, { before: past.older, count: PAGE });
  }

  /**
   * What to ask for where it is not known any more who is in a room. Of a crowd only some are told by name.
   */
  askWho(talk: Talk): readonly Asked[] {
    if (!(talk instanceof Room) || !talk.isStale || talk.size > MOST_NAMED) return [];
    talk.isStale = false;
    return [{ type: "members", room: talk.name }];
  }

  /** The conversation to which something belongs that was said earlier. */
  talkOf(message: Message): Talk {
    return this.#talkOf(message, this.#wasMine(message));
  }

  /** Takes a frame in. Returns what is to be asked for because of it, and what calls the page's person. */
  apply(frame: Frame): { asks: readonly Asked[]; call?: Call } {
    switch (frame.type) {
      case "welcome":
        return { asks: this.#welcome(frame) };
      case "message":
        return { asks: [], call: this.#hear(frame) };
      case "ack":
        this.#isGreeted = true;
        return { asks: [] };
      case "notice":
      case "error":
        this.#tell(frame);
        return { asks: [] };
      case "history":
        return { asks: this.#recall(frame) };
      case "members":
        this.#enter(frame);
        return { asks: [] };
      case "parted":
        this.talks.close(this.talks.roomAt(frame.room));
        return { asks: [] };
      case "renamed":
        return { asks: this.#rename(frame) };
      case "joined":
      case "left":
      case "crowd":
      case "away":
      case "topic":
      case "lock":
        return { asks: this.#change(frame) };
    }
    return { asks: [] };
  }

  /** The page's own word on why something is not done. */
  complain(text: string): void {
    this.#tell({ type: "error", text, at: new Date().toISOString() });
  }

  /** A refusal that was the last word is shown elsewhere, and no more in its conversation. */
  takeBack(text: string): void {
    if (this.#told?.entry.text !== text) return;
    this.#told.talk.remove(this.#told.entry);
    this.#told = undefined;
  }

  #welcome({ name, maxLine }: Extract<Frame, { type: "welcome" }>): readonly Asked[] {
    this.maxLine = maxLine;
    this.me = name;
    this.#isGreeted = false;
    this.remember([name]);
    for (const room of this.talks.rooms) {
      room.isIn = false;
      room.past.begin(room.newest);
    }
    return this.#recallPrivate();
  }

  #recallPrivate(): readonly Asked[] {
    const newest = this.talks.people.flatMap((talk) => talk.newest ?? []);
    this.talks.privatePast.begin(newest.sort((one, other) => one.at - other.at).at(-1));
    this.talks.privatePast.ask();
    return [{ type: "history", private: true, count: PAGE }];
  }

  #hear(message: Message): Call | undefined {
    const isMine = message.from === this.me;
    const entry = this.#entry(message, { isMine, isEarlier: false });
    const talk = this.#talkOf(message, isMine);
    const isSeen = this.talks.isSeen(talk);
    if (!talk.add(entry, { isSeen }) || isSeen || entry.isMine) return undefined;
    return entry.isMention || entry.kind === "private" ? { talk, entry } : undefined;
  }

  /** What the server says is shown in its room, or else where it is seen; its greeting in the lobby. */
  #tell({ type: kind, text, at, room }: Told): void {
    const { active, lobby } = this.talks;
    const isGreeting = kind === "notice" && room === undefined && !this.#isGreeted;
    const named = room === undefined ? undefined : this.talks.room(room);
    const talk = named ?? (isGreeting ? lobby : active);
    const time = at === undefined ? talk.entries.at(-1)?.at ?? Date.now() : Date.parse(at);
    const entry: Entry = { kind, at: time, from: "", text, ...NOTHING };
    talk.add(entry, { isSeen: this.talks.isSeen(talk) });
    this.#told = { talk, entry };
  }

  #recall({ room: name, messages, next }: Extract<Frame, { type: "history" }>): readonly Asked[] {
    const room = name === undefined ? undefined : this.talks.roomAt(name);
    const past = room?.past ?? this.talks.privatePast;
    const { since } = past;
    let hasKnown = false;
    for (const [talk, said] of Map.groupBy(messages, (message) => this.talkOf(message))) {
      const entries = said.map((message) =>
        this.#entry(message, { isMine: this.#wasMine(message), isEarlier: true })
      );
      if (talk.merge(entries, { since })) hasKnown = true;
      if (this.talks.isSeen(talk)) talk.markRead();
    }
    const first = messages[0] && Date.parse(messages[0].at);
    const before = past.heed({ first, count: messages.length, next, hasKnown });
    return before === undefined ? [] : [askFor(room, { before, count: FILL })];
  }

  #enter({ room: name, topic, locked, size, members }: Extract<Frame, { type: "members" }>): void {
    const room = this.talks.roomAt(name);
    Object.assign(room, { topic, size, isLocked: locked, isIn: true, isStale: false });
    room.members = new Map(members.map((member) => [member.name, member]));
  }

  #rename({ room, from, to }: Extract<Frame, { type: "renamed" }>): readonly Asked[] {
    this.talks.room(room)?.rename(from, to);
    if (from !== this.me) {
      this.talks.rename(from, to);
      return [];
    }
    this.me = to;
    this.remember([to]);
    // It may be a name with a past.
    this.talks.privatePast.change();
    return this.#recallPrivate();
  }

  /** A room's state has changed. */
  #change(frame: Change): readonly Asked[] {
    const room = this.talks.room(frame.room);
    if (room === undefined) return [];
    room.change(frame);
    return frame.type === "crowd" ? this.askWho(this.talks.active) : [];
  }

  #entry(
    { kind, id, at, from, text }: Message,
    { isMine, isEarlier }: { isMine: boolean; isEarlier: boolean },
  ): Entry {
    const isMention = !isMine && mentions(text, this.names);
    return { kind, id, at: Date.parse(at), from, text, isMine, isMention, isEarlier };
  }

  /** Whether the page's person has said it earlier. (Who bore their name before them is not told apart.) */
  #wasMine({ from }: Message): boolean {
    return this.#mine.has(fold(from));
  }

  #talkOf({ room, from, to }: Message, isMine: boolean): Talk {
    if (room !== undefined) return this.talks.roomAt(room);
    return this.talks.person(to !== undefined && isMine ? to : from);
  }
}

/** Asks for what was said in a room, or, without one, to one person alone. */
function askFor(room: Room | undefined, range: { before: number; count: number }): Asked {
  return { type: "history", ...(room ? { room: room.name } : { private: true }), ...range };
}
