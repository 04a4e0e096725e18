// Whether a member may send a text: mutes, and the longest text. Sending itself is in say.ts.

import { type InForce, isInForce } from "./bans.ts";
import type { Effects } from "./effects.ts";
import type { Ban } from "./history.ts";
import type { Connection, Member } from "./member.ts";
import type { Refusal } from "./refusals.ts";
import { isLonger } from "./size.ts";
import { remaining } from "./term.ts";

/** What a member is told goes here. The chat is one. */
interface Destination {
  readonly effects: Effects;
  refuse(member: Member, refusal: Refusal): void;
}

/** `: lunch`: why a member is away, for this reader; empty if the member is muted or ignored. */
export function awayWords(chat: InForce, reader: Member, member: Member): string {
  if (reader.filter?.ids.has(member.id) || silenced(chat, member) !== undefined) return "";
  return `: ${member.away}`;
}

/** The mute in force for a member: of its connection, its name, or its account. */
export function muteOf(
  { bans, dueAt: at }: InForce,
  { mute, name, account }: Member,
): Ban | undefined {
  if (mute !== undefined && isInForce(mute, at)) return mute;
  return bans.ofName("mute", name, at) ?? (account && bans.ofName("mute", account.name, at));
}

/** Whether a command's text is too long to send to others; its member is told if so. */
export function isTooLong(
  chat: Destination,
  { member, connection: { id, maxLine } }: { member: Member; connection: Connection },
  text: string,
): boolean {
  if (!isLonger(text, maxLine)) return false;
  chat.effects.push({ kind: "oversize", connection: id });
  chat.refuse(member, tooLong(maxLine));
  return true;
}

/** Says that a text had more than this many bytes. */
export function tooLong(limit: number): Refusal {
  return {
    code: "too-long",
    text: `That line was longer than ${limit} bytes, so it was not sent: say it in shorter lines.`,
  };
}

/** Why a member may not send messages just now; undefined when it may. */
export function silenced(chat: InForce, member: Member): Refusal | undefined {
  const mute = muteOf(chat, member);
  if (mute === undefined) return;
  const why = mute.why && `: ${mute.why}`;
  return {
    code: "muted",
    text: `You are muted${remaining(mute, chat.dueAt)}${why}. Nobody hears you.`,
  };
}
