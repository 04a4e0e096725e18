// Deliveries as the lines that people read. Only the server begins a line with `***`. State changes have no
// line: people read the same in notices.

import type { Delivery, Mended } from "../chat/delivery.ts";
import type { Message } from "../chat/message.ts";
import { stamp } from "./stamp.ts";

const END = "\r\n";

/** A delivery as lines, each with its end; a state change as none. */
export function format(delivery: Delivery): string {
  switch (delivery.kind) {
    case "notice":
      return `*** ${delivery.text}${END}`;
    case "mended":
      return `*** ${sayMended(delivery)}${END}`;
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

function formatMessage({ kind, from, at, text: words, to, edited, deleted }: Message): string {
  if (deleted) return `*** A message of ${from}'s was taken back${END}`;
  const text = edited ? `${words} (edited)` : words;
  switch (kind) {
    case "message":
      return `${from}(${timeOf(at)}): ${text}${END}`;
    case "action":
      return `* ${from}(${timeOf(at)}) ${text}${END}`;
    case "private":
      return `${from}(${timeOf(at)}) to ${to?.name}: ${text}${END}`;
  }
}

/** Says that a message has another text now, or was taken back. */
function sayMended({ message, who, isOwn }: Mended): string {
  const { kind, from, text, to, deleted } = message;
  const where = to === undefined ? "" : ` to ${to.name}`;
  if (!deleted) {
    return `${who} now says${where}: ${kind === "action" ? `* ${who} ${text}` : text}`;
  }
  return isOwn ? `${who} took a message${where} back` : `${who} took back a message of ${from}'s`;
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
  return messages.map(({ at, from, kind, room, text: words, to, edited }) => {
    const text = edited ? `${words} (edited)` : words;
    const time = new Date(at);
    const when = `${time.toDateString()} ${time.toTimeString().slice(0, 8)}`;
    const where = room === undefined ? `to ${to?.name}` : `#${room.name}`;
    return `*** [${where}, ${when}] ${from}${kind === "action" ? "" : ":"} ${text}${END}`;
  }).join("");
}
