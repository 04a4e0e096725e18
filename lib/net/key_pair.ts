// A certificate and its key, checked before use: Node accepts pairs that then fail at every handshake.

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";

/** A certificate, followed by those that vouch for it, and its private key; both PEM, maybe in one text. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** What is wrong with a pair: in which of the two, and why. */
export interface Flaw {
  readonly in: "cert" | "key";
  readonly why: string;
}

/** A certificate in PEM, whole or cut off; and a private key. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*(?:-----END CERTIFICATE-----)?/g;
const KEY = /-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----[^-]*-----END \1-----/;
/** The kinds of keys that Deno's TLS can sign with; the context refuses RSA keys that are too short. */
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];
const UNUSABLE =
  "is no key for TLS here: take RSA of 2048 bits or more, EC (P-256, P-384, P-521) or Ed25519";

/** The TLS context of a pair, or what is wrong with it. */
export function contextOf(pair: KeyPair): SecureContext | Flaw {
  const chain = pair.cert.match(CERTIFICATE) ?? [];
  const certificates = attempt(() => chain.map((each) => new X509Certificate(each)));
  const own = certificates?.[0];
  if (own === undefined) {
    const isChain = chain.length > 1;
    return { in: "cert", why: `${isChain ? "has a block that " : ""}is no certificate in PEM` };
  }
  const key = KEY.exec(pair.key)?.[0] ?? "";
  const privateKey = attempt(() => createPrivateKey(key));
  if (privateKey === undefined) {
    return { in: "key", why: "is no private key in PEM, or one with a passphrase" };
  }
  if (!attempt(() => own.checkPrivateKey(privateKey))) {
    return { in: "key", why: "is not the key of the certificate" };
  }
  const context = isUsable(privateKey)
    ? attempt(() => createSecureContext({ cert: chain.join("\n"), key }))
    : undefined;
  return context ?? { in: "key", why: UNUSABLE };
}

/** The names that a certificate is for, such as `chat.example` and `*.chat.example`. */
export function namesIn(cert: string): string[] {
  const own = ownIn(cert);
  if (own === undefined) return [];
  const listed = own.subjectAltName?.matchAll(/(?:^|, )DNS:([\w.*-]+)/g) ?? [];
  const common = /^CN=([\w.*-]+)$/m.exec(own.subject)?.[1];
  return [...new Set([...listed].map(([, name]) => name!).concat(common ?? []))];
}

/** Until when a certificate is valid, as epoch ms. */
export function expiryOf(cert: string): number {
  return ownIn(cert)?.validToDate.getTime() ?? NaN;
}

/** The server's own certificate, before those that vouch for it. */
function ownIn(cert: string): X509Certificate | undefined {
  const pem = cert.match(CERTIFICATE)?.[0];
  return pem === undefined ? undefined : attempt(() => new X509Certificate(pem));
}

function isUsable({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== "ec") return ["rsa", "ed25519"].includes(asymmetricKeyType ?? "");
  return CURVES.includes(asymmetricKeyDetails?.namedCurve ?? "");
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // Each library has its own words for it, none of which would help the user who named the file.
    return undefined;
  }
}
