// The way in: a server with a password asks for it, whoever is banned is turned away, and everyone else
// gets a name, what was said before, and a greeting.

import type { Networks } from "./address.ts";
import type { JobResult } from "./job.ts";
import { type Delivery, idOf, type Input, type Join, type MemberId, type Typed } from "./event.ts";
import type { Chat } from "./chat.ts";
import type { Member } from "./member.ts";
import type { Refusal } from "./refusals.ts";
import { NAMES_GREETED } from "./room.ts";
import { remaining } from "./term.ts";

/** How often the password may be missed. */
const MISSES = 3;

/** Somebody who is asked for the password. */
interface Asked {
  readonly join: Join;
  /** How often they missed it. */
  misses: number;
  /** What they typed, while it is not known whether that is it. */
  guess: Typed | undefined;
}

/** Those who are asked for the password. */
export class Admission {
  readonly #chat: Chat;
  readonly #asked = new Map<MemberId, Asked>();

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  /** A connection has come. */
  arrive(join: Join): void {
    if (this.#isTurnedAway(join)) return;
    if (!this.#chat.options.asksPassword) return this.#admit(join);
    this.#asked.set(join.id, { join, misses: 0, guess: undefined });
    ask(join);
  }

  /** Takes what was typed for the password, if the connection is still asked for it. */
  answer(typed: Typed): void {
    const { id, input } = typed;
    const asked = this.#asked.get(id);
    // Its reader waits for the answer to a guess; what comes all the same comes as the server stops.
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

  /** It is known whether that was the password, if the connection is still asked for it. */
  conclude(id: MemberId, result: JobResult): void {
    const asked = this.#asked.get(id);
    if (asked?.guess === undefined) return;
    const { join, guess: { input, isAwaited } } = asked;
    this.#chat.answering = idOf(input);
    asked.guess = undefined;
    if (result.kind === "entered" && result.isRight) {
      this.#asked.delete(id);
      this.#admit(join);
    } else if (result.kind === "busy") {
      const text = "Too many on your network are trying passwords: type it again later.";
      this.#refuse(join, { code: "busy", text });
    } else this.#miss(asked);
    // Behind the greeting.
    if (isAwaited) this.#chat.effects.push({ kind: "answered", outbox: join.outbox });
  }

  /** A connection's peer is gone: ends it, if it was still being asked; whether it was. */
  gone(id: MemberId, why: string): boolean {
    this.#asked.get(id)?.join.outbox.end(why);
    return this.#asked.delete(id);
  }

  /** A connection that is still being asked goes on from another address; whether it was asked. */
  moved(id: MemberId, address: string): boolean {
    const asked = this.#asked.get(id);
    if (asked === undefined) return false;
    const join = { ...asked.join, address };
    this.#asked.set(id, { ...asked, join });
    if (this.#isTurnedAway(join)) this.#asked.delete(id);
    return true;
  }

  /** Turns those away who are still being asked, and come from an address that is banned now; how many. */
  expel(networks: Networks): number {
    const before = this.#asked.size;
    for (const [id, { join }] of this.#asked) {
      if (networks.has(join.address) && this.#isTurnedAway(join)) this.#asked.delete(id);
    }
    return before - this.#asked.size;
  }

  /** The last word to those who are still being asked. */
  close(text: string): void {
    for (const { join } of this.#asked.values()) {
      say(join, { kind: "notice", text });
      join.outbox.end("server closed");
    }
    this.#asked.clear();
  }

  /** Whether a connection's address is banned: then it is told so, and ends. */
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

  /** Says that the password comes first; what an app wants a receipt for has been handled by that. */
  #putOff(join: Join, input: Input): void {
    if (input.kind === "reply") return join.outbox.write(input.chunk, true);
    if (!join.isApp || input.kind === "refresh") return ask(join);
    const text = "This room has a password: send it first.";
    this.#refuse(join, { code: "server-password", text });
    if ("receipt" in input && input.receipt !== undefined) join.outbox.write(input.receipt, true);
  }

  /** Says why what a connection sent was not taken. */
  #refuse(join: Join, refusal: Refusal): void {
    say(join, { kind: "notice", ...refusal, answers: this.#chat.answering });
  }

  #admit(join: Join): void {
    const chat = this.#chat;
    const { id, encoder, outbox, address, isPrivate, hears, isApp, token } = join;
    const room = chat.rooms.lobby;
    const name = chat.names.guest(id);
    const member: Member = {
      id,
      encoder,
      outbox,
      address,
      isPrivate,
      name,
      account: undefined,
      isApp,
      token,
      rooms: new Set(),
      room,
      hears,
      filter: undefined,
      hearing: undefined,
      away: "",
      lastFrom: undefined,
      mute: undefined,
      pending: undefined,
    };
    outbox.named(name);
    const others = room.names(NAMES_GREETED);
    chat.members.set(id, member);
    chat.welcome(member);
    chat.enter(member, room);
    chat.tell(
      member,
      ...chat.options.motd,
      ...(room.topic ? [`Topic: ${room.topic}`] : []),
      `Welcome to bobchat, ${name}. ${others ? `Here: ${others}.` : "You are the first here."}`,
      "Type to talk. /nick NAME changes your name, /help lists what else there is.",
    );
  }
}

/** Why nobody comes in from an address, if it is banned. */
export function bannedFrom({ bans, dueAt: at }: Chat, address: string): Refusal | undefined {
  const ban = bans.ofAddress(address, at);
  if (ban === undefined) return;
  const why = ban.why && `: ${ban.why}`;
  return { code: "banned", text: `Your address is banned${remaining(ban, at)}${why}.` };
}

/** What somebody may type for the password. */
function isLine({ kind }: Input): boolean {
  return kind === "text" || kind === "oversize";
}

/** Asks for the server password. */
function ask(join: Join): void {
  const text = "This room has a password: type it.";
  say(join, { kind: "notice", text }, { kind: "state", what: "password" });
}

/** A word to a connection that is not in: it is on nobody's list, and no order is broken. */
function say({ encoder, outbox }: Join, ...deliveries: readonly Delivery[]): void {
  const chunk = encoder.encode(deliveries);
  if (chunk.length > 0) outbox.write(chunk, true);
}
