// The sessions of apps that are connected or may come back, each by its token.

import type { Buffer } from "node:buffer";
import { log } from "../../log.ts";
import { toBytes } from "../../wire/chunk.ts";
import { encodeFrame, encodeMalformed } from "../../wire/json_frames.ts";
import { readHello } from "../../wire/read_frame.ts";
import type { Connection } from "../connection.ts";
import { type EvictReason, PendingConnections } from "../pending_connections.ts";
import { GOING_AWAY, POLICY, UNSUPPORTED } from "./codes.ts";
import { type AppSocket, Session, type SessionOptions } from "./session.ts";

/** Options of the sessions. */
export interface SessionsOptions {
  /** Most bytes that are kept for an app that is away. */
  readonly most: number;
  /** Takes over the connection of a new app. */
  readonly serve: (connection: Connection, token: string) => void;
}

/** Milliseconds that an app may be away: after its link was lost, and after it said goodbye. */
const AWAY = { lost: 5 * 60_000, left: 10_000 };
/** Milliseconds between two calls of a session's `beat`. */
const BEAT = 5000;
/** Most apps away at once, in all and from one network; the one that was away longest ends. */
const MOST_AWAY = 1000, MOST_AWAY_PER_NETWORK = 200;

/** Most pings and pongs before an app has joined. */
const MOST_EARLY = 10;

/** Who is at the other end of a link. */
type Who = Pick<SessionOptions, "remote" | "address" | "isPrivate" | "isSecure">;

/** A link on which no app has joined yet; it has limited time for that. */
export interface PendingLink {
  /** Call this once an app has joined. */
  readonly isIn: () => void;
  /** Sets what to do if the link is evicted before. */
  readonly onEvicted: (run: (why: EvictReason) => void) => void;
}

/** All sessions. */
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

  /** Waits for a new link's first frame: a new app, or one that comes back. */
  greet(link: AppSocket, { who, guest }: { who: Who; guest: PendingLink }): void {
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

  /** Ends all sessions: the server stops. */
  close(): void {
    this.#isStopping = true;
    clearInterval(this.#beating);
    for (const session of this.#byToken.values()) session.stop();
  }

  #enter(link: AppSocket, { who, data }: { who: Who; data: Buffer }): void {
    const hello = readHello(data.toString());
    if (hello.type === "malformed") {
      link.socket.write(toBytes(encodeMalformed(hello)));
      return link.ws.close(POLICY, "The first message must be a join.");
    }
    const { token = "", received } = hello;
    const session = this.#byToken.get(token);
    // A session on a private link must not continue on one that others can read.
    if (!session?.isOpen || session.isPrivate && !who.isPrivate) {
      return this.#open(link, who).receive(data);
    }
    session.move(who);
    const greeting = toBytes(encodeFrame({ type: "resumed" }));
    if (received !== undefined && session.resume(link, { received, greeting })) return;
    session.restart(link);
    session.receive(data);
  }

  #open(link: AppSocket, who: Who): Session {
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
