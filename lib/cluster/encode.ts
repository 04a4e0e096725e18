// Envelopes as bytes: as many events as one message of the stream may carry, and back; and what objects of the store hold.

import type { Envelope } from "../chat/envelope.ts";
import type { SharedEvent } from "../chat/event.ts";
import { isEventOfNode } from "../chat/well_formed.ts";
import { StartError } from "../errors.ts";

/** Most events in one message, and most bytes of them; a larger event goes alone, up to what NATS takes. */
export const MOST_EVENTS = 500, MOST_BYTES = 512 * 1024, MOST_ALONE = 1000 * 1024;

/** What an envelope is made of besides events. */
export type Head = Omit<Envelope, "events">;

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();
const COMMA = 44;

/** Takes events one by one until one finds no room. */
export class EnvelopeEncoder {
  readonly #buffer = new Uint8Array(MOST_ALONE + 1024);
  #length = 0;
  #count = 0;

  /** How many events were taken. */
  get count(): number {
    return this.#count;
  }

  /** Begins an envelope. */
  begin({ rules, node, epoch, counter }: Head): void {
    this.#count = this.#length = 0;
    this.#write(
      `{"rules":${rules},"node":${node},"epoch":${epoch},"counter":${counter},"events":[`,
    );
  }

  /** Adds an event; `full`: this envelope has no room for it, `too large`: none ever has. */
  add(event: SharedEvent): "added" | "full" | "too large" {
    if (this.#count >= MOST_EVENTS) return "full";
    const before = this.#length;
    if (this.#count > 0) this.#buffer[this.#length++] = COMMA;
    const limit = this.#count > 0 ? MOST_BYTES : MOST_ALONE;
    if (this.#write(JSON.stringify(event)) && this.#length <= limit) {
      this.#count++;
      return "added";
    }
    this.#length = before;
    return this.#count > 0 ? "full" : "too large";
  }

  /** The bytes. */
  end(): Uint8Array {
    this.#write("]}");
    return this.#buffer.slice(0, this.#length);
  }

  /** Whether the text found room. */
  #write(text: string): boolean {
    const { read, written } = ENCODER.encodeInto(text, this.#buffer.subarray(this.#length));
    this.#length += written;
    return read === text.length;
  }
}

/** The envelope that a message carries; undefined if it carries none: nobody on this network sent it. */
export function decode(data: Uint8Array): Envelope | undefined {
  let value: unknown;
  try {
    value = JSON.parse(DECODER.decode(data));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
  return isEnvelope(value) ? value : undefined;
}

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== "object" || value === null) return false;
  const { rules, node, epoch, counter, events } = value as Partial<Envelope>;
  return [rules, node, epoch, counter].every(Number.isSafeInteger) && Array.isArray(events) &&
    events.every(isEventOfNode);
}

/** What an object of the store holds. Throws a `StartError` if that is no JSON: it is not from a bobchat. */
export function parseObject<T>(name: string, data: Uint8Array): T {
  try {
    return JSON.parse(DECODER.decode(data));
  } catch (cause) {
    const what = `what NATS keeps of the network as "${name}" is damaged`;
    throw new StartError(
      `${what}: put NATS's store back, or delete that object and start bobchat again`,
      { cause },
    );
  }
}
