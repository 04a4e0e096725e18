// A reverse proxy that gives bobchat's page a path of its own, as nginx does with `location /chat/`.

import { Between } from "./between.ts";

/** The end of a request's head. */
const HEAD_END = "\r\n\r\n";

/** The proxy; what is not below its path is not found. */
export class Prefix extends Between {
  readonly path: string;
  /** Paths that were asked for elsewhere. */
  readonly strays: string[] = [];

  /** Leads to a port of this machine; the path begins and ends with a slash. */
  constructor(to: number, path: string) {
    super(to);
    this.path = path;
  }

  /** Passes on one request: a browser opens another connection for the next one. */
  protected async serve(near: Deno.Conn): Promise<void> {
    const head = await readHead(near);
    const path = /^GET (\S+) /.exec(head)?.[1];
    if (path?.startsWith(this.path)) {
      const far = await this.connect();
      const passed = head.replace(this.path, "/").replace(
        /^connection: keep-alive/im,
        "connection: close",
      );
      await far.write(new TextEncoder().encode(passed));
      return await this.join(near, far);
    }
    if (path !== undefined) this.strays.push(path);
    await near.write(
      new TextEncoder().encode(`HTTP/1.1 404 Not Found\r\ncontent-length: 0${HEAD_END}`),
    );
    this.close(near);
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
