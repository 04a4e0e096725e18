// A WebSocket as a link. Frames are parsed by the library `ws`, which is loaded on demand: it reads environment
// variables. What is sent was encoded before (wire/websocket_frame.ts).

import { Buffer } from "node:buffer";
import { WEBSOCKET_ENCODER } from "../../wire/json_frames.ts";
import { encodeClose, encodePing, encodePong } from "../../wire/websocket_frame.ts";
import type { Connection } from "../connection.ts";
import { NO_CODE, NOT_UTF8, POLICY, PROTOCOL, TOO_LONG, UNSUPPORTED } from "./codes.ts";
import { Link } from "./link.ts";
// @ts-types="./receiver.d.ts"
import type * as ws from "ws";

const LF = 10, BLANK = 32;
const DECODER = new TextDecoder();

/** Opens links over connections that were upgraded. */
export type OpenWebSocket = (connection: Connection) => WebSocketLink;

/** Loads what is needed; messages longer than `maxPayload` bytes are refused with code 1009. */
export async function loadWebSockets(maxPayload: number): Promise<OpenWebSocket> {
  // @ts-types="./receiver.d.ts"
  const { Receiver } = await import("ws");
  const options = {
    isServer: true,
    maxPayload,
    // Empty fragments cost as much as others, and so do the parts of a frame that trickles in: each takes
    // hundreds of bytes. An honest one comes in packets of a kilobyte or so.
    maxFragments: 256,
    maxBufferedChunks: Math.max(256, Math.ceil(maxPayload / 256)),
  };
  return (connection) => new WebSocketLink(connection, new Receiver(options));
}

/** A parser, and the link to which it belongs. */
type Parser = ws.Receiver & { link?: WebSocketLink };

/** A link over a WebSocket. */
export class WebSocketLink extends Link {
  readonly encoder = WEBSOCKET_ENCODER;
  readonly #parser: Parser;
  /** What the newest ping carried, until it is answered: that answers all before it. */
  #pinged: Buffer | undefined;
  /** Whether the app has said goodbye, or something after which nothing can be read. */
  #hasEnded = false;

  constructor(connection: Connection, parser: Parser) {
    super(connection);
    this.#parser = parser;
    parser.link = this;
    // Functions that all links share.
    parser.on("message", WebSocketLink.#onMessage);
    parser.on("ping", WebSocketLink.#onPing);
    parser.on("pong", WebSocketLink.#onPong);
    parser.on("conclude", WebSocketLink.#onConclude);
    parser.on("error", WebSocketLink.#onError);
  }

  override ping(count: number, after?: Uint8Array, done?: () => void): void {
    const ping = encodePing(String(count));
    if (after === undefined) return this.send(ping, done);
    // In one piece, since a write costs more than a copy.
    const both = new Uint8Array(after.length + ping.length);
    both.set(after);
    both.set(ping, after.length);
    this.send(both, done);
  }

  protected take(bytes: Uint8Array): void {
    if (this.#hasEnded) return;
    // Whatever is in them is told during this call, since nothing is compressed: nothing waits in the parser.
    this.#parser.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    const { errored } = this.#parser;
    if (errored === null) return;
    this.#hasEnded = true;
    this.close(codeOf(errored));
    this.settle();
  }

  protected takeEnd(): boolean {
    return false;
  }

  protected farewell(code: number, reason?: string): Uint8Array {
    return encodeClose(code === NO_CODE ? undefined : code, reason);
  }

  protected awaitsGoodbye(): boolean {
    return !this.#hasEnded;
  }

  protected override takeUrgent(): Uint8Array | undefined {
    const pinged = this.#pinged;
    this.#pinged = undefined;
    return pinged && encodePong(pinged);
  }

  static #onMessage(this: Parser, data: Buffer, isBinary: boolean): void {
    const link = this.link!;
    if (link.isClosing) return;
    if (isBinary) link.close(UNSUPPORTED, "Send text.");
    else link.owner.received(link, toLine(data));
  }

  static #onPing(this: Parser, data: Buffer): void {
    const link = this.link!;
    if (link.isClosing) return;
    link.#pinged = data;
    link.settle();
    link.owner.pinged(link);
  }

  static #onPong(this: Parser, data: Buffer): void {
    const link = this.link!;
    if (!link.isClosing) link.owner.ponged(link, Number(DECODER.decode(data)));
  }

  static #onConclude(this: Parser, code: number): void {
    const link = this.link!;
    link.#hasEnded = true;
    link.code = code;
    // An answer, or the end if this is the answer.
    link.close(code);
    link.settle();
  }

  static #onError(this: Parser): void {
    // It was handled where bytes were taken.
  }
}

/** A message as a line: line ends within it become spaces. */
function toLine(message: Uint8Array): Uint8Array {
  const line = new Uint8Array(message.length + 1);
  line.set(message);
  for (let at = line.indexOf(LF); at !== -1; at = line.indexOf(LF, at)) line[at] = BLANK;
  line[message.length] = LF;
  return line;
}

/** The code with which a link is closed after an error of the parser's. */
function codeOf(error: Error): number {
  switch ("code" in error ? error.code : undefined) {
    case "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH":
    case "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH":
      return TOO_LONG;
    case "WS_ERR_INVALID_UTF8":
      return NOT_UTF8;
    case "WS_ERR_TOO_MANY_BUFFERED_PARTS":
      return POLICY;
    default:
      return PROTOCOL;
  }
}
