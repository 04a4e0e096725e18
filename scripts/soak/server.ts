// The server that is soaked: a process of its own on loopback, with a history, TLS and /metrics, and with the
// shim by which its clock jumps and its disk is slow.

import http from "node:http";
import { delay } from "../../lib/std/typed.ts";
import { compile } from "../bench/servers.ts";
import { type Metrics, readMetrics } from "./books.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** Milliseconds in which it must be up, and have stopped. */
const UP_WITHIN = 20_000, DOWN_WITHIN = 30_000;
/** Bytes of the disk that the history is on, if it is one of its own. */
const DISK = 512 * 1024 * 1024;

/** The figures of one moment. */
export interface Figures {
  /** Bytes. */
  readonly rss: number;
  readonly heap: number;
  readonly wal: number;
  /** File descriptors. */
  readonly files: number;
  /** Connections and members. */
  readonly open: number;
  readonly members: number;
  /** Seconds of processor time so far. */
  readonly processor: number;
  /** How often its main thread has waited for something so far: each timer that fires ends such a wait. */
  readonly waits: number;
}

/** A server that was started. */
export class Server {
  readonly port: number;
  readonly statusPort: number;
  readonly folder: string;
  readonly ca: string;
  /** Why the shim is not there, so that neither clock nor disk can be disturbed. */
  readonly shimMissing: string | undefined;
  /** Whether the history has a disk of its own, which can be filled. */
  readonly hasDisk: boolean;
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<Deno.CommandStatus>;
  /** How it ended; undefined while it runs. */
  status: Deno.CommandStatus | undefined;

  private constructor(parts: Parts, child: Deno.ChildProcess) {
    ({
      port: this.port,
      statusPort: this.statusPort,
      folder: this.folder,
      ca: this.ca,
      shimMissing: this.shimMissing,
      hasDisk: this.hasDisk,
    } = parts);
    this.#child = child;
    this.#ended = child.status.then((status) => this.status = status);
  }

  /** Starts it with its files in a folder, and waits until it takes people. */
  static async start(folder: string): Promise<Server> {
    const cert = `${folder}/cert.pem`, key = `${folder}/key.pem`;
    await makePair(cert, key);
    const shimMissing = await compile(`${ROOT}scripts/soak/shim.c`, `${folder}/shim.so`, [
      "-shared",
      "-fPIC",
    ]);
    const disk = `${folder}/disk`;
    await Deno.mkdir(disk);
    const hasDisk = await mount(disk);
    const parts = {
      ...{ folder, ca: await Deno.readTextFile(cert), shimMissing, hasDisk },
      ...{ port: freePort(), statusPort: freePort() },
    };
    await Deno.writeFile(`${folder}/faults`, new Uint8Array(16));
    const [program, args] = await command([
      ...["--host", "127.0.0.1", "--port", `${parts.port}`, "--status-port", `${parts.statusPort}`],
      ...["--history", `${disk}/chat.db`, "--tls-cert", cert, "--tls-key", key],
      ...["--rate", "50", "--burst", "100", "--write-timeout", "10", "--log-file", `${folder}/log`],
    ]);
    const env: Record<string, string> = shimMissing === undefined
      ? { LD_PRELOAD: `${folder}/shim.so`, SOAK_FAULTS: `${folder}/faults` }
      : {};
    const pipes = { stdin: "null", stdout: "null", stderr: "inherit" } as const;
    const server = new Server(parts, new Deno.Command(program, { args, env, ...pipes }).spawn());
    const end = performance.now() + UP_WITHIN;
    while (!await server.isReady()) {
      if (server.status !== undefined || performance.now() > end) {
        await server.stop("SIGKILL");
        throw new Error(`the server does not start: see ${folder}/log`);
      }
      await delay(50);
    }
    return server;
  }

  /** The process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** The file with the history. */
  get history(): string {
    return `${this.folder}/disk/chat.db`;
  }

  /** Sends it a signal. */
  kill(signal: Deno.Signal): void {
    if (this.status === undefined) this.#child.kill(signal);
  }

  /** Ends it; with SIGKILL if it takes too long. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<Deno.CommandStatus> {
    this.kill(signal);
    const late = setTimeout(() => this.kill("SIGKILL"), DOWN_WITHIN);
    const status = await this.#ended;
    clearTimeout(late);
    return status;
  }

  /** Gives back its disk. */
  async unmount(): Promise<void> {
    if (this.hasDisk) await new Deno.Command("umount", { args: [`${this.folder}/disk`] }).output();
  }

  /** Has the wall clock be ahead by so many seconds, and each write take so many milliseconds longer. */
  async disturb({ clock = 0, write = 0 }: { clock?: number; write?: number }): Promise<void> {
    using file = await Deno.open(`${this.folder}/faults`, { write: true });
    await file.write(
      new Uint8Array(new BigInt64Array([BigInt(clock), BigInt(write * 1000)]).buffer),
    );
  }

  /** Its metrics. */
  async metrics(): Promise<Metrics> {
    return readMetrics((await ask(this.statusPort, "/metrics")).text);
  }

  /** What its file descriptors are: paths, and the other ends of sockets. */
  openFiles(): string[] {
    const folder = `/proc/${this.pid}/fd`, ends = socketEnds(this.pid);
    return Array.from(Deno.readDirSync(folder), ({ name }) => {
      try {
        const target = Deno.readLinkSync(`${folder}/${name}`);
        const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
        return inode === undefined ? target.replace(/:\[\d+\]$/, "") : ends.get(inode) ?? "socket";
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return "closed meanwhile";
        throw error;
      }
    });
  }

  /** The figures of this moment. */
  async figures(): Promise<Figures> {
    const metrics = await this.metrics();
    const value = (name: string) => metrics.get(name) ?? NaN;
    const status = await Deno.readTextFile(`/proc/${this.pid}/task/${this.pid}/status`);
    const open = ["lines", "json"].map((each) =>
      value(`bobchat_open_connections{protocol="${each}"}`)
    );
    return {
      rss: value("bobchat_resident_memory_bytes"),
      heap: value("bobchat_heap_used_bytes"),
      wal: await size(`${this.history}-wal`),
      files: [...Deno.readDirSync(`/proc/${this.pid}/fd`)].length,
      open: open[0]! + open[1]!,
      members: value("bobchat_members"),
      processor: value("bobchat_cpu_seconds_total"),
      waits: Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]),
    };
  }

  /** Whether it takes people. */
  async isReady(): Promise<boolean> {
    try {
      return (await ask(this.statusPort, "/readyz")).status === 200;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ECONNREFUSED") return false;
      throw error;
    }
  }
}

/** What a server was started with. */
interface Parts {
  readonly port: number;
  readonly statusPort: number;
  readonly folder: string;
  readonly ca: string;
  readonly shimMissing: string | undefined;
  readonly hasDisk: boolean;
}

/** Where the TCP sockets of a process lead to, and their states as the kernel numbers them, by their inodes. */
function socketEnds(pid: number): Map<string, string> {
  const lines = Deno.readTextFileSync(`/proc/${pid}/net/tcp`).trim().split("\n").slice(1);
  return new Map(lines.map((line) => {
    const [, , remote = "", state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const [address = "", port = ""] = remote.split(":");
    const bytes = address.match(/../g)!.reverse().map((byte) => parseInt(byte, 16));
    return [inode, `socket to ${bytes.join(".")}:${parseInt(port, 16)}, state ${state}`];
  }));
}

/** The command that runs bobchat: $BOBCHAT_BIN, or the source as the start task runs it. */
export async function command(args: readonly string[]): Promise<[string, string[]]> {
  const built = Deno.env.get("BOBCHAT_BIN");
  if (built) return [built, [...args]];
  const { tasks }: { tasks: { start: string } } = JSON.parse(
    await Deno.readTextFile(`${ROOT}deno.json`),
  );
  const flags = tasks.start.split(" ").filter((word) => word.startsWith("--"));
  return [Deno.execPath(), ["run", ...flags, `${ROOT}main.ts`, ...args]];
}

/** Asks a page over a connection of its own, so that none stays open. */
function ask(port: number, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    http.get({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => text += part);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    }).on("error", reject);
  });
}

async function makePair(cert: string, key: string): Promise<void> {
  const args = [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-days", "2", "-subj", "/CN=soak", "-addext", "subjectAltName=IP:127.0.0.1"],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", cert],
  ];
  const { success, stderr } = await new Deno.Command("openssl", { args }).output();
  if (!success) throw new Error(`openssl: ${new TextDecoder().decode(stderr)}`);
}

/** Gives a folder a disk of its own, in memory; false if that is not allowed. */
async function mount(folder: string): Promise<boolean> {
  const args = ["-t", "tmpfs", "-o", `size=${DISK}`, "soak", folder];
  const { success } = await new Deno.Command("mount", { args, stderr: "null" }).output();
  return success;
}

async function size(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
