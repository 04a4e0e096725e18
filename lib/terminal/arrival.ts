// What a client sends after connecting, until it has joined: the server password, the name and the room, each
// once the one before has been answered.

import { fold } from "../chat/names.ts";
import type { Heard } from "../wire/heard.ts";
import { roomEntered, type Wanted } from "./presence.ts";

/** Most lines that are held until it is known whether they are news. */
const MOST_HELD = 2000;

/** The answer to a line: lines to send, and whether the line is news to a user who was here before. */
export interface Answer {
  readonly send: readonly string[];
  readonly isNews: boolean;
}

const NEWS: Answer = { send: [], isNews: true };
/** For lines that every arrival has. */
const USUAL: Answer = { send: [], isNews: false };

/** The last line of the greeting. */
const LAST = /^Type to talk\. /;
/** Notices that every arrival has after the greeting. */
const RITUAL = /^(?:Type to talk\. |Topic: |On \w{3} \w{3} |You are \S+\.$|\S+ (?:is now|joined) )/;
/** The server's refusals of a name, and of a room. */
const NO_NAME =
  /^(?:\S+ (?:is taken\b|is registered: |is banned|looks like )|That is not the password of |Too many (?:ask|requests) |You are muted|A name is |Guest names )/;
const NO_ROOM = /^(?:#\S+ is locked: |There are \d+ rooms, |A room's name is )/;

/** The state of one arrival. */
export class Arrival {
  readonly #wanted: Wanted;
  #awaits: "greeting" | "name" | "room" | "nothing";
  /** Whether somebody has the name: maybe the user's own old connection. */
  isTaken = false;
  /** The server's reason, if it refused the name or the room. */
  refusedName = "";
  refusedRoom = "";
  /** Who is here, as the server lists them. */
  present = "";
  /** Earlier messages of the room that was entered. */
  said: Heard[] = [];
  /** Notices before the greeting: part of it, or the reason why there is none. */
  held: Heard[] = [];

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.#awaits = wanted.isGreeted ? "greeting" : "nothing";
  }

  /** Whether there is nothing more to wait for. */
  get isOver(): boolean {
    return this.#awaits === "nothing";
  }

  /** Stops waiting for answers. */
  giveUp(): void {
    this.#awaits = "nothing";
  }

  /** Takes a line from the server. */
  heard(line: Heard): Answer {
    if (line.kind === "private" || line.kind === "other") return NEWS;
    if (this.isOver) return line.kind === "notice" && LAST.test(line.text) ? USUAL : NEWS;
    if (line.kind !== "notice") {
      if (this.said.length < MOST_HELD) this.said.push(line);
      return USUAL;
    }
    const { text } = line;
    this.present = /(?:Here: .*|You are the first here\.)$/.exec(text)?.[0] ?? this.present;
    if (this.#awaits === "name") return this.#named(text);
    if (this.#awaits === "room") return this.#moved(text);
    const { serverPassword } = this.#wanted;
    if (text.startsWith("Welcome to bobchat, ")) return this.#askName();
    if (/^This room has a password: /.test(text) && serverPassword !== undefined) {
      return say(serverPassword);
    }
    if (/^(?:This room has a|That is not the) password/.test(text)) return NEWS;
    if (this.held.length < MOST_HELD) this.held.push(line);
    return USUAL;
  }

  #askName(): Answer {
    this.held = [];
    const { name, password } = this.#wanted;
    if (name === undefined) return this.#askRoom();
    this.#awaits = "name";
    return say(password === undefined ? `/nick ${name}` : `/nick ${name} ${password}`);
  }

  #named(text: string): Answer {
    const { name = "", password } = this.#wanted;
    const borne = /^(?:\S+ is now (\S+)|You are (\S+?)(?: already)?\.)$/.exec(text);
    if (fold(borne?.[1] ?? borne?.[2] ?? "") === fold(name)) return this.#askRoom();
    // The server has lost the account, and gives the name to anyone.
    if (/^\S+ is not registered: /.test(text) && password !== undefined) {
      return say(`/nick ${name}`);
    }
    if (!NO_NAME.test(text)) return RITUAL.test(text) ? USUAL : NEWS;
    this.refusedName = text;
    this.isTaken = isTaken(text);
    return { ...this.#askRoom(), isNews: !this.isTaken };
  }

  #askRoom(): Answer {
    const { room } = this.#wanted;
    this.#awaits = room === undefined ? "nothing" : "room";
    if (room === undefined) return USUAL;
    // The messages so far were of the lobby.
    this.said = [];
    return say(`/join ${room}`);
  }

  #moved(text: string): Answer {
    const room = roomEntered(text);
    if (room !== undefined && fold(room) === fold(this.#wanted.room ?? "")) {
      this.giveUp();
      return USUAL;
    }
    if (!NO_ROOM.test(text)) return RITUAL.test(text) ? USUAL : NEWS;
    this.refusedRoom = text;
    this.giveUp();
    return NEWS;
  }
}

/** Whether a notice says that somebody has the name. */
export function isTaken(text: string): boolean {
  return /^\S+ is taken\b/.test(text);
}

function say(line: string): Answer {
  return { send: [line], isNews: false };
}
