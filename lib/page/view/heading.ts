/// <reference lib="dom" />
// The heading above the log: the room and its topic; and the status line below it: the state of the link.

import type { Presence } from "../../client/frames.ts";
import type { LinkState } from "../../client/link/link.ts";
import { part, setText } from "./dom.ts";
import type { Conversation } from "../../client/state/conversation.ts";
import { Room } from "../../client/state/room.ts";

/** The text for each state; states that last a moment have none. */
const SAID: Readonly<Record<LinkState, string>> = {
  idle: "",
  connecting: "",
  joining: "This server has a password.",
  open: "",
  lost: "Connection lost: connecting again. What you write now is sent then.",
  ended: "",
};

/** What is said of a private conversation, by whether the other one is here. */
const PRESENCE: Readonly<Record<Presence, string>> = {
  here: "private conversation",
  away: "away",
  lost: "connection lost",
  absent: "not here: what you write waits",
  unknown: "not here",
};

/** The heading and the status line. */
export class Heading {
  readonly #title = part("title", HTMLElement);
  readonly #topic = part("topic", HTMLElement);
  readonly #leave = part("leave", HTMLButtonElement);
  readonly #bar = part("status-bar", HTMLElement);
  readonly #status = part("status", HTMLElement);
  readonly #retry = part("retry", HTMLButtonElement);

  constructor({ onLeave, onRetry }: { onLeave: () => void; onRetry: () => void }) {
    this.#leave.addEventListener("click", onLeave);
    this.#retry.addEventListener("click", onRetry);
  }

  showConversation(conversation: Conversation): void {
    const topic = conversation instanceof Room
      ? conversation.topic
      : PRESENCE[conversation.presence ?? "here"];
    const locked = conversation instanceof Room && conversation.isLocked ? " (locked)" : "";
    setText(this.#title, conversation.title + locked);
    setText(this.#topic, topic);
    this.#topic.title = topic;
    this.#topic.classList.toggle("presence", conversation.kind === "person");
    this.#leave.hidden = conversation.title === "#lobby";
    setText(this.#leave, conversation.kind === "room" ? "Leave" : "Close");
    this.#leave.setAttribute("aria-label", `${this.#leave.textContent} ${conversation.title}`);
  }

  /** Shows the state of the link; if the server has ended it, with the server's last words. */
  showLink(state: LinkState, lastWords: string): void {
    const isEnded = state === "ended";
    const text = isEnded ? lastWords || "You are disconnected." : SAID[state];
    setText(this.#status, text);
    this.#bar.className = text === "" ? "" : `shown ${state}`;
    this.#retry.hidden = text === "";
    setText(this.#retry, isEnded ? "Join again" : state === "lost" ? "Try now" : "Enter it");
  }
}
