// The handshake of a WebSocket (RFC 6455, section 4.2): what is wrong with a request, or the answer to it.

import { createHash } from "node:crypto";

/** What is used of a request; the names of headers are in lower case. */
export interface UpgradeRequest {
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** The one version that there is, and what is added to a key. */
const VERSION = "13", SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** A key is 16 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;
const PROTOCOL = /^[!#$%&'*+.^_`|~A-Za-z0-9-]+$/;

/** The answer to a request for a WebSocket; with a flaw it is a refusal. */
export function answerUpgrade(
  { method, headers }: UpgradeRequest,
): { readonly answer: string; readonly flaw?: string } {
  if (method !== "GET") {
    return refuse("405 Method Not Allowed", { flaw: "not a GET", headers: ["Allow: GET"] });
  }
  if (headers.get("sec-websocket-version") !== VERSION) {
    const supported = `Sec-WebSocket-Version: ${VERSION}`;
    return refuse("426 Upgrade Required", { flaw: "no such version", headers: [supported] });
  }
  const key = headers.get("sec-websocket-key") ?? "";
  if (!KEY.test(key)) return refuse("400 Bad Request", { flaw: "no key", headers: [] });
  const accept = createHash("sha1").update(key + SALT).digest("base64");
  const lines = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
  // A client that asks for protocols is content with the first.
  const protocol = headers.get("sec-websocket-protocol")?.split(",")[0]?.trim() ?? "";
  if (PROTOCOL.test(protocol)) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
  return { answer: head("101 Switching Protocols", lines) };
}

function refuse(
  status: string,
  { flaw, headers }: { flaw: string; headers: readonly string[] },
): { answer: string; flaw: string } {
  return { flaw, answer: head(status, [...headers, "Connection: close", "Content-Length: 0"]) };
}

function head(status: string, lines: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, ...lines, "", ""].join("\r\n");
}
