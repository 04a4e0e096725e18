// What members say: to a room, or to one other.

import { isInForce } from "./bans.ts";
import type { Message } from "./event.ts";
import type { Ban } from "./history.ts";
import type { Chat } from "./chat.ts";
import type { Member } from "./member.ts";
import type { Refusal } from "./refusals.ts";
import { author, type Room } from "./room.ts";
import { isLonger } from "./size.ts";
import type { Effect } from "./effects.ts";
import { remaining } from "./term.ts";
import { introduce } from "./traffic.ts";

/** Sends a member's words to a room that it is in. */
export function say(
  chat: Chat,
  { member, room }: { member: Member; room: Room },
  words: Pick<Message, "kind" | "text">,
): void {
  const refusal = silenced(chat, member);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  const message: Message = {
    kind: words.kind,
    id: chat.nextMessage(),
    at: chat.at,
    by: author(member),
    from: member.name,
    text: words.text,
    room,
  };
  chat.rooms.ensureKept(room);
  chat.keep({ kind: "said", message });
  introduce(chat, { member, room });
  chat.effects.toRoom(room, message);
  if (!member.hears) hearFromNowOn(chat, { member, room });
}

/** Sends a member's words to one other. */
export function sayTo(
  chat: Chat,
  { member, to }: { member: Member; to: Member },
  text: string,
): void {
  const message: Message = {
    kind: "private",
    id: chat.nextMessage(),
    at: chat.at,
    by: author(member),
    from: member.name,
    text,
    to: { ...author(to), name: to.name },
  };
  chat.keep({ kind: "said", message });
  chat.effects.toMember(member, message);
  if (to !== member) chat.effects.toMember(to, message);
  if (!to.filter?.ids.has(member.id)) {
    to.lastFrom = { member: member.id, account: member.account?.id, name: member.name };
  }
  if (to.away) chat.tell(member, `${to.name} is away${awayWords(chat, member, to) || "."}`);
}

/** `: lunch`, as a reader is told why a member is away; nothing of those who are muted, or ignored. */
export function awayWords(chat: Chat, reader: Member, member: Member): string {
  if (reader.filter?.ids.has(member.id) || silenced(chat, member) !== undefined) return "";
  return `: ${member.away}`;
}

/** The mute of a member that is in force: of its connection, its name, or its account. */
export function muteOf(
  { bans, dueAt: at }: Chat,
  { mute, name, account }: Member,
): Ban | undefined {
  if (mute !== undefined && isInForce(mute, at)) return mute;
  return bans.ofName("mute", name, at) ?? (account && bans.ofName("mute", account.name, at));
}

/** Whether a text that a command brought is too long to be sent to others; its member is told so. */
export function isTooLong(chat: Chat, member: Member, text: string): boolean {
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
export function silenced(chat: Chat, member: Member): Refusal | undefined {
  const mute = muteOf(chat, member);
  if (mute === undefined) return;
  const why = mute.why && `: ${mute.why}`;
  return {
    code: "muted",
    text: `You are muted${remaining(mute, chat.dueAt)}${why}. Nobody hears you.`,
  };
}

/**
 * v0.1: one hears what is read after one's own first words, except that words which found no hearer at all
 * wait for the first one. The effect order makes it so: say, then enter; or, in an empty room, enter, then
 * say.
 */
function hearFromNowOn(chat: Chat, { member, room }: { member: Member; room: Room }): void {
  member.hears = true;
  const enter: Effect = { kind: "enter", room, member };
  const alone = ![...room.members].some((other) => other.hears && other !== member);
  if (alone) chat.effects.pushBeforeLast(enter);
  else chat.effects.push(enter);
}
