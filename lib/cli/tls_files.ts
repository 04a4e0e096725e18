// The certificate and the key of --tls-cert and --tls-key, read at the start and again at SIGHUP.

import { flawOf, type KeyPair } from "../net/key_pair.ts";
import { StartError } from "./errors.ts";

/** Where they are. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

const FLAGS = { cert: "--tls-cert", key: "--tls-key" } as const;
const KINDS = { cert: "certificate", key: "private key" } as const;

/** What makes a pair that is good enough to try. */
const TRY = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 " +
  "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 " +
  "-addext basicConstraints=critical,CA:FALSE";

/** Reads them. Throws a `StartError` that names the file which is wrong, and what makes a right one. */
export function readPair(files: TlsFiles): KeyPair {
  const pair = { cert: read("cert", files), key: read("key", files) };
  const flaw = flawOf(pair);
  if (flaw === undefined) return pair;
  throw new StartError(`${files[flaw.in]} ${flaw.why}: ${advice(flaw.in, files)}`);
}

function read(which: "cert" | "key", files: TlsFiles): string {
  try {
    return Deno.readTextFileSync(files[which]);
  } catch (error) {
    throw new StartError(`cannot read ${files[which]}: ${advice(which, files)}`, { cause: error });
  }
}

function advice(which: "cert" | "key", { cert, key }: TlsFiles): string {
  return `give ${FLAGS[which]} the path of a ${KINDS[which]} in PEM that you may read; ` +
    `to try, ${TRY} -keyout ${key} -out ${cert} makes a pair`;
}
