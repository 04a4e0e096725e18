// One connection to a TLS listener, from its first byte to the end of its handshake. A peer that speaks plain
// text, or sends nothing, is told what the port is for.

import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import type { EvictReason } from "./pending_connections.ts";

/** Options of a handshake. */
export interface HandshakeOptions {
  readonly context: SecureContext;
  /** Sent to a peer that does not speak TLS. */
  readonly hint: string;
  /** Called once: with the secure socket, or why there is none. */
  readonly done: (outcome: TLSSocket | string) => void;
}

/** Milliseconds that a peer has to read the hint. */
const LINGER = 1000;
/** The first byte of a TLS handshake. */
const HELLO = 0x16;
const WHY = { late: "no handshake in time", crowded: "others came, and it had waited longest" };

/**
 * Begins a handshake. It keeps nothing once it is done, so that an idle connection stays small. The returned
 * function gives it up, and closes the socket.
 */
export function shakeHands(
  socket: Socket,
  { context, hint, done }: HandshakeOptions,
): (why: EvictReason) => void {
  let isSettled = false;
  const settle = (outcome: TLSSocket | string) => {
    if (isSettled) return;
    isSettled = true;
    socket.off("data", begin);
    socket.off("close", gone);
    socket.off("end", ended);
    done(outcome);
  };
  const gone = () => settle("it closed before its handshake");
  const refuse = (why: string) => {
    settle(why);
    socket.end(hint);
    socket.resume();
  };
  // A socket whose peer has ended stays open until this side closes it too.
  const ended = () => refuse("it closed before its handshake");
  const begin = (first: Buffer) => {
    socket.off("end", ended);
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
  socket.on("end", ended);
  socket.once("data", begin);
  socket.resume();
  return (why) => {
    // A peer that waits for the server to speak first has sent nothing.
    const isHinted = why === "late" && !isSettled && socket.bytesRead === 0;
    if (!isHinted) {
      settle(WHY[why]);
      return void socket.destroy();
    }
    refuse(WHY.late);
    const over = setTimeout(() => socket.destroy(), LINGER);
    socket.once("close", () => clearTimeout(over));
  };
}

/** Errors need no handling here: a close follows, or the secure socket reports the same error. */
function unheard(): void {}
