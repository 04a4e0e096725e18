// The page's files as they are sent: each is made once, when it is first asked for.

import type { Asset } from "../../page/assets.ts";
import { encodeFields } from "./response.ts";

/** A file in one coding. */
export interface Variant {
  readonly body: Uint8Array;
  /** Its header fields, as they are sent. */
  readonly fields: string;
  readonly etag: string;
}

/** A file, as it is and as gzip. */
export interface File {
  readonly plain: Variant;
  readonly gzip: Variant;
}

/** The files. */
export class Files {
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #made = new Map<string, Promise<File>>();

  constructor(assets: ReadonlyMap<string, Asset>) {
    this.#assets = assets;
  }

  /** The file of a path. */
  get(path: string): Promise<File> | undefined {
    const made = this.#made.get(path);
    if (made !== undefined) return made;
    const asset = this.#assets.get(path);
    if (asset === undefined) return undefined;
    const file = make(asset);
    this.#made.set(path, file);
    return file;
  }
}

async function make({ type, body }: Asset): Promise<File> {
  const plain = new TextEncoder().encode(body);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", plain)).toHex().slice(0, 20);
  const zipped = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  const gzip = new Uint8Array(await new Response(zipped).arrayBuffer());
  const variant = (body: Uint8Array, etag: string, coding: Record<string, string>): Variant => {
    // A browser keeps it, and asks each time whether it has changed.
    const headers = { etag, "cache-control": "no-cache", vary: "accept-encoding" };
    return { body, etag, fields: encodeFields({ ...headers, "content-type": type, ...coding }) };
  };
  return {
    plain: variant(plain, `"${hash}"`, {}),
    gzip: variant(gzip, `"${hash}-gzip"`, { "content-encoding": "gzip" }),
  };
}
