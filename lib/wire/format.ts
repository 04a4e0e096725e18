// Deliveries as the lines that people read. Only the server begins a line with `***`. State changes have no
// line: people read the same in notices.

import type { Delivery } from "../chat/delivery.ts";
import type { Message } from "../chat/message.ts";
import { stamp } from "./stamp.ts";

const END = "\r\n";

/** A delivery as lines, each with its end; a state change as none. */
export function format(delivery: Delivery): string {
  switch (delivery.kind) {
    case "notice":
      return `*** ${delivery.text}${END}`;
    case "history page":
      return formatEarlier(delivery.messages, delivery.at);
    case "search results":
      return formatFound(delivery.messages);
    case "state":
    case "receipt":
      return "";
    default:
      return formatMessage(delivery);
  }
}

/** The time in front of a line, in v0.1's form; changing it here leaves `--classic` as it is. */
function timeOf(at: number): string {
  return stamp(at);
}

function formatMessage({ kind, from, at, text, to }: Message): string {
  switch (kind) {
    case "message":
      return `${from}(${timeOf(at)}): ${text}${END}`;
    case "action":
      return `* ${from}(${timeOf(at)}) ${text}${END}`;
    case "private":
      return `${from}(${timeOf(at)}) to ${to?.name}: ${text}${END}`;
  }
}

/** Messages, oldest first, with a heading for every day other than that of `at`. */
function formatEarlier(messages: readonly Message[], at: number): string {
  let lines = "", day = new Date(at).toDateString();
  for (const message of messages) {
    const said = new Date(message.at).toDateString();
    if (said !== day) lines += `*** On ${said}:${END}`;
    day = said;
    lines += formatMessage(message);
  }
  return lines;
}

/** Messages, each with its room and time. */
function formatFound(messages: readonly Message[]): string {
  if (messages.length === 0) return `*** Nothing was found.${END}`;
  return messages.map(({ at, from, kind, room, text, to }) => {
    const time = new Date(at);
    const when = `${time.toDateString()} ${time.toTimeString().slice(0, 8)}`;
    const where = room === undefined ? `to ${to?.name}` : `#${room.name}`;
    return `*** [${where}, ${when}] ${from}${kind === "action" ? "" : ":"} ${text}${END}`;
  }).join("");
}
