/// <reference lib="dom" />
// Tells the user of mentions while the page is not in sight: by the title and, if they want, notifications.

import type { Call } from "../../client/state/state.ts";
import { lastVisit, rememberVisit } from "../remembered.ts";

/** Most characters of a notification. */
const SHOWN = 200;

/** Whether this browser can notify: only for pages from a secure origin. */
export function canNotify(): boolean {
  return globalThis.isSecureContext && "Notification" in globalThis;
}

/** Whether notifications are on. */
export function notifies(): boolean {
  return canNotify() && lastVisit().notifies && Notification.permission === "granted";
}

/** Turns notifications on or off; returns whether they are on. */
export async function setNotifies(isWanted: boolean): Promise<boolean> {
  const permission = isWanted ? await Notification.requestPermission() : "default";
  rememberVisit({ notifies: isWanted && permission === "granted" });
  return notifies();
}

/** Sets the tab's title, with the count of mentions. */
export function showTitle(calls: number, title: string): void {
  const shown = `${calls > 0 ? `(${calls}) ` : ""}${title} – bobchat`;
  if (document.title !== shown) document.title = shown;
}

/** Notifies of a mention if nobody looks. Returns false, and turns this off, if the browser refuses. */
export function notify({ conversation, entry }: Call, onClick: () => void): boolean {
  if (!document.hidden || !notifies()) return true;
  const { kind, from, text } = entry;
  const title = kind === "private" ? from : `${from} in ${conversation.title}`;
  const body = text.slice(0, SHOWN).toWellFormed();
  const notification = open(title, { body, tag: conversation.title, icon: "icon.svg" });
  if (notification === undefined) {
    rememberVisit({ notifies: false });
    return false;
  }
  notification.addEventListener("click", () => {
    focus();
    notification.close();
    onClick();
  });
  return true;
}

/** Makes a notification; undefined if only service workers may, as on Android, which no page knows before. */
function open(title: string, options: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
