// Admission: the ban check, then the server password if there is one. Every connection that passes becomes a
// member. A guess at the password is a secret, so it is a local request (answer.ts); its verdict is an event.

import type { Networks } from "./address.ts";
import type { InForce } from "./bans.ts";
import type { Delivery } from "./delivery.ts";
import type { Effects } from "./effects.ts";
import type { JobDone, Join } from "./event.ts";
import type { Verdict } from "./job.ts";
import type { ConnectionId } from "./message.ts";
import type { Refusal } from "./refusals.ts";
import { remaining } from "./term.ts";

/** How many wrong passwords a connection may send. */
const MISSES = 3;

/** A connection that is asked for the password. */
export interface Asked {
  readonly join: Join;
  /** How many wrong passwords it has sent. */
  misses: number;
}

/** Where its effects go, and what refusals repeat: the chat. */
interface Destination extends InForce {
  readonly effects: Effects;
  /** The client's own number for the input being handled, if it gave one. */
  readonly answering: number | undefined;
}

/** The connections that are asked for the password. */
export class Admission {
  readonly #chat: Destination;
  readonly #asked = new Map<ConnectionId, Asked>();

  constructor(chat: Destination) {
    this.#chat = chat;
  }

  /** Every connection that is asked. */
  all(): Iterable<Asked> {
    return this.#asked.values();
  }

  /** The connection with this number, if it is asked. */
  get(id: ConnectionId): Asked | undefined {
    return this.#asked.get(id);
  }

  /** Puts back a connection that is asked. */
  restore(asked: Asked): void {
    this.#asked.set(asked.join.id, asked);
  }

  /** Looks at a new connection: returns whether it may join now. Others are asked, or turned away. */
  arrive(join: Join): boolean {
    if (this.#isTurnedAway(join)) return false;
    if (!join.isAsked) return true;
    this.#asked.set(join.id, { join, misses: 0 });
    this.ask(join);
    return false;
  }

  /** Takes a verdict on the password; returns who may join because of it. */
  conclude({ id, result }: JobDone<Verdict>): Join | undefined {
    const asked = this.#asked.get(id);
    if (asked === undefined || result.kind !== "entered") return;
    if (!result.isRight) return this.#miss(asked, { isLast: false });
    this.#asked.delete(id);
    return asked.join;
  }

  /** Counts an input that is wrong whatever the password is; the last one ends the connection. */
  miss(id: ConnectionId, how: { isLast: boolean }): void {
    const asked = this.#asked.get(id);
    if (asked !== undefined) this.#miss(asked, how);
  }

  /** Ends a connection whose peer is gone, if it was still being asked; returns whether it was. */
  gone(connection: ConnectionId, why: string): boolean {
    if (!this.#asked.delete(connection)) return false;
    this.#chat.effects.push({ kind: "end", connection, why });
    return true;
  }

  /** Moves a connection to another address, if it was still being asked; returns whether it was. */
  moved(id: ConnectionId, address: string): boolean {
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
      this.#send(join, { kind: "notice", text });
      this.#end(join, "server closed");
    }
    this.#asked.clear();
  }

  /** Asks for the server password. */
  ask(join: Join): void {
    this.#send(
      join,
      { kind: "notice", text: "This room has a password: type it." },
      { kind: "state", what: "password" },
    );
  }

  /** Tells a connection why its input was refused. */
  tell(join: Join, refusal: Refusal): void {
    this.#send(join, { kind: "notice", ...refusal, answers: this.#chat.answering });
  }

  /** Whether a connection's address is banned; if so it is told, and ended. */
  #isTurnedAway(join: Join): boolean {
    const refused = bannedFrom(this.#chat, join.address);
    if (refused === undefined) return false;
    this.#send(join, { kind: "notice", ...refused });
    this.#end(join, "banned");
    return true;
  }

  #miss(asked: Asked, { isLast }: { isLast: boolean }): undefined {
    const { join } = asked;
    if (!isLast && ++asked.misses < MISSES) {
      const text = "That is not the password: type it again.";
      this.tell(join, { code: "wrong-password", text });
      return;
    }
    this.#asked.delete(join.id);
    this.tell(join, { code: "wrong-password", text: "That is not the password. Goodbye." });
    this.#end(join, "missed the password");
  }

  #send({ id }: Join, ...deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#chat.effects.toConnection(id, delivery);
  }

  #end({ id: connection }: Join, why: string): void {
    this.#chat.effects.push({ kind: "end", connection, why });
  }
}

/** Why connections from an address are refused, if it is banned. */
export function bannedFrom({ bans, dueAt: at }: InForce, address: string): Refusal | undefined {
  const ban = bans.ofAddress(address, at);
  if (ban === undefined) return;
  const why = ban.why && `: ${ban.why}`;
  return { code: "banned", text: `Your address is banned${remaining(ban, at)}${why}.` };
}
