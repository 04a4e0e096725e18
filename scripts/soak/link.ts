// One connection to the server, over whatever carries it: TCP or TLS, and inside that lines or a WebSocket. What
// arrives is handed on as lines, or as the texts of frames.

import net from "node:net";
import tls from "node:tls";
import type { Buffer } from "node:buffer";

/** What a person speaks. */
export const PROTOCOLS = [
  "lines",
  "lines over TLS",
  "JSON lines",
  "WebSocket",
  "WebSocket over TLS",
] as const;
/** One of them. */
export type Protocol = typeof PROTOCOLS[number];

/** Where the server is. */
export interface Target {
  readonly port: number;
  /** Its certificate, in PEM. */
  readonly ca: string;
}

/** Who opens a link. */
export interface LinkOptions {
  readonly protocol: Protocol;
  /** The address that it comes from, in 127.0.0.0/8. */
  readonly address: string;
  /** Called with each line, or the text of each frame. */
  readonly onText: (text: string) => void;
  /** Called once, when it has ended; with the system's code, if that was an error. */
  readonly onEnd: (code?: string) => void;
}

const TEXT = 1, CLOSE = 8, PING = 9, PONG = 10;
const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** One connection. */
export class Link {
  readonly isJson: boolean;
  readonly #isWeb: boolean;
  readonly #raw: net.Socket;
  readonly #socket: net.Socket;
  readonly #options: LinkOptions;
  #rest = "";
  #bytes: Uint8Array = new Uint8Array(0);
  /** Whether the answer to the upgrade is still awaited. */
  #isUpgrading: boolean;
  #hasEnded = false;
  /** What is sent before TLS is up; undefined once it is. Deno may send that in the clear otherwise. */
  #early: (string | Uint8Array)[] | undefined;

  constructor({ port, ca }: Target, options: LinkOptions) {
    const { protocol, address } = this.#options = options;
    this.isJson = !protocol.startsWith("lines");
    this.#isWeb = this.#isUpgrading = protocol.startsWith("WebSocket");
    this.#raw = net.connect({ host: "127.0.0.1", port, localAddress: address });
    this.#socket = protocol.endsWith("TLS")
      ? tls.connect({ socket: this.#raw, ca, host: "127.0.0.1" })
      : this.#raw;
    this.#raw.setNoDelay(true);
    if (this.#socket !== this.#raw) {
      this.#early = [];
      this.#socket.once("secureConnect", () => {
        const early = this.#early ?? [];
        this.#early = undefined;
        for (const each of early) this.#socket.write(each);
      });
    }
    this.#socket.on("data", (bytes: Buffer) => this.#received(bytes));
    for (const socket of new Set([this.#raw, this.#socket])) {
      // The end of a connection is what is told, whatever its cause.
      socket.on(
        "error",
        (error: Error) => this.#end("code" in error ? `${error.code}` : `${error}`),
      );
      socket.on("close", () => this.#end());
    }
    this.#socket.on("end", () => this.#end());
    if (this.#isWeb) {
      const head = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
      const key = "Sec-WebSocket-Key: c29ha3Rlc3Rzb2FrdGVzdA==";
      this.#write(
        ["GET /ws HTTP/1.1", `Host: 127.0.0.1:${port}`, ...head, key, "", ""].join("\r\n"),
      );
    }
  }

  /** Sends a line, or a frame. */
  send(text: string): void {
    if (this.#hasEnded) return;
    if (this.#isWeb) this.#sendFrame(TEXT, ENCODER.encode(text));
    else this.#write(`${text}\n`);
  }

  /** Ends its side, as a program that exits does. */
  leave(): void {
    this.#socket.end();
  }

  /** Ends it with a reset. */
  reset(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (!this.#raw.destroyed) this.#raw.resetAndDestroy();
    this.#socket.destroy();
    this.#options.onEnd();
  }

  /** Takes nothing more of what arrives. */
  stall(): void {
    this.#socket.pause();
    this.#raw.pause();
  }

  #write(bytes: string | Uint8Array): void {
    if (this.#early === undefined) this.#socket.write(bytes);
    else this.#early.push(bytes);
  }

  #end(code?: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#socket.destroy();
    this.#raw.destroy();
    this.#options.onEnd(code);
  }

  #received(bytes: Uint8Array): void {
    if (this.#hasEnded) return;
    if (this.#isWeb) return this.#receivedWeb(bytes);
    const lines = (this.#rest + DECODER.decode(bytes)).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) {
      if (!this.#hasEnded) this.#options.onText(line.endsWith("\r") ? line.slice(0, -1) : line);
    }
  }

  #receivedWeb(bytes: Uint8Array): void {
    let all = bytes;
    if (this.#bytes.length > 0) {
      all = new Uint8Array(this.#bytes.length + bytes.length);
      all.set(this.#bytes);
      all.set(bytes, this.#bytes.length);
    }
    let at = 0;
    if (this.#isUpgrading) {
      const end = DECODER.decode(all).indexOf("\r\n\r\n");
      if (end >= 0) {
        at = end + 4;
        this.#isUpgrading = false;
      }
    }
    while (!this.#isUpgrading && all.length - at >= 2) {
      const view = new DataView(all.buffer, all.byteOffset + at, all.length - at);
      const short = view.getUint8(1) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (view.byteLength < head) break;
      const length = short < 126 ? short : short === 126 ? view.getUint16(2) : view.getUint32(6);
      if (view.byteLength < head + length) break;
      this.#frame(view.getUint8(0) & 0x0f, all.subarray(at + head, at + head + length));
      at += head + length;
    }
    this.#bytes = all.slice(at);
  }

  #frame(kind: number, bytes: Uint8Array): void {
    if (kind === PING) this.#sendFrame(PONG, bytes);
    else if (kind === TEXT) this.#options.onText(DECODER.decode(bytes));
    else if (kind === CLOSE) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const code = bytes.length < 2 ? 1005 : view.getUint16(0);
      this.#options.onText(JSON.stringify({ type: "closed", code }));
      this.#sendFrame(CLOSE, bytes);
    }
  }

  /** The mask is zeros, with which a payload stays as it is. */
  #sendFrame(kind: number, payload: Uint8Array): void {
    const { length } = payload;
    const head = length < 126
      ? [0x80 | kind, 0x80 | length, 0, 0, 0, 0]
      : [0x80 | kind, 0x80 | 126, length >> 8, length & 0xff, 0, 0, 0, 0];
    const frame = new Uint8Array(head.length + length);
    frame.set(head);
    frame.set(payload, head.length);
    this.#write(frame);
  }
}
