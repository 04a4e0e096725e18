// Who may open a WebSocket and from where, and what this server's page may do.

import { isAddress, type Networks, plainAddress } from "../../chat/address.ts";
import { log } from "../../log.ts";

/** For every response: a page runs and loads only what this server sends, and no site may frame it. */
export const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // No text becomes an element or code, wherever a script of the page puts it.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Whether a page from this origin may connect: this server's own origin, and those that are allowed. Clients
 * other than browsers send no origin.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  { host, isSecure, allowed }: {
    host: string | undefined;
    isSecure: boolean;
    allowed: readonly string[];
  },
): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  const own = `${isSecure ? "https" : "http"}://${host}`;
  return URL.canParse(own) && URL.canParse(origin) &&
    new URL(origin).origin === new URL(own).origin;
}

/** The address of a connection whose proxy does not know it or does not say: one client, not the proxy. */
export const UNKNOWN = "unknown";

/**
 * The address that a connection comes from: the last in `X-Forwarded-For` that is no trusted proxy. A proxy
 * that sends no such header counts as the client.
 */
export function originalAddress(
  peer: string,
  { forwarded, proxies }: { forwarded: string | undefined; proxies: Networks },
): string {
  if (forwarded === undefined || !proxies.has(peer)) return peer;
  // Empty elements of a list are ignored.
  const hops = forwarded.split(",").map((hop) => hop.trim()).filter((hop) => hop !== "");
  let last = UNKNOWN;
  for (const hop of hops.reverse()) {
    const address = plainAddress(withoutPort(hop));
    if (!isAddress(address)) return UNKNOWN;
    last = address;
    if (!proxies.has(address)) break;
  }
  return last;
}

/** Removes the port that some proxies add: `192.0.2.1:555`, `[2001:db8::1]:555`. */
function withoutPort(hop: string): string {
  return hop.replace(/^([\d.]+):\d+$/, "$1").replace(/^\[(.*)\](?::\d+)?$/, "$1");
}

/** Most peers that are warned of: who has more proxies knows by then. */
const MOST_WARNED = 10;

/** Warns once of each peer that forwards but is not trusted: all its clients look like one. */
export class ForwardingWarnings {
  readonly #warned = new Set<string>();

  /** Notes that a peer that is not trusted has forwarded a connection. */
  note(peer: string): void {
    if (this.#warned.has(peer) || this.#warned.size >= MOST_WARNED) return;
    this.#warned.add(peer);
    log.warn(
      "{peer} sends X-Forwarded-For but is not trusted, so everyone who comes through it has its address, " +
        "and a ban of one bans all: if it is your proxy, start with --trusted-proxy {peer}",
      { peer },
    );
  }
}
