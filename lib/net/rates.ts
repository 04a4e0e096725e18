// The rate limit of people: on this server a person has one token bucket, however many connections they have.

import type { MemberId } from "../chat/message.ts";
import type { TokenBucket } from "./token_bucket.ts";

/** A member's bucket, and how many connections use it. */
interface Share {
  readonly bucket: TokenBucket;
  users: number;
}

/** The buckets of the members whose connections have sent something. */
export class Rates {
  readonly #shares = new Map<MemberId, Share>();

  /** A connection is a member's from now on: the member's bucket, which is the connection's own if there is none. */
  enter(member: MemberId, own: TokenBucket): TokenBucket {
    const share = this.#shares.get(member) ?? { bucket: own, users: 0 };
    share.users++;
    this.#shares.set(member, share);
    return share.bucket;
  }

  /** A connection that used a member's bucket is no longer the member's. */
  leave(member: MemberId): void {
    const share = this.#shares.get(member);
    if (share !== undefined && --share.users === 0) this.#shares.delete(member);
  }
}
