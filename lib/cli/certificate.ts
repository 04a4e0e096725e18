// The certificate of --tls-cert and --tls-key: read at the start, and again at SIGHUP for new connections.

import { log } from "../log.ts";
import { type TlsOptions, TlsServer } from "../net/tls.ts";
import { StartError } from "../errors.ts";
import { howToMake, readContext, type TlsFiles } from "./tls_files.ts";

/** A TLS server whose certificate can be read again. */
export interface Secure {
  readonly serve: TlsServer["serve"];
  readonly close: () => void;
  /** Reads the files again and uses their certificate for new connections, or logs what is wrong with it. */
  readonly reload: () => void;
}

/** Reads the certificate. Throws a `StartError`. */
export function secure(files: TlsFiles, options: Omit<TlsOptions, "context">): Secure {
  const tls = new TlsServer({ ...options, context: contextAtStart(files) });
  return {
    serve: (connection) => tls.serve(connection),
    close: () => tls.close(),
    reload: () => reload(files, tls),
  };
}

function contextAtStart(files: TlsFiles): TlsOptions["context"] {
  try {
    return readContext(files);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new StartError(error.message + howToMake(files), { cause: error.cause });
  }
}

function reload(files: TlsFiles, tls: TlsServer): void {
  try {
    tls.use(readContext(files));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return log.error("keeping the old certificate: {why}", { why: error.message });
  }
  log.info("new connections use the certificate in {file}", { file: files.cert });
}
