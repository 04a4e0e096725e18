/// <reference lib="dom" />
// What calls its user from behind other tabs: the title, and, if they want them, notifications.

import type { Call } from "../state/state.ts";
import { lastVisit, rememberVisit } from "../remembered.ts";

/** Characters of a notification. */
const SHOWN = 200;

/** Whether this browser can notify: it does so for pages alone that nobody could have changed on their way. */
export function canNotify(): boolean {
  return globalThis.isSecureContext && "Notification" in globalThis;
}

/** Whether it does. */
export function notifies(): boolean {
  return canNotify() && lastVisit().notifies && Notification.permission === "granted";
}

/** Turns notifications on or off; whether they are on then. */
export async function setNotifies(isWanted: boolean): Promise<boolean> {
  const permission = isWanted ? await Notification.requestPermission() : "default";
  rememberVisit({ notifies: isWanted && permission === "granted" });
  return notifies();
}

/** Heads the page's tab, with how often its user was called. */
export function showTitle(calls: number, title: string): void {
  const shown = `${calls > 0 ? `(${calls}) ` : ""}${title} – bobchat`;
  if (document.title !== shown) document.title = shown;
}

/** Notifies of a call, while nobody sees the page. Returns false, and is off, where the browser cannot after all. */
export function notify({ talk, entry }: Call, onClick: () => void): boolean {
  if (!document.hidden || !notifies()) return true;
  const { kind, from, text } = entry;
  const title = kind === "private" ? from : `${from} in ${talk.title}`;
  const body = text.slice(0, SHOWN).toWellFormed();
  const notification = open(title, { body, tag: talk.title, icon: "/icon.svg" });
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

/** A notification; nothing where they are a service worker's alone, as on Android, which no page is told before. */
function open(title: string, options: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
