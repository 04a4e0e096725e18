// What the page asks for, until the server says that it has handled it: each has a number that grows, by
// which it is done once however often it is sent.

import type { Asked } from "../frames.ts";

/** One thing that is asked for. */
export interface Request {
  readonly id: number;
  readonly asked: Asked;
  /** Whether a person typed it: it is asked for in a new session, too. */
  readonly isTyped: boolean;
  /** Whether there is a password in it. */
  readonly isSecret: boolean;
  /** The key of the conversation that it was typed in. */
  readonly where?: string;
  /** As it was typed, but for a password. */
  readonly shown?: string;
  /** Is told that it was handled, and what the server had against it. */
  readonly onDone?: (refusal: string | undefined) => void;
}

/** What the next page has of it. */
export interface Kept {
  /** The number of what was asked for last. */
  readonly lastId: number;
  readonly waiting: readonly Request[];
}

/** Most that wait; who types more than this is told so. */
const MOST = 500;

/** All that was asked for and not handled yet, in order. */
export class Outgoing {
  #lastId: number;
  #waiting: Request[];

  constructor({ lastId, waiting }: Kept) {
    this.#lastId = lastId;
    this.#waiting = [...waiting];
  }

  /** What outlives the page: the numbers go on, and what was typed waits on; a secret does not. */
  get kept(): Kept {
    const waiting = this.#waiting.filter(({ isTyped, isSecret }) => isTyped && !isSecret);
    return { lastId: this.#lastId, waiting };
  }

  get waiting(): readonly Request[] {
    return this.#waiting;
  }

  get isFull(): boolean {
    return this.#waiting.length >= MOST;
  }

  /** Gives it a number. */
  add(request: Omit<Request, "id">): Request {
    const numbered = { ...request, id: ++this.#lastId };
    this.#waiting.push(numbered);
    return numbered;
  }

  /** The server has handled it. */
  done(id: number): Request | undefined {
    const index = this.#waiting.findIndex((request) => request.id === id);
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /** Takes everything out: of what was typed nobody has heard in a new session, the rest is asked anew. */
  clear(): Request[] {
    return this.#waiting.splice(0).filter(({ isTyped }) => isTyped);
  }
}
