// The client's requests, until the server has handled them: each has a number that grows, so that it is done
// only once however often it is sent.

import type { Asked, Refusal } from "../frames.ts";

/** A request. */
export interface Request {
  readonly id: number;
  readonly asked: Asked;
  /** Whether a person typed it: it is then sent in a new session, too. */
  readonly isTyped: boolean;
  /** Whether there is a password in it. */
  readonly isSecret: boolean;
  /** The key of the conversation in which it was typed. */
  readonly where?: string;
  /** The text as it was typed, without a password. */
  readonly shown?: string;
  /** Called when it was handled, with the server's refusal if there was one. */
  readonly onDone?: (refusal: Refusal | undefined) => void;
}

/** What the next page needs of the requests. */
export interface Kept {
  /** The number of the last request. */
  readonly lastId: number;
  readonly waiting: readonly Request[];
}

/** Most requests that wait; beyond, the user is told. */
const MOST = 500;

/** The requests that were not handled yet, in order. */
export class Outgoing {
  #lastId: number;
  #waiting: Request[];

  constructor({ lastId, waiting }: Kept) {
    this.#lastId = lastId;
    this.#waiting = [...waiting];
  }

  /** What outlives the page: the numbers continue, and typed requests wait on, except secret ones. */
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

  /** The number of the next request. */
  number(): number {
    return ++this.#lastId;
  }

  /** Adds a request and gives it a number. */
  add(request: Omit<Request, "id">): Request {
    const numbered = { ...request, id: this.number() };
    this.#waiting.push(numbered);
    return numbered;
  }

  /** The server has handled a request. */
  done(id: number): Request | undefined {
    const index = this.#waiting.findIndex((request) => request.id === id);
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /** Removes all; returns those that a person typed, since a new session asks for the rest anew. */
  clear(): Request[] {
    return this.#waiting.splice(0).filter(({ isTyped }) => isTyped);
  }
}
