// Certificates and keys: what handshakes can be done with, and what is wrong with what they cannot.

import { contextOf, expiryOf, namesIn } from "../../../lib/net/key_pair.ts";
import { assert, assertEquals } from "../../assert.ts";

// Made for these tests, and known to all: P-256, and secp256k1, with which nobody shakes hands.
const P256 = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBbjCCARWgAwIBAgIUb32+PFKguOUbfIB0YhprcQIHr5wwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAgFw0yNjExMjQxMjA2NDNaGA8yMTI2MTAzMTEyMDY0M1ow
DDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGVfEDuovXEI
6q6xEl8jPBXUzzQTvQPi+A9bkpSAj/juq582pq0ykpFKKNkQsig61xgo0XoJYK/s
duN2XRcE1e+jUzBRMB0GA1UdDgQWBBT9juwT6KKXrNLtY4jIavwJDNwqrTAfBgNV
HSMEGDAWgBT9juwT6KKXrNLtY4jIavwJDNwqrTAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0cAMEQCIDjGl8IL4CJoEwa4X2pDIJSrXkOmIaDAreqB+Eswsrd5
AiBJ3NVWV7fJAg/nzpbVKUjDh2qbIEk4Xq2jtw8cyl4Y+g==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeSimvE5lAeDSw3wa
iDHiMIeLl0lXHpl3wkaYMwGiqFuhRANCAARlXxA7qL1xCOqusRJfIzwV1M80E70D
4vgPW5KUgI/47qufNqatMpKRSijZELIoOtcYKNF6CWCv7Hbjdl0XBNXv
-----END PRIVATE KEY-----
`,
};
const K256 = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBazCCARKgAwIBAgIUQ/3eCwzuGX5ZukOaz+Yv54GKmiUwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAgFw0yNjExMjQxMjA2NDNaGA8yMTI2MTAzMTEyMDY0M1ow
DDEKMAgGA1UEAwwBeDBWMBAGByqGSM49AgEGBSuBBAAKA0IABPcVlgqx3iHuJyH2
dFMe0b/cp8wBgM4KxdeM5p9TVjrM3g9AQY+6aPiqVSWslDgs/JcPbxBKjq5PNP0r
XQuVFoqjUzBRMB0GA1UdDgQWBBScnyezm906ynbDisWfYbpLle6s+TAfBgNVHSME
GDAWgBScnyezm906ynbDisWfYbpLle6s+TAPBgNVHRMBAf8EBTADAQH/MAoGCCqG
SM49BAMCA0cAMEQCIAL/FI8uaLQ3BrXrZMc0ATFApko5EdktY6DZrLBImM+MAiB5
GioLfrr39eVD4aJlbMAL2cvrrM92gEzHbmHATZqczQ==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgaCZZqf3UjXg0DQOO+BC/
D+ywd03e3EjPMqvQjAR8s06hRANCAAT3FZYKsd4h7ich9nRTHtG/3KfMAYDOCsXX
jOafU1Y6zN4PQEGPumj4qlUlrJQ4LPyXD28QSo6uTzT9K10LlRaK
-----END PRIVATE KEY-----
`,
};

/** What is wrong, if anything. */
function flaw(cert: string, key: string): string | undefined {
  const context = contextOf({ cert, key });
  return "why" in context ? `${context.in} ${context.why}` : undefined;
}

Deno.test("a pair may be in two files or in one, with whatever else around it", () => {
  const { cert, key } = P256;
  const parameters =
    "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
  const both = [
    key + cert,
    cert + key,
    `Bag Attributes\n  x: 1\n${parameters}${key}subject=x\n${cert}`,
  ];
  for (const file of both) {
    for (const [c, k] of [[file, file], [cert, file], [file, key]] as const) {
      assertEquals(flaw(c, k), undefined);
    }
  }
  const dos = (cert + key).replaceAll("\n", "\r\n");
  assertEquals(flaw(dos, dos), undefined);
  assertEquals(flaw(cert + K256.cert, key), undefined);
});

Deno.test("each certificate of a chain is looked at, and the first one's key is wanted", () => {
  const { cert, key } = P256;
  const block = (text: string) =>
    `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  const none = "cert is no certificate in PEM", broken = `cert has a block that ${none.slice(5)}`;
  for (const file of ["", "hello", key, block("AAAA"), cert.slice(0, 300)]) {
    assertEquals(flaw(file, key), none);
  }
  for (const rest of [block("AAAA"), block("AAAA") + cert, cert.slice(0, 300), block("-")]) {
    assertEquals(flaw(cert + rest, key), broken);
  }
  assertEquals(flaw(K256.cert + cert, key), "key is not the key of the certificate");
});

Deno.test("a key that no handshake can be done with is refused", () => {
  const { cert, key } = P256;
  const none = "key is no private key in PEM, or one with a passphrase";
  for (const file of ["", "hello", cert, key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE")]) {
    assertEquals(flaw(cert, file), none);
  }
  const unusable = flaw(K256.cert, K256.key);
  assert(unusable?.startsWith("key is no key for TLS here: take RSA of 2048 bits or more, "));
});

/** For chat.example, *.wild.example, an address, a URI and a mailbox. */
const NAMED = `-----BEGIN CERTIFICATE-----
MIIB2DCCAX6gAwIBAgIUERU1bugbjS51lqqEbTh46G33Kg0wCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMY2hhdC5leGFtcGxlMCAXDTI2MTEyNTA0NTA0N1oYDzIxMjYx
MTAxMDQ1MDQ3WjAXMRUwEwYDVQQDDAxjaGF0LmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQn+DqpG4a3impHEzReynzofWm9Ypr39gL3JQq+Xbl7SNGy
yPrUwMU2CHU3hwIdcxJI1+OVAOA2jX9dyQJAscsTo4GlMIGiMB0GA1UdDgQWBBSM
U0I0ngVfJyKCBGxNBsq8Zit7+DAfBgNVHSMEGDAWgBSMU0I0ngVfJyKCBGxNBsq8
Zit7+DBSBgNVHREESzBJggxjaGF0LmV4YW1wbGWHBMAAAgGCDioud2lsZC5leGFt
cGxlhhNodHRwczovL3VyaS5leGFtcGxlgQ5hQG1haWwuZXhhbXBsZTAMBgNVHRMB
Af8EAjAAMAoGCCqGSM49BAMCA0gAMEUCIQDwJKzVfhxDsbwsXsGQGCdo2GaXzWmO
lY09FJhfKlMK/gIgME+Eayk1Pp0zyuzpHoN3jqCagKbzJvwIGlc80bSOfsw=
-----END CERTIFICATE-----
`;

Deno.test("a certificate names the hosts that it is for, and no addresses, pages or mailboxes", () => {
  assertEquals(namesIn(NAMED), ["chat.example", "*.wild.example"]);
  // The first is the server's own; the others vouch for it.
  assertEquals(namesIn(P256.cert + NAMED), ["x"]);
  assertEquals([namesIn(""), namesIn("-----BEGIN CERTIFICATE-----\n!")], [[], []]);
});

Deno.test("a certificate is valid until a time, whatever those have that vouch for it", () => {
  assertEquals(expiryOf(P256.cert + NAMED), Date.UTC(2126, 9, 31, 12, 6, 43));
  assertEquals(expiryOf(""), NaN);
});
