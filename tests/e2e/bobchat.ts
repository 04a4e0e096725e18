// Starts the real program on a free port, and speaks to it as its clients do.

import config from "../../deno.json" with { type: "json" };
import { fail } from "../assert.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** Milliseconds until what a test waits for counts as not coming. */
const PATIENCE = 20_000;
/** How many bytes are the most recent ones. */
const RECENT = 4096;

const granted = async (name: "net" | "run") =>
  (await Deno.permissions.query({ name })).state === "granted";

/** Options of every end-to-end test: without the permissions it is shown as ignored. */
export const needsNetwork = {
  ignore: !(await granted("net") && await granted("run")),
};

/**
 * A test that needs these programs. Where the machine lacks one it is shown as ignored, with the
 * program's name; with `CI` set it fails instead.
 */
export function testWith(programs: readonly string[], name: string, fn: () => Promise<void>): void {
  const missing = needsNetwork.ignore ? [] : programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) Deno.test(name, needsNetwork, fn);
  else if (Deno.env.get("CI")) Deno.test(name, () => fail(`install ${missing.join(" and ")}`));
  else Deno.test({ name: `${name} (needs ${missing.join(" and ")})`, ignore: true, fn });
}

function isInstalled(program: string): boolean {
  const { success } = new Deno.Command("sh", {
    args: ["-c", `command -v ${program}`],
    stdout: "null",
  }).outputSync();
  return success;
}

/** The command that starts bobchat: $BOBCHAT_BIN, or the source with the start task's own permissions. */
export function command(args: readonly string[]): [string, string[]] {
  const built = Deno.env.get("BOBCHAT_BIN");
  if (built) return [built, [...args]];
  const flags = config.tasks.start.split(" ").filter((word) => word.startsWith("--"));
  return [Deno.execPath(), ["run", ...flags, `${ROOT}main.ts`, ...args]];
}

/** Runs bobchat to its end. */
export async function run(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [program, words] = command(args);
  const { code, stdout, stderr } = await new Deno.Command(program, { args: words, env }).output();
  return { code, stdout: DECODER.decode(stdout), stderr: DECODER.decode(stderr) };
}

const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();

/** Fails when the promise does not settle in time. */
export async function inTime<T>(promise: Promise<T>, what: () => string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what()}`)), PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes that arrive, as one growing text, to wait on. */
export class Incoming {
  /** One character a byte (Latin-1). */
  bytes = "";
  /** The same, as UTF-8. */
  text = "";
  /** The last of the bytes, for whoever waits for what comes after megabytes. */
  recent = "";
  ended = false;
  /** Resolves when the stream has ended, whether by EOF or by an error. */
  readonly finished: Promise<void>;
  #changed = Promise.withResolvers<void>();

  constructor(stream: ReadableStream<Uint8Array>) {
    this.finished = this.#collect(stream);
  }

  /** Forgets what has arrived, so that what is waited for is newer. */
  forget(): void {
    this.bytes = this.text = this.recent = "";
  }

  /** Waits until what has arrived matches; returns all of it. */
  async until(pattern: string | RegExp): Promise<string> {
    const matches = () =>
      typeof pattern === "string" ? this.text.includes(pattern) : pattern.test(this.text);
    await this.when(matches, String(pattern));
    return this.text;
  }

  /** Waits until the condition holds; it is asked again whenever something arrives. */
  async when(condition: () => boolean, what: string): Promise<void> {
    const wait = async () => {
      while (!condition()) {
        if (this.ended) throw new Error(`ended before ${what}; got ${JSON.stringify(this.text)}`);
        await this.#changed.promise;
      }
    };
    await inTime(wait(), () => `${what}; got ${JSON.stringify(this.text.slice(-2000))}`);
  }

  /** Waits for the end; returns all that arrived. */
  async end(): Promise<string> {
    await inTime(this.finished, () => `the end; got ${JSON.stringify(this.text.slice(-2000))}`);
    return this.text;
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of stream) {
        this.text += decoder.decode(chunk, { stream: true });
        for (let i = 0; i < chunk.length; i += 8192) {
          const more = String.fromCharCode(...chunk.subarray(i, i + 8192));
          this.bytes += more;
          this.recent = (this.recent + more).slice(-RECENT);
        }
        this.#notify();
      }
    } catch {
      // A reset ends the stream as well as EOF does; tests look at what came before.
    }
    this.text += decoder.decode();
    this.ended = true;
    this.#notify();
  }

  #notify(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }
}

/** Telnet's "no operation": whoever says something is greeted at once, and not after half a second. */
export const NOTHING = Uint8Array.of(255, 241);

/** What carries a client's lines: a connection, mostly. */
export type Carrier =
  & Pick<Deno.Conn, "write" | "closeWrite" | "close">
  & { readonly readable: ReadableStream<Uint8Array> };

/** A client that sends and is sent lines. */
export class Client implements Disposable {
  readonly incoming: Incoming;
  readonly #conn: Carrier;

  /** Over what is connected already. */
  constructor(conn: Carrier) {
    this.#conn = conn;
    this.incoming = new Incoming(conn.readable);
  }

  /** Connects to a port of this machine, and says nothing. */
  static async connect(port: number): Promise<Client> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    return new Client(conn);
  }

  /** Connects, and waits until the greeting is whole; the client then bears the name it was given. */
  static async join(port: number, name?: string): Promise<Client> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    await conn.write(NOTHING);
    return await Client.enter(conn, name);
  }

  /** The same over what is connected already. */
  static async enter(conn: Carrier, name?: string): Promise<Client> {
    const client = new Client(conn);
    await client.until("/help lists what else there is.\r\n");
    if (name !== undefined) {
      await client.send(`/nick ${name}\n`);
      await client.until(new RegExp(`(?:is now ${name}|You are ${name}\\.)\r\n`));
    }
    return client;
  }

  /** Sends all of it. */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? ENCODER.encode(data) : data;
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.#conn.write(rest));
  }

  /** Half-closes: nothing more will be sent. */
  async endWrites(): Promise<void> {
    await this.#conn.closeWrite();
  }

  /** As `Incoming.until`. */
  until(pattern: string | RegExp): Promise<string> {
    return this.incoming.until(pattern);
  }

  /** Waits for the server to close; returns all that arrived. */
  end(): Promise<string> {
    return this.incoming.end();
  }

  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch (error) {
      // Closed already by its stream's end.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

/** A running program, with what it writes. */
export class Program implements AsyncDisposable {
  readonly stdout: Incoming;
  readonly stderr: Incoming;
  readonly process: Deno.ChildProcess;
  /** What was typed to it. */
  typed = "";
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array> | undefined;

  /** Starts a command; with `input` it can be typed to. */
  constructor(
    [program, args]: readonly [string, readonly string[]],
    { env = {}, input = true }: { env?: Record<string, string>; input?: boolean } = {},
  ) {
    const pipes = { stdin: input ? "piped" : "null", stdout: "piped", stderr: "piped" } as const;
    this.process = new Deno.Command(program, { args: [...args], env, ...pipes }).spawn();
    this.#stdin = input ? this.process.stdin.getWriter() : undefined;
    this.stdout = new Incoming(this.process.stdout);
    this.stderr = new Incoming(this.process.stderr);
  }

  /** Types a text to it. */
  async type(text: string): Promise<void> {
    this.typed += text;
    await this.#stdin?.write(ENCODER.encode(text));
  }

  /** Ends its input. */
  async endInput(): Promise<void> {
    await this.#stdin?.close();
  }

  /** Waits for its end; returns the exit code. */
  async end(): Promise<number> {
    const { code } = await inTime(this.process.status, () => `the end; ${this.stderr.text}`);
    await Promise.all([this.stdout.finished, this.stderr.finished]);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.process.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    // What it has started itself ends with its input.
    await this.#stdin?.abort();
    await this.end();
  }
}

/** A running bobchat. */
export class Bobchat extends Program {
  ports: number[] = [];

  /** Starts it on a free port of 127.0.0.1, unless the arguments say otherwise, and waits until it is ready. */
  static async start(
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<Bobchat> {
    const where = args.some((arg) => /^(-p|--port)/.test(arg)) ? [] : ["--port", "0"];
    const host = args.some((arg) => /^(-H|--host)/.test(arg)) ? [] : ["--host", "127.0.0.1"];
    const [program, words] = command([...where, ...host, ...args]);
    return await Bobchat.spawn(program, words, env);
  }

  /** Runs any command that ends up as bobchat, and waits until it is ready. */
  static async spawn(
    program: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<Bobchat> {
    const bobchat = new Bobchat([program, args], { env, input: false });
    // The ways in come after all the listeners.
    const text = await bobchat.stdout.until(/^ {2}\S.*\n/m);
    bobchat.ports = [...text.matchAll(/listening on .*:(\d+)$/gm)].map(([, port]) => Number(port));
    return bobchat;
  }

  /** The first port. */
  get port(): number {
    return this.ports[0]!;
  }

  /** Sends a signal and waits for the end; returns the exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    this.process.kill(signal);
    return await this.end();
  }
}
