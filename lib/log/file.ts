// A log file that makes way for a new one when it is full: PATH becomes PATH.1, that PATH.2, and so on.

import { isOpenToOthers } from "../private_file.ts";
import type { LogOutput } from "./sink.ts";

/** How large a file may become, in bytes, and how many old ones are kept. */
export interface RotationOptions {
  readonly maxSize: number;
  readonly kept: number;
}

/** A file that is written behind what it has. */
export class LogFile implements LogOutput {
  readonly #path: string;
  readonly #options: RotationOptions;
  /** None where it could not be opened: the next write tries again. */
  #file: Deno.FsFile | undefined;
  #size: number;
  /** A new one is its owner's alone, unless it takes the place of one that others may read. */
  #mode: number | undefined = 0o600;
  /** What it is renamed at: more than its full size where that failed, so as not to try at each write. */
  #full: number;

  /** Opens it, a new one if need be. Throws where that cannot be. */
  constructor(path: string, options: RotationOptions) {
    this.#path = path;
    this.#options = options;
    this.#full = options.maxSize;
    this.#file = this.#open();
    this.#size = this.#file.statSync().size;
    if (isOpenToOthers(path)) this.#mode = undefined;
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (this.#size + bytes.length > this.#full && this.#size > 0) this.#rotate();
    this.#file ??= this.#open();
    const count = await this.#file.write(bytes);
    this.#size += count;
    return count;
  }

  #open(): Deno.FsFile {
    return Deno.openSync(this.#path, { append: true, create: true, mode: this.#mode });
  }

  /** Begins a new file; where the old one cannot be renamed, it goes on. */
  #rotate(): void {
    const { kept, maxSize } = this.#options;
    try {
      for (let age = kept - 1; age > 0; age--) {
        move(`${this.#path}.${age}`, `${this.#path}.${age + 1}`);
      }
      move(this.#path, `${this.#path}.1`);
    } catch {
      // A folder that may not be changed, say: the log itself is what matters, and it is not lost.
      this.#full = this.#size + maxSize;
      return;
    }
    this.#file?.close();
    this.#file = undefined;
    this.#size = 0;
    this.#full = maxSize;
  }
}

/** Renames a file, if there is one. */
function move(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
