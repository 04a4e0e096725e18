// An app's connection for tests: it keeps the deliveries that it is sent, as they are.

import { toChunk } from "../../../lib/wire/chunk.ts";
import type { Chunk, Delivery, Encoder } from "../../../lib/chat/delivery.ts";
import type { Input } from "../../../lib/chat/event.ts";
import type { StateChange } from "../../../lib/chat/state_change.ts";
import { Person } from "./people.ts";

/** Keeps deliveries as they are. */
class Raw implements Encoder {
  readonly deliveries: Delivery[] = [];

  encode(deliveries: readonly Delivery[]): Chunk {
    this.deliveries.push(...deliveries);
    return toChunk(Uint8Array.of(deliveries.length));
  }

  describe(): string {
    return "";
  }
}

/** An app's connection. */
export class App extends Person {
  declare readonly encoder: Raw;

  constructor(id: number) {
    super(id, new Raw(), "json");
  }

  /** Words and refusals, each with its room, as in `#tea ann: hello`. */
  get words(): string[] {
    return this.encoder.deliveries.flatMap((each) => {
      if (each.kind === "notice") return each.code ? [`no: ${each.text}`] : [];
      if (!("by" in each) || each.kind === "mended") return [];
      return [`${each.room ? `#${each.room.name}` : "private"} ${each.from}: ${each.text}`];
    });
  }

  /** What it was signalled, without rooms' numbers. */
  get signals(): object[] {
    return this.encoder.deliveries.filter((each) => each.kind === "state").map(plain);
  }

  /** The ids of what it was shown again, and where there is more. */
  get recalled(): [ids: number[], next: number | undefined][] {
    return this.encoder.deliveries.filter((each) => each.kind === "history page")
      .map(({ messages, next }) => [messages.map(({ id }) => id), next]);
  }

  asks(input: Input) {
    return this.input(input);
  }

  /** `/name text` in a room. */
  ordersIn(room: string, name: string, text = "") {
    return this.input({ kind: "command", name, text, room });
  }
}

function plain(change: StateChange): object {
  const { kind: _, ...rest } = change;
  return "room" in rest ? { ...rest, room: rest.room.name } : rest;
}
