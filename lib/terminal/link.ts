// The user's way to the server over one connection after another: sends what is typed, shows what comes in,
// and reconnects when the connection is lost, with the same name and room.

import { type Heard, parseHeard } from "../wire/heard.ts";
import { Arrival } from "./arrival.ts";
import type { Connection as AnyConnection } from "./connection.ts";
import { passwordIn, Presence, type Wanted } from "./presence.ts";
import { Reclaim } from "./reclaim.ts";
import { redial } from "./redial.ts";
import { Seen } from "./seen.ts";

/** The part of a connection that a link uses. */
type Connection = Pick<AnyConnection, "lines" | "send">;

/** Options of a link. */
export interface LinkOptions {
  /** Connects. Throws a `DialError`. */
  readonly dial: () => Promise<Connection>;
  /** What to ask the server for at first. */
  readonly wanted: Wanted;
  /** Shows lines to the user. */
  readonly show: (lines: readonly Heard[]) => void;
}

/** Milliseconds after which a connection counts as lasting: if it is lost later, waits start anew. */
const LASTED = 10_000;
/** Milliseconds that an arrival may take, and a goodbye. */
const ARRIVAL = 5000, GOODBYE = 2000;
/** Most lines that are kept while there is no connection. */
const MOST_KEPT = 100;
/** What people type to leave: /quit and its aliases. */
const QUIT = /^\/(?:quit|exit|bye|q)(?:\s|$)/i;
/** The last line for a user whom the server does not want back at once. */
const SENT_AWAY =
  /^(?:You were (?:kicked|banned) by |You have ended this connection|Your address is banned|That is not the password\. Goodbye|You are disconnected: silent |This server speaks TLS only: |\S+ has (?:connected again from somewhere else|come in again from elsewhere): )/;

/** A user's link to the server. */
export class Link {
  readonly presence = new Presence();
  readonly #options: LinkOptions;
  readonly #seen = new Seen();
  /** Aborted when the user leaves without waiting for the server. */
  readonly #left = new AbortController();
  #goodbye: ReturnType<typeof setTimeout> | undefined;
  #connection: Connection | undefined;
  #wanted: Wanted;
  #arrival: Arrival;
  #reclaim: Reclaim | undefined;
  readonly #kept: string[] = [];
  #attempt = 0;
  #isLeaving = false;
  /** Whether the user was here before, so that a greeting is no news. */
  #isBack = false;
  #lastNotice = "";

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#wanted = options.wanted;
    this.#arrival = new Arrival(this.#wanted);
  }

  /** The prompt: the room to which the typed line will go. */
  get prompt(): string {
    const { isAsked, room } = this.presence;
    if (this.#connection === undefined) return "offline> ";
    if (isAsked) return "password> ";
    return room === undefined ? "> " : `#${room}> `;
  }

  /** Talks over this connection and its successors, until the user leaves (true) or is sent away (false). */
  async run(first: Connection): Promise<boolean> {
    const { signal } = this.#left;
    const left = new Promise<true>((resolve) => signal.onabort = () => resolve(true));
    try {
      return await Promise.race([left, this.#live(first)]);
    } finally {
      clearTimeout(this.#goodbye);
    }
  }

  /** Whether a line must leave no trace: it is a password, or has one. */
  isSecret(line: string): boolean {
    return this.presence.isAsked || passwordIn(line) !== undefined;
  }

  /** Sends a line, or keeps it until the connection is back. */
  say(line: string): void {
    if (QUIT.test(line)) return this.leave(line);
    const isKept = this.#connection === undefined ||
      !(this.#arrival.isOver || this.presence.isAsked);
    this.presence.typed(line);
    if (!isKept) return this.#send(line);
    if (this.#kept.length === MOST_KEPT) {
      return this.#remark(
        `Not sent, since ${MOST_KEPT} lines are waiting already: ${masked(line)}`,
      );
    }
    this.#kept.push(line);
    if (this.#isBack) this.#remark(`To be sent when the connection is back: ${masked(line)}`);
  }

  /** Leaves with these words, and waits a moment for the server; the second time, leaves at once. */
  leave(words = "/quit"): void {
    // A server that sends no greeting has no commands either.
    const isHeard = this.presence.name !== undefined && !this.presence.isAsked;
    if (this.#isLeaving || this.#connection === undefined || !isHeard) return this.#left.abort();
    this.#isLeaving = true;
    this.#send(words);
    this.#goodbye = setTimeout(() => this.#left.abort(), GOODBYE);
  }

  async #live(first: Connection): Promise<boolean> {
    for (let connection = first;;) {
      const since = performance.now();
      await this.#talk(connection);
      if (this.#isLeaving) return true;
      if (SENT_AWAY.test(this.#lastNotice)) return false;
      if (performance.now() - since > LASTED) this.#attempt = 0;
      [connection, this.#attempt] = await redial({
        dial: this.#options.dial,
        attempt: this.#attempt,
        tell: (text) => this.#remark(text),
        stop: this.#left.signal,
      });
    }
  }

  async #talk(connection: Connection): Promise<void> {
    this.#connection = connection;
    this.#lastNotice = "";
    const arrival = this.#arrival = new Arrival(this.#wanted);
    if (arrival.isOver) this.#show(this.#arrived());
    const patience = setInterval(() => {
      if (arrival.isOver || this.presence.isAsked) return;
      arrival.giveUp();
      this.#show([
        ...this.#isBack ? arrival.held : [notice("The server does not answer to /nick and /join.")],
        ...this.#arrived(),
      ]);
    }, ARRIVAL);
    try {
      for await (const lines of connection.lines()) this.#heard(lines);
    } finally {
      clearInterval(patience);
      this.#reclaim?.stop();
    }
    this.#connection = undefined;
    const wanted = this.presence.lost();
    if (arrival.isOver) this.#wanted = { ...wanted, name: this.#reclaim?.name ?? wanted.name };
    else if (this.#isBack) this.#show(arrival.held);
    this.#reclaim = undefined;
    this.#isBack = true;
  }

  #heard(texts: readonly string[]): void {
    const shown: Heard[] = [];
    for (const text of texts) {
      const line = parseHeard(text);
      const { name } = this.presence;
      this.presence.heard(line);
      if (this.presence.name !== name) this.#askNoMore();
      if (line.kind === "notice") this.#lastNotice = line.text;
      const arrival = this.#arrival, wasOver = arrival.isOver;
      const { send, isNews } = arrival.heard(line);
      for (const each of send) this.#send(each);
      if ((isNews || !this.#isBack) && !this.#reclaim?.takes(line)) {
        this.#seen.take(line);
        shown.push(line);
      }
      if (!wasOver && arrival.isOver) shown.push(...this.#arrived());
    }
    this.#show(shown);
  }

  /** The arrival is over: sends the lines that were kept, and returns those to show. */
  #arrived(): Heard[] {
    const { said, present, isTaken, refusedRoom } = this.#arrival;
    const lines = said.filter((line) => !this.#seen.take(line));
    if (this.#isBack) {
      const { name, room } = this.presence;
      const who = name === undefined ? "" : ` as ${name} in #${room}`;
      lines.push(notice(`You are back${who}. ${present}`.trim()));
      if (isTaken) lines.push(this.#askAgain(this.#wanted.name ?? ""));
    }
    for (const line of this.#kept.splice(0)) {
      // What was typed for one room must not be sent to another.
      if (refusedRoom !== "") lines.push(notice(`Not sent: ${masked(line)}`));
      else this.#send(line);
    }
    return lines;
  }

  #askAgain(name: string): Heard {
    this.#reclaim = new Reclaim(name, {
      ask: (line) => this.#send(line),
      end: () => {
        this.#askNoMore();
        this.#remark(`${name} is still taken: /nick NAME changes your name.`);
      },
    });
    return notice(`${name} is still taken, probably by your old connection: trying again.`);
  }

  #askNoMore(): void {
    this.#reclaim?.stop();
    this.#reclaim = undefined;
  }

  #send(line: string): void {
    void this.#connection?.send(`${line}\n`);
  }

  #show(lines: readonly Heard[]): void {
    if (lines.length > 0) this.#options.show(lines);
  }

  #remark(text: string): void {
    this.#show([notice(text)]);
  }
}

function notice(text: string): Heard {
  return { kind: "notice", text };
}

/** A line as it may be shown again, without its password. */
function masked(line: string): string {
  const password = passwordIn(line);
  // A command's name may equal its password: the password is the last one.
  return password === undefined ? line : `${line.slice(0, line.lastIndexOf(password))}…`;
}
