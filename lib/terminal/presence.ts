// The user's name, room and passwords, read from the server's lines, so that a reconnect can restore them.

import { fold } from "../chat/names.ts";
import type { Heard } from "../wire/heard.ts";

/** What to ask the server for after connecting. */
export interface Wanted {
  /** Whether the server is expected to send a greeting: v0.1 does not. */
  readonly isGreeted: boolean;
  readonly name?: string;
  /** The passwords of the name and of the server; kept in memory only, never shown. */
  readonly password?: string;
  readonly serverPassword?: string;
  /** Without its `#`; undefined means the lobby. */
  readonly room?: string;
}

/** The room that every new member enters. */
export const LOBBY = "lobby";

// No server has longer names. A name as long as a line would make looking for mentions slow.
const WELCOME = /^Welcome to bobchat, (\S{1,100})\. /, RENAMED = /^(\S{1,100}) is now (\S{1,100})$/;
/**
 * The answer to who takes a name before the others know of them, and to who proves that a name is theirs. (To
 * who was away the server says "You are back.")
 */
const YOU_ARE = /^You are (?!back\.)(\S{1,100})\.$/;

/** The answers to who registers a name, and to who changes its password. */
const OWNED = /^(?:The password of )?(\S{1,100}) is (?:yours now|changed)/;

/** The name, room and passwords, over one connection after another. */
export class Presence {
  /** The name that the server gave; undefined if it sends no greeting. */
  name: string | undefined;
  room: string | undefined;
  /** Whether the server asks for the server password now. */
  isAsked = false;
  /** Passwords that were typed, and those that the server accepted. */
  #typed: string | undefined;
  #password: string | undefined;
  #answer = "";
  #serverPassword: string | undefined;

  /** Notes a line that is typed. */
  typed(line: string): void {
    if (this.isAsked) this.#answer = line;
    this.#typed = passwordIn(line) ?? (/^\/nick\s/i.test(line) ? undefined : this.#typed);
  }

  /** Notes a line from the server. */
  heard(line: Heard): void {
    if (line.kind !== "notice") return;
    const { text } = line;
    const welcome = WELCOME.exec(text)?.[1];
    if (welcome !== undefined) {
      this.name = welcome;
      this.room = LOBBY;
      if (this.isAsked) this.#serverPassword = this.#answer;
      this.isAsked = false;
    }
    if (/^(?:This room has a password|That is not the password): type it/.test(text)) {
      this.isAsked = true;
    }
    this.room = roomEntered(text) ?? this.room;
    const [, before, after] = RENAMED.exec(text) ?? [];
    if (before !== undefined && before === this.name) {
      this.name = after;
      this.#password = undefined;
    }
    const own = YOU_ARE.exec(text)?.[1], owned = own ?? OWNED.exec(text)?.[1];
    if (own !== undefined) this.name = own;
    if (owned !== undefined && owned === this.name) this.#password = this.#typed;
  }

  /** The connection is lost: what to ask for on the next one. */
  lost(): Wanted {
    const { name, room } = this;
    this.isAsked = false;
    const isChosen = name !== undefined && !/^guest\p{Nd}+$/u.test(fold(name));
    return {
      isGreeted: name !== undefined,
      ...isChosen ? { name, password: this.#password } : {},
      ...room !== undefined && fold(room) !== LOBBY ? { room } : {},
      serverPassword: this.#serverPassword,
    };
  }
}

/** The room that a notice says the user has entered. */
export function roomEntered(text: string): string | undefined {
  return /^You are in #(\S+?)(?: already\.$|(?: \(locked\))?\. )/.exec(text)?.[1];
}

/** The password in a typed line, if it has one; of two the new one. */
export function passwordIn(line: string): string | undefined {
  const typed = line.trimEnd();
  return /^\/(?:identify|register|nick\s+\S+)\s+(\S.*)$/is.exec(typed)?.[1] ??
    /^\/password\s(?:.*\s)?(\S+)$/is.exec(typed)?.[1];
}
