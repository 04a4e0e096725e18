/// <reference lib="dom" />
// The log of the conversation in front. Earlier entries and new ones are two lists, so that a screen reader
// reads out what is new, and not what is loaded above it.

import type { Conversation } from "../../client/state/conversation.ts";
import type { Entry } from "../../client/state/entry.ts";
import { arrange, make, part, setText } from "./dom.ts";
import {
  dayElement,
  entryElement,
  isContinued,
  isNewDay,
  updateComings,
  type Waiting,
  waitingElement,
} from "./entries.ts";

/** Pixels from the end within which the log follows new entries; and from the top where more is loaded. */
const NEAR_END = 60, NEAR_TOP = 400;

/** Most sentences that are read out at once of those who come and leave. */
const MOST_SPOKEN = 3;

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
  /** What is read out of lines that grow. */
  readonly #spoken = part("comings", HTMLElement);
  readonly #newLine = make("li", "new", {}, [make("span", "", "new")]);
  #conversation: Conversation | undefined;
  #elements = new Map<Entry, HTMLElement>();
  /** The day lines, by the entry below each. */
  readonly #days = new WeakMap<Entry, HTMLElement>();
  /** Entries that came while the conversation was in front. */
  #live = new WeakSet<Entry>();
  /** In which form each entry was shown: a message may be edited or taken back. */
  readonly #shown = new WeakMap<Entry, string>();
  /** How many sentences of each line that grows were shown. */
  readonly #told = new WeakMap<Entry, number>();
  #isAtEnd = true;
  /** Entries that came while the reader looked back. */
  #missed = 0;

  /** `onTop` is called when more of the past should be loaded. */
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

  /** Goes to the end, and follows new entries. */
  toEnd(): void {
    this.#isAtEnd = true;
    this.#scrollToEnd();
    this.#scrolled();
  }

  /** Scrolls by this many pages. */
  scroll(pages: number): void {
    this.#box.scrollBy({ top: pages * this.#box.clientHeight * 0.9 });
  }

  /** Shows an entry and marks it for a moment; false if it is not in the log. */
  reveal(isWanted: (entry: Entry) => boolean): boolean {
    const entry = this.#conversation?.entries.find(isWanted);
    const element = entry && this.#elements.get(entry);
    if (element === undefined) return false;
    this.#isAtEnd = false;
    element.scrollIntoView({ block: "center" });
    element.classList.remove("revealed");
    // Reading this restarts the animation.
    void element.offsetWidth;
    element.classList.add("revealed");
    this.#scrolled();
    return true;
  }

  /**
   * Shows a conversation as it is now, with the reader's names, to mark mentions, and the texts that they
   * have typed and that are still to be sent.
   */
  show(
    conversation: Conversation,
    { names, waiting }: { names: readonly string[]; waiting: readonly Waiting[] },
  ): void {
    const isOther = conversation !== this.#conversation;
    if (isOther) this.#change(conversation);
    const anchor = this.#isAtEnd ? undefined : this.#anchor();
    this.#fill(conversation, { names, isOther });
    this.#waiting.replaceChildren(...waiting.map(waitingElement));
    this.#showTop(conversation);
    if (isOther) this.#place(conversation);
    else if (anchor !== undefined) this.#hold(anchor);
    else if (this.#isAtEnd) this.#scrollToEnd();
    this.#showNewest();
    if (this.#box.scrollTop < NEAR_TOP) this.#onTop();
  }

  #change(conversation: Conversation): void {
    if (this.#conversation !== undefined) this.#conversation.isScrolledUp = false;
    this.#conversation = conversation;
    this.#elements.clear();
    this.#live = new WeakSet();
    this.#isAtEnd = true;
    this.#missed = 0;
    this.#earlier.replaceChildren();
    this.#now.replaceChildren();
  }

  #fill(
    { entries, firstNew }: Conversation,
    { names, isOther }: { names: readonly string[]; isOther: boolean },
  ): void {
    const elements = new Map<Entry, HTMLElement>();
    for (const entry of entries) {
      let element = this.#elements.get(entry);
      if (element === undefined) {
        element = entryElement(entry, names);
        if (!isOther && !entry.isEarlier) this.#came(entry);
      } else if (this.#shown.get(entry) !== formOf(entry)) {
        element = this.#again(entry, { element, names });
      }
      this.#shown.set(entry, formOf(entry));
      if (entry.comings !== undefined) this.#grow(entry, { element, isOther });
      elements.set(entry, element);
    }
    this.#elements = elements;
    const rows = entries.map((entry, at) =>
      this.#rows(entry, { above: entries[at - 1], firstNew })
    );
    const live = entries.findLastIndex((entry) => !this.#live.has(entry)) + 1;
    const earlier = rows.slice(0, live).flat(), now = rows.slice(live).flat();
    // The first day is no news: if everything above is dropped, it would be read out again for each entry.
    if (live === 0) earlier.push(...now.splice(0, now.findIndex(isEntry)));
    arrange(this.#earlier, earlier);
    arrange(this.#now, now);
  }

  /** Makes the element of an entry that has changed; where its menu had the keyboard, it keeps it. */
  #again(
    entry: Entry,
    { element, names }: { element: HTMLElement; names: readonly string[] },
  ): HTMLElement {
    const again = entryElement(entry, names);
    const hadFocus = element.contains(document.activeElement);
    element.replaceWith(again);
    if (hadFocus) (again.querySelector<HTMLElement>(".more") ?? part("text", HTMLElement)).focus();
    return again;
  }

  /** The entry of an element in the log. */
  entryOf(element: Element): Entry | undefined {
    const row = element.closest(".entry");
    for (const [entry, each] of this.#elements) if (each === row) return entry;
  }

  #came(entry: Entry): void {
    this.#live.add(entry);
    if (!this.#isAtEnd) this.#missed++;
  }

  /** Shows what is new in a line that grows, and has it read out. */
  #grow(
    entry: Entry,
    { element, isOther }: { element: HTMLElement; isOther: boolean },
  ): void {
    const { comings } = entry, told = this.#told.get(entry) ?? 0;
    if (comings === undefined || comings.sentences.length === told) return;
    this.#told.set(entry, comings.sentences.length);
    updateComings(element, comings);
    if (!isOther) {
      setText(this.#spoken, comings.sentences.slice(told).slice(-MOST_SPOKEN).join(" "));
    }
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

  /** Shows what comes above the first entry. */
  #showTop({ title, past, isFull, entries }: Conversation): void {
    const isAllShown = past.older === undefined;
    this.#more.hidden = isAllShown || isFull;
    const begins = entries.length === 0 ? "No messages yet." : `This is the beginning of ${title}.`;
    const ends = "You cannot scroll further up. Use the search to find older messages.";
    setText(this.#top, isFull ? ends : isAllShown ? begins : "");
  }

  /** Scrolls to where reading begins: to the first new entry, or to the end. */
  #place({ firstNew }: Conversation): void {
    this.#scrollToEnd();
    if (firstNew === undefined) return;
    const above = top(this.#newLine) - top(this.#box);
    if (above < 0) this.#box.scrollTop += above - this.#box.clientHeight / 4;
    this.#scrolled();
  }

  /**
   * The first visible entry, and the position of its end. (Its start changes with what comes above it: a day
   * line, or whether it continues the entry above.)
   */
  #anchor() {
    const edge = top(this.#box);
    for (const element of this.#elements.values()) {
      const { bottom } = element.getBoundingClientRect();
      if (bottom > edge) return { element, bottom };
    }
  }

  /** Keeps the visible entries where they were. */
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
    if (this.#conversation !== undefined) this.#conversation.isScrolledUp = !this.#isAtEnd;
    this.#showNewest();
    if (scrollTop < NEAR_TOP) this.#onTop();
  }

  #showNewest(): void {
    if (this.#isAtEnd) this.#missed = 0;
    this.#newest.hidden = this.#isAtEnd;
    setText(this.#newest, this.#missed > 0 ? `Jump to newest (${this.#missed})` : "Jump to newest");
  }
}

/** What of an entry may change. */
function formOf({ text, isEdited, gone = "" }: Entry): string {
  return `${isEdited === true} ${gone} ${text}`;
}

function isEntry(element: Element): boolean {
  return element.classList.contains("entry");
}

function top(element: Element): number {
  return element.getBoundingClientRect().top;
}
