// A certificate and its key, looked at before they are used: Node takes any two texts, and fails at the
// first handshake.

import { createPrivateKey, X509Certificate } from "node:crypto";

/** A certificate, with those that vouch for it behind it, and its private key; both in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** What is wrong with a pair: which of the two, and why. */
export interface Flaw {
  readonly in: "cert" | "key";
  readonly why: string;
}

/** What is wrong with a pair, or nothing. */
export function flawOf({ cert, key }: KeyPair): Flaw | undefined {
  const certificate = attempt(() => new X509Certificate(cert));
  if (certificate === undefined) return { in: "cert", why: "is no certificate in PEM" };
  const privateKey = attempt(() => createPrivateKey(key));
  if (privateKey === undefined) {
    return { in: "key", why: "is no private key in PEM, or one with a passphrase" };
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    return { in: "key", why: "is not the key of the certificate" };
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    // Each library has its own words for it, and none that would help whoever named the file.
    return undefined;
  }
}
