// Responses: an answer to a request becomes the bytes that are sent.

import type { HttpRequest } from "./request.ts";
import { HEADERS } from "./safety.ts";

/** An answer to a request. */
export interface Answer {
  readonly status: number;
  /** Header fields besides those that every answer has, as they are sent. */
  readonly fields: string;
  /** Undefined if the answer has no length either: 304. */
  readonly body: Uint8Array | undefined;
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  304: "Not Modified",
  308: "Permanent Redirect",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  414: "URI Too Long",
  417: "Expectation Failed",
  421: "Misdirected Request",
  426: "Upgrade Required",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};

const ENCODER = new TextEncoder();

/** Header fields, as they are sent. */
export function encodeFields(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join("");
}

const ALWAYS = encodeFields(HEADERS);
/** Over TLS, where alone browsers heed it: no other site's page keeps a hold of this one's window. */
export const OPENER = encodeFields({ "cross-origin-opener-policy": "same-origin" });
/** With `--tls-only`: browsers use https for this name, on all its ports, for a year. */
export const HSTS = encodeFields({ "strict-transport-security": "max-age=31536000" });

/** An answer that is a sentence. */
export function plainAnswer(
  status: number,
  sentence: string,
  more: Readonly<Record<string, string>> = {},
): Answer {
  const fields = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache" };
  const allow: Readonly<Record<string, string>> = status === 405 ? { allow: "GET, HEAD" } : {};
  return {
    status,
    fields: encodeFields({ ...fields, ...allow, ...more }),
    body: ENCODER.encode(`${status}: ${sentence}\n`),
  };
}

/** The bytes of an answer: without its body if it is to HEAD. */
export function encode(
  { status, fields, body }: Answer,
  { isLast, isHead }: { isLast: boolean; isHead: boolean },
): Uint8Array {
  const length = body === undefined ? "" : `content-length: ${body.length}\r\n`;
  const date = `date: ${new Date().toUTCString()}\r\n`;
  const head = ENCODER.encode(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\n` + date + ALWAYS + fields + length +
      (isLast ? "connection: close\r\n\r\n" : "\r\n"),
  );
  if (body === undefined || isHead) return head;
  // In one piece, since a write costs more than a copy of some kilobytes.
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/** Whether the sender of a request takes gzip. */
export function takesGzip({ headers }: HttpRequest): boolean {
  const accepted = (headers.get("accept-encoding") ?? "").toLowerCase().split(",");
  const weights = new Map(accepted.map((each) => {
    const [coding = "", weight] = each.split(";");
    return [coding.trim(), weight === undefined || !/^\s*q\s*=\s*0(?:\.0*)?\s*$/.test(weight)];
  }));
  return weights.get("gzip") ?? weights.get("*") ?? false;
}

/** Whether the sender of a request has what this ETag is of. */
export function hasAlready({ headers }: HttpRequest, etag: string): boolean {
  const had = headers.get("if-none-match");
  return had !== undefined &&
    (had === "*" || had.split(",").some((each) => each.trim().replace(/^W\//, "") === etag));
}
