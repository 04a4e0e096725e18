// Who one is, and where: followed from what the server says, so that it can be taken back.

import { fold } from "../chat/names.ts";
import type { Heard } from "../wire/heard.ts";

/** What is asked for after connecting. */
export interface Wanted {
  /** Whether the server is expected to greet: v0.1 does not. */
  readonly isGreeted: boolean;
  readonly name?: string;
  /** The password of the name, and the one of the chat: in memory alone, never shown. */
  readonly password?: string;
  readonly serverPassword?: string;
  /** Without its `#`; none: where everyone enters. */
  readonly room?: string;
}

/** Where everyone enters. */
export const LOBBY = "lobby";

// No server has longer names: one that could be as long as a line would be looked for in every other.
const WELCOME = /^Welcome to bobchat, (\S{1,100})\. /, RENAMED = /^(\S{1,100}) is now (\S{1,100})$/;

/** Name, room and passwords of one connection after the other. */
export class Presence {
  /** As the server greeted and calls one; a server that greets nobody leaves it out. */
  name: string | undefined;
  room: string | undefined;
  /** Whether the server asks for the server password just now. */
  isAsked = false;
  /** Passwords that were typed, and those that the server took. */
  #typed = "";
  #password: string | undefined;
  #answer = "";
  #serverPassword: string | undefined;

  /** Takes note of a line that is typed. */
  typed(line: string): void {
    if (this.isAsked) this.#answer = line;
    this.#typed = passwordIn(line) ?? this.#typed;
  }

  /** Takes note of a line that came in. */
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
    const proven = /^(?:You are (\S+)\.|(\S+) is yours now)/.exec(text);
    const owned = proven?.[1] ?? proven?.[2];
    if (owned !== undefined && owned === this.name) this.#password = this.#typed;
  }

  /** The connection is lost: what to ask for on the next. */
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

/** The room that a notice says one is in. */
export function roomEntered(text: string): string | undefined {
  return /^You are in #(\S+?)(?: already\.$|(?: \(locked\))?\. )/.exec(text)?.[1];
}

/** The password in a line that is typed, if it has one. */
export function passwordIn(line: string): string | undefined {
  return /^\/(?:identify|register|nick\s+\S+)\s+(\S.*)$/is.exec(line.trimEnd())?.[1];
}
