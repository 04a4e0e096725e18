// Which pages may open a WebSocket, by which names this server is known, and what its page may do.

import { isAddress } from "../../chat/address.ts";

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

/** The name or the address in a `Host`: without the port, in lower case. */
export function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

/** Names that only a network's own machines have. */
const LOCAL_NAME = /\.(?:local|lan|home\.arpa|internal)$/;

/**
 * Whether a `Host` may be this server's, so that its page may be shown: addresses, names that nobody can
 * register, and those that are given, such as `chat.example` and `*.chat.example`. Else any site could have
 * its own name point here, and then read in a browser what is said here (DNS rebinding).
 */
export function isKnownHost(host: string, names: readonly string[]): boolean {
  const name = nameOf(host);
  if (!name.includes(".") || isAddress(name) || LOCAL_NAME.test(name)) return name !== "";
  const above = name.replace(/^[^.]+/, "*");
  return names.some((each) => [name, above].includes(nameOf(each)));
}
