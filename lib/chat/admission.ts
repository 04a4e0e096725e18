// Admission: the ban check, then the server password if there is one. Every connection that passes becomes a
// member.

import type { Networks } from "./address.ts";
import type { JobResult } from "./job.ts";
import { type Delivery, idOf, type Input, type Join, type Typed } from "./event.ts";
import type { MemberId } from "./message.ts";
import type { Bans } from "./bans.ts";
import type { Effects } from "./effects.ts";
import type { Refusal } from "./refusals.ts";
import { remaining } from "./term.ts";

/** How many wrong passwords a connection may send. */
const MISSES = 3;

/** A connection that is asked for the password. */
interface Asked {
  readonly join: Join;
  /** How many wrong passwords it has sent. */
  misses: number;
  /** What it sent, while it is being checked. */
  guess: Typed | undefined;
}

/** The bans, and the time to judge them by. The chat is one. */
interface InForce {
  readonly bans: Bans;
  /** Epoch milliseconds, for deadlines. */
  readonly dueAt: number;
}

/** Where admitted connections go: the chat. */
interface Destination extends InForce {
  readonly options: { readonly asksPassword: boolean };
  readonly effects: Effects;
  /** The client's own number for the input being handled, if it gave one. */
  answering: number | undefined;
  /** Makes a member of the connection. */
  admit(join: Join): void;
}

/** The connections that are asked for the password. */
export class Admission {
  readonly #chat: Destination;
  readonly #asked = new Map<MemberId, Asked>();

  constructor(chat: Destination) {
    this.#chat = chat;
  }

  /** Admits a new connection, asks it for the password, or turns it away. */
  arrive(join: Join): void {
    if (this.#isTurnedAway(join)) return;
    if (!this.#chat.options.asksPassword) return this.#chat.admit(join);
    this.#asked.set(join.id, { join, misses: 0, guess: undefined });
    ask(join);
  }

  /** Takes an input for the password, if the connection is still asked for it. */
  answer(typed: Typed): void {
    const { id, input } = typed;
    const asked = this.#asked.get(id);
    // The reader waits for the answer to a guess; more arrives only as the server stops.
    if (asked === undefined || asked.guess !== undefined) return;
    const { join } = asked;
    const isGuess = join.isApp ? input.kind === "password" : isLine(input);
    if (isGuess && "text" in input) {
      asked.guess = typed;
      const job = { kind: "enter", password: input.text, address: join.address } as const;
      return this.#chat.effects.push({ kind: "job", id, job });
    }
    if (!isGuess && input.kind !== "stranger") this.#putOff(join, input);
    else this.#miss(asked, { isLast: !isGuess });
    if (typed.isAwaited) join.outbox.answered();
  }

  /** Takes the result of the password check, if the connection is still asked for it. */
  conclude(id: MemberId, result: JobResult): void {
    const asked = this.#asked.get(id);
    if (asked?.guess === undefined) return;
    const { join, guess: { input, isAwaited } } = asked;
    this.#chat.answering = idOf(input);
    asked.guess = undefined;
    if (result.kind === "entered" && result.isRight) {
      this.#asked.delete(id);
      this.#chat.admit(join);
    } else if (result.kind === "busy") {
      const text = "Too many on your network are trying passwords: type it again later.";
      this.#refuse(join, { code: "busy", text });
    } else this.#miss(asked);
    // After the greeting.
    if (isAwaited) this.#chat.effects.push({ kind: "answered", outbox: join.outbox });
  }

  /** Ends a connection whose peer is gone, if it was still being asked; returns whether it was. */
  gone(id: MemberId, why: string): boolean {
    this.#asked.get(id)?.join.outbox.end(why);
    return this.#asked.delete(id);
  }

  /** Moves a connection to another address, if it was still being asked; returns whether it was. */
  moved(id: MemberId, address: string): boolean {
    const asked = this.#asked.get(id);
    if (asked === undefined) return false;
    const join = { ...asked.join, address };
    this.#asked.set(id, { ...asked, join });
    if (this.#isTurnedAway(join)) this.#asked.delete(id);
    return true;
  }

  /** Ends the connections that are still being asked and whose address is now banned; returns how many. */
  expel(networks: Networks): number {
    const before = this.#asked.size;
    for (const [id, { join }] of this.#asked) {
      if (networks.has(join.address) && this.#isTurnedAway(join)) this.#asked.delete(id);
    }
    return before - this.#asked.size;
  }

  /** Sends a last notice to the connections that are still being asked, and ends them. */
  close(text: string): void {
    for (const { join } of this.#asked.values()) {
      say(join, { kind: "notice", text });
      join.outbox.end("server closed");
    }
    this.#asked.clear();
  }

  /** Whether a connection's address is banned; if so it is told, and ended. */
  #isTurnedAway(join: Join): boolean {
    const refused = bannedFrom(this.#chat, join.address);
    if (refused === undefined) return false;
    say(join, { kind: "notice", ...refused });
    join.outbox.end("banned");
    return true;
  }

  #miss(asked: Asked, { isLast = false } = {}): void {
    const { join } = asked;
    if (!isLast && ++asked.misses < MISSES) {
      const text = "That is not the password: type it again.";
      return this.#refuse(join, { code: "wrong-password", text });
    }
    this.#asked.delete(join.id);
    this.#refuse(join, { code: "wrong-password", text: "That is not the password. Goodbye." });
    join.outbox.end("missed the password");
  }

  /** Says that the password comes first. A receipt that an app asked for is sent all the same. */
  #putOff(join: Join, input: Input): void {
    if (input.kind === "reply") return join.outbox.write(input.chunk, true);
    if (!join.isApp || input.kind === "refresh") return ask(join);
    const text = "This room has a password: send it first.";
    this.#refuse(join, { code: "server-password", text });
    if ("receipt" in input && input.receipt !== undefined) join.outbox.write(input.receipt, true);
  }

  /** Tells a connection why its input was refused. */
  #refuse(join: Join, refusal: Refusal): void {
    say(join, { kind: "notice", ...refusal, answers: this.#chat.answering });
  }
}

/** Why connections from an address are refused, if it is banned. */
export function bannedFrom({ bans, dueAt: at }: InForce, address: string): Refusal | undefined {
  const ban = bans.ofAddress(address, at);
  if (ban === undefined) return;
  const why = ban.why && `: ${ban.why}`;
  return { code: "banned", text: `Your address is banned${remaining(ban, at)}${why}.` };
}

/** Whether an input may be a guess at the password. */
function isLine({ kind }: Input): boolean {
  return kind === "text" || kind === "oversize";
}

/** Asks for the server password. */
function ask(join: Join): void {
  const text = "This room has a password: type it.";
  say(join, { kind: "notice", text }, { kind: "state", what: "password" });
}

/** Sends to a connection that has not joined: it is in no list, so no order can be broken. */
function say({ encoder, outbox }: Join, ...deliveries: readonly Delivery[]): void {
  const chunk = encoder.encode(deliveries);
  if (chunk !== undefined) outbox.write(chunk, true);
}
