// Which events are shared, and which are local. What changes what others see is shared: it is data that JSON can
// carry, and that can be handled elsewhere. What only its asker sees is local, and so is what has a secret in it.

import { find } from "./commands/command.ts";
import { TABLE } from "./commands/table.ts";
import type { Chat } from "./chat.ts";
import type { Event, SharedEvent } from "./event.ts";

/** Whether an event is shared, in the chat as it is when the event's turn comes. */
export function isShared(chat: Chat, event: Event): event is SharedEvent {
  if (event.kind === "job done") {
    return ["entered", "hashed", "verified"].includes(event.result.kind);
  }
  if (event.kind !== "typed") return true;
  const { input } = event;
  if (input.kind === "stranger") return true;
  const asked = chat.admission.get(event.id);
  // Before it has joined, whatever it types may be the server password, unless it is too long for that.
  if (asked !== undefined) return input.kind === "oversize" && asked.join.speaks !== "json";
  if (input.kind === "text") return true;
  if (input.kind !== "command") return false;
  const command = find(TABLE, input.name);
  if (command?.run === undefined) return false;
  return command.answer === undefined || command.asks?.(input.text) !== true;
}
