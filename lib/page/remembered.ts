/// <reference lib="dom" />
// What the browser remembers: between visits the name, the rooms and how the page looks; and over a reload
// the session. Never a password.

import type { Saved } from "./link/link.ts";

/** What is remembered between visits. */
export interface Visit {
  readonly name: string;
  readonly rooms: readonly string[];
  /** As the system has it, if empty. */
  readonly theme: "" | "light" | "dark";
  readonly notifies: boolean;
}

/** By what the next page goes on: the session, the names borne in it, and the conversation in front. */
export interface Session extends Saved {
  readonly names: readonly string[];
  readonly front: string;
}

const VISIT = "bobchat", SESSION = "bobchat session";

const FIRST_VISIT: Visit = { name: "", rooms: [], theme: "", notifies: false };

/** What is remembered of the last visit. */
export function lastVisit(): Visit {
  return { ...FIRST_VISIT, ...parse<Partial<Visit>>(store("localStorage")?.getItem(VISIT)) };
}

/** Changes some of what will be remembered of this one. */
export function rememberVisit(changes: Partial<Visit>): void {
  store("localStorage")?.setItem(VISIT, JSON.stringify({ ...lastVisit(), ...changes }));
}

/**
 * Takes the session of the page that was here before. A copy of this tab finds nothing: two would take it
 * from each other.
 */
export function takeSession(): Session | undefined {
  const session = store("sessionStorage");
  const kept = parse<Session>(session?.getItem(SESSION));
  session?.removeItem(SESSION);
  return kept;
}

/** Leaves the session to the page that comes next. */
export function leaveSession(kept: Session): void {
  store("sessionStorage")?.setItem(SESSION, JSON.stringify(kept));
}

function parse<Kept>(json: string | null | undefined): Kept | undefined {
  return json ? JSON.parse(json) : undefined;
}

/** The browser's store; nothing where its user lets no page keep anything. */
function store(name: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return globalThis[name];
  } catch (error) {
    if (error instanceof DOMException && error.name === "SecurityError") return undefined;
    throw error;
  }
}
