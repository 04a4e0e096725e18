// The commands for rooms: entering, leaving, topics, and who may enter.

import type { Chat } from "../chat.ts";
import { MOST_ROOMS, stopHearing } from "../devices.ts";
import { isApp, type Member } from "../member.ts";
import { silenced } from "../messages.ts";
import { unseenIn } from "../names.ts";
import { announce } from "../newcomers.ts";
import { enter, exit, isElsewhere, lookers, type Whose } from "../presence.ts";
import type { Refusal } from "../refusals.ts";
import { author, NAMES_GREETED, notIn, type Room } from "../room.ts";
import type { Listed } from "../state_change.ts";
import { NAME_LENGTH } from "../rooms.ts";
import { introduce } from "../traffic.ts";
import { noSuchPerson } from "../whom.ts";
import { type Call, type Commands, firstWord } from "./command.ts";

/** Most characters of a topic. */
const LONGEST_TOPIC = 200;
/** Most invitations that a room remembers; the oldest are dropped. */
const MOST_INVITED = 100;

const RULED_BY_ANOTHER: Refusal = {
  code: "not-allowed",
  text: "Whoever made this room decides who enters.",
};

/** What /help lists under "Rooms", in its order. */
export const ROOMS: Commands = {
  join: {
    aliases: ["j"],
    isQuiet: true,
    usage: "join ROOM",
    summary: "go to another room, or make it",
    example: "/join #tea",
    run({ chat, member, connection, text }) {
      if (text === "" || text.includes(" ")) return false;
      const room = openTo(chat, { member, connection }, text);
      if ("code" in room) return chat.refuse(member, room);
      move({ chat, member, connection }, room);
    },
  },
  leave: {
    aliases: ["part"],
    usage: "leave",
    summary: "go back to the lobby",
    example: "/leave",
    run({ chat, member, room: here, text }) {
      const [name, rest] = firstWord(text);
      if (rest !== "") return false;
      const { lobby } = chat.rooms;
      const room = name === "" ? here : chat.rooms.find(name);
      if (room === undefined && !name.startsWith("#")) return false;
      if (room === undefined || !member.rooms.has(room)) {
        return chat.refuse(member, notIn(name));
      }
      if (room === lobby) {
        return chat.refuse(member, {
          code: "not-allowed",
          text: "You are in the lobby: /quit ends your connection.",
        });
      }
      const lines = lookers(member, room);
      exit(chat, member, room);
      for (const line of lines) arrive(chat, { member, connection: line }, lobby);
    },
  },
  rooms: {
    aliases: ["list", "channels"],
    usage: "rooms",
    summary: "list the rooms",
    example: "/rooms",
    answer({ chat, member, connection, text }) {
      if (text !== "") return false;
      const rooms = Array.from(chat.rooms.all(), (room): Listed => ({
        name: room.name,
        size: room.members.size,
        isLocked: room.isLocked,
        topic: room.admits(member) ? room.topic : "",
      }));
      if (isApp(connection)) {
        return chat.effects.toConnection(connection.id, { kind: "state", what: "rooms", rooms });
      }
      const lines = rooms.map(({ name, size, isLocked, topic }) =>
        `#${name} (${size} here${isLocked ? ", locked" : ""})${topic && `: ${topic}`}`
      );
      chat.tell(member, ...lines);
    },
  },
  topic: {
    usage: "topic [TEXT]",
    summary: "show the topic of the room, or set it",
    example: "/topic tea at five",
    asks(text) {
      return text === "";
    },
    answer({ chat, member, room }) {
      chat.tell(member, room.topic ? `Topic: ${room.topic}` : "There is no topic.");
    },
    run({ chat, member, room, text }) {
      const refusal = silenced(chat, member);
      if (refusal !== undefined) return chat.refuse(member, refusal);
      if (text.length > LONGEST_TOPIC) {
        return chat.refuse(member, {
          code: "too-long",
          text: `A topic has ${LONGEST_TOPIC} characters at most, and - removes it.`,
        });
      }
      room.topic = text === "-" ? "" : text;
      chat.rooms.keep(room);
      const what = room.topic ? `set the topic: ${room.topic}` : "removed the topic";
      introduce(chat, { member, room });
      chat.announce(room, `${member.name} ${what}`, member.id);
      chat.effects.toRoom(room, {
        kind: "state",
        what: "topic",
        room: room.tag,
        topic: room.topic,
      });
    },
  },
  lock: {
    usage: "lock",
    summary: "let only invited people in",
    example: "/lock",
    run({ chat, member, room, text }) {
      if (text !== "") return false;
      setLock(chat, member, { room, isLocked: true });
    },
  },
  unlock: {
    usage: "unlock",
    summary: "open the room and its messages to everyone",
    example: "/unlock",
    run({ chat, member, room, text }) {
      if (text !== "") return false;
      setLock(chat, member, { room, isLocked: false });
    },
  },
  invite: {
    usage: "invite NAME",
    summary: "invite somebody, also into a locked room",
    example: "/invite bob",
    run({ chat, member, room, text }) {
      if (text === "" || text.includes(" ")) return false;
      const refusal = silenced(chat, member) ??
        (room.isLocked && !room.isRuledBy(member) ? RULED_BY_ANOTHER : undefined);
      if (refusal !== undefined) return chat.refuse(member, refusal);
      const guest = chat.find(text);
      if (guest === undefined) return chat.refuse(member, noSuchPerson(text));
      if (!room.admits(guest)) {
        if (room.invited.push(author(guest)) > MOST_INVITED) room.invited.shift();
        chat.rooms.keep(room);
      }
      chat.tell(member, `${guest.name} can enter #${room.name} now, and has been told.`);
      if (guest.filter?.ids.has(member.id)) return;
      chat.tell(guest, `${member.name} invites you: /join #${room.name}`);
    },
  },
};

/** Has a connection enter a room of the last visit, if its member may. */
export function reenter(chat: Chat, by: Whose, name: string): void {
  const room = openTo(chat, by, name);
  // It has not looked at the room that it leaves.
  if (!("code" in room)) move({ chat, ...by }, room, { isUnread: true });
}

/** The room with that name, which a connection may enter; or why it may not. */
function openTo(chat: Chat, { member, connection }: Whose, name: string): Room | Refusal {
  const found = chat.rooms.find(name);
  const isIn = found !== undefined && member.rooms.has(found);
  if (member.rooms.size >= MOST_ROOMS && !isIn) {
    return { code: "room-limit", text: `You are in ${MOST_ROOMS} rooms: /leave one first.` };
  }
  // A room's name counts as a message: /rooms shows it to everyone.
  const refusal = found === undefined ? silenced(chat, member) : undefined;
  if (refusal !== undefined) return refusal;
  const room = chat.rooms.open(name, { member, connection });
  if ("code" in room) return room;
  if (connection.room === room || isApp(connection) && member.rooms.has(room)) {
    return { code: "nothing-to-change", text: `You are in #${room.name} already.` };
  }
  if (room.admits(member)) return room;
  return {
    code: "room-locked",
    text: `#${room.name} is locked: someone in it has to /invite you.`,
  };
}

/** Moves a connection to another room, and tells it where it is. Its member leaves the one before if nothing keeps it there. */
function move(
  { chat, ...whose }: Pick<Call, "chat" | "member" | "connection">,
  room: Room,
  { isUnread = false }: { isUnread?: boolean } = {},
): void {
  const { member, connection } = whose;
  if (isApp(connection)) enter(chat, whose, room);
  else {
    const { room: before } = connection;
    if (isElsewhere(whose, before)) stopHearing(chat, [connection], [before]);
    else exit(chat, member, before, { isUnread });
    arrive(chat, whose, room);
  }
  announce(chat, member);
}

/** Puts a line connection that is in no room into one, and tells it where it is. */
export function arrive(chat: Chat, { member, connection }: Whose, room: Room): void {
  const others = room.names({ most: NAMES_GREETED, except: member });
  enter(chat, { member, connection }, room);
  chat.tellAt(
    connection,
    `You are in #${room.name}${room.isLocked ? " (locked)" : ""}. ` +
      (others ? `Here: ${others}.` : "You are the first here."),
    ...(room.topic ? [`Topic: ${room.topic}`] : []),
  );
}

/** Says that there is no such room. The name is what somebody typed, so it is shortened. */
export function noRoom(name: string): Refusal {
  const advice = unseenIn(name, NAME_LENGTH) || ": /rooms lists them";
  return {
    code: "no-such-room",
    text: `There is no room ${name.slice(0, 31).toWellFormed()}${advice}.`,
  };
}

/** Locks or unlocks a room that a member is in, or says why not. */
function setLock(
  chat: Chat,
  member: Member,
  { room, isLocked }: { room: Room; isLocked: boolean },
): void {
  if (room === chat.rooms.lobby) {
    return chat.refuse(member, { code: "not-allowed", text: "The lobby is open to everyone." });
  }
  if (!room.isRuledBy(member)) {
    return chat.refuse(member, RULED_BY_ANOTHER);
  }
  if (room.isLocked === isLocked) {
    return chat.refuse(member, {
      code: "nothing-to-change",
      text: `#${room.name} is ${isLocked ? "locked" : "open"} already.`,
    });
  }
  const refusal = silenced(chat, member);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  room.isLocked = isLocked;
  chat.rooms.keep(room);
  const what = isLocked ? "locked the room: /invite NAME lets others in" : "unlocked the room";
  introduce(chat, { member, room });
  chat.announce(room, `${member.name} ${what}`, member.id);
  chat.effects.toRoom(room, { kind: "state", what: "lock", room: room.tag, isLocked });
}
