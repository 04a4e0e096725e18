// The certificate of --tls-cert and --tls-key: read at the start, and again at SIGHUP for new connections.

import { log } from "../log.ts";
import { type TlsOptions, TlsServer } from "../net/tls.ts";
import { StartError } from "../errors.ts";
import type { Options } from "./options.ts";
import { type Certificate, howToMake, readCertificate, type TlsFiles } from "./tls_files.ts";

/** A TLS server whose certificate can be read again. */
export interface Secure {
  readonly serve: TlsServer["serve"];
  readonly close: () => void;
  /** The names that the certificate is for. */
  readonly names: readonly string[];
  /** Reads the files that these options name, and uses their certificate for new connections or logs why not. */
  readonly reload: (options: Options) => void;
}

/** Reads the certificate. Throws a `StartError`. */
export function secure(files: TlsFiles, options: Omit<TlsOptions, "context">): Secure {
  let { context, names } = certificateAtStart(files);
  const tls = new TlsServer({ ...options, context });
  return {
    serve: (connection) => tls.serve(connection),
    close: () => tls.close(),
    get names() {
      return names;
    },
    reload: ({ tlsCert: cert = files.cert, tlsKey: key = files.key }) => {
      const changed = certificateAgain({ cert, key });
      if (changed === undefined) return;
      ({ context, names } = changed);
      tls.use(context);
    },
  };
}

function certificateAtStart(files: TlsFiles): Certificate {
  try {
    const certificate = readCertificate(files);
    warnIfOver(files, certificate);
    return certificate;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new StartError(error.message + howToMake(files), { cause: error.cause });
  }
}

function certificateAgain(files: TlsFiles): Certificate | undefined {
  try {
    const certificate = readCertificate(files);
    log.info("new connections use the certificate in {file}", { file: files.cert });
    warnIfOver(files, certificate);
    return certificate;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    log.error("keeping the old certificate: {why}", { why: error.message });
  }
}

function warnIfOver({ cert: file }: TlsFiles, { expiry }: Certificate): void {
  if (!(expiry < Date.now())) return;
  const until = new Date(expiry).toISOString().slice(0, 10);
  log.warn("the certificate in {file} was valid until {until}: browsers refuse it", {
    file,
    until,
  });
}
