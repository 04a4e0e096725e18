// A room without sockets: events go in, and what each person is sent comes out as text.

import type { Audience, Chunk, Delivery, Event, Input } from "../../../lib/chat/event.ts";
import { write } from "../../../lib/chat/writer.ts";

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** Shows deliveries in a form that tests can read, one a line; counts how often it is asked to. */
export class Plain implements Audience {
  encoded = 0;

  encode(deliveries: readonly Delivery[]): Chunk {
    this.encoded++;
    return ENCODER.encode(deliveries.map((delivery) => show(delivery) + "\n").join(""));
  }
}

function show(delivery: Delivery): string {
  if (delivery.kind === "notice") return `*** ${delivery.text}`;
  const { kind, from, at, text } = delivery;
  return kind === "action" ? `* ${from}(${at}) ${text}` : `${from}(${at}): ${text}`;
}

/** One connection, as the writer sees it. */
export class Person {
  readonly chunks: Chunk[] = [];
  name = "";
  ended: string | undefined;

  constructor(readonly id: number, readonly audience: Audience, readonly hears = true) {}

  /** What it was sent, line by line. */
  get heard(): string[] {
    return this.chunks.map((chunk) => DECODER.decode(chunk)).join("").split("\n").slice(0, -1);
  }

  join(): Event {
    return {
      kind: "join",
      id: this.id,
      hears: this.hears,
      audience: this.audience,
      outbox: {
        write: (chunk) => void this.chunks.push(chunk),
        end: (why) => void (this.ended = why),
        named: (name) => void (this.name = name),
      },
    };
  }

  input(input: Input): Event {
    return { kind: "typed", id: this.id, input };
  }

  says(text: string): Event {
    return this.input({ kind: "text", text });
  }

  /** `/name text`. */
  orders(name: string, text = ""): Event {
    return this.input({ kind: "command", name, text });
  }

  leaves(why = "left", said?: string): Event {
    return { kind: "leave", id: this.id, why, said };
  }
}

/** People on one audience. */
export function people(count: number, audience: Audience = new Plain()): Person[] {
  return Array.from({ length: count }, (_, i) => new Person(i + 1, audience));
}

/** Runs the writer over these batches; its clock stands at the number of the batch, from 1. */
export async function run(...batches: Event[][]): Promise<void> {
  let at = 0;
  async function* feed() {
    for (const batch of batches) {
      at++;
      yield await Promise.resolve(batch);
    }
  }
  await write({ batches: feed(), clock: () => at });
}
