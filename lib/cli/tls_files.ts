// The certificate and the key of --tls-cert and --tls-key, read at the start and again at SIGHUP.

import type { SecureContext } from "node:tls";
import { contextOf } from "../net/key_pair.ts";
import { StartError } from "../errors.ts";

/** Where they are: in two files, or in one. */
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

/** Reads them into what handshakes are done with. Throws a `StartError` that names the file which is wrong. */
export function readContext(files: TlsFiles): SecureContext {
  const context = contextOf({ cert: read("cert", files), key: read("key", files) });
  if (!("why" in context)) return context;
  throw new StartError(`${files[context.in]} ${context.why}: ${advice(context.in)}`);
}

/** How to make them, where neither is there: the command writes over whatever is. */
export function howToMake({ cert, key }: TlsFiles): string {
  if (!isMissing(cert) || !isMissing(key)) return "";
  return `; to try, ${TRY} -keyout ${key} -out ${cert} makes a pair`;
}

function read(which: "cert" | "key", files: TlsFiles): string {
  try {
    return Deno.readTextFileSync(files[which]);
  } catch (error) {
    throw new StartError(`cannot read ${files[which]}: ${advice(which)}`, { cause: error });
  }
}

function advice(which: "cert" | "key"): string {
  return `give ${FLAGS[which]} the path of a ${KINDS[which]} in PEM that you may read`;
}

function isMissing(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}
