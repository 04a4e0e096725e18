// Headers of the PROXY protocol, whole, cut, malformed and hostile.

import fc from "fast-check";
import { parseProxyHeader, type ProxyHeader } from "../../../lib/wire/proxy_header.ts";
import { assert, assertEquals } from "../../assert.ts";

const ENCODER = new TextEncoder();
const SIGNATURE = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10];

/** A header of version 2. */
function binary(command: number, kind: number, rest: readonly number[]): Uint8Array {
  const { length } = rest;
  return Uint8Array.of(...SIGNATURE, command, kind, length >> 8, length & 255, ...rest);
}

const IPV4 = [192, 0, 2, 1, 198, 51, 100, 2, 0x30, 0x39, 0, 80];
const IPV6 = [
  ...[0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0), 1],
  ...[0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0), 2],
  ...[0, 5, 0, 6],
];
/** The field of a client that used TLS, with a version inside; and one that did not. */
const USED_TLS = [0x20, 0, 8, 1, 0, 0, 0, 0, 0x21, 0, 0], PLAIN = [0x20, 0, 5, 0, 0, 0, 0, 0];

const GOOD: [string | Uint8Array, ProxyHeader["origin"]][] = [
  [
    "PROXY TCP4 192.0.2.1 198.51.100.2 12345 80\r\n",
    { address: "192.0.2.1", port: 12345, isSecure: false },
  ],
  ["PROXY TCP6 2001:db8::1 ::2 5 6\r\n", { address: "2001:db8::1", port: 5, isSecure: false }],
  ["PROXY UNKNOWN\r\n", undefined],
  ["PROXY UNKNOWN ffff::1 whatever 5 6\r\n", undefined],
  [binary(0x21, 0x11, IPV4), { address: "192.0.2.1", port: 12345, isSecure: false }],
  [binary(0x21, 0x21, IPV6), { address: "2001:db8::1", port: 5, isSecure: false }],
  [
    binary(0x21, 0x11, [...IPV4, 4, 0, 2, 9, 9, ...USED_TLS]),
    { address: "192.0.2.1", port: 12345, isSecure: true },
  ],
  [
    binary(0x21, 0x11, [...IPV4, ...PLAIN]),
    { address: "192.0.2.1", port: 12345, isSecure: false },
  ],
  [binary(0x20, 0, []), undefined],
  [binary(0x20, 0x11, IPV4), undefined],
  [binary(0x21, 0, [1, 2, 3]), undefined],
  [binary(0x21, 0x31, Array(216).fill(0)), undefined],
  [binary(0x21, 0x12, IPV4), undefined],
];

const bytesOf = (what: string | Uint8Array) =>
  typeof what === "string" ? ENCODER.encode(what) : what;

Deno.test("a header says where a connection comes from, and what follows is not its", () => {
  for (const [header, origin] of GOOD) {
    const bytes = bytesOf(header);
    const glued = Uint8Array.of(...bytes, ...ENCODER.encode("PROXY hello\r\n"));
    const name = JSON.stringify(header);
    assertEquals(parseProxyHeader(glued), { length: bytes.length, origin }, name);
    for (let count = 0; count < bytes.length; count++) {
      assertEquals(parseProxyHeader(bytes.subarray(0, count)), undefined, `${name} ${count}`);
    }
  }
});

Deno.test("what is no header is a reason", () => {
  const bad: (string | Uint8Array)[] = [
    "hello\n",
    "proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n",
    "PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n",
    "PROXY TCP4 ::1 ::2 1 2\r\n",
    "PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n",
    "PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n",
    `PROXY TCP4 ${"1".repeat(200)}`,
    binary(0x11, 0x11, IPV4),
    binary(0x22, 0x11, IPV4),
    binary(0x21, 0x11, IPV4.slice(1)),
    binary(0x21, 0x21, IPV4),
    binary(0x21, 0x11, [...IPV4, 0x20, 0, 9, 1]),
    binary(0x21, 0x11, [...IPV4, 0x20]),
    Uint8Array.of(...SIGNATURE, 0x21, 0x11, 0xff, 0xff),
    Uint8Array.of(13, 10, 13, 11),
  ];
  for (const what of bad) {
    assertEquals(typeof parseProxyHeader(bytesOf(what)), "string", JSON.stringify(what));
  }
});

Deno.test("no bytes make it throw, or wait for more than 4 KiB", () => {
  const start = fc.constantFrom<number[]>([], SIGNATURE, [...SIGNATURE, 0x21, 0x11], [
    ...ENCODER.encode("PROXY TCP4 "),
  ]);
  fc.assert(fc.property(start, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
    parseProxyHeader(Uint8Array.of(...start, ...rest));
    const long = new Uint8Array(4200);
    long.set(start);
    long.set(rest, start.length);
    assert(parseProxyHeader(long) !== undefined);
  }));
});
