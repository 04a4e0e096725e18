// How the people of a node that was taken for gone come back with it: each with their name and rooms, if those are
// still theirs; to the person, if they are here by other connections; or not at all. membership.ts says when.

import { bannedFrom } from "./admission.ts";
import { browserOf, type Chat } from "./chat.ts";
import { arrive } from "./commands/rooms.ts";
import { attach, settleLink, stopHearing, tooMany } from "./devices.ts";
import type { Account } from "./history.ts";
import { nameBanned } from "./identity.ts";
import { requestPage } from "./history_page.ts";
import type { Head } from "./last_said.ts";
import { type Connection, isApp, isIn, type Member } from "./member.ts";
import { restoreConnection, restoreMember } from "./member_state.ts";
import type { ConnectionId } from "./message.ts";
import { guestName } from "./names.ts";
import type { Absent } from "./nodes.ts";
import type { Occupant } from "./occupant.ts";
import { tellNamed } from "./presence.ts";
import type { Refusal } from "./refusals.ts";
import { author, isSame, type Room } from "./room.ts";
import { hear, look, tellApps } from "./show.ts";
import { tellJoined } from "./traffic.ts";
import { handOver } from "./visit.ts";

/** Most private messages that connections which are back are shown. */
const MOST_SHOWN = 50;

/** Why connections end: for who has them, and for the log. */
interface Ending extends Pick<Refusal, "text"> {
  readonly code: Refusal["code"] | undefined;
  readonly why: string;
}

const BROWSER_TAKEN: Ending = {
  ...{ code: undefined, why: "browser taken" },
  text: "In this browser you are somebody else by now: that tab goes on.",
};

/**
 * Brings back a member, with its connections, its name if that is free, and its rooms; or gives the connections to
 * the person if they are here by others; or ends them.
 */
export function comeBack(chat: Chat, person: Absent): void {
  const own = stillOwn(chat, person);
  const refusal = whyNot(chat, { person, account: own });
  if (refusal !== undefined) return turnAway(chat, person, refusal);
  const here = stillHere(chat, { person, account: own });
  if (here !== undefined) return rejoin(chat, here, person);
  const keepsName = isFree(chat, { person, account: own });
  const name = keepsName ? person.name : guestName(person.id);
  // Whoever is identified has the account's name.
  const account = keepsName ? own : undefined;
  const rooms = roomsOf(chat, person, { ...person, name, account });
  const last = [...rooms.keys()].at(-1) ?? chat.rooms.lobby.id;
  const member = restoreMember(chat, new Map([...rooms, [chat.rooms.lobby.id, chat.rooms.lobby]]), {
    ...{ ...person, name, account: account?.id, rooms: [...rooms.keys()] },
    connections: person.connections.map((each) => ({
      ...each,
      room: rooms.has(each.room) ? each.room : last,
    })),
  });
  if (member.filter !== undefined) chat.ignorers.restore(member);
  settle(chat, member, person);
  settleLink(chat, member);
}

/** The rooms that somebody who is back may be in again. */
function roomsOf(chat: Chat, { were }: Absent, occupant: Occupant): Map<number, Room> {
  const rooms = new Map<number, Room>();
  for (const { id, isLocked } of were) {
    const room = chat.rooms.get(id);
    // Whoever was in a locked room stays in it; one that was locked meanwhile is like any other.
    if (room !== undefined && (isLocked || room.admits(occupant))) rooms.set(id, room);
  }
  return rooms;
}

/** The connections of a node that is back belong to somebody who is here by others. */
function rejoin(chat: Chat, here: Member, back: Absent): void {
  const others = back.connections.filter((each) => isOthers(chat, each, here));
  if (others.length > 0) turnAway(chat, { ...back, connections: others }, BROWSER_TAKEN);
  const connectionsLeft = back.connections.filter((each) => !others.includes(each));
  if (connectionsLeft.length === 0) return;
  const person = { ...back, connections: connectionsLeft };
  const rooms = roomsOf(chat, person, here);
  const last = [...rooms.values()].at(-1) ?? [...here.rooms].at(-1)!;
  const connections = person.connections.map((each) =>
    restoreConnection(each, rooms.get(each.room) ?? last)
  );
  const refusal = tooMany(here, connections);
  if (refusal !== undefined) return turnAway(chat, person, { ...refusal, why: "refused" });
  stopHearing(chat, connections, person.were);
  const known = { rooms: person.were, name: person.name };
  attach(chat, here, { connections, rooms: [...rooms.values()], known });
  showPrivates(chat, here, { connections, after: person.lastMessage });
}

/** Whether the browser that a connection comes from is another person's by now: a guest's, who came meanwhile. */
function isOthers(chat: Chat, connection: Absent["connections"][number], here: Member): boolean {
  const browser = browserOf(connection);
  const member = browser === undefined ? undefined : chat.browsers.get(browser);
  return member !== undefined && member !== here;
}

/** Shows connections that are back what was said in private on others meanwhile; what rooms were sent, they were too. */
function showPrivates(
  chat: Chat,
  member: Member,
  { connections, after }: { connections: readonly Connection[]; after: number },
): void {
  const own = author(member);
  const isMissed = ({ id, by, to }: Head) => id > after && (isSame(by, own) || isSame(to, own));
  if (chat.whispered.last(isMissed) === undefined) return;
  for (const connection of connections) {
    const range = isApp(connection) ? { count: MOST_SHOWN } : { after, count: MOST_SHOWN };
    requestPage(chat, connection, { isMine: true, range });
  }
}

/** Who is here already of whom a node has brought back connections. */
function stillHere(
  chat: Chat,
  { person, account }: { person: Absent; account: Account | undefined },
): Member | undefined {
  const member = chat.members.get(person.id);
  if (member !== undefined) return member;
  const bearer = account && chat.lookalike(account.name);
  if (bearer !== undefined && bearer.account?.id === account!.id) return bearer;
  const browsers = person.connections.flatMap((each) => browserOf(each) ?? []);
  return browsers.map((each) => chat.browsers.get(each)).find((each) => each !== undefined);
}

/** Puts a member that is back into its rooms, and tells it what is no longer as it was. */
function settle(chat: Chat, member: Member, { name: before, were }: Absent): void {
  const { name, rooms } = member;
  if (name !== before) {
    tellNamed(chat, member);
    for (const { tag: room } of rooms) {
      tellApps(chat, member, { kind: "state", what: "renamed", room, from: before, to: name });
    }
    chat.tell(member, `${before} was taken while this server was away: you are ${name} now.`);
  }
  chat.ignorers.recognize(member);
  for (const tag of were) {
    if ([...rooms].some(({ id }) => id === tag.id)) continue;
    stopHearing(chat, member.connections, [tag]);
    tellApps(chat, member, { kind: "state", what: "parted", room: { id: tag.id, name: tag.name } });
  }
  for (const room of rooms) {
    chat.rooms.occupy(room);
    if (member.announceAt === undefined) {
      room.members.add(member);
      tellJoined(chat, { member, room });
    }
    for (const connection of member.connections) {
      if (connection.hears && isIn(connection, room)) hear(chat, connection, room);
    }
  }
  if (member.account !== undefined) handOver(chat, member, member.account);
  if (rooms.size > 0) return;
  for (const connection of member.connections) {
    arrive(chat, { member, connection }, chat.rooms.lobby);
  }
}

/** Shows the apps of somebody who is back who is in their rooms, once all are back. */
export function showRooms(
  chat: Chat,
  member: Member | undefined,
  ids: ReadonlySet<ConnectionId>,
): void {
  for (const connection of member?.connections ?? []) {
    if (!ids.has(connection.id)) continue;
    for (const room of member!.rooms) look(chat, connection, room);
  }
}

/** The account of somebody who is back, if it is still theirs. */
function stillOwn(chat: Chat, { name, account }: Absent): Account | undefined {
  const own = account === undefined ? undefined : chat.accounts.get(account);
  return own !== undefined && chat.accounts.rival(name) === own ? own : undefined;
}

/** Why somebody cannot come back. */
function whyNot(
  chat: Chat,
  { person, account }: { person: Absent; account: Account | undefined },
): Ending | undefined {
  for (const { address } of person.connections) {
    const banned = bannedFrom(chat, address);
    if (banned !== undefined) return { ...banned, why: "banned" };
  }
  const banned = nameBanned(chat, person.name) ?? (account && nameBanned(chat, account.name));
  if (banned !== undefined) return { ...banned, why: "banned" };
  const { dismissed: why } = person;
  if (why !== undefined) return { code: undefined, text: `You were ${why}.`, why };
}

/** Whether somebody who is back may have the name that they had. */
function isFree(
  chat: Chat,
  { person: { name }, account }: { person: Absent; account: Account | undefined },
): boolean {
  const registered = chat.accounts.rival(name, account);
  return chat.names.rival(name) === undefined && registered === undefined;
}

/** Ends the connections of somebody who cannot come back. */
function turnAway(
  chat: Chat,
  { connections, were }: Absent,
  { code, text, why }: Ending,
): void {
  stopHearing(chat, connections, were);
  for (const { id: connection } of connections) {
    chat.effects.toConnection(connection, { kind: "notice", code, text, at: chat.at });
    chat.effects.push({ kind: "end", connection, why });
  }
}
