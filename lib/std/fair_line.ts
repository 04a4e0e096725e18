// Work of strangers that waits for its turn: one network after the other has one done, however many one of
// them has in line, and none has more in line than its share.

/** How many are done and may wait. */
export interface FairLineOptions {
  /** Done at once. */
  readonly runs: number;
  /** Done or in line at once, in all and for one network. */
  readonly most: number;
  readonly mostPerNetwork: number;
}

/** The work of one network. */
interface Own {
  readonly waiting: (() => void)[];
  running: number;
}

/** A line that is fair to networks. */
export class FairLine {
  readonly #options: FairLineOptions;
  /** Networks with something in line or under way; whose turn it was last stands last. */
  readonly #networks = new Map<string, Own>();
  #running = 0;
  #size = 0;

  constructor(options: FairLineOptions) {
    this.#options = options;
  }

  /** Does some work when it is its turn; undefined where too much is in line already. */
  async run<T>(network: string, work: () => Promise<T>): Promise<T | undefined> {
    const { most, mostPerNetwork } = this.#options;
    const own = this.#networks.get(network) ?? { waiting: [], running: 0 };
    if (this.#size >= most || own.waiting.length + own.running >= mostPerNetwork) return undefined;
    this.#networks.set(network, own);
    this.#size++;
    await new Promise<void>((begin) => {
      own.waiting.push(begin);
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#running--;
      own.running--;
      this.#size--;
      // Last, so that who has come meanwhile is before it.
      this.#networks.delete(network);
      if (own.running > 0 || own.waiting.length > 0) this.#networks.set(network, own);
      this.#next();
    }
  }

  /** Begins what may be begun. */
  #next(): void {
    while (this.#running < this.#options.runs) {
      const turn = this.#turn();
      if (turn === undefined) return;
      const [network, own] = turn;
      this.#networks.delete(network);
      this.#networks.set(network, own);
      this.#running++;
      own.running++;
      own.waiting.shift()!();
    }
  }

  /** Whose turn it is: a network that has nothing under way comes first. */
  #turn(): [string, Own] | undefined {
    let busy: [string, Own] | undefined;
    for (const entry of this.#networks) {
      const [, { waiting, running }] = entry;
      if (waiting.length === 0) continue;
      if (running === 0) return entry;
      busy ??= entry;
    }
    return busy;
  }
}
