// The house: members, names, rooms, and what is to be sent because of the events handled. The writer
// owns it and alone calls it; commands see it as the place where they act.

import type { Chunk, Delivery, Join, MemberId, Message } from "./event.ts";
import type { Member } from "./member.ts";
import { Names } from "./names.ts";
import { noTraffic, Room } from "./room.ts";

/** One step of the fan-out; steps are done in order, after the whole batch has been handled. */
export type Step =
  | { readonly kind: "room"; readonly room: Room; readonly deliveries: Delivery[] }
  | { readonly kind: "member"; readonly member: Member; readonly deliveries: Delivery[] }
  | { readonly kind: "reply"; readonly member: Member; readonly chunk: Chunk }
  | { readonly kind: "enter" | "exit"; readonly room: Room; readonly member: Member }
  | { readonly kind: "end"; readonly member: Member; readonly why: string };

/** How many names a greeting lists before it counts the rest; and /who. */
const NAMES_GREETED = 20, NAMES_LISTED = 100;
/** In a room of more than this, comings and goings are told together: each would be told to all. */
const CROWD = 50;

/** All chat state, and the steps it has asked for since they were last taken. */
export class House {
  readonly #members = new Map<MemberId, Member>();
  readonly #names = new Names();
  readonly #lobby = new Room();
  #steps: Step[] = [];

  /** The member with this number, if it is (still) here. */
  member(id: MemberId): Member | undefined {
    return this.#members.get(id);
  }

  /** Takes in a connection: a name, the greeting, and word to the others. */
  join({ id, audience, outbox, hears }: Join): void {
    const name = this.#names.guest(id);
    const room = this.#lobby;
    const member: Member = { id, audience, outbox, name, room, hears };
    outbox.named(name);
    const others = this.who(room, NAMES_GREETED);
    this.#members.set(id, member);
    room.members.add(member);
    this.#passes(room, name, "joined");
    this.tell(
      member,
      `Welcome to bobchat, ${name}. ${others ? `Here: ${others}.` : "You are the first here."}`,
      "Type to talk. /nick NAME changes your name, /help lists what else there is.",
    );
    if (hears) this.#steps.push({ kind: "enter", room, member });
  }

  /** Takes a member out, tells the others, and ends its connection. */
  leave(member: Member, { why, said }: { why: string; said?: string }): void {
    const { id, name, room } = member;
    this.#members.delete(id);
    this.#names.release(name);
    room.members.delete(member);
    this.#steps.push({ kind: "exit", room, member }, { kind: "end", member, why });
    this.#passes(room, name, "left", said);
  }

  /** Gives a member another name, or tells it why not. */
  rename(member: Member, wanted: string): void {
    const outcome = this.#names.rename(member.id, member.name, wanted);
    if ("refused" in outcome) return this.tell(member, `${outcome.refused}.`);
    const before = member.name;
    if (before === outcome.name) return this.tell(member, `You are ${before} already.`);
    member.name = outcome.name;
    member.outbox.named(outcome.name);
    this.announce(member.room, `${before} is now ${outcome.name}`);
  }

  /** Sends a member's words to its room. */
  say(member: Member, message: Message): void {
    this.#toRoom(member.room, message);
    if (member.hears) return;
    // v0.1: one hears what is read after one's own first words, except that words which found no
    // hearer at all wait for the first one. The step order makes it so: say, then enter; or, in an
    // empty room, enter, then say.
    member.hears = true;
    const enter: Step = { kind: "enter", room: member.room, member };
    const alone = ![...member.room.members].some((other) => other.hears && other !== member);
    if (alone) this.#steps.splice(-1, 0, enter);
    else this.#steps.push(enter);
  }

  /** The server's word to one member, a line each. */
  tell(member: Member, ...lines: string[]): void {
    const deliveries = lines.map((text): Delivery => ({ kind: "notice", text }));
    const last = this.#steps.at(-1);
    if (last?.kind === "member" && last.member === member) last.deliveries.push(...deliveries);
    else this.#steps.push({ kind: "member", member, deliveries });
  }

  /** What a member's protocol owes its client, in its place among the rest. */
  reply(member: Member, chunk: Chunk): void {
    this.#steps.push({ kind: "reply", member, chunk });
  }

  /** The server's word to everyone in a room. */
  announce(room: Room, text: string): void {
    this.#toRoom(room, { kind: "notice", text });
  }

  /** Tells a crowd who has come and gone since this was last called. */
  tick(): void {
    const { joined, left } = this.#lobby.traffic;
    const parts = [joined.summary("joined"), left.summary("left")].filter((part) => part !== "");
    if (parts.length === 0) return;
    this.#lobby.traffic = noTraffic();
    this.announce(this.#lobby, `${parts.join("; ")} (${this.#lobby.members.size} here)`);
  }

  /** The last word to everyone: told, then their connections end. */
  close(text: string): void {
    this.announce(this.#lobby, text);
    for (const member of this.#members.values()) {
      this.#steps.push({ kind: "end", member, why: "server closed" });
    }
    this.#members.clear();
  }

  /** The names in a room, as a sentence's part; empty when nobody is. */
  who(room: Room, most = NAMES_LISTED): string {
    const names: string[] = [];
    for (const { name } of room.members) {
      if (names.push(name) === most) break;
    }
    const more = room.members.size - names.length;
    return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
  }

  /** Hands over what is to be done, and forgets it. */
  takeSteps(): Step[] {
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  /** Someone comes or goes: a few people are told at once, a crowd at the next tick. */
  #passes(room: Room, name: string, what: "joined" | "left", said?: string): void {
    if (room.members.size > CROWD) return room.traffic[what].add(name);
    this.announce(room, `${name} ${what}${said ? `: ${said}` : ""} (${room.members.size} here)`);
  }

  /** Neighbouring deliveries to one room share a step, and so one encoding. */
  #toRoom(room: Room, delivery: Delivery): void {
    const last = this.#steps.at(-1);
    if (last?.kind === "room" && last.room === room) last.deliveries.push(delivery);
    else this.#steps.push({ kind: "room", room, deliveries: [delivery] });
  }
}
