// The sessions of apps that are connected or may come back, each by its token; and the links on which no app
// has joined yet.

import { createHash } from "node:crypto";
import { longestMessage } from "../../wire/json.ts";
import type { JsonEncoder } from "../../wire/json_frames.ts";
import { readHello } from "../../wire/read_frame.ts";
import { toBytes } from "../../wire/chunk.ts";
import type { Connection, Origin } from "../connection.ts";
import { type EvictReason, PendingConnections } from "../pending_connections.ts";
import { GOING_AWAY, POLICY, TOO_LONG } from "./codes.ts";
import { LinesLink } from "./json_lines.ts";
import type { Link } from "./link.ts";
import { Session } from "./session.ts";
import { acceptUpgrade, type Upgrade } from "./upgrade.ts";
import { loadWebSockets, type OpenWebSocket } from "./websocket.ts";

/** Options of the sessions. */
export interface SessionsOptions {
  /** Most bytes of a text. */
  readonly maxLine: number;
  /** Most bytes that are kept for an app that is away. */
  readonly most: number;
  /** Takes over the connection of a new app. */
  readonly serve: (connection: Connection, app: NewApp) => void;
}

/** How a new app may come back, which browser's it is, and how it is sent its frames. */
export interface NewApp {
  readonly token: string;
  /** A hash of the secret that it shares with other tabs. */
  readonly browser?: string;
  readonly encoder: JsonEncoder;
}

/** Milliseconds that an app may be away: after its link was lost, and after it said goodbye; and until others are told. */
const AWAY = { lost: 5 * 60_000, left: 10_000, told: 20_000 };
/** Milliseconds between two calls of a session's `beat`. */
const BEAT = 5000;
/** Most apps away at once, in all and from one network; the one that was away longest ends. */
const MOST_AWAY = { most: 1000, mostPerNetwork: 200, deadlineMs: AWAY.lost };
/** Limits of links on which no app has joined yet: browsers open a few at once, offices many. */
const PENDING = { most: 1000, mostPerNetwork: 200, deadlineMs: 10_000 };
/** Most pings and pongs before an app has joined. */
const MOST_EARLY = 10;

const LF = 10;
const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** All sessions. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #openWebSocket: OpenWebSocket;
  readonly #byToken = new Map<string, Session>();
  readonly #beating: ReturnType<typeof setInterval>;
  readonly #away = { ...AWAY, waiting: new PendingConnections(MOST_AWAY) };
  readonly #pending = new PendingConnections(PENDING);
  readonly #forget = ({ token }: Session) => void this.#byToken.delete(token);
  #isStopping = false;

  /** Makes them. Call it before permission to read the environment is given up. */
  static async create(options: SessionsOptions): Promise<Sessions> {
    return new Sessions(options, await loadWebSockets(longestMessage(options.maxLine)));
  }

  private constructor(options: SessionsOptions, openWebSocket: OpenWebSocket) {
    this.#options = options;
    this.#openWebSocket = openWebSocket;
    this.#beating = setInterval(() => {
      for (const session of this.#byToken.values()) session.beat();
    }, BEAT);
  }

  /** Opens a WebSocket. */
  accept(connection: Connection, { request, head, who }: Upgrade): void {
    const link = this.#openWebSocket(connection);
    link.send(ENCODER.encode(acceptUpgrade(request)));
    this.#greet(link, who);
    link.start(head);
  }

  /** Serves JSON lines; nothing of them was read yet. */
  serveLines(connection: Connection): void {
    const link = new LinesLink(connection, longestMessage(this.#options.maxLine));
    this.#greet(link, connection);
    link.start();
  }

  /** Ends all sessions: the server stops. */
  close(): void {
    this.#isStopping = true;
    clearInterval(this.#beating);
    for (const session of this.#byToken.values()) session.stop();
    this.#pending.clear();
  }

  /** Waits for a new link's first message: a new app, or one that comes back. */
  #greet(link: Link, who: Origin): void {
    const leave = this.#pending.enter(who.address, (why: EvictReason) => {
      if (why === "stopping") link.close(GOING_AWAY);
      else if (why === "late") link.close(POLICY, 'Say {"type":"join"}.');
      else link.terminate();
    });
    let early = 0;
    const count = () => {
      if (++early > MOST_EARLY) link.close(POLICY, "Join first.");
    };
    link.owner = {
      received: (_link, lines) => {
        leave();
        if (this.#isStopping) link.close(GOING_AWAY);
        else this.#enter(link, { who, lines });
      },
      pinged: count,
      ponged: count,
      ended: () => {
        leave();
        link.terminate();
      },
    };
    if (this.#isStopping) link.close(GOING_AWAY);
  }

  /** Takes the first lines of a link: a join, and on some links more. */
  #enter(link: Link, { who, lines }: { who: Origin; lines: Uint8Array }): void {
    const end = lines.indexOf(LF) + 1;
    if (end === 0) return link.close(TOO_LONG, "The first message is too long.");
    const hello = readHello(DECODER.decode(lines.subarray(0, end)));
    if (hello.type === "malformed") {
      link.send(toBytes(link.encoder.encodeMalformed(hello)));
      return link.close(POLICY, "The first message must be a join.");
    }
    const { token = "", received, browser } = hello;
    const session = this.#byToken.get(token);
    // Frames are kept as they were encoded.
    const canContinue = session?.isOpen && session.encoder === link.encoder &&
      // What was on a private link must not continue on one that others can read.
      (who.isPrivate || !session.isPrivate);
    if (!canContinue) return this.#open(link, { who, browser }).received(link, lines);
    const rest = lines.subarray(end);
    session.move(who);
    if (received !== undefined && session.continueOn(link, received)) {
      return session.received(link, rest);
    }
    session.restartOn(link);
    session.received(link, lines);
  }

  #open(link: Link, { who, browser }: { who: Origin; browser: string | undefined }): Session {
    const token = crypto.randomUUID();
    const session = new Session(link, {
      ...who,
      token,
      most: this.#options.most,
      away: this.#away,
      closed: this.#forget,
    });
    this.#byToken.set(token, session);
    // The secret itself goes nowhere.
    const hash = browser && createHash("sha256").update(browser).digest("base64url");
    this.#options.serve(session, { token, browser: hash, encoder: link.encoder });
    return session;
  }
}
