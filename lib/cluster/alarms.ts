// What is wrong with the cluster, as sentences for operators: each is logged once when it begins and once when
// it is over, and handed on, so that the chat can tell its operators.

import { log } from "../log.ts";

/** What can be wrong; `other` and `gone` end only by an operator's hand. */
export type AlarmKind =
  | "gone"
  | "other"
  | "expired"
  | "gap"
  | "lost"
  | "full"
  | "refused"
  | "behind";

/** An alarm that was raised, or that is over. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** What is wrong and what to do; once it is over, that it is. */
  readonly sentence: string;
  readonly isOver: boolean;
}

/** Alarms after which this bobchat cannot go on with the stream as it is. */
const FATAL: readonly AlarmKind[] = ["gone", "other", "expired", "gap", "lost"];

/** Whether nothing goes on until somebody has done something. */
export function isFatal({ kind, isOver }: Alarm): boolean {
  return !isOver && FATAL.includes(kind);
}

/** The alarms of one bobchat. */
export class Alarms {
  readonly #raised = new Map<AlarmKind, string>();
  readonly #tell: (alarm: Alarm) => void;

  constructor(tell: (alarm: Alarm) => void) {
    this.#tell = tell;
  }

  /** How many stand. */
  get standing(): number {
    return this.#raised.size;
  }

  /** Raises an alarm, unless it stands already. */
  raise(kind: AlarmKind, sentence: string): void {
    if (this.#raised.has(kind)) return;
    this.#raised.set(kind, sentence);
    log.error("{sentence}", { sentence });
    this.#tell({ kind, sentence, isOver: false });
  }

  /** Ends these alarms, if they stand. */
  end(kinds: readonly AlarmKind[], sentence: string): void {
    for (const kind of kinds) {
      if (!this.#raised.delete(kind)) continue;
      log.warn("{sentence}", { sentence });
      this.#tell({ kind, sentence, isOver: true });
    }
  }
}
