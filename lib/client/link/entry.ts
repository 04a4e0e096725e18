// The join that begins a session under a name: it is a request of its own, which no other session repeats.

import type { Asked, Refusal } from "../frames.ts";
import type { Request } from "./outgoing.ts";

/** The name to enter with, and its password; empty: none. */
export interface Claim {
  readonly name: string;
  readonly password: string;
}

/** The entry to the session. */
export class Entry {
  #request: Request | undefined;
  /** The name that the session began with; empty if there was none, or it was refused. */
  name = "";

  /** Returns the join; `number` numbers it. */
  begin(
    { name, password: secret }: Claim,
    { key, browser, number }: {
      key: string | undefined;
      browser: string | undefined;
      number: () => number;
    },
  ): Asked & { readonly id?: number } {
    this.forget();
    if (name === "") return { type: "join", key, browser };
    const id = number(), password = secret || undefined;
    const asked = { type: "join", name, password } as const;
    this.name = name;
    this.#request = { id, asked, isTyped: false, isSecret: password !== undefined };
    return { ...asked, key, browser, id };
  }

  /** The request with this number, if it is this one. */
  done(id: number): Request | undefined {
    return this.#request?.id === id ? this.#request : undefined;
  }

  /**
   * Whether a refusal is of the name; it is not entered with then. Before the user is in, it is the server
   * password that is refused, or that must come first.
   */
  isRefused({ id, code }: Refusal, isIn: boolean): boolean {
    if (this.#request === undefined || this.#request.id !== id) return false;
    if (!isIn && code !== "server-password") return false;
    this.forget();
    return true;
  }

  /** The session that began with it is over. */
  forget(): void {
    this.#request = undefined;
    this.name = "";
  }
}
