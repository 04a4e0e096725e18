// A browser in memory: a connection to an HTTP server, and what is answered over it.

import { Networks } from "../../../../lib/chat/address.ts";
import { type HttpOptions, HttpServer } from "../../../../lib/net/web/server.ts";
import { Site, type SiteOptions } from "../../../../lib/net/web/site.ts";
import type { Upgrade } from "../../../../lib/net/web/upgrade.ts";
import { FakeConnection, settle } from "../fake_connection.ts";

/** The files that the server has. */
export const ASSETS = new Map([
  ["/", { type: "text/html; charset=utf-8", body: "<!doctype html>".repeat(100) }],
  ["/main.ts", { type: "text/javascript; charset=utf-8", body: "let é = 1;\n".repeat(300) }],
]);

/** An answer as it came. */
export interface Answered {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** A server in memory. */
export class TestSite {
  readonly server: HttpServer;
  readonly upgrades: Upgrade[] = [];

  constructor(options: Partial<HttpOptions & SiteOptions> = {}) {
    this.server = new HttpServer({
      site: new Site({
        ...{ assets: ASSETS, origins: [], names: () => [], isTlsOnly: false },
        ...options,
      }),
      proxies: new Networks([]),
      upgrade: (_, upgrade) => this.upgrades.push(upgrade),
      ...options,
    });
  }

  /** Connects to it. */
  connect(address?: string): Browser {
    return new Browser(this.server, address);
  }
}

/** A connection whose peer takes all that it is sent, unless it is told to take nothing. */
export class Browser extends FakeConnection {
  override isSecure = false;
  takesNothing = false;
  /** How often it was read. */
  reads = 0;
  /** Resolves once the server is done with it. */
  readonly served: Promise<void>;
  isServed = false;

  constructor(server: HttpServer, address?: string) {
    super(address);
    this.served = server.serve(this).finally(() => this.isServed = true);
  }

  override write(chunk: Uint8Array): Promise<number> {
    if (this.isClosed) return Promise.reject(new Deno.errors.BadResource("closed"));
    if (this.takesNothing) return super.write(chunk);
    // Mostly in parts, as a system does whose buffers are full.
    const part = chunk.subarray(0, 1000);
    this.taken.push(...part);
    return Promise.resolve(part.length);
  }

  override read(buffer: Uint8Array): Promise<number | null> {
    this.reads++;
    return super.read(buffer);
  }

  /** Waits until this is true. */
  async until(isDone: () => boolean): Promise<void> {
    while (!isDone()) await settle();
  }

  /** Waits for so many answers. */
  async answers(count: number, methods: readonly string[] = []): Promise<Answered[]> {
    await this.until(() => parse(this.taken, methods).length >= count || this.isServed);
    return parse(this.taken, methods);
  }
}

/** The answers in a stream of bytes that are whole. */
function parse(taken: readonly number[], methods: readonly string[]): Answered[] {
  const answers: Answered[] = [];
  for (let bytes = Uint8Array.from(taken); bytes.length > 0;) {
    const text = new TextDecoder("latin1").decode(bytes);
    const end = text.indexOf("\r\n\r\n") + 4;
    if (end < 4) break;
    const [line, ...fields] = text.slice(0, end - 4).split("\r\n");
    const [, status] = /^HTTP\/1\.1 (\d{3}) \w[\w ]*$/.exec(line!) ?? [];
    if (status === undefined) throw new Error(`no answer: ${line}`);
    const headers = new Map(fields.map((field) => {
      const [, name, value] = /^([\w-]+): (.*)$/.exec(field)!;
      return [name!, value!] as const;
    }));
    const isEmpty = methods[answers.length] === "HEAD" || status === "304";
    const length = isEmpty ? 0 : Number(headers.get("content-length"));
    if (bytes.length < end + length) break;
    answers.push({ status: Number(status), headers, body: bytes.slice(end, end + length) });
    bytes = bytes.slice(end + length);
  }
  return answers;
}
