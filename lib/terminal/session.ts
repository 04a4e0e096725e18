// A user's session with a server that speaks JSON: the link, and what is known, as the page has them. Whoever
// shows it is told when something has changed.

import { Actions } from "../client/actions.ts";
import { CLOCK } from "../client/clock.ts";
import type { Frame, Refusal } from "../client/frames.ts";
import { Link } from "../client/link/link.ts";
import type { Request } from "../client/link/outgoing.ts";
import { Presence } from "../client/presence.ts";
import { Reading } from "../client/reading.ts";
import { askBack, askPresence, askWho } from "../client/state/asks.ts";
import { Account } from "../client/state/account.ts";
import type { Conversation } from "../client/state/conversation.ts";
import { Room } from "../client/state/room.ts";
import { keyOf } from "../client/state/conversations.ts";
import { type Call, State } from "../client/state/state.ts";
import { read } from "../client/typing/typed.ts";
import { StartError } from "../errors.ts";
import { type Connection, DialError } from "./connection.ts";
import { LineSocket, type Spoken } from "./line_socket.ts";
import type { PlainLines } from "./plain.ts";

/** What to ask the server for. */
export interface Wanted {
  readonly name?: string;
  /** Without its `#`; undefined means the lobby. */
  readonly room?: string;
  /** The server password. */
  readonly key?: string;
}

/** Options of a session. */
export interface SessionOptions {
  readonly wanted: Wanted;
  /** The server's address, for errors. */
  readonly server: string;
  /** Connects. Rejects with a `DialError`. */
  readonly dial: () => Promise<Connection>;
  /** Called when something has changed; with what calls the user, if something does. */
  readonly onChange: (call?: Call) => void;
}

/** Milliseconds that a goodbye may take. */
const GOODBYE = 2000;
/** How often a name is asked for that somebody else has, and milliseconds between two tries. */
const TIMES = 60, PACE = 5000;
/** The commands that people type to leave. */
export const QUIT = ["quit", "exit", "bye", "q"];
/** The commands by which a name is proved to be the user's. */
const PROVING = ["register", "identify"];

/** A session. */
export class Session {
  readonly state = new State();
  readonly link: Link;
  /** Resolves when the user has left, and rejects with a `StartError` if the server has ended it. */
  readonly over: Promise<void>;
  readonly #options: SessionOptions;
  readonly #over = Promise.withResolvers<void>();
  readonly #account = new Account(false);
  readonly #presence: Presence;
  readonly #actions: Actions;
  readonly #reading: Reading;
  readonly #first: LineSocket;
  #onLines: (lines: readonly string[]) => void = () => {};
  #visit: { name: string; rooms: readonly string[] };
  #isIn = false;
  #isLeaving = false;
  /** The key of the conversation to show as soon as it exists. */
  #expected = "";
  #lastWords = "";
  #reason = "";
  #tries = 0;
  #cancelTry = () => {};

  /** Begins over a connection; `link.open()` makes the next one. */
  constructor(connection: Connection, options: SessionOptions) {
    this.#options = options;
    this.over = this.#over.promise;
    // It is looked at when it is waited for.
    this.over.catch(() => undefined);
    const { name = "", room, key } = options.wanted;
    this.#visit = { name, rooms: room === undefined ? [] : [room] };
    if (room !== undefined) this.#expected = keyOf({ kind: "room", name: room });
    const socket = (dialed: Promise<Connection>) => {
      dialed.catch((error) => {
        // Trying again would not help: the server's certificate is another one, say.
        if (!(error instanceof DialError)) this.#over.reject(error);
      });
      return new LineSocket(dialed, {
        onLines: (lines) => this.#onLines(lines),
        onEnd: (reason) => this.#reason = reason,
      });
    };
    this.#first = socket(Promise.resolve(connection));
    let isFirst = true;
    const { state } = this;
    this.link = new Link({
      ...CLOCK,
      open: () => {
        if (!isFirst) return socket(options.dial());
        isFirst = false;
        return this.#first;
      },
      isWary: true,
      key,
      claim: () => this.#presence.claimed,
      onFrame: (frame) => this.#hear(frame),
      onChange: () => this.#changed(),
      onHeeded: (request, refusal) => this.#heeded(request, refusal),
      onRefused: (name, refusal) => this.#presence.refused(name, refusal),
    });
    this.#presence = new Presence({
      ...{ account: this.#account, state, link: this.link, token: undefined },
      visits: {
        last: () => this.#visit,
        remember: (changes) => this.#visit = { ...this.#visit, ...changes },
      },
      onRefused: (name, refusal) => this.#refused(name, refusal),
    });
    this.#actions = new Actions({
      ...{ state, link: this.link },
      show: (conversation) => this.show(conversation),
      expect: (key) => this.#expected = key,
      giveUp: (key) => {
        if (this.#expected === key) this.#expected = "";
      },
      claim: (name, password) => this.#presence.claim(name, password),
      openRooms: () => this.link.ask({ type: "command", name: "rooms", text: "" }),
    });
    this.#reading = new Reading({
      ...CLOCK,
      ...{ conversations: state.conversations, link: this.link },
    });
  }

  /** Connects; resolves once it is known what the server speaks. Only over JSON there is a session. */
  async begin(): Promise<Spoken> {
    this.link.open();
    return await this.#first.spoken;
  }

  /** Ends the session with a server that speaks plain lines, and hands over its connection. */
  plainly(connection: Connection): PlainLines {
    this.#first.keep();
    this.link.leave();
    return {
      connection,
      listen: (onLines) => {
        this.#onLines = onLines;
        this.#first.flush();
        return this.#first.ended;
      },
    };
  }

  /** Whether the server asks for its password now. */
  get isAsked(): boolean {
    return this.link.state === "joining";
  }

  /** What was typed in the conversation in front and has not reached the server, as far as is known. */
  get waiting(): string[] {
    if (this.link.state === "open") return [];
    const key = keyOf(this.state.conversations.active);
    return this.#typed.filter(({ where }) => where === key).map(shownOf);
  }

  /** What was typed and not confirmed by the server. */
  get unsent(): string[] {
    return this.#typed.map(shownOf);
  }

  get #typed(): Request[] {
    return this.link.waiting.filter(({ isTyped }) => isTyped);
  }

  /** Takes a line that was typed; returns what may be recalled of it, undefined if it was not taken. */
  say(text: string): string | undefined {
    if (this.isAsked) {
      this.link.unlock(text);
      return "";
    }
    const lines = text.split("\n");
    // Of several lines, which were pasted, none is a command.
    const said = lines.length === 1
      ? text
      : lines.map((line) => line.startsWith("/") ? `/${line}` : line).join("\n");
    const line = read(text);
    if (lines.length === 1 && line.kind === "command") {
      if (/^\d+$/.test(line.name)) this.choose(Number(line.name));
      if (QUIT.includes(line.name)) this.leave(line.text);
      if (/^\d+$/.test(line.name) || QUIT.includes(line.name)) return "";
    }
    const problem = this.#actions.problem(said);
    if (problem !== "") this.state.complain(problem);
    const kept = problem === "" ? this.#actions.send(said) : undefined;
    return lines.length === 1 || kept === undefined ? kept : text;
  }

  /** Shows the conversation with this number, as the status line counts them. */
  choose(number: number): void {
    const { all } = this.state.conversations, conversation = all[number - 1];
    if (conversation !== undefined) return this.show(conversation);
    const most = all.length > 1 ? `go from 1 to ${all.length}` : "end at 1";
    this.state.complain(`There is no ${number}: your rooms and private talks ${most}.`);
    this.#options.onChange();
  }

  /** Shows a conversation. */
  show(conversation: Conversation): void {
    this.#expected = "";
    this.state.conversations.show(conversation);
    for (const asked of [...askWho(conversation), ...askPresence(conversation)]) {
      this.link.ask(asked);
    }
    this.#options.onChange();
  }

  /** Asks for earlier messages of the conversation in front. */
  lookBack(): void {
    if (this.link.state !== "open") return;
    const asked = askBack(this.state.conversations.active);
    if (asked !== undefined) this.link.ask(asked);
  }

  /** Leaves, with these words; the second time, or without a link, at once. */
  leave(words = ""): void {
    // The last words are now the server's goodbye, if it comes.
    this.#lastWords = "";
    if (this.#isLeaving || this.link.state !== "open") return this.#over.resolve();
    this.#isLeaving = true;
    this.#reading.tell();
    this.link.ask({ type: "command", name: "quit", text: words });
    CLOCK.later(() => this.#over.resolve(), GOODBYE);
  }

  /** Shows something to the user alone. */
  remark(text: string): void {
    this.#tell(text);
  }

  /** The server's last notice to the user alone. */
  get lastWords(): string {
    return this.#lastWords;
  }

  #hear(frame: Frame): void {
    const { state, link } = this, { me } = state;
    this.#account.apply(frame, me);
    if ((frame.type === "notice" || frame.type === "error") && frame.room === undefined) {
      this.#lastWords = frame.text;
    }
    const { asks, call } = state.apply(frame);
    for (const asked of asks) link.ask(asked);
    switch (frame.type) {
      case "welcome":
        this.#isIn = true;
        this.#presence.welcome(frame);
        break;
      case "renamed":
        if (frame.from === me) this.#renamed();
        break;
      case "members":
      case "parted":
        this.#presence.remember();
        break;
      case "rooms":
        for (const { name, size, topic, locked } of frame.rooms) {
          this.#tell([`#${name}`, locked ? "(locked)" : "", size, topic].join(" "));
        }
        break;
      case "found":
        for (const { room, at, from, text } of frame.messages) {
          const place = room === undefined ? "" : `#${room} `;
          this.#tell(`${place}${new Date(at).toLocaleString()} ${from}: ${text}`);
        }
    }
    this.#lookOut();
    this.#options.onChange(call);
  }

  /** Shows what was expected, once it exists. */
  #lookOut(): void {
    const conversation = this.state.conversations.get(this.#expected);
    const isThere = conversation instanceof Room
      ? conversation.isIn
      : conversation !== undefined && conversation.entries.length > 0;
    if (conversation !== undefined && isThere) this.show(conversation);
  }

  #renamed(): void {
    const isWanted = this.#presence.renamed();
    if (isWanted) this.#stopTrying();
  }

  /** The name that was asked for is not to be had: the user goes on as a guest. */
  #refused(name: string, { code, text }: Refusal): void {
    const isBack = this.link.state === "open";
    if (!isBack) this.#tell(text);
    if (!isBack) this.link.open();
    if (isBack && code === "name-taken" && this.#tries === 0) this.#askAgain(name);
  }

  /** Asks for a name again from time to time: maybe the user's own old connection has it. */
  #askAgain(name: string): void {
    this.#tell(`${name} is taken, maybe by your old connection: trying again.`);
    const ask = () => {
      if (this.link.state === "open") {
        const onDone = (refusal?: Refusal) => {
          if (refusal !== undefined) this.state.notices.takeBack(refusal);
        };
        this.link.ask({ type: "nick", name }, { onDone });
      }
      if (++this.#tries < TIMES) this.#cancelTry = CLOCK.later(ask, PACE);
      else this.#tell(`${name} is still taken: /nick NAME changes your name.`);
    };
    this.#cancelTry = CLOCK.later(ask, PACE);
  }

  #stopTrying(): void {
    this.#cancelTry();
    this.#tries = 0;
  }

  #heeded(request: Request, refusal: Refusal | undefined): void {
    const { asked, isSecret } = request;
    this.#account.handled(asked, { isSecret, refusal });
    if (refusal !== undefined) return this.#actions.refused(request);
    // A server that starts anew asks for it again.
    if (asked.type === "command" && PROVING.includes(asked.name) && asked.text) {
      this.#presence.prove(asked.text);
    }
    if (asked.type === "nick") this.#stopTrying();
  }

  #changed(): void {
    const { state } = this.link;
    if (state === "ended") this.#end();
    else if (state === "lost" && this.#isLeaving) this.#over.resolve();
    else if (state === "lost" && !this.#isIn) this.#end();
    this.#reading?.look();
    this.#options.onChange();
  }

  #end(): void {
    if (this.#isLeaving) return this.#over.resolve();
    const words = this.#reason || this.#lastWords;
    const { server } = this.#options;
    this.#over.reject(
      new StartError(words.replace(/\.$/, "") || `${server} has ended the connection`),
    );
  }

  #tell(text: string): void {
    this.state.notices.tell({ type: "notice", text, at: new Date().toISOString() });
  }
}

/** A line as it was typed; a password is not shown. */
function shownOf({ shown }: Request): string {
  return shown || "(a line with a password)";
}
