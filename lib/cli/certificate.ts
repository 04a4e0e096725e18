// The certificate of --tls-cert and --tls-key: read at the start, and again at SIGHUP for new connections.

import { log } from "../log.ts";
import { type TlsOptions, TlsServer } from "../net/tls.ts";
import { StartError } from "../errors.ts";
import { type Certificate, howToMake, readCertificate, type TlsFiles } from "./tls_files.ts";

/** A TLS server whose certificate can be read again. */
export interface Secure {
  readonly serve: TlsServer["serve"];
  readonly close: () => void;
  /** The names that the certificate is for. */
  readonly names: readonly string[];
  /** Reads the files again and uses their certificate for new connections, or logs what is wrong with it. */
  readonly reload: () => void;
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
    reload: () => {
      const changed = certificateAgain(files);
      if (changed === undefined) return;
      ({ context, names } = changed);
      tls.use(context);
    },
  };
}

function certificateAtStart(files: TlsFiles): Certificate {
  try {
    return readCertificate(files);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new StartError(error.message + howToMake(files), { cause: error.cause });
  }
}

function certificateAgain(files: TlsFiles): Certificate | undefined {
  try {
    const certificate = readCertificate(files);
    log.info("new connections use the certificate in {file}", { file: files.cert });
    return certificate;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    log.error("keeping the old certificate: {why}", { why: error.message });
  }
}
