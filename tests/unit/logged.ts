// What the log says while a test runs.

import { configureSync, resetSync } from "@logtape/logtape";

/** The lines of the log, until it is disposed of. */
export class Logged implements Disposable {
  /** The texts, without time and level. */
  readonly lines: string[] = [];
  #next = Promise.withResolvers<void>();

  constructor() {
    const sink = ({ message }: { message: readonly unknown[] }) => {
      this.lines.push(message.join(""));
      this.#next.resolve();
      this.#next = Promise.withResolvers();
    };
    configureSync({
      sinks: { sink },
      loggers: [
        { category: "bobchat", lowestLevel: "debug", sinks: ["sink"] },
        { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["sink"] },
      ],
    });
  }

  /** Resolves once there is one more. */
  next(): Promise<void> {
    return this.#next.promise;
  }

  [Symbol.dispose](): void {
    resetSync();
  }
}
