// The TLS listeners: all share one certificate, which can be changed while they are open.

import type { SecureContext } from "node:tls";
import { log } from "../log.ts";
import { SocketListener, type Where } from "../net/socket_listener.ts";
import { TlsListener, type TlsOptions } from "../net/tls_listener.ts";
import { StartError } from "../errors.ts";
import { listenAtEach } from "./listeners.ts";
import { howToMake, readContext, type TlsFiles } from "./tls_files.ts";

/** Listeners that share a certificate. */
export class TlsListeners {
  readonly #files: TlsFiles;
  #context: SecureContext;
  readonly #tls: TlsListener[] = [];
  readonly #listeners: SocketListener[] = [];

  /** Reads the certificate. Throws a `StartError`. */
  constructor(files: TlsFiles) {
    this.#files = files;
    try {
      this.#context = readContext(files);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      throw new StartError(error.message + howToMake(files), { cause: error.cause });
    }
  }

  /** Opens listeners; returns their addresses. Throws a `StartError` that names the flag to change. */
  listen(
    flag: string,
    addresses: readonly Where[],
    options: Omit<TlsOptions, "context">,
  ): Promise<Deno.NetAddr[]> {
    const tls = new TlsListener({ ...options, context: this.#context });
    this.#tls.push(tls);
    return listenAtEach(flag, addresses, (where) => {
      const serve = tls.take.bind(tls);
      const listener = new SocketListener({ serve, metrics: options.metrics });
      this.#listeners.push(listener);
      return listener.listen(where);
    });
  }

  /** Reads the files again and uses their certificate for new connections, or logs what is wrong with it. */
  reload(): void {
    try {
      this.#context = readContext(this.#files);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      return log.error("keeping the old certificate: {why}", { why: error.message });
    }
    for (const tls of this.#tls) tls.use(this.#context);
    log.info("new connections use the certificate in {file}", { file: this.#files.cert });
  }

  /** Accepts no more connections. */
  close(): void {
    for (const each of [...this.#listeners, ...this.#tls]) each.close();
  }
}
