// An app over JSON lines: an object a line, in both directions.

import type { Frame } from "./app.ts";
import { Incoming } from "./bobchat.ts";

const ENCODER = new TextEncoder();

/** One link of an app's. */
export class LinesApp implements Disposable {
  readonly #conn: Deno.Conn;
  readonly #incoming: Incoming;
  #frames: Frame[] = [];
  /** How many characters of what came are in frames. */
  #parsed = 0;

  /** An app over what is connected already. */
  constructor(conn: Deno.Conn) {
    this.#conn = conn;
    this.#incoming = new Incoming(conn.readable);
  }

  /** Connects to a port of this machine, and says nothing. */
  static async connect(port: number): Promise<LinesApp> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    return new LinesApp(conn);
  }

  /** Connects and joins; waits for the welcome. */
  static async join(port: number, fields: Record<string, unknown> = {}): Promise<LinesApp> {
    const app = await LinesApp.connect(port);
    await app.send({ type: "join", ...fields });
    await app.until(({ type }) => type === "welcome");
    return app;
  }

  /** What it was sent since the beginning of this link. */
  get frames(): readonly Frame[] {
    const { text } = this.#incoming;
    for (let end; (end = text.indexOf("\n", this.#parsed)) !== -1; this.#parsed = end + 1) {
      this.#frames.push(JSON.parse(text.slice(this.#parsed, end)));
    }
    return this.#frames;
  }

  /** How many frames came after the welcome, as one says who comes back. */
  get received(): number {
    const welcome = this.frames.findLastIndex(({ type }) => type === "welcome");
    return this.frames.slice(welcome + 1).filter(({ type }) => type !== "resumed").length;
  }

  /** The token that it was given. */
  get token(): unknown {
    return this.frames.find(({ type }) => type === "welcome")?.token;
  }

  /** The texts of the messages that it was sent. */
  get texts(): unknown[] {
    return this.frames.filter(({ type }) => type === "message").map(({ text }) => text);
  }

  /** Sends an object and the line's end. */
  async send(object: object): Promise<void> {
    await this.write(`${JSON.stringify(object)}\n`);
  }

  /** Sends any text. */
  async write(text: string): Promise<void> {
    let rest: Uint8Array = ENCODER.encode(text);
    while (rest.length > 0) rest = rest.subarray(await this.#conn.write(rest));
  }

  /** Sends nothing more. */
  async endWrites(): Promise<void> {
    await this.#conn.closeWrite();
  }

  /** Waits for a frame like this, of those that came so far or come next. */
  async until(matches: (frame: Frame) => boolean): Promise<Frame> {
    await this.#incoming.when(() => this.frames.some(matches), `a frame like ${matches}`);
    return this.frames.find(matches)!;
  }

  /** Waits for the end of the link; returns the last frame. */
  async end(): Promise<Frame | undefined> {
    await this.#incoming.end();
    return this.frames.at(-1);
  }

  /** Cuts the link. */
  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch (error) {
      // Closed already by its stream's end.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}
