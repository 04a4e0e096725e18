// Scripts of v0.1 clients: played by classic.py against any server that speaks v0.1.

import { Program } from "./bobchat.ts";

/** One thing that one client does. */
export interface Action {
  readonly do: "connect" | "send" | "end" | "close" | "reset";
  readonly who: string;
  /** What is sent: one character a byte. */
  readonly bytes?: string;
}

/** What each client heard after one action, heads as `ID(TIME): `; null follows where that was its end. */
export type Heard = Readonly<Record<string, readonly (string | null)[]>>;

/** A script that was played against the original BobServer.py, and what its clients heard. */
export interface Transcript {
  readonly about: string;
  readonly script: readonly (Action & { readonly heard?: Heard })[];
}

/** Plays scripts against one server, one after the other. */
export class Player extends Program {
  #played = 0;

  constructor(port: number) {
    const path = new URL("classic.py", import.meta.url).pathname;
    super(["python3", [path, `${port}`]]);
  }

  /** What was heard after each action. */
  async play(script: readonly Action[]): Promise<Heard[]> {
    await this.type(JSON.stringify(script) + "\n");
    const lines = () => this.stdout.text.split("\n");
    const count = ++this.#played;
    await this.stdout.when(() => lines().length > count, `outcome ${count}; ${this.stderr.text}`);
    return JSON.parse(lines()[count - 1]!);
  }
}
