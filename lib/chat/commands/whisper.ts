// Words to one person, for /msg and /reply.

import type { House } from "../house.ts";
import type { Member } from "../member.ts";
import { nobody } from "./words.ts";

/** Sends the words, or says why not. */
export function whisper(
  house: House,
  member: Member,
  { name, words }: { name: string; words: string },
): void {
  const silenced = house.silenced(member);
  if (silenced !== undefined) return house.refuse(member, silenced);
  const to = house.find(name);
  if (to === undefined) return house.refuse(member, nobody(name));
  house.whisper(member, to, words);
}
