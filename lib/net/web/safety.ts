// Who may open a WebSocket from where, and what a page of this server's may do.

import { isAddress, type Networks, plainAddress } from "../../chat/address.ts";
import { log } from "../../log.ts";

/** Headers of every answer: a page runs and loads what this server sends, and is framed by nobody. */
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
    // No text becomes an element or code, wherever a script of the page's would put it.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Whether a page from this origin may talk to this server: its own, and those that are allowed. What is no
 * browser names none.
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

/** Where a connection comes from whose proxy does not know, or does not say: one client, and not the proxy. */
export const UNKNOWN = "unknown";

/**
 * Where a connection comes from: the last one in `X-Forwarded-For` that no trusted proxy is. A proxy that
 * sends none speaks for itself.
 */
export function originalAddress(
  peer: string,
  { forwarded, proxies }: { forwarded: string | undefined; proxies: Networks },
): string {
  if (forwarded === undefined || !proxies.has(peer)) return peer;
  // An empty element of a list stands for nothing.
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

/** As some proxies write it: `192.0.2.1:555`, `[2001:db8::1]:555`. */
function withoutPort(hop: string): string {
  return hop.replace(/^([\d.]+):\d+$/, "$1").replace(/^\[(.*)\](?::\d+)?$/, "$1");
}

/** Peers that are warned of: whoever has more proxies than this knows by then. */
const MOST_WARNED = 10;

/** Warns once of each peer that says whom it forwards, and is not trusted: its guests all look like one. */
export class ForwardingWarnings {
  readonly #warned = new Set<string>();

  /** A peer that is not trusted says so. */
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
