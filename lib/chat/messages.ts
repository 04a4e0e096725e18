// Whether a member may be heard, and a text be sent: mutes and the longest text. Who says it: say.ts.

import { type Bans, isInForce } from "./bans.ts";
import type { Ban } from "./history.ts";
import type { Member } from "./member.ts";
import type { Refusal } from "./refusals.ts";
import { isLonger } from "./size.ts";
import { remaining } from "./term.ts";

/** What is in force, and when that is. The chat is one. */
interface InForce {
  readonly bans: Bans;
  /** Epoch milliseconds, for what has an end. */
  readonly dueAt: number;
}

/** What says how long a text may be. The chat does. */
interface Limited {
  readonly options: { readonly maxLine: number; readonly countOversize: () => void };
  refuse(member: Member, refusal: Refusal): void;
}

/** `: lunch`, as a reader is told why a member is away; nothing of those who are muted, or ignored. */
export function awayWords(chat: InForce, reader: Member, member: Member): string {
  if (reader.filter?.ids.has(member.id) || silenced(chat, member) !== undefined) return "";
  return `: ${member.away}`;
}

/** The mute of a member that is in force: of its connection, its name, or its account. */
export function muteOf(
  { bans, dueAt: at }: InForce,
  { mute, name, account }: Member,
): Ban | undefined {
  if (mute !== undefined && isInForce(mute, at)) return mute;
  return bans.ofName("mute", name, at) ?? (account && bans.ofName("mute", account.name, at));
}

/** Whether a text that a command brought is too long to be sent to others; its member is told so. */
export function isTooLong(chat: Limited, member: Member, text: string): boolean {
  const { maxLine, countOversize } = chat.options;
  if (!isLonger(text, maxLine)) return false;
  countOversize();
  chat.refuse(member, tooLong(maxLine));
  return true;
}

/** That a text had more than so many bytes. */
export function tooLong(limit: number): Refusal {
  return {
    code: "too-long",
    text: `That line was longer than ${limit} bytes, so it was not sent: say it in shorter lines.`,
  };
}

/** Why a member may not be heard just now; nothing when it may. */
export function silenced(chat: InForce, member: Member): Refusal | undefined {
  const mute = muteOf(chat, member);
  if (mute === undefined) return;
  const why = mute.why && `: ${mute.why}`;
  return {
    code: "muted",
    text: `You are muted${remaining(mute, chat.dueAt)}${why}. Nobody hears you.`,
  };
}
