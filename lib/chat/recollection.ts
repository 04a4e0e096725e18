// What was said before, as it is shown again.

import type { Delivery, Message } from "./event.ts";

/** Characters of a message besides its text: a name and a time. */
const HEAD = 35;

/** Messages, oldest first, with a heading for every day but today; the oldest go beyond `most` characters. */
export function recollect(
  messages: readonly Message[],
  { at, most }: { at: number; most: number },
): Delivery[] {
  let first = messages.length;
  for (let size = 0; first > 0; first--) {
    size += HEAD + messages[first - 1]!.text.length;
    if (size > most) break;
  }
  const deliveries: Delivery[] = [];
  let day = new Date(at).toDateString();
  for (const message of messages.slice(first)) {
    const said = new Date(message.at).toDateString();
    if (said !== day) deliveries.push({ kind: "notice", text: `On ${said}:` });
    day = said;
    deliveries.push(message);
  }
  return deliveries;
}

/** What was found, a line each, with the place and the time. */
export function report(messages: readonly Message[]): string[] {
  return messages.map(({ at, from, kind, room, text, to }) => {
    const time = new Date(at);
    const when = `${time.toDateString()} ${time.toTimeString().slice(0, 8)}`;
    const where = room === undefined ? `to ${to?.name}` : `#${room.name}`;
    return `[${where}, ${when}] ${from}${kind === "action" ? "" : ":"} ${text}`;
  });
}
