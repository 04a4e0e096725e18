/// <reference lib="dom" />
// Shows the state, once for however much has changed since the last animation frame.

import type { Front } from "./front.ts";
import type { Link } from "../client/link/link.ts";
import type { Presence } from "../client/presence.ts";
import { keyOf } from "../client/state/conversations.ts";
import type { State } from "../client/state/state.ts";
import { showTitle } from "./view/attention.ts";
import type { Composer } from "./view/composer.ts";
import type { Heading } from "./view/heading.ts";
import type { Log } from "./view/log.ts";
import type { Sidebar } from "./view/sidebar.ts";

/** Milliseconds by which a page that nobody sees may be late. */
const UNSEEN = 250;

/** Options of showing. */
export interface ShowingOptions {
  readonly state: State;
  readonly link: Link;
  readonly presence: Presence;
  readonly front: Front;
  readonly heading: Heading;
  readonly sidebar: Sidebar;
  readonly composer: Composer;
  readonly log: Log;
  /** The server's last notice. */
  readonly lastWords: () => string;
}

/** Shows the state. */
export class Showing {
  readonly #options: ShowingOptions;
  #isScheduled = false;

  constructor(options: ShowingOptions) {
    this.#options = options;
  }

  /** Shows the state in the next animation frame. */
  schedule(): void {
    // At once: what is hidden cannot get the focus when a dialog closes.
    this.#showWhetherIn();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    if (document.hidden) setTimeout(() => this.#show(), UNSEEN);
    else requestAnimationFrame(() => this.#show());
  }

  /**
   * Schedules it again. If the user has gone to another tab, a requested animation frame never comes: a timer
   * must do.
   */
  reschedule(): void {
    this.#isScheduled = false;
    this.schedule();
  }

  #show(): void {
    this.#isScheduled = false;
    const { state, link, front, heading, sidebar, composer, log, lastWords } = this.#options;
    const { conversations, me, names } = state;
    const { active } = conversations;
    const key = keyOf(active);
    const waiting = link.state === "open"
      ? []
      : link.waiting.filter(({ isTyped, where }) => isTyped && where === key)
        .map(({ shown = "" }) => ({ from: me || state.wanted || "you", text: shown }));
    heading.showConversation(active);
    heading.showLink(link.isLost ? "lost" : link.state, lastWords());
    sidebar.show(conversations, me);
    composer.show(active);
    log.show(active, { names, waiting });
    front.lookBack();
    showTitle(conversations.calls, active.title);
  }

  /** Hides everything but the dialogs until the user is in; what goes wrong meanwhile is shown. */
  #showWhetherIn(): void {
    const { link, presence: { isEntering } } = this.#options;
    const { classList } = document.body;
    if (isEntering && link.state === "connecting") return;
    classList.toggle("out", isEntering && (link.state === "idle" || link.state === "open"));
  }
}
