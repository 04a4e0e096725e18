// Words to one person, for /msg and /reply.

import type { Chat } from "../chat.ts";
import type { Member } from "../member.ts";
import { isTooLong, silenced } from "../messages.ts";
import { sayTo } from "../say.ts";

/** Sends the words, or says why not: as `to` does where it is a sentence. */
export function whisper(
  chat: Chat,
  member: Member,
  { to, words }: { to: Member | string; words: string },
): void {
  const refusal = silenced(chat, member);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  if (typeof to === "string") return chat.refuse(member, to);
  if (isTooLong(chat, member, words)) return;
  sayTo(chat, { member, to }, words);
}
