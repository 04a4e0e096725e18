// Tells the operators on this server once when its history fails or its disk is nearly full, and once when all is
// well again. It is beside the fold: other servers' disks work.

import type { Chat } from "./chat.ts";
import type { History } from "./history.ts";
import { unreadable } from "./history_page.ts";
import type { MemberId } from "./message.ts";

/** Watches a history. */
export class HistoryWatch {
  readonly #history: History;
  /** The operators who know that records cannot be written, or read, and that room is short. */
  readonly #told = {
    kept: new Set<MemberId>(),
    read: new Set<MemberId>(),
    space: new Set<MemberId>(),
  };

  constructor(history: History) {
    this.#history = history;
  }

  /** Tells the operators what has changed. */
  tell(chat: Chat): void {
    const { trouble, readTrouble, lowSpace } = this.#history;
    const keeps = trouble === undefined
      ? "The history is saved again."
      : `The history cannot be saved at the moment (${trouble}): the chat goes on without it.`;
    const reads = readTrouble === undefined
      ? "The history can be read again."
      : unreadable(readTrouble).text;
    const room = lowSpace === undefined
      ? "The disk of the history has room again."
      : `The disk of the history has only ${lowSpace} left: make room before it is full.`;
    tellOperators(chat, { told: this.#told.kept, isWell: trouble === undefined, text: keeps });
    tellOperators(chat, { told: this.#told.read, isWell: readTrouble === undefined, text: reads });
    tellOperators(chat, { told: this.#told.space, isWell: lowSpace === undefined, text: room });
  }
}

function tellOperators(
  chat: Chat,
  { told, isWell, text }: { told: Set<MemberId>; isWell: boolean; text: string },
): void {
  for (const id of told) if (!chat.members.has(id)) told.delete(id);
  if (isWell && told.size === 0) return;
  for (const member of chat.members.values()) {
    if (!member.account?.isOperator || told.has(member.id) !== isWell) continue;
    chat.tell(member, text);
    if (isWell) told.delete(member.id);
    else told.add(member.id);
  }
}
