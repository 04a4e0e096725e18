// Requests for a WebSocket, which site.ts has checked, and the answer that opens it (RFC 6455, section 4.2).

import { createHash } from "node:crypto";
import type { Origin } from "../connection.ts";
import type { HttpRequest } from "./request.ts";

/** A request that opens a WebSocket. */
export interface Upgrade {
  readonly request: HttpRequest;
  /** What was read after it. */
  readonly head: Uint8Array;
  readonly who: Origin;
}

/** What is added to a request's key. */
const SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const PROTOCOL = /^[!#$%&'*+.^_`|~A-Za-z0-9-]+$/;

/** The answer to a request that may open a WebSocket. */
export function acceptUpgrade({ headers }: Pick<HttpRequest, "headers">): string {
  const key = headers.get("sec-websocket-key") ?? "";
  const accept = createHash("sha1").update(key + SALT).digest("base64");
  const lines = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
  // A client that asks for protocols is content with the first.
  const protocol = headers.get("sec-websocket-protocol")?.split(",")[0]?.trim() ?? "";
  if (PROTOCOL.test(protocol)) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
  return ["HTTP/1.1 101 Switching Protocols", ...lines, "", ""].join("\r\n");
}
