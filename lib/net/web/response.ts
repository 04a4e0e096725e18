// Responses: an answer to a request becomes the bytes that are sent.

import type { HttpRequest } from "./request.ts";
import { HEADERS } from "./safety.ts";

/** An answer to a request. */
export interface Answer {
  readonly status: number;
  /** Header fields besides those that every answer has. */
  readonly headers: Readonly<Record<string, string>>;
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
const lines = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
const ALWAYS = lines(HEADERS);

/** An answer that is a sentence. */
export function plainAnswer(
  status: number,
  sentence: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-cache",
      ...status === 405 ? { allow: "GET, HEAD" } : {},
      ...headers,
    },
    body: ENCODER.encode(`${status}: ${sentence}\n`),
  };
}

/** The head of an answer, as bytes. */
export function encodeHead({ status, headers, body }: Answer, isLast: boolean): Uint8Array {
  return ENCODER.encode([
    `HTTP/1.1 ${status} ${REASONS[status]}\r\n`,
    `date: ${new Date().toUTCString()}\r\n`,
    ALWAYS,
    lines(headers),
    body === undefined ? "" : `content-length: ${body.length}\r\n`,
    isLast ? "connection: close\r\n\r\n" : "\r\n",
  ].join(""));
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
