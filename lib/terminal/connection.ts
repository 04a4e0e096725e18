// A connection to a server, over TCP or TLS: lines in, text out. It uses Node's sockets, since Deno's own TLS
// accepts no self-signed certificate and cannot skip the check.

import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import { LineSplitter } from "../wire/line_splitter.ts";
import { sanitize } from "../wire/sanitize.ts";
import { StartError } from "../errors.ts";
import { type Address, nameOf } from "./address.ts";
import type { Unproven } from "./known_servers.ts";

/** How a connection is protected. */
export interface Trust {
  readonly tls: boolean;
  /** The certificates to trust, in PEM, instead of the usual authorities. */
  readonly ca?: string;
  /** Whether to accept any certificate. */
  readonly insecure: boolean;
  /** Decides about certificates that no authority vouches for; whether it had to ask. Throws a `StartError`. */
  readonly check: (unproven: Unproven) => boolean;
}

/** There is no connection: the message is a sentence that says what to check. */
export class DialError extends StartError {
  override name = "DialError";
  /** Why, in a few words. */
  readonly reason: string;

  constructor(address: Address, cause: Error) {
    const [reason, advice] = explain(cause, address);
    super(`cannot connect to ${nameOf(address)}: ${reason}, so ${advice}`, { cause });
    this.reason = reason;
  }
}

/** Milliseconds to wait for a server that does not answer. */
const PATIENCE = 15_000;
/** Milliseconds of silence until the system checks whether the other side is still there. */
const KEEP_ALIVE = 60_000;
/** Bytes of the longest line that is held: --max-line is at most 64 KiB, and a name and a time are added. */
const LONGEST = 65 * 1024;
/** Bytes of the longest frame: a page of history has up to 200 messages. */
const LONGEST_FRAME = 16 * 1024 * 1024;

/** The first byte of JSON. */
const BRACE = 0x7b;
/** The first byte of what a TLS server says to who does not speak TLS. */
const TLS_ALERT = 0x15;
/** Milliseconds in which what was sent last has left. */
const LAST = 2000;

/** An open connection. */
export class Connection {
  readonly #socket: Socket;
  /** Whether it broke instead of being ended. */
  isBroken = false;
  /** Whether what came is TLS, and not lines. */
  isTls = false;

  /** Whether it is encrypted. */
  readonly isSecure: boolean;

  private constructor(socket: Socket, isSecure: boolean) {
    this.#socket = socket;
    this.isSecure = isSecure;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE);
  }

  /** Connects. Throws a `DialError`, or a `StartError` if the certificate is not to be trusted. */
  static async open(address: Address, trust: Trust): Promise<Connection> {
    const { tls, ca, insecure, check } = trust;
    const where = { ...address, allowHalfOpen: true };
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = tls
      ? connectTls({ ...where, ca, rejectUnauthorized: ca !== undefined }, resolve)
      : connectTcp(where, resolve);
    // After this, reading reports errors.
    socket.on("error", reject);
    const late = () => reject(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" }));
    const timer = setTimeout(late, PATIENCE);
    try {
      await promise;
      if (socket instanceof TLSSocket && !socket.authorized && !insecure) {
        const { fingerprint256: fingerprint } = socket.getPeerCertificate();
        const fault = faultOf(socket.authorizationError);
        if (check({ server: nameOf(address), fingerprint, fault })) {
          // The server may have lost its patience while the user was asked.
          socket.destroy();
          return await Connection.open(address, trust);
        }
      }
      return new Connection(socket, tls);
    } catch (error) {
      socket.destroy();
      if (error instanceof StartError || !(error instanceof Error)) throw error;
      throw new DialError(address, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Yields cleaned lines, as many at a time as arrived together, until the connection ends in any way. */
  async *lines(): AsyncGenerator<string[]> {
    let splitter = new LineSplitter(LONGEST);
    try {
      let isFirst = true;
      for await (const chunk of this.#socket) {
        if (isFirst && chunk[0] === TLS_ALERT) this.isTls = true;
        if (isFirst && chunk[0] === BRACE) splitter = new LineSplitter(LONGEST_FRAME);
        isFirst = false;
        yield splitter.split(chunk).map(clean);
      }
    } catch (error) {
      // Network errors have a code; an error without one is a bug.
      if (!(error instanceof Error && "code" in error)) throw error;
      this.isBroken = true;
    }
    yield splitter.end().map(clean);
  }

  /** Sends data; resolves once the system has taken it, or the connection is gone. */
  send(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(data, () => resolve());
    });
  }

  /** Says that no more will be sent. */
  end(): void {
    this.#socket.end();
  }

  /** Gives it up, once what was sent has left. */
  drop(): void {
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), LAST);
    Deno.unrefTimer(Number(timer));
  }
}

function clean(line: string | undefined): string {
  return line === undefined
    ? `*** A line of more than ${LONGEST} bytes was left out`
    : sanitize(line);
}

/** What is wrong with a certificate, by the code of the error. */
function faultOf(error: Error | string): string {
  const code = error instanceof Error && "code" in error ? error.code : error;
  switch (String(code)) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return "it is self-signed";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "it is for another name";
    case "CERT_HAS_EXPIRED":
      return "it has expired";
    case "CERT_NOT_YET_VALID":
      return "it is not valid yet";
    default:
      return "no authority that is known has signed it";
  }
}

/** Why there is no connection, and what to do about it. */
function explain(error: Error, { host }: Address): [reason: string, advice: string] {
  const code = "code" in error ? String(error.code) : "";
  if (/CERT|SIGNATURE|ISSUER|INVALID_CA/.test(code)) {
    return [
      `its certificate is not trusted: ${error.message}`,
      "give --ca the file of one to trust, or --insecure to trust any",
    ];
  }
  const noTls: [string, string] = [
    "it does not speak TLS",
    "leave --tls out, or give the port where it is",
  ];
  // What a bobchat without a certificate answers.
  if (/fatal alert: HandshakeFailure/.test(error.message)) return noTls;
  switch (code) {
    case "ECONNREFUSED":
      return ["nothing is listening there", "check the port, and whether bobchat is running"];
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return [`no host ${host} is known`, "check the name, and the network"];
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return noTls;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return ["it does not answer", "check the address, the network, and any firewall between"];
    default: {
      const [, zone] = host.split("%");
      if (zone === undefined) return [error.message, "check the address and the port"];
      return [`${zone} does not lead there`, "check the name after the %, and the address"];
    }
  }
}
