// Whether the name that the page's person bears is registered, and theirs, as far as the page can tell: from
// what it asked for, and how the server answered.

import type { Asked, Frame } from "../frames.ts";
import { fold } from "./names.ts";

/** The commands that a password goes with, and which the server answers once it has checked that. */
const PROVING = ["register", "identify", "nick"];

/** The page's person's account. */
export class Account {
  isMine: boolean;
  /** Whether the server is checking a password. */
  #isAwaited = false;

  constructor(isMine: boolean) {
    this.isMine = isMine;
  }

  /** Something was asked for that has now been handled; the server may have had something against it. */
  handled(asked: Asked, { isSecret, refusal }: { isSecret: boolean; refusal?: string }): void {
    if (refusal !== undefined) return;
    const name = asked.type === "command" ? asked.name : asked.type;
    if (name === "unregister") this.isMine = false;
    else if (isSecret && PROVING.includes(name)) this.#isAwaited = true;
  }

  /** Takes in what the server says: its next word to this person alone is on the password. */
  apply(frame: Frame, me: string): void {
    switch (frame.type) {
      case "renamed":
        // With other capitals it is the same name.
        if (frame.from === me && fold(frame.to) !== fold(me)) this.isMine = false;
        break;
      case "notice":
      case "error":
        if (frame.room !== undefined || !this.#isAwaited) return;
        this.#isAwaited = false;
        if (frame.type === "notice") this.isMine = true;
    }
  }

  /** A new session has begun: in it nobody has proved anything yet. */
  forget(): void {
    this.isMine = false;
    this.#isAwaited = false;
  }
}
