// People of every protocol in one room, who talk while something goes on around them and are to notice nothing.

import { assert, assertEquals } from "../assert.ts";
import type { Client, Incoming } from "./bobchat.ts";
import { PROTOCOLS, type TestServer } from "./listeners.ts";

/** Milliseconds within which what each of them says is heard by all, on a slow machine under attack. */
const IN_TIME = 3000;

/** Those people: one of each protocol, named after it. */
export class Everyone implements Disposable {
  readonly #people: readonly Client[];
  #rounds = 0;

  private constructor(people: readonly Client[]) {
    this.#people = people;
  }

  /** They come in, and are told of nothing after that. */
  static async join(server: TestServer): Promise<Everyone> {
    const people: Client[] = [];
    for (const protocol of PROTOCOLS) people.push(await server.join(protocol, protocol));
    const everyone = new Everyone(people);
    await everyone.#talk();
    for (const { incoming } of people) incoming.forget();
    return everyone;
  }

  /** They talk until this is over, and once more after it; whatever is said is heard in time. */
  async talkDuring<T>(something: Promise<T>): Promise<T> {
    let isOver = false;
    const end = something.finally(() => isOver = true);
    const talking = async () => {
      while (!isOver) await this.#talk();
      await this.#talk();
    };
    const [outcome] = await Promise.all([end, talking()]);
    return outcome;
  }

  /** They have heard each other, and nothing else. */
  assertNothingElse(): void {
    for (const [i, { incoming }] of this.#people.entries()) {
      const others = incoming.text.split("\r\n").filter((line) => !OURS.test(line));
      assertEquals(others, [""], PROTOCOLS[i]);
    }
  }

  /** The one who came in by TCP alone, to ask what the others need not see. */
  get first(): Client {
    return this.#people[0]!;
  }

  [Symbol.dispose](): void {
    for (const client of this.#people) client[Symbol.dispose]();
  }

  /** Each says a line, and hears those of all. */
  async #talk(): Promise<void> {
    const round = ++this.#rounds, since = performance.now();
    await Promise.all(this.#people.map((client) => client.send(`round ${round}\n`)));
    for (const { incoming } of this.#people) {
      const heard = () => PROTOCOLS.every((name) => hasSaid(incoming, name, round));
      await incoming.when(heard, `round ${round}`);
    }
    const took = performance.now() - since;
    assert(took < IN_TIME, `it took ${took} ms until all had heard all`);
  }
}

/** Whether a line of that round has arrived from one of them. */
function hasSaid({ text }: Incoming, name: string, round: number): boolean {
  return new RegExp(`^${name}\\([^)]*\\): round ${round}\r$`, "m").test(text);
}

/** What they say themselves. */
const OURS = new RegExp(`^(?:${PROTOCOLS.join("|")})\\([^)]*\\): round \\d+$`);
