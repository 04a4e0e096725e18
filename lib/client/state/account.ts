// Whether the user's name is registered, and theirs, as far as the page can tell from its requests and the
// server's answers.

import type { Asked, Frame, Refusal } from "../frames.ts";
import { fold } from "./names.ts";

/** The requests with the password of a name; the server answers them once it has checked it. */
const PROVING = ["register", "identify", "nick", "join"];

/** The user's account. */
export class Account {
  isMine: boolean;
  /** Whether the server is checking a password. */
  #isAwaited = false;

  constructor(isMine: boolean) {
    this.isMine = isMine;
  }

  /** A request was handled, maybe with a refusal. */
  handled(asked: Asked, { isSecret, refusal }: { isSecret: boolean; refusal?: Refusal }): void {
    if (refusal !== undefined) return;
    const name = asked.type === "command" ? asked.name : asked.type;
    if (name === "unregister") this.isMine = false;
    else if (isSecret && PROVING.includes(name)) this.#isAwaited = true;
  }

  /** Takes a frame: the next notice to this user alone is about the password. */
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

  /** A new session has begun, in which the user has not identified yet. */
  forget(): void {
    this.isMine = false;
    this.#isAwaited = false;
  }
}
