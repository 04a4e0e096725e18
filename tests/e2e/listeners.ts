// Every way into a room, as one kind of client: lines out, lines in, whatever carries them.

import { App, type Frame } from "./app.ts";
import { Bobchat, type Carrier, Client, command, NOTHING, testWith } from "./bobchat.ts";

/** A way in. */
export type CarrierKind = "tcp" | "tls" | "web";

/** All of them. */
export const CARRIERS: readonly CarrierKind[] = ["tcp", "tls", "web"];

/** A protocol that people speak, with TLS or without. */
export type ProtocolKind = CarrierKind | "wss" | "json";

/** All of them. */
export const PROTOCOLS: readonly ProtocolKind[] = [...CARRIERS, "wss", "json"];

/** A certificate for this machine, and its key: files that openssl has made. */
export interface Pair extends Disposable {
  readonly cert: string;
  readonly key: string;
  /** The flags that have bobchat use them. */
  readonly flags: readonly string[];
}

/** What openssl is told to make for a key that everybody takes. */
const P256 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

/** Makes a pair, with a key of the usual kind or of one that openssl's `-newkey` makes. */
export function makePair(name = "localhost", newkey: readonly string[] = P256): Pair {
  const folder = Deno.makeTempDirSync();
  const cert = `${folder}/cert.pem`, key = `${folder}/key.pem`;
  const args = [
    ...["req", "-x509", "-newkey", ...newkey, "-nodes"],
    ...["-days", "2", "-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"],
    // Else it is an authority's, and no server's.
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ...["-keyout", key, "-out", cert],
  ];
  const { success, stderr } = new Deno.Command("openssl", { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return {
    ...{ cert, key, flags: ["--tls-cert", cert, "--tls-key", key] },
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

/** A running bobchat with all its carriers open. */
export class TestServer implements AsyncDisposable {
  readonly bobchat: Bobchat;
  readonly #pair: Pair;

  private constructor(bobchat: Bobchat, pair: Pair) {
    this.bobchat = bobchat;
    this.#pair = pair;
  }

  /** Opens one. */
  static async open(
    args: readonly string[] = [],
    { files }: { files?: number } = {},
  ): Promise<TestServer> {
    const pair = makePair();
    const all = ["-p", "0", "-H", "127.0.0.1", ...pair.flags];
    const [program, words] = command([...all, ...args]);
    const limit = files === undefined ? "" : `ulimit -n ${files}; `;
    const script = ["-c", `${limit}exec "$@"`, "sh", program, ...words];
    return new TestServer(await Bobchat.spawn("sh", script), pair);
  }

  /** The port, whoever comes. */
  get port(): number {
    return this.bobchat.port;
  }

  /** The certificate's file. */
  get cert(): string {
    return this.#pair.cert;
  }

  /** Comes in by a protocol. */
  async join(protocol: ProtocolKind, name?: string): Promise<Client> {
    return await Client.enter(await this.dial(protocol), name);
  }

  /** Connects by a protocol, at the server's port or at one that leads there. */
  async dial(protocol: ProtocolKind, port = this.port): Promise<Carrier> {
    const where = { hostname: "127.0.0.1", port };
    const conn = protocol === "tls" || protocol === "wss"
      ? await Deno.connectTls({ ...where, caCerts: [await Deno.readTextFile(this.#pair.cert)] })
      : await Deno.connect(where);
    if (protocol === "json") return await WebLines.over(App.overLines(conn));
    if (protocol !== "tcp" && protocol !== "tls") {
      return await WebLines.over(await App.open(port, { conn }));
    }
    await conn.write(NOTHING);
    return conn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bobchat[Symbol.asyncDispose]();
    this.#pair[Symbol.dispose]();
  }
}

/** One test for each carrier. */
export function testCarriers(
  programs: readonly string[],
  name: string,
  fn: (carrier: CarrierKind) => Promise<void>,
): void {
  for (const carrier of CARRIERS) {
    testWith(["openssl", ...programs], `${name}, by ${carrier}`, () => fn(carrier));
  }
}

/** An app that takes lines and gives lines, as the line protocol has them. */
export class WebLines implements Carrier {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #app: App;
  #rest = "";

  private constructor(app: App) {
    this.#app = app;
    let shown = 0;
    const encoder = new TextEncoder();
    this.readable = new ReadableStream({
      async pull(controller) {
        for (let lines = ""; lines === "";) {
          if (await app.next(shown) === undefined) return controller.close();
          // All that is there: whoever waits for something looks through everything each time.
          lines = app.frames.slice(shown).map(toLines).join("");
          shown = app.frames.length;
          if (lines !== "") controller.enqueue(encoder.encode(lines));
        }
      },
    });
  }

  /** Says that it joins. */
  static async over(app: App): Promise<WebLines> {
    await app.send({ type: "join" });
    return new WebLines(app);
  }

  async write(bytes: Uint8Array): Promise<number> {
    const lines = (this.#rest + new TextDecoder().decode(bytes)).split(/\r?\n/);
    this.#rest = lines.pop()!;
    for (const line of lines) await this.#app.send(toObject(line));
    return bytes.length;
  }

  closeWrite(): Promise<void> {
    throw new Error("a WebSocket has no half");
  }

  close(): void {
    this.#app[Symbol.dispose]();
  }
}

/** What a line would have an app send. */
function toObject(line: string): object {
  const [, command, text = ""] = /^\/([^\s/]\S*)\s*(.*)$/.exec(line) ?? [];
  if (command === "join") return { type: "join", room: text };
  if (command !== undefined) return { type: "command", name: command, text };
  return { type: "say", text: line.replace(/^\/\//, "/") };
}

/** What an object says, as the line protocol has it. */
function toLines(frame: Frame): string {
  switch (frame.type) {
    case "notice":
    case "error":
      return `*** ${frame.text}\r\n`;
    case "history":
      return (frame.messages as Frame[]).map(messageLine).join("");
    case "message":
      return messageLine(frame);
  }
  return "";
}

function messageLine({ kind, from, to, text }: Frame): string {
  const head = `${from}(00:00:00AM)`;
  if (kind === "action") return `* ${head} ${text}\r\n`;
  return `${head}${kind === "private" ? ` to ${to}` : ""}: ${text}\r\n`;
}
