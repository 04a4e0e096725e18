// What a conversation is made of.

import type { Message } from "../frames.ts";

/** What is shown as one: a message, or the server's word. */
export interface Entry {
  readonly kind: Message["kind"] | "notice" | "error";
  /** A message's, in the server's order. */
  readonly id?: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Empty where the server speaks. */
  readonly from: string;
  readonly text: string;
  readonly isMine: boolean;
  readonly isMention: boolean;
  /** Whether it came as history. */
  readonly isEarlier: boolean;
}
