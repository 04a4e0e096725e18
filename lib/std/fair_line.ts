// A line for work that many networks ask for: they take turns, however much one of them has in line, and none
// has more in line than its share.

/** Limits of a line. */
export interface FairLineOptions {
  /** Most that run at once. */
  readonly runs: number;
  /** Most that run or wait at once, in all and for one network. */
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
  /** Networks with work in line or under way; the one that had its turn last is at the end. */
  readonly #networks = new Map<string, Own>();
  #running = 0;
  #size = 0;

  constructor(options: FairLineOptions) {
    this.#options = options;
  }

  /** Runs some work when it is its turn; undefined if too much is in line already. */
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
      // To the end, after networks that came meanwhile.
      this.#networks.delete(network);
      if (own.running > 0 || own.waiting.length > 0) this.#networks.set(network, own);
      this.#next();
    }
  }

  /** Starts what may be started. */
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

  /** The network whose turn it is: first one that has nothing under way. */
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
