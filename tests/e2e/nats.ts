// Starts Debian's nats-server with a store in a folder of its own, and does to it what happens to servers.

import { inTime } from "./bobchat.ts";

/** A nats-server with JetStream, on the same port and store through all its restarts. */
export class Nats implements AsyncDisposable {
  readonly #folder: string;
  #process: Deno.ChildProcess;
  #port = -1;
  #monitoring = "";

  private constructor(folder: string) {
    this.#folder = folder;
    this.#process = this.#spawn();
  }

  /** Starts one on a free port, and waits until it listens. */
  static async start(configuration = ""): Promise<Nats> {
    const folder = await Deno.makeTempDir({ prefix: "bobchat-nats-" });
    await Deno.writeTextFile(`${folder}/nats.conf`, configuration);
    const nats = new Nats(folder);
    await nats.#listening();
    return nats;
  }

  /** Its address. */
  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** Where it tells of itself, if its configuration has `http`. */
  get monitoring(): string {
    return this.#monitoring;
  }

  /** The folder of its store. */
  get store(): string {
    return `${this.#folder}/store`;
  }

  /** Sends it a signal. */
  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** Ends it, as a crash does by default. */
  async kill(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    this.#process.kill(signal);
    await this.#process.status;
  }

  /** Starts it again on its store. */
  async restart(configuration?: string): Promise<void> {
    if (configuration !== undefined) {
      await Deno.writeTextFile(`${this.#folder}/nats.conf`, configuration);
    }
    this.#process = this.#spawn();
    await this.#listening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.kill();
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    await Deno.remove(this.#folder, { recursive: true });
  }

  #spawn(): Deno.ChildProcess {
    const where = ["-a", "127.0.0.1", "-p", String(this.#port), "-sd", this.store];
    const settings = ["-c", `${this.#folder}/nats.conf`];
    const args = ["-js", ...where, ...settings, "--ports_file_dir", this.#folder];
    const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
    return new Deno.Command("nats-server", { args, ...quiet }).spawn();
  }

  /** Waits until it has written where it listens, and until it does. */
  async #listening(): Promise<void> {
    const file = `${this.#folder}/nats-server_${this.#process.pid}.ports`;
    const look = async () => {
      for (;;) {
        try {
          const { nats: [url], monitoring } = JSON.parse(await Deno.readTextFile(file));
          this.#port = Number(new URL(url).port);
          this.#monitoring = monitoring?.[0] ?? "";
          (await Deno.connect({ hostname: "127.0.0.1", port: this.#port })).close();
          return;
        } catch (error) {
          const isEarly = error instanceof Deno.errors.NotFound || error instanceof SyntaxError ||
            error instanceof Deno.errors.ConnectionRefused;
          if (!isEarly) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await inTime(look(), () => "nats-server to listen");
  }
}
