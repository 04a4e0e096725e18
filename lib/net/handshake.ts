// One connection to a TLS door, from its first byte to the end of its handshake. Whoever speaks plain text,
// or nothing at all, is told what the port is for; whoever takes too long is let go.

import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";

/** What a handshake is given. */
export interface HandshakeOptions {
  readonly context: SecureContext;
  /** What is sent to a peer that speaks no TLS. */
  readonly hint: string;
  /** Called once: with the secure socket, or why there is none. */
  readonly done: (outcome: TLSSocket | string) => void;
}

/** Milliseconds that it may take. */
const PATIENCE = 10_000;
/** The first byte of a TLS handshake. */
const HELLO = 0x16;

/** Begins it. Nothing of it is left once it is done: an idle connection is to be small. */
export function shakeHands(socket: Socket, { context, hint, done }: HandshakeOptions): void {
  let isSettled = false;
  const settle = (outcome: TLSSocket | string) => {
    if (isSettled) return;
    isSettled = true;
    clearTimeout(timer);
    socket.off("data", begin);
    socket.off("close", gone);
    done(outcome);
  };
  const gone = () => settle("it closed before its handshake");
  const refuse = (why: string) => {
    socket.end(hint);
    socket.resume();
    settle(why);
  };
  const timer = setTimeout(() => {
    // Whoever waits for the server to speak first has sent nothing.
    const why = `no handshake in ${PATIENCE / 1000} s`;
    if (socket.bytesRead === 0) return refuse(why);
    settle(why);
    socket.destroy();
  }, PATIENCE);
  const begin = (first: Buffer) => {
    socket.pause();
    if (first[0] !== HELLO) return refuse("it spoke plain text");
    socket.unshift(first);
    const secure = new TLSSocket(socket, { isServer: true, secureContext: context });
    const failed = (error: Error) => {
      socket.destroy();
      settle(error.message);
    };
    secure.once("error", failed);
    secure.once("secure", () => {
      secure.off("error", failed);
      settle(secure);
    });
  };
  socket.on("error", unheard);
  socket.on("close", gone);
  socket.once("data", begin);
  socket.resume();
}

/** An error is followed by the close, or is the secure socket's as well. */
function unheard(): void {}
