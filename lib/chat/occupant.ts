// A member as its rooms know it; member.ts has the rest, and which rooms the member is in.

import type { Account } from "./history.ts";
import type { MemberId } from "./message.ts";

/** A member in a room. */
export interface Occupant {
  readonly id: MemberId;
  name: string;
  /** The account that it is identified for. */
  account: Account | undefined;
  /** Why it is away; empty when it is not. */
  away: string;
  /** Whether all its connections are of apps whose links are lost. */
  isLost: boolean;
}
