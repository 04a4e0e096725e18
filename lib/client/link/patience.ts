// How long the server is waited for: a link on which an answer does not come is lost, whatever the system says. If
// nothing comes for a while, it is asked.

/** Milliseconds in which the server must answer, and between two checks whether it did. */
const PATIENCE = 12_000, LOOK = 3000;
/** Milliseconds of silence after which the server is asked for an answer. */
const SILENCE = 25_000;

/** Options of the wait. */
export interface PatienceOptions {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls a function later; returns what cancels it. */
  readonly later: (run: () => void, milliseconds: number) => () => void;
  /** Called when nothing has come for a while: asks for an answer. */
  readonly onSilence: () => void;
  /** Called when an answer is too late. */
  readonly onLate: () => void;
}

/** The wait for what the server owes. */
export class Patience {
  readonly #options: PatienceOptions;
  /** Since when it has owed an answer. */
  #owed: number | undefined;
  #heardAt = 0;
  #cancel = () => {};

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** Begins to look from time to time: a socket is being opened. */
  start(): void {
    this.heard();
    this.owe();
    this.#look();
  }

  #look(): void {
    this.#cancel = this.#options.later(() => {
      const { now, onLate, onSilence } = this.#options;
      if (this.#owed !== undefined && now() - this.#owed > PATIENCE) return onLate();
      if (this.#owed === undefined && now() - this.#heardAt >= SILENCE) onSilence();
      this.#look();
    }, LOOK);
  }

  /** Ends the wait. */
  stop(): void {
    this.#cancel();
    this.#owed = undefined;
  }

  /** From now on an answer is owed, unless one is already. */
  owe(): void {
    this.#owed ??= this.#options.now();
  }

  /** Something has come. */
  heard(): void {
    this.#owed = undefined;
    this.#heardAt = this.#options.now();
  }
}
