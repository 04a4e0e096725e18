// What the browser remembers: between visits the name, the rooms and how the page looks; and over a reload
// the session. Never a password.

/** @import { Saved } from "./link/link.js" */

/**
 * @typedef {object} Visit
 * @property {string} name
 * @property {readonly string[]} rooms
 * @property {"" | "light" | "dark"} theme As the system has it, if empty.
 * @property {boolean} notifies
 */

/**
 * By what the next page goes on: the session, the names borne in it, and the conversation in front.
 * @typedef {Saved & { names: readonly string[], front: string }} Session
 */

const VISIT = "bobchat", SESSION = "bobchat session";

/** @type {Visit} */
const FIRST_VISIT = { name: "", rooms: [], theme: "", notifies: false };

/**
 * What is remembered of the last visit.
 * @returns {Visit}
 */
export function lastVisit() {
  return { ...FIRST_VISIT, ...parse(store("localStorage")?.getItem(VISIT)) };
}

/**
 * Changes some of what will be remembered of this one.
 * @param {Partial<Visit>} changes
 */
export function rememberVisit(changes) {
  store("localStorage")?.setItem(VISIT, JSON.stringify({ ...lastVisit(), ...changes }));
}

/**
 * Takes the session of the page that was here before. A copy of this tab finds nothing: two would take it
 * from each other.
 * @returns {Session | undefined}
 */
export function takeSession() {
  const session = store("sessionStorage");
  const kept = parse(session?.getItem(SESSION));
  session?.removeItem(SESSION);
  return kept;
}

/**
 * Leaves the session to the page that comes next.
 * @param {Session} kept
 */
export function leaveSession(kept) {
  store("sessionStorage")?.setItem(SESSION, JSON.stringify(kept));
}

/** @param {string | null | undefined} json */
function parse(json) {
  return json ? JSON.parse(json) : undefined;
}

/**
 * The browser's store; nothing where its user lets no page keep anything.
 * @param {"localStorage" | "sessionStorage"} name
 * @returns {Storage | undefined}
 */
function store(name) {
  try {
    return globalThis[name];
  } catch (error) {
    if (error instanceof DOMException && error.name === "SecurityError") return undefined;
    throw error;
  }
}
