// What stands above the talk: where one is, what it is about; and below it how the link stands.

/** @import { LinkState } from "../link/link.js" */
/** @import { Talk } from "../state/talk.js" */
import { part, setText } from "./dom.js";
import { Room } from "../state/talk.js";

/** What is said of each state; of one that lasts a moment nothing. */
const SAID = {
  idle: "",
  connecting: "",
  joining: "This house has a password.",
  open: "",
  lost:
    "The connection is lost and is tried again by itself. What you write now is sent once it is back.",
  ended: "",
};

/** The heading and the status line. */
export class Heading {
  #title = part("title", HTMLElement);
  #topic = part("topic", HTMLElement);
  #leave = part("leave", HTMLButtonElement);
  #bar = part("status-bar", HTMLElement);
  #status = part("status", HTMLElement);
  #retry = part("retry", HTMLButtonElement);

  /** @param {{ onLeave: () => void, onRetry: () => void }} on */
  constructor({ onLeave, onRetry }) {
    this.#leave.addEventListener("click", onLeave);
    this.#retry.addEventListener("click", onRetry);
  }

  /** @param {Talk} talk */
  showTalk(talk) {
    const topic = talk instanceof Room ? talk.topic : "private, between you two";
    const locked = talk instanceof Room && talk.isLocked ? " (locked)" : "";
    setText(this.#title, talk.title + locked);
    setText(this.#topic, topic);
    this.#topic.title = topic;
    this.#leave.hidden = talk.title === "#lobby";
    setText(this.#leave, talk.kind === "room" ? "Leave" : "Close");
    this.#leave.setAttribute("aria-label", `${this.#leave.textContent} ${talk.title}`);
  }

  /**
   * @param {LinkState} state
   * @param {string} lastWords what the server said before it ended the link
   */
  showLink(state, lastWords) {
    const isEnded = state === "ended";
    const text = isEnded ? lastWords || "You are out." : SAID[state];
    setText(this.#status, text);
    this.#bar.className = text === "" ? "" : `shown ${state}`;
    this.#retry.hidden = text === "";
    setText(this.#retry, isEnded ? "Come in again" : state === "lost" ? "Try now" : "Type it");
  }
}
