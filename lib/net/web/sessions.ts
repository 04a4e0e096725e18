// The apps that are in, or may come back: each by its token.

import type { Buffer } from "node:buffer";
import { log } from "../../log.ts";
import { encodeFrame, encodeMalformed } from "../../wire/json_frames.ts";
import { readHello } from "../../wire/read_frame.ts";
import type { Connection } from "../connection.ts";
import { type EvictReason, PendingConnections } from "../pending_connections.ts";
import { GOING_AWAY, POLICY, UNSUPPORTED } from "./codes.ts";
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
/** Milliseconds between two beats of a session. */
const BEAT = 5000;
/** Apps that may be away at once, in all and from one network: who was away longest ends. */
const MOST_AWAY = 1000, MOST_AWAY_PER_NETWORK = 200;

/** Pings and pongs that may come before an app has joined. */
const MOST_EARLY = 10;

/** Whose link it is. */
type Who = Pick<SessionOptions, "remote" | "address" | "isPrivate">;

/** A link on which nobody has joined yet: it has only so much time for that. */
export interface PendingLink {
  /** Is to be called once somebody has. */
  readonly isIn: () => void;
  /** Says how it is ended if not. */
  readonly onEvicted: (run: (why: EvictReason) => void) => void;
}

/** All apps. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #byToken = new Map<string, Session>();
  readonly #beating: ReturnType<typeof setInterval>;
  readonly #away = new PendingConnections({
    most: MOST_AWAY,
    mostPerNetwork: MOST_AWAY_PER_NETWORK,
    deadlineMs: AWAY.lost,
  });
  #isStopping = false;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#beating = setInterval(() => {
      for (const session of this.#byToken.values()) session.beat();
    }, BEAT);
  }

  /** Takes a new link in: as soon as its app has said whether it comes or comes back. */
  greet(link: Link, { who, guest }: { who: Who; guest: PendingLink }): void {
    const { ws } = link;
    guest.onEvicted((why) => {
      if (this.#isStopping) ws.close(GOING_AWAY);
      else if (why === "late") ws.close(POLICY, 'Say {"type":"join"}.');
      else ws.terminate();
    });
    let count = 0;
    const early = () => {
      if (++count > MOST_EARLY) ws.terminate();
    };
    ws.on("ping", early);
    ws.on("pong", early);
    ws.once("message", (data: Buffer, isBinary: boolean) => {
      guest.isIn();
      ws.off("ping", early);
      ws.off("pong", early);
      if (isBinary) ws.close(UNSUPPORTED, "Send text.");
      else if (this.#isStopping) ws.close(GOING_AWAY);
      else this.#enter(link, { who, data });
    });
    ws.on(
      "error",
      (error: Error) =>
        log.debug("web socket of {remote}: {error}", { remote: who.remote, error: error.message }),
    );
  }

  /** The server stops. */
  close(): void {
    this.#isStopping = true;
    clearInterval(this.#beating);
    for (const session of this.#byToken.values()) session.stop();
  }

  #enter(link: Link, { who, data }: { who: Who; data: Buffer }): void {
    const hello = readHello(data.toString());
    if (hello.type === "malformed") {
      link.socket.write(encodeMalformed(hello));
      return link.ws.close(POLICY, "The first message must be a join.");
    }
    const { token = "", received } = hello;
    const session = this.#byToken.get(token);
    // Nobody who came in where nobody could read along goes on where somebody may.
    if (!session?.isOpen || session.isPrivate && !who.isPrivate) {
      return this.#open(link, who).receive(data);
    }
    session.move(who);
    const greeting = encodeFrame({ type: "resumed" });
    if (received !== undefined && session.resume(link, { received, greeting })) return;
    session.restart(link);
    session.receive(data);
  }

  #open(link: Link, who: Who): Session {
    const token = crypto.randomUUID();
    const session = new Session(link, {
      ...who,
      most: this.#options.most,
      away: { ...AWAY, room: this.#away },
    });
    this.#byToken.set(token, session);
    void session.closed().then(() => this.#byToken.delete(token));
    this.#options.serve(session, token);
    return session;
  }
}
