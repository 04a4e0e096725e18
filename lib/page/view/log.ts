/// <reference lib="dom" />
// The talk in front, as a log: what is there already and what comes now are two lists, so that a screen
// reader reads out what comes, and not what was looked up above it.

import type { Entry, Talk } from "../state/talk.ts";
import { arrange, make, part, setText } from "./dom.ts";
import {
  dayElement,
  entryElement,
  isContinued,
  isNewDay,
  type Waiting,
  waitingElement,
} from "./entries.ts";

/** Pixels from the end within which one reads along; and from the top where more is asked for. */
const NEAR_END = 60, NEAR_TOP = 400;

/** The log. */
export class Log {
  readonly #onTop: () => void;
  readonly #box = part("log", HTMLElement);
  readonly #earlier = part("earlier", HTMLElement);
  readonly #now = part("now", HTMLElement);
  readonly #waiting = part("waiting", HTMLElement);
  readonly #top = part("log-top", HTMLElement);
  readonly #more = part("log-more", HTMLButtonElement);
  readonly #newest = part("newest", HTMLButtonElement);
  readonly #newLine = make("li", "new", {}, [make("span", "", "new")]);
  #talk: Talk | undefined;
  #elements = new Map<Entry, HTMLElement>();
  /** Those above which a new day begins. */
  readonly #days = new WeakMap<Entry, HTMLElement>();
  /** Those that have come while the talk was in front. */
  #live = new WeakSet<Entry>();
  #isAtEnd = true;
  /** Entries that have come while the reader looked back. */
  #missed = 0;

  /** Calls where more of the past is to be shown. */
  constructor(onTop: () => void) {
    this.#onTop = onTop;
    this.#box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#more.addEventListener("click", onTop);
    this.#newest.addEventListener("click", () => {
      this.toEnd();
      part("text", HTMLElement).focus();
    });
    new ResizeObserver(() => this.#isAtEnd && this.#scrollToEnd()).observe(this.#box);
  }

  /** Goes to the end, and follows what comes. */
  toEnd(): void {
    this.#isAtEnd = true;
    this.#scrollToEnd();
    this.#scrolled();
  }

  /** Scrolls by so many pages. */
  scroll(pages: number): void {
    this.#box.scrollBy({ top: pages * this.#box.clientHeight * 0.9 });
  }

  /** Shows an entry and marks it for a moment; false where it is not there. */
  reveal(isWanted: (entry: Entry) => boolean): boolean {
    const entry = this.#talk?.entries.find(isWanted);
    const element = entry && this.#elements.get(entry);
    if (element === undefined) return false;
    this.#isAtEnd = false;
    element.scrollIntoView({ block: "center" });
    element.classList.remove("revealed");
    // Read, so that the animation begins again where it was shown before.
    void element.offsetWidth;
    element.classList.add("revealed");
    this.#scrolled();
    return true;
  }

  /**
   * Shows a talk as it is now, with the names by which its reader is called, and what they have typed that
   * is still to be sent.
   */
  show(
    talk: Talk,
    { names, waiting }: { names: readonly string[]; waiting: readonly Waiting[] },
  ): void {
    const isOther = talk !== this.#talk;
    if (isOther) this.#change(talk);
    const anchor = this.#isAtEnd ? undefined : this.#anchor();
    this.#fill(talk, { names, isOther });
    this.#waiting.replaceChildren(...waiting.map(waitingElement));
    this.#showTop(talk);
    if (isOther) this.#place(talk);
    else if (anchor !== undefined) this.#hold(anchor);
    else if (this.#isAtEnd) this.#scrollToEnd();
    this.#showNewest();
    if (this.#box.scrollTop < NEAR_TOP) this.#onTop();
  }

  #change(talk: Talk): void {
    if (this.#talk !== undefined) this.#talk.isScrolledUp = false;
    this.#talk = talk;
    this.#elements.clear();
    this.#live = new WeakSet();
    this.#isAtEnd = true;
    this.#missed = 0;
    this.#earlier.replaceChildren();
    this.#now.replaceChildren();
  }

  #fill(
    { entries, firstNew }: Talk,
    { names, isOther }: { names: readonly string[]; isOther: boolean },
  ): void {
    const elements = new Map<Entry, HTMLElement>();
    for (const entry of entries) {
      let element = this.#elements.get(entry);
      if (element === undefined) {
        element = entryElement(entry, names);
        if (!isOther && !entry.isEarlier) this.#came(entry);
      }
      elements.set(entry, element);
    }
    this.#elements = elements;
    const rows = entries.map((entry, at) =>
      this.#rows(entry, { above: entries[at - 1], firstNew })
    );
    const live = entries.findLastIndex((entry) => !this.#live.has(entry)) + 1;
    const earlier = rows.slice(0, live).flat(), now = rows.slice(live).flat();
    // The first day is no news: where all that was above is let go, each entry would have it read out again.
    if (live === 0) earlier.push(...now.splice(0, now.findIndex(isEntry)));
    arrange(this.#earlier, earlier);
    arrange(this.#now, now);
  }

  #came(entry: Entry): void {
    this.#live.add(entry);
    if (!this.#isAtEnd) this.#missed++;
  }

  /** An entry's element, and the lines above it. */
  #rows(
    entry: Entry,
    { above, firstNew }: { above: Entry | undefined; firstNew: Entry | undefined },
  ): HTMLElement[] {
    const rows = [];
    const isDay = isNewDay(entry, above);
    if (isDay) {
      const day = this.#days.get(entry) ?? dayElement(entry);
      this.#days.set(entry, day);
      rows.push(day);
    }
    if (entry === firstNew) rows.push(this.#newLine);
    const element = this.#elements.get(entry);
    if (element === undefined) return rows;
    const goesOn = !isDay && entry !== firstNew && isContinued(entry, above);
    element.classList.toggle("continued", goesOn);
    rows.push(element);
    return rows;
  }

  /** What stands above the first entry. */
  #showTop({ title, past, isFull, entries }: Talk): void {
    const isAllShown = past.older === undefined;
    this.#more.hidden = isAllShown || isFull;
    const begins = entries.length === 0 ? "No messages yet." : `This is the beginning of ${title}.`;
    const ends = "You cannot scroll further up. Use the search to find older messages.";
    setText(this.#top, isFull ? ends : isAllShown ? begins : "");
  }

  /** Where one begins to read: at what is new, or at the end. */
  #place({ firstNew }: Talk): void {
    this.#scrollToEnd();
    if (firstNew === undefined) return;
    const above = top(this.#newLine) - top(this.#box);
    if (above < 0) this.#box.scrollTop += above - this.#box.clientHeight / 4;
    this.#scrolled();
  }

  /**
   * The first entry that is seen, and where it ends: where it begins changes with what comes above it,
   * after which it may only go on.
   */
  #anchor() {
    const edge = top(this.#box);
    for (const element of this.#elements.values()) {
      const { bottom } = element.getBoundingClientRect();
      if (bottom > edge) return { element, bottom };
    }
  }

  /** Has what is read stay where it was. */
  #hold({ element, bottom }: { element: HTMLElement; bottom: number }): void {
    if (!element.isConnected) return;
    this.#box.scrollTop += element.getBoundingClientRect().bottom - bottom;
  }

  #scrollToEnd(): void {
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  #scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.#talk !== undefined) this.#talk.isScrolledUp = !this.#isAtEnd;
    this.#showNewest();
    if (scrollTop < NEAR_TOP) this.#onTop();
  }

  #showNewest(): void {
    if (this.#isAtEnd) this.#missed = 0;
    this.#newest.hidden = this.#isAtEnd;
    setText(this.#newest, this.#missed > 0 ? `Jump to newest (${this.#missed})` : "Jump to newest");
  }
}

function isEntry(element: Element): boolean {
  return element.classList.contains("entry");
}

function top(element: Element): number {
  return element.getBoundingClientRect().top;
}
