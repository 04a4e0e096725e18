// Messages that are changed or taken back, by their authors and by operators. What may be changed is among the last
// messages of a room, or of all private talks (last_said.ts): the fold reads no history.

import type { Chat } from "./chat.ts";
import type { Mended } from "./delivery.ts";
import type { SharedInput } from "./event.ts";
import { theirs } from "./forgotten.ts";
import type { Forgotten } from "./history.ts";
import { type Head, type LastSaid, MOST_SAID, MOST_WHISPERED, says } from "./last_said.ts";
import type { Connection, Member } from "./member.ts";
import type { Message } from "./message.ts";
import { isTooLong, silenced } from "./messages.ts";
import { nameKey } from "./names.ts";
import type { Refusal } from "./refusals.ts";
import { author, notIn, type Room } from "./room.ts";
import { lasting } from "./term.ts";
import { introduce } from "./traffic.ts";
import { present, whom } from "./whom.ts";

const MINUTE = 60_000;
/** Milliseconds for which operators may take back what others have said. */
const HOUR = 60 * MINUTE;

/** Who changes a message, and on which connection. */
interface By {
  readonly member: Member;
  readonly connection: Connection;
}

/** A message that may be changed, and where it is; one to a room has the room. */
interface Found {
  readonly head: Head;
  readonly said: LastSaid;
  readonly room?: Room;
}

/** Changes a message, or takes it back, by its number. */
export function mend(
  chat: Chat,
  by: By,
  input: Extract<SharedInput, { kind: "edit" | "delete" }>,
): void {
  const found = find(chat, by.member, input.message);
  if ("code" in found) chat.refuse(by.member, found);
  else if (input.kind === "edit") edit(chat, by, { ...found, text: input.text });
  else takeBack(chat, by, found);
}

/** Puts a text in place of the last message that a member has sent to a room. */
export function editLast(chat: Chat, by: By & { readonly room: Room }, text: string): void {
  const found = lastOf(by.room, (head) => isBy(head, by.member));
  if (found === undefined) return chat.refuse(by.member, nothingSaid(chat, by.room));
  edit(chat, by, { ...found, text });
}

/** Takes back the last message that a member has sent to a room. */
export function takeBackLast(chat: Chat, by: By & { readonly room: Room }): void {
  const found = lastOf(by.room, (head) => isBy(head, by.member));
  if (found === undefined) return chat.refuse(by.member, nothingSaid(chat, by.room));
  takeBack(chat, by, found);
}

/** The same of somebody else, who may be gone: an operator does. */
export function takeBackLastOf(
  chat: Chat,
  by: By & { readonly room: Room },
  name: string,
): void {
  const key = nameKey(name), person = whom(chat, name, "alike");
  const isTheirs = (head: Head) =>
    nameKey(head.from) === key ||
    head.by.account !== undefined && head.by.account === person?.account?.id ||
    head.by.member !== 0 && head.by.member === person?.member?.id;
  const found = lastOf(by.room, isTheirs);
  if (found !== undefined) return takeBack(chat, by, found);
  const who = person?.name ?? name.slice(0, 20).toWellFormed();
  const text = `${who} has said nothing in #${by.room.name} that can be taken back: ` +
    `that goes back ${lasting(HOUR)}, and ${MOST_SAID} messages.`;
  chat.refuse(by.member, { code: "no-such-message", text });
}

/** Takes over what was said before the server started: by accounts, since all else begins anew. */
export function remember(chat: Chat, said: readonly Message[]): void {
  for (const message of said) {
    const { room } = message;
    if (room === undefined) chat.whispered.add(message);
    else chat.rooms.get(room.id)?.said.add(message);
  }
  dropOld(chat);
}

/** Drops what is too old to be changed by anyone. */
export function dropOld(chat: Chat): void {
  const before = chat.at - Math.max(chat.options.editMinutes * MINUTE, HOUR);
  chat.whispered.dropBefore(before);
  for (const room of chat.rooms.all()) room.said.dropBefore(before);
}

/** Drops the messages by and to somebody. */
export function forget(chat: Chat, whose: Forgotten): void {
  const isTheirs = theirs(whose);
  chat.whispered.keepOnly((head) => !isTheirs(head));
  for (const room of chat.rooms.all()) room.said.keepOnly((head) => !isTheirs(head));
}

function edit(chat: Chat, by: By, { text, ...found }: Found & { text: string }): void {
  const { member } = by, { head } = found;
  const refusal = mayEdit(chat, member, found) ?? unlike(head, text);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  if (isTooLong(chat, by, text)) return;
  put(chat, member, { ...found, head: { ...head, text, edited: true } });
}

function takeBack(chat: Chat, { member }: By, found: Found): void {
  const { head } = found;
  const refusal = mayTakeBack(chat, member, found);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  put(chat, member, { ...found, head: { ...head, text: "", deleted: true } });
  if (isBy(head, member)) return;
  const entry = { who: member.name, did: "delete", whom: head.from, why: `message ${head.id}` };
  chat.effects.push({ kind: "audit", entry });
}

/** Puts a message in place of its earlier form, has that kept, and tells whoever was sent it. */
function put(
  chat: Chat,
  member: Member,
  { head, said, room }: Found & { head: { readonly text?: string } },
): void {
  const { kind, id, at, by, from, to, text = "", edited, deleted } = head;
  const message: Message = {
    ...{ kind, id, at, by, from, text },
    ...room && { room: room.tag },
    ...to && { to },
    ...deleted ? { deleted } : edited && { edited },
  };
  said.replace(message);
  chat.keep({ kind: "mended", message });
  chat.waiting.mend(message);
  const isOwn = isBy(head, member);
  const mended: Mended = {
    ...{ kind: "mended", message, at: chat.at, who: member.name, isOwn },
    by: isOwn ? member.id : by.member,
  };
  if (room !== undefined) {
    introduce(chat, { member, room });
    return chat.effects.toRoom(room, mended);
  }
  const receiver = to && present(chat, to);
  chat.effects.toAll(member, mended);
  if (receiver !== undefined && receiver !== member) chat.effects.toAll(receiver, mended);
}

/** The message with a number that a member may know of. */
function find(chat: Chat, member: Member, id: number): Found | Refusal {
  const places = [
    ...Array.from(chat.rooms.all(), (room) => ({ said: room.said, room })),
    { said: chat.whispered, room: undefined },
  ];
  for (const { said, room } of places) {
    const head = said.find(id);
    if (head === undefined) continue;
    const isTheirs = isBy(head, member);
    if (room !== undefined && member.rooms.has(room)) return { head, said, room };
    if (!isTheirs) break;
    return room === undefined ? { head, said } : notIn(`#${room.name}`);
  }
  if (chat.options.editMinutes === 0) return NEVER;
  const text = `There is no message ${id} that you can change: that goes back ` +
    `${reach(chat)}, and ${MOST_SAID} messages of a room or ${MOST_WHISPERED} private ones.`;
  return { code: "no-such-message", text };
}

/** The last message in a room that is somebody's, and was not taken back. */
function lastOf(room: Room, isTheirs: (head: Head) => boolean): Found | undefined {
  const head = room.said.last((each) => !each.deleted && isTheirs(each));
  return head && { head, said: room.said, room };
}

function nothingSaid(chat: Chat, { name }: Room): Refusal {
  if (chat.options.editMinutes === 0) return NEVER;
  const text = `You have said nothing in #${name} that can be changed: that goes back ` +
    `${reach(chat)}, and ${MOST_SAID} messages.`;
  return { code: "no-such-message", text };
}

const NEVER: Refusal = {
  code: "not-allowed",
  text: "Nobody may change what they have said on this server.",
};

function reach({ options: { editMinutes } }: Chat): string {
  return lasting(editMinutes * MINUTE);
}

/** Why a member may not edit a message. */
function mayEdit(chat: Chat, member: Member, { head }: Found): Refusal | undefined {
  if (!isBy(head, member)) {
    return { code: "not-allowed", text: "You can change only what you have said yourself." };
  }
  if (head.deleted) {
    return { code: "too-late", text: "That message was taken back: say it anew." };
  }
  return whyOld(chat, head) ?? silenced(chat, member);
}

/** Why a member may not take back a message. */
function mayTakeBack(chat: Chat, member: Member, { head, room }: Found): Refusal | undefined {
  const isOwn = isBy(head, member);
  const mayAny = room !== undefined && member.account?.isOperator === true;
  if (!isOwn && !mayAny) {
    return { code: "not-allowed", text: "You can take back only what you have said yourself." };
  }
  if (head.deleted) {
    return { code: "nothing-to-change", text: "That message was taken back already." };
  }
  return mayAny ? undefined : whyOld(chat, head);
}

/** Says that a message is too old, if it is. */
function whyOld(chat: Chat, { at }: Head): Refusal | undefined {
  if (chat.options.editMinutes === 0) return NEVER;
  if (chat.at - at <= chat.options.editMinutes * MINUTE) return undefined;
  const text = `That was said too long ago: a message can be changed for ${reach(chat)}.`;
  return { code: "too-old", text };
}

/** Says that a text cannot take the place of a message: it is none, or the same. */
function unlike(head: Head, text: string): Refusal | undefined {
  if (text.trim() === "") {
    return { code: "usage", text: "An empty message is none: /delete takes one back." };
  }
  if (says(head, text)) return { code: "nothing-to-change", text: "It says that already." };
}

/** Whether a member is a message's author: by account if they were identified, or else on the same visit. */
function isBy({ by }: Pick<Head, "by">, member: Member): boolean {
  const { member: id, account } = author(member);
  return by.account === undefined ? by.member === id : by.account === account;
}
