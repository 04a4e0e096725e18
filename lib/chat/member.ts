// A member: one connection that has joined. Only the writer touches its state.

import type { Audience, MemberId, Outbox } from "./event.ts";
import type { Room } from "./room.ts";

/** Someone who is here. */
export interface Member {
  readonly id: MemberId;
  readonly audience: Audience;
  readonly outbox: Outbox;
  name: string;
  room: Room;
  /** Whether it hears its room: from the start, or from its first words on (v0.1). */
  hears: boolean;
}
