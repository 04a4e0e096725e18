// JSON lines over a connection, as a socket of lib/client's link. The first line asks the server to speak JSON;
// nothing more is sent until it does.

import type { Socket } from "../client/link/link.ts";
import { readServerFrame } from "../wire/read_server_frame.ts";
import type { Connection } from "./connection.ts";

/** What the server speaks: JSON; only plain lines; nothing, since it has ended the connection. */
export type Spoken = "json" | "plain" | "nothing";

/** Options of a socket. */
export interface LineSocketOptions {
  /** Takes lines as they come, if the server speaks plain lines: those before it was known, too. */
  readonly onLines?: (lines: readonly string[]) => void;
  /** Called at the end of a connection, with the server's reason if it gave one. */
  readonly onEnd?: (reason: string) => void;
  /** Takes each line of JSON as it is. */
  readonly onJson?: (line: string) => void;
  /** Resolves once there is room for more; nothing is read before. */
  readonly room?: () => Promise<void>;
}

/** Milliseconds in which a server that speaks JSON has answered. */
const ANSWERS = 2000;
/** Most lines that are kept until it is known what the server speaks. */
const MOST_KEPT = 2000;
/** A frame that nobody understands. */
const UNKNOWN = { type: "unknown" };
/** The codes of a connection that broke, and of one whose first frame was refused. */
const BROKEN = 1006, POLICY = 1008;

/** One connection. */
export class LineSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly #options: LineSocketOptions;
  readonly #spoken = Promise.withResolvers<Spoken>();
  readonly #ended = Promise.withResolvers<void>();
  #connection: Connection | undefined;
  #speaks: Spoken | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Frames to send, and lines that came, before it is known what the server speaks. */
  #held: string[] = [];
  #lines: string[] = [];
  #isFirst = true;
  #isClosed = false;
  #isKept = false;
  #code = BROKEN;
  #reason = "";

  constructor(dialed: Promise<Connection>, options: LineSocketOptions = {}) {
    this.#options = options;
    dialed.then((connection) => this.#run(connection), (error: Error) => {
      this.#end("reason" in error ? String(error.reason) : error.message);
    });
  }

  /** What the server speaks, once it is known. */
  get spoken(): Promise<Spoken> {
    return this.#spoken.promise;
  }

  /** Resolves at the end of the connection. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  send(text: string): void {
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#write(`/json ${text}`);
      this.#timer = setTimeout(() => this.#learn("plain"), ANSWERS);
    } else if (this.#speaks === "json") this.#write(text);
    else if (this.#speaks === undefined) this.#held.push(text);
  }

  /** The connection is used on when this is closed: by who speaks plain lines over it. */
  keep(): void {
    this.#isKept = true;
  }

  /** Hands over the plain lines that have come, now that somebody takes them. */
  flush(): void {
    const lines = this.#lines.splice(0);
    if (lines.length > 0) this.#options.onLines?.(lines);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (!this.#isKept) this.#connection?.drop();
  }

  async #run(connection: Connection): Promise<void> {
    this.#connection = connection;
    if (this.#isClosed) return connection.drop();
    this.onopen?.({});
    for await (const lines of connection.lines()) {
      for (const line of lines) this.#heard(line);
      if (this.#speaks === "plain") this.flush();
      await this.#options.room?.();
    }
    this.#end("");
  }

  #heard(line: string): void {
    if (this.#speaks === undefined && line.startsWith("{")) this.#learn("json");
    if (this.#speaks !== "json") {
      if (this.#lines.length < MOST_KEPT) this.#lines.push(line);
      return;
    }
    if (!line.startsWith("{")) return;
    const frame = readServerFrame(line);
    this.#options.onJson?.(line);
    if (frame?.type === "closed") {
      this.#code = frame.code;
      this.#reason = frame.text ?? "";
      // What is not known counts too, for the server to go on after it.
    } else this.onmessage?.({ data: JSON.stringify(frame ?? UNKNOWN) });
  }

  #learn(spoken: Spoken): void {
    if (this.#speaks !== undefined) return;
    clearTimeout(this.#timer);
    this.#speaks = spoken;
    this.#spoken.resolve(spoken);
    if (spoken === "json") { for (const text of this.#held.splice(0)) this.#write(text); }
  }

  #end(reason: string): void {
    const isJson = this.#speaks === "json";
    this.#learn("nothing");
    if (this.#speaks === "plain") this.flush();
    this.#connection?.end();
    // A join is refused so where it must be encrypted.
    const isRefused = isJson && this.#code === POLICY && this.#connection?.isSecure === false;
    const why = isRefused ? "the server speaks TLS only: add --tls" : this.#reason;
    this.#options.onEnd?.(reason || why);
    if (!this.#isClosed) this.onclose?.({ code: this.#code });
    this.#ended.resolve();
  }

  #write(text: string): void {
    void this.#connection?.send(`${text}\n`);
  }
}
