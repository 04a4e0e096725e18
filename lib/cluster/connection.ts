// The connection to NATS: where, as whom, and trusting whom; and what is wrong if it cannot be had, as a sentence.

import { jetstream } from "@nats-io/jetstream";
import {
  connect,
  type ConnectionOptions,
  credsAuthenticator,
  errors,
  type NatsConnection,
} from "@nats-io/transport-node";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { StartError } from "../errors.ts";
import { log } from "../log.ts";
import { ANSWER_WITHIN, type Link } from "./jetstream.ts";
import { StreamFault } from "./stream.ts";

/** Where NATS is, and as whom to connect. */
export interface Access {
  /** Addresses: `HOST`, `nats://HOST:4222` or `tls://HOST:4222`, with a user and password if need be. */
  readonly urls: readonly string[];
  /** The text of a creds file, and of a file of CA certificates. */
  readonly creds?: string;
  readonly ca?: string;
  /** The name of the network: letters, digits, `_` and `-`. */
  readonly network: string;
}

/** The most bytes of one message to NATS: its own default. */
const MOST_PAYLOAD = 1024 * 1024;
/** Milliseconds to connect, and for NATS to be ready, at the start. */
const CONNECT_WITHIN = 5000, READY_WITHIN = 10_000;
/** Milliseconds until what failed at the start is tried again. */
const RETRY = 250;

/** Connects. It never waits for a NATS that is away: later, it tries to connect again for ever. */
export async function openLink(access: Access, name: string): Promise<Link> {
  if (!/^[-\w]{1,32}$/.test(access.network)) {
    throw new StartError("the name of a network is 1 to 32 letters, digits, `_` and `-`");
  }
  let connection: NatsConnection;
  try {
    connection = await connect({
      ...addressesOf(access),
      name,
      timeout: CONNECT_WITHIN,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      pingInterval: 5000,
      maxPingOut: 2,
      // Credentials that are refused for a moment, as while a server is set up, must not end it for good.
      ignoreAuthErrorAbort: true,
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new StartError(sentence(access, error), { cause: error });
  }
  const takes = connection.info?.max_payload ?? MOST_PAYLOAD;
  if (takes < MOST_PAYLOAD) {
    await connection.close();
    throw new StartError(
      `NATS takes messages of ${takes} bytes at most, and bobchat sends up to ${MOST_PAYLOAD}: raise max_payload ` +
        "in its configuration",
    );
  }
  const client = jetstream(connection, { timeout: ANSWER_WITHIN });
  // Whether it has JetStream is found out by the first question, which is asked again for a while.
  const manager = await client.jetstreamManager(false);
  return { connection, client, manager };
}

function addressesOf({ urls, creds, ca }: Access): ConnectionOptions {
  const parsed = urls.map(parse);
  const [{ username, password }] = parsed as [URL];
  return {
    servers: parsed.map(({ host }) => host),
    ...(username && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    ...(creds && { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) }),
    ...((ca || parsed.some(({ protocol }) => protocol === "tls:")) && { tls: tlsOf(parsed, ca) }),
  };
}

/** For TLS: whom to trust, and by which names. */
function tlsOf(parsed: readonly URL[], ca: string | undefined) {
  const names = parsed.map(({ hostname }) => hostname.replace(/^\[|\]$/g, ""));
  return {
    // As text: the file itself can no longer be read when it comes to connecting again.
    ...(ca && { ca }),
    // Of an address without a name, the library would check that its certificate is for `localhost`.
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => {
      const faults = names.map((name) => checkServerIdentity(name, certificate));
      return faults.includes(undefined) ? undefined : faults[0];
    },
  };
}

/** An address that the options have checked. */
function parse(url: string): URL {
  return new URL(url.includes("://") ? url : `nats://${url}`);
}

/** Tries until it works or the time for it is over: NATS may have just started, or be choosing a leader. */
export async function patiently<T>(run: () => Promise<T>): Promise<T> {
  const end = performance.now() + READY_WITHIN;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const mayPass = error instanceof StreamFault && ["late", "nobody"].includes(error.kind);
      if (!mayPass || performance.now() > end) throw error;
      log.debug("NATS is not ready: {why}", { why: error.message });
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

/** What is wrong, and what to do. */
export function sentence({ urls, network }: Access, error: Error): string {
  const where = urls.map((url) => parse(url).host).join(", ");
  const at = `NATS at ${where}`;
  if (error instanceof errors.AuthorizationError) {
    return `${at} refuses this bobchat (${error.message}): see --nats-creds, and what NATS's users may do`;
  }
  if (error instanceof StreamFault) {
    if (error.kind === "nobody") {
      return `${at} has no JetStream for this bobchat: start nats-server with -js, and see its log`;
    }
    if (error.kind === "late") return `${at} does not answer: see its log, and start bobchat again`;
    if (error.kind === "full") {
      return `${at} has no room left (${error.message}): free space on its disk, or raise its limit`;
    }
    if (error.kind === "gone") {
      return `${at} has lost what the network ${network} needs (${error.message}): put its store back, or begin ` +
        "a new epoch with `bobchat network new`";
    }
    return `${at} does not let this bobchat in (${error.message}): see what its user may do`;
  }
  if (/certificate|altname/i.test(error.message)) {
    return `${at} cannot be trusted (${error.message}): see --nats-ca, and what names its certificate is for`;
  }
  return `cannot connect to ${at} (${error.message}): see that it runs there, and start bobchat again`;
}
