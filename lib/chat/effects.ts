// Effects: what to do because of the events handled. They run in order, once the whole batch has been handled
// and kept, so neighbouring deliveries to one room can share an encoding.

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
    /** Whether the member asked for it itself. */
    readonly isAnswer: boolean;
  }
  /** A page of history, read once the batch is kept. */
  | {
    readonly kind: "recall";
    readonly member: Member;
    readonly room: Room | undefined;
    readonly wanted: Recall;
    readonly filter: Filter;
    /** The client's own number for the request, if it gave one. */
    readonly answers: number | undefined;
  }
  /** An app has joined, or begins anew. */
  | { readonly kind: "welcome"; readonly member: Member; readonly delivery: Delivery }
  | { readonly kind: "filter"; readonly member: Member; readonly filter: Filter }
  | { readonly kind: "reply"; readonly member: Member; readonly chunk: Chunk }
  /** Everything caused by one awaited input has been written. */
  | { readonly kind: "answered"; readonly outbox: Outbox }
  | { readonly kind: "enter" | "exit"; readonly room: Room; readonly member: Member }
  | { readonly kind: "job"; readonly id: MemberId; readonly job: Job }
  | { readonly kind: "end"; readonly member: Member; readonly why: string };

/** The effects that were not taken yet. */
export class Effects {
  /** The member whose event is being handled: what it is sent meanwhile is an answer. */
  asker: MemberId = 0;
  #effects: Effect[] = [];

  /** Adds an effect. */
  push(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Adds an effect before the last one. */
  pushBeforeLast(effect: Effect): void {
    this.#effects.splice(-1, 0, effect);
  }

  /** Sends a delivery to everyone in a room. */
  toRoom(room: Room, delivery: Delivery): void {
    const last = this.#effects.at(-1);
    if (last?.kind === "room" && last.room === room) last.deliveries.push(delivery);
    else this.#effects.push({ kind: "room", room, deliveries: [delivery] });
  }

  /** Sends a delivery to one member. */
  toMember(member: Member, delivery: Delivery): void {
    const isAnswer = member.id === this.asker;
    const last = this.#effects.at(-1);
    const isNext = last?.kind === "member" && last.member === member && last.isAnswer === isAnswer;
    if (isNext) last.deliveries.push(delivery);
    else this.#effects.push({ kind: "member", member, deliveries: [delivery], isAnswer });
  }

  /** Changes what a member is not sent, from here on. */
  filter(member: Member, filter: Filter): void {
    member.filter = filter;
    this.#effects.push({ kind: "filter", member, filter });
  }

  /** Returns the effects, and forgets them. */
  take(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
