// A reverse proxy that gives bobchat's page a path of its own, as nginx does with `location /chat/`.

import { close } from "./cable.ts";

/** The end of a request's head. */
const HEAD_END = "\r\n\r\n";

/** The proxy; what is not below its path is not found. */
export class Prefix implements Disposable {
  readonly path: string;
  /** Paths that were asked for elsewhere. */
  readonly strays: string[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #to: number;
  readonly #ends = new Set<Deno.Conn>();

  /** Leads to a port of this machine; the path begins and ends with a slash. */
  constructor(to: number, path: string) {
    this.#to = to;
    this.path = path;
    void this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  [Symbol.dispose](): void {
    for (const end of this.#ends) close(end);
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) void this.#serve(near);
  }

  /** Passes on one request: a browser opens another connection for the next one. */
  async #serve(near: Deno.Conn): Promise<void> {
    this.#ends.add(near);
    const head = await readHead(near);
    const path = /^GET (\S+) /.exec(head)?.[1];
    if (path?.startsWith(this.path)) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#to });
      this.#ends.add(far);
      const passed = head.replace(this.path, "/").replace(
        /^connection: keep-alive/im,
        "connection: close",
      );
      await far.write(new TextEncoder().encode(passed));
      // Either end may go first.
      await Promise.allSettled([
        near.readable.pipeTo(far.writable),
        far.readable.pipeTo(near.writable),
      ]);
    } else {
      if (path !== undefined) this.strays.push(path);
      await near.write(
        new TextEncoder().encode(`HTTP/1.1 404 Not Found\r\ncontent-length: 0${HEAD_END}`),
      );
      close(near);
    }
  }
}

/** The head of a request, or what there is of it when the connection ends. */
async function readHead(conn: Deno.Conn): Promise<string> {
  let head = "";
  const buffer = new Uint8Array(4096);
  for (let size; !head.includes(HEAD_END) && (size = await conn.read(buffer)) !== null;) {
    head += new TextDecoder().decode(buffer.subarray(0, size));
  }
  return head;
}
