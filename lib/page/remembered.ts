/// <reference lib="dom" />
// What the browser remembers: between visits the name, the rooms and how the page looks; and over a reload
// the session and what was typed. Never a password.

import type { Saved } from "./link/link.ts";
import type { Draft } from "./state/talks.ts";
import { mayHaveSecret } from "./typing/typed.ts";

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
  /** Whether the name is registered, and its bearer's. */
  readonly isRegistered: boolean;
}

const VISIT = "bobchat", SESSION = "bobchat session", DRAFTS = "bobchat drafts";

const FIRST_VISIT: Visit = { name: "", rooms: [], theme: "", notifies: false };

/** What is remembered of the last visit. */
export function lastVisit(): Visit {
  return { ...FIRST_VISIT, ...parse<Partial<Visit>>(store("localStorage")?.getItem(VISIT)) };
}

/** Changes some of what will be remembered of this one. */
export function rememberVisit(changes: Partial<Visit>): void {
  keep("localStorage", VISIT, { ...lastVisit(), ...changes });
}

/**
 * Takes the session of the page that was here before. A copy of this tab finds nothing: two would take it
 * from each other.
 */
export function takeSession(): Session | undefined {
  return take(SESSION);
}

/** Leaves the session to the page that comes next. */
export function leaveSession(kept: Session): void {
  keep("sessionStorage", SESSION, kept);
}

/** Takes what was typed, and not sent, in the page that was here before. */
export function takeDrafts(): readonly Draft[] {
  return take(DRAFTS) ?? [];
}

/** Leaves what was typed to the page that comes next, but for what has a password in it. */
export function leaveDrafts(drafts: readonly Draft[]): void {
  keep("sessionStorage", DRAFTS, drafts.filter(({ text }) => !mayHaveSecret(text)));
}

function take<Kept>(key: string): Kept | undefined {
  const kept = parse<Kept>(store("sessionStorage")?.getItem(key));
  store("sessionStorage")?.removeItem(key);
  return kept;
}

/** Keeps it, if there is room for it. */
function keep(name: "localStorage" | "sessionStorage", key: string, value: object): void {
  try {
    store(name)?.setItem(key, JSON.stringify(value));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "QuotaExceededError")) throw error;
  }
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
