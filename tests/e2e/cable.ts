// A cable between a browser and bobchat that a test can pull out, and put back in.

import { Between } from "./between.ts";

/** The cable; a page reaches bobchat at its port. */
export class Cable extends Between {
  #isIn = true;
  /** How many connections were made through it. */
  connections = 0;

  /** All that goes through it ends, and nothing gets through any more. */
  pull(): void {
    this.#isIn = false;
    this.cut();
  }

  plug(): void {
    this.#isIn = true;
  }

  protected async serve(near: Deno.Conn): Promise<void> {
    if (!this.#isIn) return this.close(near);
    this.connections++;
    await this.join(near, await this.connect());
  }
}
