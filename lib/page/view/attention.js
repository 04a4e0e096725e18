// What calls its user from behind other tabs: the title, and, if they want them, notifications.

/** @import { Call } from "../state/state.js" */
import { lastVisit, rememberVisit } from "../remembered.js";

/** Characters of a notification. */
const SHOWN = 200;

/** Whether this browser can notify: it does so for pages alone that nobody could have changed on their way. */
export function canNotify() {
  return globalThis.isSecureContext && "Notification" in globalThis;
}

/** Whether it does. */
export function notifies() {
  return canNotify() && lastVisit().notifies && Notification.permission === "granted";
}

/**
 * Turns notifications on or off; whether they are on then.
 * @param {boolean} isWanted
 */
export async function setNotifies(isWanted) {
  const permission = isWanted ? await Notification.requestPermission() : "default";
  rememberVisit({ notifies: isWanted && permission === "granted" });
  return notifies();
}

/**
 * @param {number} calls how often the user was called
 * @param {string} title
 */
export function showTitle(calls, title) {
  const shown = `${calls > 0 ? `(${calls}) ` : ""}${title} – bobchat`;
  if (document.title !== shown) document.title = shown;
}

/**
 * Notifies of a call, while nobody sees the page.
 * @param {Call} call
 * @param {() => void} onClick
 */
export function notify({ talk, entry }, onClick) {
  if (!document.hidden || !notifies()) return;
  const { kind, from, text } = entry;
  const title = kind === "private" ? from : `${from} in ${talk.title}`;
  const body = text.slice(0, SHOWN).toWellFormed();
  const notification = new Notification(title, { body, tag: talk.title, icon: "/icon.svg" });
  notification.addEventListener("click", () => {
    focus();
    notification.close();
    onClick();
  });
}
