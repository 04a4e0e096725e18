// Reads the certificate and key that --tls-cert and --tls-key name, at the start and again at SIGHUP.

import type { SecureContext } from "node:tls";
import { contextOf, expiryOf, namesIn } from "../net/key_pair.ts";
import { StartError } from "../errors.ts";

/** The paths of both; they may be one file. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

const FLAGS = { cert: "--tls-cert", key: "--tls-key" } as const;
const KINDS = { cert: "certificate", key: "private key" } as const;

/** The command that makes a pair good enough to try. */
const TRY = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 " +
  "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 " +
  "-addext basicConstraints=critical,CA:FALSE";

/** A certificate for handshakes, the names that it is for, and until when it is valid (epoch ms). */
export interface Certificate {
  readonly context: SecureContext;
  readonly names: readonly string[];
  readonly expiry: number;
}

/** Reads the files. Throws a `StartError` that names the file that is wrong. */
export function readCertificate(files: TlsFiles): Certificate {
  const cert = read("cert", files);
  const context = contextOf({ cert, key: read("key", files) });
  if (!("why" in context)) {
    return { context, names: namesIn(cert), expiry: expiryOf(cert) };
  }
  throw new StartError(`${files[context.in]} ${context.why}: ${advice(context.in)}`);
}

/** How to make a pair, if neither file exists: the command would overwrite them. */
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
