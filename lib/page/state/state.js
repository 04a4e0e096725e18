// What the page knows, as a fold of the frames that it is sent: who it is, who is where, what was said. No
// DOM, no socket.

/** @import { Asked, Frame, Message } from "../frames.ts" */
/** @import { Entry, Talk } from "./talk.js" */
import { fold } from "./names.js";
import { Room } from "./talk.js";
import { Talks } from "./talks.js";
import { mentions } from "./text.js";

/** How many earlier messages are asked for at once: by who scrolls up, and to fill in what was missed. */
const PAGE = 50, FILL = 200;
/** Bytes that a message may have until the server has said how many. */
const MAX_LINE = 1024;
/** Most members that a server names. */
const MOST_NAMED = 100;
const NOTHING = Object.freeze({ isMine: false, isMention: false, isEarlier: false });

/**
 * What calls the page's person, who was not looking.
 * @typedef {{ talk: Talk, entry: Entry }} Call
 */

/**
 * @typedef {Extract<Frame, { type: "joined" | "left" | "crowd" | "away" | "topic" | "lock" }>} Change
 */

/** All that is known. */
export class State {
  talks = new Talks();
  /** The name that the page's person bears; empty before they are in. */
  me = "";
  /** The name that they have asked for. */
  wanted = "";
  /** Bytes that a message may have. */
  maxLine = MAX_LINE;
  /** Every name that they have borne, folded. */
  #mine = /** @type {Set<string>} */ (new Set());

  /** The same for whoever loads the page again. */
  get mine() {
    return [...this.#mine];
  }

  /** The names that call them. */
  get names() {
    return [this.me, this.wanted].filter((name) => name !== "");
  }

  /** @param {readonly string[]} names */
  remember(names) {
    for (const name of names) this.#mine.add(fold(name));
  }

  /**
   * What to ask for to see further back in a conversation; nothing where that cannot be, or is under way.
   * @param {Talk} talk
   * @returns {Asked | undefined}
   */
  askBack(talk) {
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
   * @param {Talk} talk
   * @returns {readonly Asked[]}
   */
  askWho(talk) {
    if (!(talk instanceof Room) || !talk.isStale || talk.size > MOST_NAMED) return [];
    talk.isStale = false;
    return [{ type: "members", room: talk.name }];
  }

  /**
   * The conversation to which something belongs that was said earlier.
   * @param {Message} message
   */
  talkOf(message) {
    return this.#talkOf(message, this.#wasMine(message));
  }

  /**
   * Takes a frame in. Returns what is to be asked for because of it, and what calls the page's person.
   * @param {Frame} frame
   * @returns {{ asks: readonly Asked[], call?: Call }}
   */
  apply(frame) {
    switch (frame.type) {
      case "welcome":
        return { asks: this.#welcome(frame) };
      case "message":
        return { asks: [], call: this.#hear(frame) };
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

  /**
   * The page's own word on why something is not done.
   * @param {string} text
   */
  complain(text) {
    this.#tell({ type: "error", text, at: new Date().toISOString() });
  }

  /** @param {Extract<Frame, { type: "welcome" }>} frame */
  #welcome({ name, maxLine }) {
    this.maxLine = maxLine;
    this.me = name;
    this.remember([name]);
    for (const room of this.talks.rooms) {
      room.isIn = false;
      room.past.begin(room.newest);
    }
    return this.#recallPrivate();
  }

  /** @returns {readonly Asked[]} */
  #recallPrivate() {
    const newest = this.talks.people.flatMap((talk) => talk.newest ?? []);
    this.talks.privatePast.begin(newest.sort((one, other) => one.at - other.at).at(-1));
    this.talks.privatePast.ask();
    return [{ type: "history", private: true, count: PAGE }];
  }

  /**
   * @param {Message} message
   * @returns {Call | undefined}
   */
  #hear(message) {
    const isMine = message.from === this.me;
    const entry = this.#entry(message, { isMine, isEarlier: false });
    const talk = this.#talkOf(message, isMine);
    const isSeen = this.talks.isSeen(talk);
    if (!talk.add(entry, { isSeen }) || isSeen || entry.isMine) return undefined;
    return entry.isMention || entry.kind === "private" ? { talk, entry } : undefined;
  }

  /**
   * What the server says is shown in its room, or else where it is seen.
   * @param {Extract<Frame, { type: "notice" | "error" }>} frame
   */
  #tell({ type: kind, text, at, room }) {
    const { active } = this.talks;
    const talk = (room === undefined ? undefined : this.talks.room(room)) ?? active;
    const time = at === undefined ? talk.entries.at(-1)?.at ?? Date.now() : Date.parse(at);
    const isSeen = this.talks.isSeen(talk);
    talk.add({ kind, at: time, from: "", text, ...NOTHING }, { isSeen });
  }

  /**
   * @param {Extract<Frame, { type: "history" }>} frame
   * @returns {readonly Asked[]}
   */
  #recall({ room: name, messages, next }) {
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

  /** @param {Extract<Frame, { type: "members" }>} frame */
  #enter({ room: name, topic, locked, size, members }) {
    const room = this.talks.roomAt(name);
    Object.assign(room, { topic, size, isLocked: locked, isIn: true, isStale: false });
    room.members = new Map(members.map((member) => [member.name, member]));
  }

  /**
   * @param {Extract<Frame, { type: "renamed" }>} frame
   * @returns {readonly Asked[]}
   */
  #rename({ room, from, to }) {
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

  /**
   * A room's state has changed.
   * @param {Change} frame
   * @returns {readonly Asked[]}
   */
  #change(frame) {
    const room = this.talks.room(frame.room);
    if (room === undefined) return [];
    switch (frame.type) {
      case "joined":
        room.come(frame.name);
        break;
      case "left":
        room.go(frame.name);
        break;
      case "away":
        room.members.set(frame.name, { name: frame.name, away: frame.away });
        break;
      case "topic":
        room.topic = frame.topic;
        break;
      case "lock":
        room.isLocked = frame.locked;
        break;
      case "crowd":
        room.size = frame.size;
        room.isStale = true;
        return this.askWho(this.talks.active);
    }
    return [];
  }

  /**
   * @param {Message} message
   * @param {{ isMine: boolean, isEarlier: boolean }} how
   * @returns {Entry}
   */
  #entry({ kind, id, at, from, text }, { isMine, isEarlier }) {
    const isMention = !isMine && mentions(text, this.names);
    return { kind, id, at: Date.parse(at), from, text, isMine, isMention, isEarlier };
  }

  /**
   * Whether the page's person has said it earlier. (Who bore their name before them is not told apart.)
   * @param {Message} message
   */
  #wasMine({ from }) {
    return this.#mine.has(fold(from));
  }

  /**
   * @param {Message} message
   * @param {boolean} isMine
   */
  #talkOf({ room, from, to }, isMine) {
    if (room !== undefined) return this.talks.roomAt(room);
    return this.talks.person(to !== undefined && isMine ? to : from);
  }
}

/**
 * @param {Room | undefined} room undefined: private messages
 * @param {{ before: number, count: number }} range
 * @returns {Asked}
 */
function askFor(room, range) {
  return { type: "history", ...(room ? { room: room.name } : { private: true }), ...range };
}
