// Words to one person, for /msg and /reply.

import type { House } from "../house.ts";
import type { Member } from "../member.ts";
import { isTooLong, sayTo, silenced } from "../talk.ts";

/** Sends the words, or says why not: as `to` does where it is a sentence. */
export function whisper(
  house: House,
  member: Member,
  { to, words }: { to: Member | string; words: string },
): void {
  const refusal = silenced(house, member);
  if (refusal !== undefined) return house.refuse(member, refusal);
  if (typeof to === "string") return house.refuse(member, to);
  if (isTooLong(house, member, words)) return;
  sayTo(house, { member, to }, words);
}
