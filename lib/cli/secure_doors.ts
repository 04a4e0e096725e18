// The doors that speak TLS: all with one certificate, which can be changed while they are open.

import { log } from "../log.ts";
import { SocketListener, type Where } from "../net/socket_listener.ts";
import { TlsDoor, type TlsOptions } from "../net/tls.ts";
import { StartError } from "./errors.ts";
import { listenAtEach } from "./listeners.ts";
import { readPair, type TlsFiles } from "./tls_files.ts";

/** Doors that share a certificate. */
export class SecureDoors {
  readonly #files: TlsFiles;
  #pair;
  readonly #doors: TlsDoor[] = [];
  readonly #listeners: SocketListener[] = [];

  /** Reads the certificate. Throws a `StartError`. */
  constructor(files: TlsFiles) {
    this.#files = files;
    this.#pair = readPair(files);
  }

  /** Opens doors; the addresses that they got. Throws a `StartError` that names the flag to change. */
  listen(
    flag: string,
    addresses: readonly Where[],
    options: Omit<TlsOptions, "pair">,
  ): Promise<Deno.NetAddr[]> {
    const door = new TlsDoor({ ...options, pair: this.#pair });
    this.#doors.push(door);
    return listenAtEach(flag, addresses, (where) => {
      const serve = door.take.bind(door);
      const listener = new SocketListener({ serve, metrics: options.metrics });
      this.#listeners.push(listener);
      return listener.listen(where);
    });
  }

  /** Uses the certificate that the files have now for newcomers, or says what is wrong with it. */
  reload(): void {
    try {
      this.#pair = readPair(this.#files);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      return log.error("the certificate stays as it is: {why}", { why: error.message });
    }
    for (const door of this.#doors) door.use(this.#pair);
    log.info("newcomers get the certificate that {file} has now", { file: this.#files.cert });
  }

  /** Lets nobody in any more. */
  close(): void {
    for (const each of [...this.#listeners, ...this.#doors]) each.close();
  }
}
