// What is to be done because of the events handled: in order, after the whole batch has been handled
// and kept. So neighbouring deliveries to one room share an encoding.

import type { Chunk, Delivery, Outbox } from "./event.ts";
import type { MemberId } from "./message.ts";
import type { Filter } from "./occupant.ts";
import type { Job } from "./job.ts";
import type { Recall } from "./history.ts";
import type { Member } from "./member.ts";
import type { Room } from "./room.ts";

/** One effect of the fan-out. */
export type Effect =
  | { readonly kind: "room"; readonly room: Room; readonly deliveries: Delivery[] }
  | {
    readonly kind: "member";
    readonly member: Member;
    readonly deliveries: Delivery[];
    /** Whether the member itself has asked for it. */
    readonly isAnswer: boolean;
  }
  /** What was said before, as the history has it once the batch is kept. */
  | {
    readonly kind: "recall";
    readonly member: Member;
    readonly room: Room | undefined;
    readonly wanted: Recall;
    readonly filter: Filter;
    /** The client's own number for what asked for it, if it gave one. */
    readonly answers: number | undefined;
  }
  /** An app is in, or begins anew. */
  | { readonly kind: "welcome"; readonly member: Member; readonly delivery: Delivery }
  | { readonly kind: "filter"; readonly member: Member; readonly filter: Filter }
  | { readonly kind: "reply"; readonly member: Member; readonly chunk: Chunk }
  /** All is written that one awaited input has brought forth. */
  | { readonly kind: "answered"; readonly outbox: Outbox }
  | { readonly kind: "enter" | "exit"; readonly room: Room; readonly member: Member }
  | { readonly kind: "job"; readonly id: MemberId; readonly job: Job }
  | { readonly kind: "end"; readonly member: Member; readonly why: string };

/** The effects that were asked for since they were last taken. */
export class Effects {
  /** Whose event is being handled: what it is sent because of that is an answer. */
  asker: MemberId = 0;
  #effects: Effect[] = [];

  /** An effect behind the others. */
  push(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** An effect before the last one. */
  pushBeforeLast(effect: Effect): void {
    this.#effects.splice(-1, 0, effect);
  }

  /** Sends it to those in a room. */
  toRoom(room: Room, delivery: Delivery): void {
    const last = this.#effects.at(-1);
    if (last?.kind === "room" && last.room === room) last.deliveries.push(delivery);
    else this.#effects.push({ kind: "room", room, deliveries: [delivery] });
  }

  /** Sends it to one member. */
  toMember(member: Member, delivery: Delivery): void {
    const isAnswer = member.id === this.asker;
    const last = this.#effects.at(-1);
    const isNext = last?.kind === "member" && last.member === member && last.isAnswer === isAnswer;
    if (isNext) last.deliveries.push(delivery);
    else this.#effects.push({ kind: "member", member, deliveries: [delivery], isAnswer });
  }

  /** Changes what a member is not to be sent, from here on. */
  filter(member: Member, filter: Filter): void {
    member.filter = filter;
    this.#effects.push({ kind: "filter", member, filter });
  }

  /** Hands over what is to be done, and forgets it. */
  take(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
