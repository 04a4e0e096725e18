// A log file that is rotated when it is full: PATH becomes PATH.1, PATH.1 becomes PATH.2, and so on.

import type { LogOutput } from "./sink.ts";

/** How large a file may become, in bytes, and how many old ones are kept. */
export interface RotationOptions {
  readonly maxSize: number;
  readonly kept: number;
}

/** The mode of a file that only its owner may read. */
const PRIVATE = 0o600;

/** A file that is appended to. */
export class LogFile implements LogOutput {
  readonly #path: string;
  readonly #options: RotationOptions;
  /** Undefined if it could not be opened; the next write tries again. */
  #file: Deno.FsFile | undefined;
  #size: number;
  /** The mode of the file, and of those that follow it. */
  readonly #mode: number;
  /** The size to rotate at; raised after a failure, so as not to try again at each write. */
  #full: number;

  /** Opens the file, or makes it. Throws if it cannot. */
  constructor(path: string, options: RotationOptions) {
    this.#path = path;
    this.#options = options;
    this.#full = options.maxSize;
    this.#file = open(path, PRIVATE);
    const { size, mode } = this.#file.statSync();
    this.#size = size;
    this.#mode = mode === null ? PRIVATE : mode & 0o777;
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (this.#size + bytes.length > this.#full && this.#size > 0) this.#rotate();
    this.#file ??= open(this.#path, this.#mode);
    const count = await this.#file.write(bytes);
    this.#size += count;
    return count;
  }

  /** Begins a new file; if the old one cannot be renamed, writing goes on there. */
  #rotate(): void {
    const { kept, maxSize } = this.#options;
    try {
      for (let age = kept - 1; age > 0; age--) {
        move(`${this.#path}.${age}`, `${this.#path}.${age + 1}`);
      }
      move(this.#path, `${this.#path}.1`);
    } catch {
      // The folder may not allow changes, say. The log itself matters more, and is not lost.
      this.#full = this.#size + maxSize;
      return;
    }
    this.#file?.close();
    this.#file = undefined;
    this.#size = 0;
    this.#full = maxSize;
  }
}

/** Opens a file to append to it; a new one gets this mode. */
function open(path: string, mode: number): Deno.FsFile {
  return Deno.openSync(path, { append: true, create: true, mode });
}

/** Renames a file, if there is one. */
function move(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
