// A WebSocket and a clock that do what a test says.

import type { Frame } from "../../../lib/client/frames.ts";
import type { Socket } from "../../../lib/client/link/link.ts";

type Handler = ((event: unknown) => void) | null;

/** A socket as the page's link has it; the test is the server. */
export class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly sent: unknown[] = [];
  isClosed = false;

  send(data: Parameters<Socket["send"]>[0]): void {
    if (this.isClosed) throw new Error("It is closed");
    this.sent.push(JSON.parse(String(data)));
  }

  close(): void {
    this.isClosed = true;
  }

  opens(): void {
    (this.onopen as Handler)?.({});
  }

  says(...frames: Frame[]): void {
    for (const frame of frames) (this.onmessage as Handler)?.({ data: JSON.stringify(frame) });
  }

  closes(code: number): void {
    (this.onclose as Handler)?.({ code });
  }
}

/** A clock that goes on when it is told to. */
export class FakeClock {
  now = 0;
  #due: { readonly at: number; readonly run: () => void }[] = [];

  later(run: () => void, milliseconds: number): () => void {
    const timer = { at: this.now + milliseconds, run };
    this.#due.push(timer);
    return () => this.#due = this.#due.filter((other) => other !== timer);
  }

  /** How many timers run. */
  get size(): number {
    return this.#due.length;
  }

  /** When the next one is due, in milliseconds from now. */
  get next(): number | undefined {
    const [first] = this.#sorted();
    return first && first.at - this.now;
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let [first] = this.#sorted(); first && first.at <= end; [first] = this.#sorted()) {
      this.#due = this.#due.filter((other) => other !== first);
      this.now = first.at;
      first.run();
    }
    this.now = end;
  }

  #sorted() {
    return this.#due.toSorted((one, other) => one.at - other.at);
  }
}
