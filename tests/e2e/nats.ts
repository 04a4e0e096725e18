// Starts Debian's nats-server with a store in a folder of its own, and does to it what happens to servers.

import { Program } from "./bobchat.ts";

/** A nats-server with JetStream, on the same port and store through all its restarts. */
export class Nats implements AsyncDisposable {
  readonly #folder: string;
  #program: Program;
  #port = -1;
  #monitoring = "";

  private constructor(folder: string) {
    this.#folder = folder;
    this.#program = this.#spawn();
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
    this.#program.process.kill(signal);
  }

  /** Ends it, as a crash does by default. */
  async kill(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    this.signal(signal);
    await this.#program.end();
  }

  /** Starts it again on its store. */
  async restart(configuration?: string): Promise<void> {
    if (configuration !== undefined) {
      await Deno.writeTextFile(`${this.#folder}/nats.conf`, configuration);
    }
    this.#program = this.#spawn();
    await this.#listening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }

  #spawn(): Program {
    const where = ["-a", "127.0.0.1", "-p", String(this.#port), "-sd", this.store];
    const settings = ["-c", `${this.#folder}/nats.conf`];
    return new Program(["nats-server", ["-js", ...where, ...settings]], { input: false });
  }

  /** Waits until it says where it listens, and that it does. */
  async #listening(): Promise<void> {
    const text = await this.#program.stderr.until("Server is ready\n");
    const [, port] = text.match(/Listening for client connections on 127\.0\.0\.1:(\d+)\n/)!;
    this.#port = Number(port);
    const [, monitoring] = text.match(/Starting http monitor on (127\.0\.0\.1:\d+)\n/) ?? [];
    this.#monitoring = `http://${monitoring}`;
  }
}
