// Which events are shared, and which are local. What changes what others see is shared: it is data that JSON can
// carry, and that can be handled elsewhere. What only its asker sees is local, and so is what has a secret in it.

import { find } from "./commands/command.ts";
import { TABLE } from "./commands/table.ts";
import type { Chat } from "./chat.ts";
import type { Event, Input, Join, SharedEvent } from "./event.ts";
import type { JobResult } from "./job.ts";
import type { ConnectionId } from "./message.ts";

/** The results that others see something of. */
const VERDICTS: readonly JobResult["kind"][] = [
  ...["entered", "hashed", "verified", "changed", "handed over"] as const,
];
/** The inputs that are shared once their member is in. */
const ALWAYS_SHARED: ReadonlySet<Input["kind"]> = new Set(["text", "edit", "delete", "stranger"]);

/** Whether an event is shared, in the chat as it is when the event's turn comes. */
export function isShared(chat: Chat, event: Event): event is SharedEvent {
  if (event.kind === "job done") {
    return VERDICTS.includes(event.result.kind);
  }
  if (event.kind === "network") return false;
  if (event.kind !== "typed") return true;
  const { input } = event;
  const asked = chat.admission.get(event.id);
  if (asked !== undefined) return isSharedBefore(asked.join, input);
  if (ALWAYS_SHARED.has(input.kind)) return true;
  const member = chat.connections.get(event.id);
  if (input.kind === "read") {
    // Nobody else is told of what a guest reads, unless they have other tabs.
    return member !== undefined && (member.account !== undefined || member.connections.length > 1);
  }
  if (input.kind !== "command") return false;
  const command = find(TABLE, input.name);
  if (command?.run === undefined) return false;
  return command.answer === undefined || command.asks?.(input.text, member?.name ?? "") !== true;
}

/** Whether an input of a connection that is asked for the server password is shared. */
function isSharedBefore({ speaks }: Join, { kind }: Input): boolean {
  // Whatever it types may be the password, unless it is too long for that.
  return kind === "stranger" || kind === "oversize" && speaks !== "json";
}

/**
 * Which events of a node's connections are shared, before their turn has come: a node must know what to publish,
 * and a connection that must send the server password may not be in the state yet.
 */
export class Scope {
  /** The connections that are asked, until they are in. */
  readonly #asked = new Map<ConnectionId, Join>();

  /** Whether an event is shared. Each event of the node is given here once, in their order. */
  isShared(chat: Chat, event: Event): event is SharedEvent {
    if (event.kind === "join") {
      if (event.isAsked) this.#asked.set(event.id, event);
    } else if (event.kind === "leave") {
      this.#asked.delete(event.id);
    } else if (event.kind === "typed") {
      const asked = this.#asked.get(event.id);
      if (asked !== undefined) {
        if (!chat.connections.has(event.id)) return isSharedBefore(asked, event.input);
        this.#asked.delete(event.id);
      }
    }
    return isShared(chat, event);
  }
}
