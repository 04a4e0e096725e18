// The load process, as the run sees it.

import { lines } from "./lines.ts";
import type { Answer, CrowdOptions, Order } from "./orders.ts";

/** The load process. */
export class CrowdProcess implements Disposable {
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: AsyncIterator<string>;

  constructor(options: CrowdOptions) {
    const script = new URL("crowd.ts", import.meta.url).pathname;
    const args = ["run", "--no-prompt", "--allow-all", script, JSON.stringify(options)];
    this.#child = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped" })
      .spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#answers = lines(this.#child.stdout);
  }

  /** Tells it something. Throws an Error if it has ended. */
  async ask(order: Order): Promise<Answer> {
    await this.#stdin.write(new TextEncoder().encode(`${JSON.stringify(order)}\n`));
    const { value } = await this.#answers.next();
    if (value === undefined) throw new Error("the load process has ended");
    return JSON.parse(value);
  }

  [Symbol.dispose](): void {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
  }
}
