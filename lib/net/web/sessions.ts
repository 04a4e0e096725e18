// The apps that are in, or may come back: each by its token.

import type { Buffer } from "node:buffer";
import { log } from "../../log.ts";
import { encodeObject } from "../../wire/json_frames.ts";
import { readHello } from "../../wire/json_hello.ts";
import type { Connection } from "../connection.ts";
import { type Link, Session, type SessionOptions } from "./session.ts";

/** What sessions are given. */
export interface SessionsOptions {
  /** Bytes that are kept for an app which is away. */
  readonly most: number;
  /** Takes over a new app's connection. */
  readonly serve: (connection: Connection, token: string) => void;
}

/** Milliseconds that an app may be away: when its link was lost, and when it said goodbye. */
const AWAY = { lost: 5 * 60_000, left: 10_000 };
/** Milliseconds until an app must have said that it joins; and between two beats of a session. */
const SILENT = 10_000, BEAT = 5000;
/** Those who have not said so at once; who comes on top is closed. */
const MOST_SILENT = 1000;
/** WebSocket's code: it broke a rule of this server's. */
const POLICY = 1008;

/** Whose link it is. */
type Who = Pick<SessionOptions, "remote" | "address" | "isPrivate">;

/** All apps. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #byToken = new Map<string, Session>();
  readonly #beating: ReturnType<typeof setInterval>;
  #silent = 0;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#beating = setInterval(() => {
      for (const session of this.#byToken.values()) session.beat();
    }, BEAT);
  }

  /** Takes a new link in: as soon as its app has said whether it comes or comes back. */
  greet(link: Link, who: Who): void {
    const { ws } = link;
    if (this.#silent >= MOST_SILENT) return ws.terminate();
    this.#silent++;
    const late = setTimeout(() => ws.close(POLICY, 'Say {"type":"join"}.'), SILENT);
    const settle = () => {
      clearTimeout(late);
      this.#silent--;
      ws.off("message", hear);
      ws.off("close", settle);
    };
    const hear = (data: Buffer) => {
      settle();
      this.#enter(link, { who, data });
    };
    ws.on("message", hear);
    ws.on("close", settle);
    ws.on(
      "error",
      (error: Error) =>
        log.debug("web socket of {remote}: {error}", { remote: who.remote, error: error.message }),
    );
  }

  /** The server stops. */
  close(): void {
    clearInterval(this.#beating);
    for (const session of this.#byToken.values()) session.stop();
  }

  #enter(link: Link, { who, data }: { who: Who; data: Buffer }): void {
    const hello = readHello(data.toString());
    if (typeof hello === "string") {
      link.socket.write(encodeObject({ type: "error", text: hello }));
      return link.ws.close(POLICY, "The first message is to be a join.");
    }
    const { token = "", received } = hello;
    const session = this.#byToken.get(token);
    if (session?.isOpen) {
      const greeting = encodeObject({ type: "resumed" });
      if (received !== undefined && session.resume(link, { received, greeting })) return;
      session.restart(link);
      return session.receive(data);
    }
    this.#open(link, who).receive(data);
  }

  #open(link: Link, who: Who): Session {
    const token = crypto.randomUUID();
    const session = new Session(link, { ...who, most: this.#options.most, away: AWAY });
    this.#byToken.set(token, session);
    void session.closed().then(() => this.#byToken.delete(token));
    this.#options.serve(session, token);
    return session;
  }
}
