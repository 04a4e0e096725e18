// What members say: to a room, or to one other.

import { isInForce } from "./bans.ts";
import type { Message } from "./event.ts";
import type { Ban } from "./history.ts";
import type { House } from "./house.ts";
import type { Member } from "./member.ts";
import { type Room, speaker } from "./room.ts";
import { isLonger } from "./size.ts";
import type { Step } from "./steps.ts";
import { remaining } from "./term.ts";
import { introduce } from "./traffic.ts";

/** Sends a member's words to a room that it is in. */
export function say(
  house: House,
  { member, room }: { member: Member; room: Room },
  words: Pick<Message, "kind" | "text">,
): void {
  const refusal = silenced(house, member);
  if (refusal !== undefined) return house.refuse(member, refusal);
  const message: Message = {
    kind: words.kind,
    id: house.nextMessage(),
    at: house.at,
    by: speaker(member),
    from: member.name,
    text: words.text,
    room,
  };
  house.rooms.ensureKept(room);
  house.keep({ kind: "said", message });
  introduce(house, { member, room });
  house.steps.toRoom(room, message);
  if (!member.hears) hearFromNowOn(house, { member, room });
}

/** Sends a member's words to one other. */
export function sayTo(
  house: House,
  { member, to }: { member: Member; to: Member },
  text: string,
): void {
  const message: Message = {
    kind: "private",
    id: house.nextMessage(),
    at: house.at,
    by: speaker(member),
    from: member.name,
    text,
    to: { ...speaker(to), name: to.name },
  };
  house.keep({ kind: "said", message });
  house.steps.toMember(member, message);
  if (to !== member) house.steps.toMember(to, message);
  if (!to.filter?.ids.has(member.id)) {
    to.lastFrom = { member: member.id, account: member.account?.id, name: member.name };
  }
  if (to.away) house.tell(member, `${to.name} is away${awayWords(house, member, to) || "."}`);
}

/** `: lunch`, as a reader is told why a member is away; nothing of those who are muted, or ignored. */
export function awayWords(house: House, reader: Member, member: Member): string {
  if (reader.filter?.ids.has(member.id) || silenced(house, member) !== undefined) return "";
  return `: ${member.away}`;
}

/** The mute of a member that is in force: of its connection, its name, or its account. */
export function muteOf(
  { bans, dueAt: at }: House,
  { mute, name, account }: Member,
): Ban | undefined {
  if (mute !== undefined && isInForce(mute, at)) return mute;
  return bans.ofName("mute", name, at) ?? (account && bans.ofName("mute", account.name, at));
}

/** Whether a text that a command brought is too long to be sent to others; its member is told so. */
export function isTooLong(house: House, member: Member, text: string): boolean {
  const { maxLine, countOversize } = house.options;
  if (!isLonger(text, maxLine)) return false;
  countOversize();
  house.refuse(member, tooLong(maxLine));
  return true;
}

/** That a text had more than so many bytes, as a sentence. */
export function tooLong(limit: number): string {
  return `That line was longer than ${limit} bytes, so it was not sent: say it in shorter lines.`;
}

/** Why a member may not be heard just now, as a sentence; nothing when it may. */
export function silenced(house: House, member: Member): string | undefined {
  const mute = muteOf(house, member);
  if (mute === undefined) return;
  const why = mute.why && `: ${mute.why}`;
  return `You are muted${remaining(mute, house.dueAt)}${why}. Nobody hears you.`;
}

/**
 * v0.1: one hears what is read after one's own first words, except that words which found no hearer at all
 * wait for the first one. The step order makes it so: say, then enter; or, in an empty room, enter, then
 * say.
 */
function hearFromNowOn(house: House, { member, room }: { member: Member; room: Room }): void {
  member.hears = true;
  const enter: Step = { kind: "enter", room, member };
  const alone = ![...room.members].some((other) => other.hears && other !== member);
  if (alone) house.steps.pushBeforeLast(enter);
  else house.steps.push(enter);
}
