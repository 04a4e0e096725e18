// An app as bots are: JSON objects over a WebSocket, or an object a line. It is made of a plain connection, so
// that tests can cut it off, and send what no library would.

import { inTime } from "./bobchat.ts";

/** An object that the server sent. */
export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();
const LF = 10, TEXT = 1, CLOSE = 8, PING = 9, PONG = 10;

/** One link of an app's. */
export class App implements Disposable {
  /** What it was sent since the beginning of this link. */
  readonly frames: Frame[] = [];
  /** What the answers to its pings carried. */
  readonly pongs: string[] = [];
  /** How many frames came behind the greeting, as one says who comes back. */
  received = 0;
  /** The code that the server closed with. */
  closedWith: number | undefined;
  readonly #conn: Deno.Conn;
  /** Whether its frames are lines. */
  readonly #isLines: boolean;
  #got = new Uint8Array(0);
  #ended = false;
  #changed = Promise.withResolvers<void>();

  private constructor(conn: Deno.Conn, { isLines = false } = {}) {
    this.#conn = conn;
    this.#isLines = isLines;
  }

  /** One that sends and is sent lines, over what is connected already. */
  static overLines(conn: Deno.Conn): App {
    const app = new App(conn, { isLines: true });
    void app.#collect();
    return app;
  }

  /** Opens a WebSocket; throws with the status where it is refused. */
  static async open(
    port: number,
    { headers = {}, conn, path = "/ws" }: {
      headers?: Record<string, string>;
      conn?: Deno.Conn;
      path?: string;
    } = {},
  ): Promise<App> {
    const app = new App(conn ?? await Deno.connect({ hostname: "127.0.0.1", port }));
    const request = [
      `GET ${path} HTTP/1.1`,
      ...Object.entries({
        Host: `127.0.0.1:${port}`,
        Upgrade: "websocket",
        Connection: "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ...headers,
      }).map(([name, value]) => `${name}: ${value}`),
    ];
    await app.write(ENCODER.encode(`${request.join("\r\n")}\r\n\r\n`));
    let end = -1;
    while (end === -1) {
      if (!await app.#read()) break;
      end = DECODER.decode(app.#got).indexOf("\r\n\r\n");
    }
    const head = DECODER.decode(app.#got);
    if (!head.startsWith("HTTP/1.1 101 ")) {
      app[Symbol.dispose]();
      throw new Error(head.split("\r\n")[0] || "ended before an answer");
    }
    app.#got = app.#got.slice(end + 4);
    void app.#collect();
    return app;
  }

  /** Opens one and joins; waits for the greeting. */
  static async join(port: number, fields: Record<string, unknown> = {}): Promise<App> {
    const app = await App.open(port);
    await app.send({ type: "join", ...fields });
    await app.until(({ type }) => type === "welcome");
    return app;
  }

  /** The token that it was given. */
  get token(): unknown {
    return this.frames.find(({ type }) => type === "welcome")?.token;
  }

  /** The texts of the messages that it was sent, those said before among them. */
  get texts(): unknown[] {
    return this.frames.flatMap((frame) =>
      frame.type === "message"
        ? [frame.text]
        : frame.type === "history"
        ? (frame.messages as Frame[]).map(({ text }) => text)
        : []
    );
  }

  /** Sends an object, or any text. */
  async send(object: object | string): Promise<void> {
    const text = typeof object === "string" ? object : JSON.stringify(object);
    await this.sendFrame(ENCODER.encode(text));
  }

  /** Sends a frame, masked with zeros. */
  async sendFrame(payload: Uint8Array, { opcode = TEXT, isFinal = true } = {}): Promise<void> {
    if (this.#isLines) return await this.write(Uint8Array.of(...payload, LF));
    const head = [(isFinal ? 0x80 : 0) | opcode];
    if (payload.length < 126) head.push(0x80 | payload.length);
    else if (payload.length < 65536) {
      head.push(0x80 | 126, payload.length >> 8, payload.length & 255);
    } else {head.push(
        0x80 | 127,
        0,
        0,
        0,
        0,
        ...new Uint8Array(Uint32Array.of(payload.length).buffer).reverse(),
      );}
    const frame = new Uint8Array(head.length + 4 + payload.length);
    frame.set(head);
    frame.set(payload, head.length + 4);
    await this.write(frame);
  }

  /** Sends bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.#conn.write(rest));
  }

  /** The frame of this number, from 0, as soon as it is there; undefined where the link has ended. */
  async next(number: number): Promise<Frame | undefined> {
    while (number >= this.frames.length && !this.#ended) await this.#changed.promise;
    return this.frames[number];
  }

  /** Waits for a frame like this, of those that came so far or come next. */
  async until(matches: (frame: Frame) => boolean): Promise<Frame> {
    const wait = async () => {
      for (let number = 0;; number++) {
        const frame = await this.next(number);
        if (frame === undefined) throw new Error(`ended; got ${JSON.stringify(this.frames)}`);
        if (matches(frame)) return frame;
      }
    };
    return await inTime(wait(), () => `a frame; got ${JSON.stringify(this.frames.slice(-20))}`);
  }

  /** Waits until it was sent so many more frames, or its link has ended. */
  async hears(more: number): Promise<void> {
    await inTime(this.next(this.frames.length + more - 1), () => `${more} more frames`);
  }

  /** Waits for a message with this text. */
  async untilSaid(text: string): Promise<void> {
    await this.until((frame) => frame.type === "message" && frame.text === text);
  }

  /** Waits for the end of the link. */
  async end(): Promise<void> {
    const wait = async () => {
      while (!this.#ended) await this.#changed.promise;
    };
    await inTime(wait(), () => "the end of the link");
  }

  /** Cuts the link. */
  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch (error) {
      // Closed already.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #collect(): Promise<void> {
    try {
      do {
        for (let frame; (frame = this.#takeFrame()) !== undefined;) {
          const answer = this.#hear(frame);
          if (answer !== undefined) await this.sendFrame(frame.payload, { opcode: answer });
        }
        this.#notify();
      } while (await this.#read());
    } catch (error) {
      // What it answers, a server that has gone does not take.
      if (!(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.BadResource)) {
        throw error;
      }
    }
    this.#ended = true;
    this[Symbol.dispose]();
    this.#notify();
  }

  /** Takes a frame in; returns the opcode of the answer that is due. */
  #hear({ opcode, payload }: { opcode: number; payload: Uint8Array }): number | undefined {
    if (opcode === CLOSE) {
      this.closedWith = payload[0]! << 8 | payload[1]!;
      return CLOSE;
    }
    if (opcode === PING) return PONG;
    if (opcode === PONG) this.pongs.push(DECODER.decode(payload));
    if (opcode !== TEXT) return;
    const frame: Frame = JSON.parse(DECODER.decode(payload));
    if (frame.type === "welcome") this.received = 0;
    else if (frame.type !== "resumed") this.received++;
    this.frames.push(frame);
  }

  #takeFrame(): { opcode: number; payload: Uint8Array } | undefined {
    const got = this.#got;
    if (this.#isLines) {
      const end = got.indexOf(LF);
      if (end === -1) return;
      this.#got = got.subarray(end + 1);
      return { opcode: TEXT, payload: got.subarray(0, end) };
    }
    if (got.length < 2) return;
    const short = got[1]!, view = new DataView(got.buffer, got.byteOffset);
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (got.length < head) return;
    const length = short < 126
      ? short
      : short === 126
      ? view.getUint16(2)
      : Number(view.getBigUint64(2));
    if (got.length < head + length) return;
    this.#got = got.subarray(head + length);
    return { opcode: got[0]! & 15, payload: got.subarray(head, head + length) };
  }

  /** Reads more; false at the end. */
  async #read(): Promise<boolean> {
    const buffer = new Uint8Array(65536);
    try {
      const count = await this.#conn.read(buffer);
      if (count === null) return false;
      const got = new Uint8Array(this.#got.length + count);
      got.set(this.#got);
      got.set(buffer.subarray(0, count), this.#got.length);
      this.#got = got;
      return true;
    } catch {
      // A reset, or closed from here: tests look at what came before.
      return false;
    }
  }

  #notify(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }
}
