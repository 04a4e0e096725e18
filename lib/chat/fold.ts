// The fold: each shared event changes the chat, by the event and its time alone, and leaves effects and records
// behind. The same events in the same order give the same chat, on every machine.

import { bannedFrom } from "./admission.ts";
import { modernize } from "./bans.ts";
import type { Chat } from "./chat.ts";
import { run } from "./commands/table.ts";
import {
  type Administered,
  type Change,
  type Event,
  idOf,
  type Input,
  type SharedEvent,
  type SharedInput,
  type Time,
} from "./event.ts";
import type { Record, Saved } from "./history.ts";
import { changeLink, depart } from "./devices.ts";
import { arrive, identify, passwordChanged, registered, verified } from "./identity.ts";
import { adopt, back, came, gone, left } from "./membership.ts";
import type { ConnectionId } from "./message.ts";
import { forget, mend, remember } from "./mend.ts";
import { tooLong } from "./messages.ts";
import { isName } from "./names.ts";
import { announce } from "./newcomers.ts";
import type { Whose } from "./presence.ts";
import type { Refusal } from "./refusals.ts";
import { type Room, roomOf } from "./room.ts";
import { say } from "./say.ts";
import { welcome } from "./show.ts";
import { tick } from "./upkeep.ts";
import { noteRead, removeAccount } from "./visit.ts";
import { noSuchPerson } from "./whom.ts";

/** Changes the chat by one shared event. */
export function fold(chat: Chat, event: SharedEvent, time: Time): void {
  begin(chat, event, time);
  switch (event.kind) {
    case "restored":
      return restore(chat, event.saved);
    case "administered":
      return administer(chat, event);
    case "tick":
      return tick(chat, event);
    case "node came":
      return came(chat, event);
    case "node left":
      return left(chat, event.node);
    case "node gone":
      return gone(chat, event);
    case "node back":
      return back(chat, event);
    case "rules":
      return adopt(chat, event.rules);
    case "join":
      // A number is one connection's: the same join once more is none.
      if (chat.connections.has(event.id) || chat.admission.get(event.id) !== undefined) return;
      if (chat.admission.arrive(event)) arrive(chat, event);
      return;
    case "leave":
      if (chat.admission.gone(event.id, event.why)) return;
      break;
    case "moved":
      if (chat.admission.moved(event.id, event.address)) return;
      break;
    case "job done": {
      const admitted = chat.admission.conclude(event);
      if (admitted !== undefined) arrive(chat, admitted);
    }
  }
  const whose = chat.whose(event.id);
  if (whose !== undefined) foldOf(chat, whose, event);
  else if (event.kind === "typed") {
    chat.admission.miss(event.id, { isLast: event.input.kind === "stranger" });
  }
  if ("isAwaited" in event && event.isAwaited) {
    chat.effects.push({ kind: "answered", connection: event.id });
  }
}

/** Notes when an event happens, whom its answers go to, and which number they repeat. */
export function begin(chat: Chat, event: Event, { at, dueAt }: Time): void {
  chat.at = at;
  chat.dueAt = dueAt;
  chat.effects.asker = "id" in event ? event.id : 0;
  chat.answering = event.kind === "typed"
    ? idOf(event.input)
    : event.kind === "job done"
    ? event.answers
    : undefined;
}

/** Changes the chat by a member's event. */
function foldOf(
  chat: Chat,
  whose: Whose,
  event: Exclude<Extract<SharedEvent, { id: ConnectionId }>, { kind: "join" }>,
): void {
  switch (event.kind) {
    case "leave":
      return depart(chat, whose, event);
    case "moved":
      return move(chat, whose, event.address);
    case "link":
      return changeLink(chat, whose, event.isLost);
    case "typed":
      return foldInput(chat, whose, event.input);
    case "job done":
      if (event.result.kind === "hashed") registered(chat, whose.member, event.result);
      if (event.result.kind === "verified") verified(chat, whose.member, event.result);
      if (event.result.kind === "changed") passwordChanged(chat, whose.member, event.result);
      if (event.result.kind === "handed over") chat.waiting.taken(event.result);
  }
}

/** A member's app continues from another address, which may be banned. */
function move(chat: Chat, { member, connection }: Whose, address: string): void {
  connection.address = address;
  const refused = bannedFrom(chat, address);
  if (refused === undefined) return;
  // An app that begins anew is sent nothing before its welcome.
  welcome(chat, member, connection);
  chat.refuse(member, refused);
  depart(chat, { member, connection }, { why: "banned" });
}

function foldInput(chat: Chat, { member, connection }: Whose, input: SharedInput): void {
  if (input.kind === "stranger") {
    chat.refuse(member, tooLate(input.speaks));
    return depart(chat, { member, connection }, { why: `spoke ${input.speaks}` });
  }
  if (input.kind === "oversize") return chat.refuse(member, tooLong(input.limit));
  if (input.kind === "edit" || input.kind === "delete") {
    announce(chat, member);
    mend(chat, { member, connection }, input);
    return confirm(chat, connection.id, input);
  }
  const room = roomOf(chat.rooms, { member, connection }, input);
  chat.nonce = input.kind === "read" ? undefined : input.nonce;
  if ("again" in input && input.again && !("code" in room) && wasSaid(chat, room)) {
    return confirm(chat, connection.id, input);
  }
  if ("code" in room) chat.refuse(member, room);
  else if (input.kind === "read") read(chat, { member, connection }, { ...input, at: room });
  else if (input.kind === "command") {
    run(input.name, { chat, member, connection, room, text: input.text });
  } else {
    announce(chat, member);
    say(chat, { member, connection, room }, { kind: "message", text: input.text });
  }
  confirm(chat, connection.id, input);
}

/** Whether the message of this input was said before: to a process that ended before it could confirm that. */
function wasSaid({ nonce, whispered }: Chat, { said }: Room): boolean {
  if (nonce === undefined) return false;
  return [said, whispered].some((each) => each.last((head) => head.nonce === nonce) !== undefined);
}

/** A member has read a room or, with a name, its private talk with that person. */
function read(
  chat: Chat,
  { member, connection: reader }: Whose,
  { person, upTo: wanted, at: { id: room } }: { person?: string; upTo: number; at: Room },
): void {
  const upTo = Math.min(wanted, chat.lastMessage);
  if (person === undefined) return noteRead(chat, member, { mark: { room, upTo }, reader });
  if (isName(person, 20)) return noteRead(chat, member, { mark: { person, upTo }, reader });
  chat.refuse(member, noSuchPerson(person));
}

/** Sends the receipt that an input's client has asked for. */
export function confirm(chat: Chat, connection: number, input: Input): void {
  if (!("receipt" in input) || input.receipt === undefined) return;
  chat.effects.toConnection(connection, { kind: "receipt", id: input.receipt });
}

/** Says that a protocol came after the greeting. */
function tooLate(protocol: string): Refusal {
  const text =
    `That looks like ${protocol}, and came after the greeting: nothing of it was passed on. ` +
    "Connect again; to say it, say something else first.";
  return { code: "wrong-protocol", text };
}

/** Takes over what the history kept. */
function restore(chat: Chat, saved: Saved): void {
  chat.lastMessage = saved.lastMessage;
  chat.accounts.reserve(saved.lastAccount);
  for (const account of saved.accounts) chat.accounts.put(account);
  for (const ban of saved.bans) {
    const today = modernize(ban);
    if (today !== undefined) chat.bans.add(today);
    if (today?.subject === ban.subject) continue;
    chat.keep({ kind: "unban", ban: { kind: ban.kind, subject: ban.subject } });
    if (today !== undefined) chat.keep({ kind: "ban", ban: today });
  }
  chat.rooms.lastId = Math.max(chat.rooms.lastId, saved.lastRoom);
  for (const room of saved.rooms) chat.rooms.restore(room);
  for (const visit of saved.visits) chat.kept.restore(visit);
  for (const waiting of saved.waiting) chat.waiting.restore(waiting);
  remember(chat, saved.said ?? []);
}

/** Takes over what another program has changed on disk. It is there already: only other servers keep it. */
function administer(chat: Chat, { changes, lastAccount, isKept }: Administered): void {
  chat.accounts.reserve(lastAccount);
  for (const change of changes) {
    if (isKept) chat.keep(recordOf(chat, change));
    switch (change.kind) {
      case "account":
        chat.accounts.put(change.account);
        break;
      case "account gone":
        removeAccount(chat, change.id);
        break;
      case "ban":
        chat.bans.add(change.ban);
        break;
      case "unban":
        chat.bans.remove(change.ban);
        break;
      case "forgotten":
        chat.waiting.forget(change.whom);
        forget(chat, change.whom);
    }
  }
  for (const member of chat.members.values()) {
    if (member.account === undefined) continue;
    const account = chat.accounts.get(member.account.id);
    // Whoever is identified has the account's name, or one that looks like it.
    if (account?.name !== member.account.name) identify(chat, member, undefined);
    else member.account = account;
  }
}

/** The record of a change that is about to be made. */
function recordOf(chat: Chat, change: Change): Record {
  if (change.kind === "forgotten") return { ...change, upTo: chat.lastMessage };
  if (change.kind !== "account") return change;
  return { ...change, before: chat.accounts.get(change.account.id) };
}
