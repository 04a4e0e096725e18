/// <reference lib="dom" />
// What the browser remembers: between visits the name, the rooms and the theme, and a secret by which its tabs are
// one person; over a reload the session and the drafts. Never a password.

import type { Visit as Who } from "../client/presence.ts";
import type { Saved } from "../client/link/link.ts";
import type { Draft } from "../client/state/conversations.ts";
import { mayHaveSecret } from "../client/typing/typed.ts";

/** What is remembered between visits. */
export interface Visit extends Who {
  /** Empty means the system's. */
  readonly theme: "" | "light" | "dark";
  readonly notifies: boolean;
}

/** What the next page needs to continue: the session, the names used in it, and the conversation in front. */
export interface Session extends Saved {
  readonly names: readonly string[];
  readonly front: string;
  /** Whether the name is registered, and the user's. */
  readonly isRegistered: boolean;
}

const VISIT = "bobchat",
  BROWSER = "bobchat browser",
  SESSION = "bobchat session",
  DRAFTS = "bobchat drafts";

const FIRST_VISIT: Visit = { name: "", rooms: [], theme: "", notifies: false };

/** What is remembered of the last visit. */
export function lastVisit(): Visit {
  return { ...FIRST_VISIT, ...parse<Partial<Visit>>(store("localStorage")?.getItem(VISIT)) };
}

/** Changes some of what is remembered of this visit. */
export function rememberVisit(changes: Partial<Visit>): void {
  keep("localStorage", VISIT, { ...lastVisit(), ...changes });
}

/** The secret that all tabs of this browser have in common; undefined if nothing can be stored. */
export function browserSecret(): string | undefined {
  const before = parse<string>(store("localStorage")?.getItem(BROWSER));
  if (before !== undefined) return before;
  // Not `randomUUID`, which plain http does not have.
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  keep(
    "localStorage",
    BROWSER,
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  );
  return parse<string>(store("localStorage")?.getItem(BROWSER));
}

/**
 * Takes the session of the page before. A copy of this tab gets none, or the two would take it from each
 * other.
 */
export function takeSession(): Session | undefined {
  return take(SESSION);
}

/** Leaves the session to the next page. */
export function leaveSession(kept: Session): void {
  keep("sessionStorage", SESSION, kept);
}

/** Takes the drafts of the page before. */
export function takeDrafts(): readonly Draft[] {
  return take(DRAFTS) ?? [];
}

/** Leaves the drafts to the next page, except those with a password. */
export function leaveDrafts(drafts: readonly Draft[]): void {
  keep("sessionStorage", DRAFTS, drafts.filter(({ text }) => !mayHaveSecret(text)));
}

function take<Kept>(key: string): Kept | undefined {
  const kept = parse<Kept>(store("sessionStorage")?.getItem(key));
  store("sessionStorage")?.removeItem(key);
  return kept;
}

/** Stores a value, if there is room. */
function keep(
  name: "localStorage" | "sessionStorage",
  key: string,
  value: object | string,
): void {
  try {
    store(name)?.setItem(key, JSON.stringify(value));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "QuotaExceededError")) throw error;
  }
}

function parse<Kept>(json: string | null | undefined): Kept | undefined {
  return json ? JSON.parse(json) : undefined;
}

/** The browser's storage; undefined if its user forbids it. */
function store(name: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return globalThis[name];
  } catch (error) {
    if (error instanceof DOMException && error.name === "SecurityError") return undefined;
    throw error;
  }
}
