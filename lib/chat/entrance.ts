// The way in: a house with a password asks for it, whoever is banned is turned away, and everyone else
// gets a name, what was said before, and a greeting.

import { remaining } from "./bans.ts";
import type { Delivery, Input, Join, MemberId, Notice } from "./event.ts";
import type { House } from "./house.ts";
import type { Member } from "./member.ts";
import { NAMES_GREETED } from "./room.ts";

/** How often the password may be missed. */
const MISSES = 3;

/** Those who are asked for the password, and how often they missed it. */
export class Entrance {
  readonly #house: House;
  readonly #asked = new Map<MemberId, { readonly join: Join; misses: number }>();

  constructor(house: House) {
    this.#house = house;
  }

  /** A connection has come. */
  arrive(join: Join): void {
    const ban = this.#house.bans.ofAddress(join.address, this.#house.dueAt);
    if (ban !== undefined) {
      const why = ban.why && `: ${ban.why}`;
      say(join, refusal(`Your address is banned${remaining(ban, this.#house.dueAt)}${why}.`));
      return join.outbox.end("banned");
    }
    if (this.#house.options.opens === undefined) return this.#admit(join);
    this.#asked.set(join.id, { join, misses: 0 });
    ask(join);
  }

  /** Takes what was typed for the password, if the connection is still asked for it. */
  answer(id: MemberId, input: Input): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    const { join } = asked;
    const isGuess = join.isApp ? input.kind === "password" : isLine(input);
    if (!isGuess && input.kind !== "stranger") return putOff(join, input);
    if ("text" in input && this.#house.options.opens?.(input.text)) {
      this.#asked.delete(id);
      this.#admit(join);
    } else if (isGuess && ++asked.misses < MISSES) {
      say(join, refusal("That is not the password: type it again."));
    } else {
      this.#asked.delete(id);
      say(join, refusal("That is not the password. Goodbye."));
      join.outbox.end("missed the password");
    }
  }

  /** A connection's peer is gone: ends it, if it was still being asked; whether it was. */
  gone(id: MemberId, why: string): boolean {
    this.#asked.get(id)?.join.outbox.end(why);
    return this.#asked.delete(id);
  }

  /** The last word to those who are still being asked. */
  close(text: string): void {
    for (const { join } of this.#asked.values()) {
      say(join, { kind: "notice", text });
      join.outbox.end("server closed");
    }
    this.#asked.clear();
  }

  #admit(join: Join): void {
    const house = this.#house;
    const { id, audience, outbox, address, isPrivate, hears, isApp, token } = join;
    const room = house.rooms.lobby;
    const name = house.names.guest(id);
    const member: Member = {
      id,
      audience,
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
      lastFrom: "",
      pending: undefined,
    };
    outbox.named(name);
    const others = room.names(NAMES_GREETED);
    house.members.set(id, member);
    house.welcome(member);
    house.enter(member, room);
    house.tell(
      member,
      ...house.options.motd,
      ...(room.topic ? [`Topic: ${room.topic}`] : []),
      `Welcome to bobchat, ${name}. ${others ? `Here: ${others}.` : "You are the first here."}`,
      "Type to talk. /nick NAME changes your name, /help lists what else there is.",
    );
  }
}

/** What somebody may type for the password. */
function isLine({ kind }: Input): boolean {
  return kind === "text" || kind === "oversize";
}

/** Says that the password comes first; what an app wants a receipt for has been heeded by that. */
function putOff(join: Join, input: Input): void {
  if (input.kind === "reply") return join.outbox.write(input.chunk);
  if (!join.isApp || input.kind === "refresh") return ask(join);
  say(join, refusal("This room has a password: send it first."));
  if ("receipt" in input && input.receipt !== undefined) join.outbox.write(input.receipt);
}

/** Asks for the password of the house. */
function ask(join: Join): void {
  const text = "This room has a password: type it.";
  say(join, { kind: "notice", text }, { kind: "signal", what: "password" });
}

function refusal(text: string): Notice {
  return { kind: "notice", text, isRefusal: true };
}

/** A word to a connection that is not in: it is on nobody's list, and no order is broken. */
function say({ audience, outbox }: Join, ...deliveries: readonly Delivery[]): void {
  const chunk = audience.encode(deliveries);
  if (chunk.length > 0) outbox.write(chunk);
}
