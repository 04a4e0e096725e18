// Who may open a WebSocket from where, and what a page of this server's may do.

import { isAddress, type Networks, plainAddress } from "../../chat/address.ts";

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

/** Where a connection comes from: the last one in `X-Forwarded-For` that no trusted proxy is. */
export function originalAddress(
  peer: string,
  { forwarded, proxies }: { forwarded: string | undefined; proxies: Networks },
): string {
  const hops = [
    ...forwarded?.split(",").map((hop) => plainAddress(withoutPort(hop.trim()))) ?? [],
    peer,
  ];
  let last = peer;
  for (const hop of hops.reverse()) {
    // What is no address, some client has made up.
    if (!isAddress(hop)) break;
    last = hop;
    if (!proxies.has(hop)) break;
  }
  return last;
}

/** As some proxies write it: `192.0.2.1:555`, `[2001:db8::1]:555`. */
function withoutPort(hop: string): string {
  return hop.replace(/^([\d.]+):\d+$/, "$1").replace(/^\[(.*)\](?::\d+)?$/, "$1");
}
