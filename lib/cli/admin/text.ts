// What is in the file as people read it: times, and exported messages.

import type { ExportedGap, ExportedMessage } from "../../history/export.ts";

/** `2026-11-24 10:11:12`, at this machine's time. */
export function formatTime(at: number | string): string {
  const time = new Date(at);
  // Swedish writes dates as ISO does.
  return `${time.toLocaleDateString("sv-SE")} ${time.toTimeString().slice(0, 8)}`;
}

/** `2026-11-24 10:11:12 #tea alice: text`, at this machine's time. */
export function formatItem(item: ExportedMessage | ExportedGap): string {
  const when = formatTime(item.at);
  if (item.kind === "gap") return `${when} (${item.count} messages are lost)`;
  const { room, kind, from, text: words, edited, deleted } = item;
  if (deleted) return `${when} #${room} (a message of ${from}'s was taken back)`;
  const text = edited ? `${words} (edited)` : words;
  return `${when} #${room} ${kind === "action" ? `* ${from} ${text}` : `${from}: ${text}`}`;
}
