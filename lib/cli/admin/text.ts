// Exported messages as people read them.

import type { ExportedGap, ExportedMessage } from "../../history/export.ts";

/** `2026-11-24 10:11:12 #tea alice: text`, at this machine's time. */
export function formatItem(item: ExportedMessage | ExportedGap): string {
  const time = new Date(item.at);
  // Swedish writes dates as ISO does.
  const when = `${time.toLocaleDateString("sv-SE")} ${time.toTimeString().slice(0, 8)}`;
  if (item.kind === "gap") return `${when} (${item.count} messages are lost)`;
  const { room, kind, from, text } = item;
  return `${when} #${room} ${kind === "action" ? `* ${from} ${text}` : `${from}: ${text}`}`;
}
