// Words to one person, for /msg and /reply.

import type { House } from "../house.ts";
import type { Member } from "../member.ts";
import { isTooLong, sayTo, silenced } from "../talk.ts";
import { nobody } from "./words.ts";

/** Sends the words, or says why not. */
export function whisper(
  house: House,
  member: Member,
  { name, words }: { name: string; words: string },
): void {
  const refusal = silenced(house, member);
  if (refusal !== undefined) return house.refuse(member, refusal);
  const to = house.find(name);
  if (to === undefined) return house.refuse(member, nobody(name));
  if (isTooLong(house, member, words)) return;
  sayTo(house, { member, to }, words);
}
