// The entries that a conversation consists of.

import type { Message } from "../frames.ts";
import type { Comings } from "./comings.ts";

/** What a notice is not. */
export const NOTHING = Object.freeze({ isMine: false, isMention: false, isEarlier: false });

/** One entry: a message or a notice. */
export interface Entry {
  readonly kind: Message["kind"] | "notice" | "error";
  /** The number of a message, in the server's order. */
  readonly id?: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The author's name; empty for the server. */
  readonly from: string;
  /** It changes when the message is edited, and is empty once it was taken back. */
  text: string;
  isEdited?: boolean;
  /** What is said in place of a message that was taken back. */
  gone?: string;
  /** It changes when the user turns out to be its author. */
  isMine: boolean;
  readonly isMention: boolean;
  /** Whether it came as history. */
  readonly isEarlier: boolean;
  /** Of a notice that grows: who has come and left, which its text tells. */
  readonly comings?: Comings;
}
