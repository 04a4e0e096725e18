// The stream of a network's epoch, as its consumer and publisher see it: JetStream's (jetstream.ts), or one in
// memory in tests. What goes wrong with it is a `StreamFault`.

/** Where a message is in the stream, and by what it is known again; `sequence` 0 is before the first. */
export interface Position {
  readonly sequence: number;
  /** What its publisher called it. */
  readonly id: string;
  /** The stream's time of it, in epoch milliseconds. */
  readonly at: number;
}

/** Before the first message. */
export const BEGINNING: Position = { sequence: 0, id: "", at: 0 };

/** A message as it arrives. */
export interface Message extends Position {
  readonly data: Uint8Array;
  /** How many more the stream has for this consumer. */
  readonly pending: number;
}

/** Messages in order, from the one that was asked for. */
export interface Messages extends AsyncIterable<Message> {
  /** When the stream last gave a sign of life (a message or a heartbeat), in milliseconds of `performance.now`. */
  heardAt(): number;
  /** Ends the iteration, if somebody waits in it. */
  close(): void;
}

/** The answer to a publish: it is stored. */
export interface Ack {
  readonly sequence: number;
  /** Whether it was stored before. */
  readonly isDuplicate: boolean;
}

/** A stream. Whatever fails rejects with a `StreamFault`. */
export interface Stream {
  readonly name: string;
  /** Whether the connection is up; every change is told to the one listener. */
  readonly isUp: boolean;
  watch(onChange: (isUp: boolean) => void): void;
  publish(id: string, data: Uint8Array): Promise<Ack>;
  /** The message with this number; undefined if there is none. */
  look(sequence: number): Promise<Position | undefined>;
  /** The numbers of the oldest and the newest message. */
  range(): Promise<{ readonly first: number; readonly last: number }>;
  /** Messages from this number on. */
  consume(from: number): Promise<Messages>;
}

/**
 * Why the stream did not do as it was asked: it did not answer in time (and may have done it all the same),
 * nobody is there to answer, it does not exist, it has no room left, its epoch has ended, or it refused.
 */
export type FaultKind = "late" | "nobody" | "gone" | "full" | "ended" | "refused";

/** Something is wrong with the stream or the way to it. */
export class StreamFault extends Error {
  override name = "StreamFault";
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
