// Somebody who is in a room, as the room knows them: member.ts has the rest, and which rooms they are in.

import type { Encoder, Outbox } from "./event.ts";
import type { Account } from "./history.ts";
import type { MemberId } from "./message.ts";

/** Somebody in a room. */
export interface Occupant {
  readonly id: MemberId;
  readonly encoder: Encoder;
  readonly outbox: Outbox;
  name: string;
  /** The account it is identified for. */
  account: Account | undefined;
  /** Why it is away; empty when it is not. */
  away: string;
  /** Whether it hears its room: from the start, or from its first words on (v0.1). */
  hears: boolean;
  /** What it is not to be sent, by what was fanned out so far. */
  hearing: Filter | undefined;
}

/** What a member is not to be sent. */
export interface Filter {
  /** Its own lines are not sent back to it. */
  readonly isEcholess: boolean;
  /** Those whom it ignores: by number while they are here, and by every key of the name whenever they come. */
  readonly ids: ReadonlySet<MemberId>;
  readonly names: ReadonlyMap<string, string>;
}
