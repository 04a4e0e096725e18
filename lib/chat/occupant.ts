// A member as its rooms know it; member.ts has the rest, and which rooms the member is in.

import type { Encoder, Outbox } from "./event.ts";
import type { Account } from "./history.ts";
import type { MemberId } from "./message.ts";

/** A member in a room. */
export interface Occupant {
  readonly id: MemberId;
  readonly encoder: Encoder;
  readonly outbox: Outbox;
  name: string;
  /** The account that it is identified for. */
  account: Account | undefined;
  /** Why it is away; empty when it is not. */
  away: string;
  /** Whether it is sent what the room is sent: from the start, or (v0.1) once it has spoken. */
  hears: boolean;
  /** What it is not sent, as of what was fanned out so far. */
  hearing: Filter | undefined;
}

/** What a member is not sent. */
export interface Filter {
  /** Whether its own messages are not sent back to it. */
  readonly isEcholess: boolean;
  /** The members it ignores: by number while they are here, and by every key of the name later. */
  readonly ids: ReadonlySet<MemberId>;
  readonly names: ReadonlyMap<string, string>;
}
