/// <reference lib="dom" />
// An entry of a conversation as an element, and the lines between entries.

import type { Comings } from "../../client/state/comings.ts";
import type { Entry } from "../../client/state/entry.ts";
import { make, setText } from "./dom.ts";
import { hue, initial } from "../../client/state/names.ts";
import { parse } from "../../client/state/text.ts";

/** Times as in 15:04; a form that differs between days; and a full date with time. */
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "full" });
const FULL = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });
/** Milliseconds within which a message continues the same author's last one. */
const GOING_ON = 5 * 60_000;

/** An entry as an element; the reader has these names. */
export function entryElement(entry: Entry, names: readonly string[]): HTMLElement {
  const { kind, at, from, text, isMention, comings } = entry;
  const classes = `entry ${kind}${isMention ? " for-me" : ""}`;
  if (kind === "notice" || kind === "error") {
    if (comings !== undefined) return comingsElement(comings, { classes, at });
    // A table from the server keeps its columns.
    const isTable = text.startsWith("  ");
    return make("li", isTable ? `${classes} table` : classes, {}, [
      make("p", "text", { dir: "auto" }, [text]),
      timeElement(at),
    ]);
  }
  const name = nameElement(from);
  const words = wordsElement(entry, isMention ? names : []);
  const menu = entry.gone === undefined ? [menuElement(from)] : [];
  if (kind === "action") {
    words.prepend(name, " ");
    return make("li", classes, {}, [words, timeElement(at), ...menu]);
  }
  const head = make("p", "head", {}, [name, timeElement(at)]);
  return make("li", classes, {}, [avatarElement(from), head, words, ...menu]);
}

/** What was said, marked if it was edited; or that it was taken back. */
function wordsElement({ text, isEdited, gone }: Entry, names: readonly string[]): HTMLElement {
  if (gone !== undefined) return make("p", "text gone", gone);
  const words = textElement(text, names);
  if (isEdited) words.append(" ", make("span", "edited", "edited"));
  return words;
}

/** The button that opens the menu of a message. Of all of them only one is reached with Tab: see menu.ts. */
function menuElement(from: string): HTMLElement {
  const label = `What to do with this message of ${from}'s`;
  return make("button", "icon more", {
    ...{ type: "button", tabindex: "-1", "aria-label": label, title: "More" },
    "aria-haspopup": "menu",
  });
}

/**
 * A line with who has come and left. It is read out elsewhere, or a screen reader would read all of it again
 * with each change.
 */
function comingsElement(
  comings: Comings,
  { classes, at }: { classes: string; at: number },
): HTMLElement {
  const text = make("div", "text", { dir: "auto" });
  const element = make("li", classes, { "aria-live": "off" }, [text, timeElement(at)]);
  updateComings(element, comings);
  return element;
}

/** Shows in a line who has come and left since; where it stands for several sentences, they can be unfolded. */
export function updateComings(element: HTMLElement, { text, sentences }: Comings): void {
  const line = element.querySelector(".text");
  if (line === null) return;
  if (sentences.length === 1) return setText(line, text);
  const details = element.querySelector("details");
  const summary = details?.querySelector("summary") ?? make("summary");
  const all = details ?? make("details", "", {}, [summary]);
  setText(summary, text);
  for (const sentence of sentences.slice(all.childElementCount - 1)) {
    all.append(make("p", "", sentence));
  }
  if (details === null) line.replaceChildren(all);
}

/** A text that is still to be sent, and the name it is sent under. */
export interface Waiting {
  readonly from: string;
  readonly text: string;
}

/** The same as an element. */
export function waitingElement({ from, text }: Waiting): HTMLElement {
  return make("li", "entry", {}, [
    avatarElement(from),
    make("p", "head", {}, [nameElement(from), make("span", "aside", "waiting to be sent")]),
    make("p", "text", { dir: "auto" }, [text]),
  ]);
}

/** A line with the day that begins here. */
export function dayElement({ at }: Entry): HTMLElement {
  return make("li", "day", {}, [make("span", "", DAY.format(at))]);
}

/** The first letter of a name in its colour. */
export function avatarElement(name: string): HTMLElement {
  const element = make("span", "avatar", { "aria-hidden": "true" }, [initial(name)]);
  tint(element, name);
  return element;
}

/** A name in its colour. */
export function nameElement(name: string): HTMLElement {
  const element = make("bdi", "name", name);
  tint(element, name);
  return element;
}

/** A message's text, with links and the reader's names marked. */
export function textElement(text: string, names: readonly string[]): HTMLElement {
  const pieces = parse(text, names).map((piece) => {
    switch (piece.kind) {
      case "link": {
        const { href } = piece;
        const rel = "noopener noreferrer nofollow";
        return make("a", "", { href, rel, target: "_blank", title: href, dir: "ltr" }, [
          piece.text,
        ]);
      }
      case "call":
        return make("mark", "", piece.text);
      case "text":
        return piece.text;
    }
  });
  return make("p", "text", { dir: "auto" }, pieces);
}

/** The time of day of epoch milliseconds; its tooltip has the full date. */
export function timeElement(at: number): HTMLElement {
  const time = new Date(at);
  return make("time", "", { datetime: time.toISOString(), title: FULL.format(time) }, [
    TIME.format(time),
  ]);
}

/** Whether an entry belongs to another day than the one above it. */
export function isNewDay(entry: Entry, above: Entry | undefined): boolean {
  return above === undefined ||
    new Date(entry.at).toDateString() !== new Date(above.at).toDateString();
}

/** Whether an entry continues the same author's entry above it. */
export function isContinued(entry: Entry, above: Entry | undefined): boolean {
  return entry.kind === above?.kind && (entry.kind === "message" || entry.kind === "private") &&
    entry.from === above.from && entry.at - above.at < GOING_ON;
}

/** Gives an element the colour of a name. */
function tint(element: HTMLElement, name: string): void {
  element.style.setProperty("--hue", String(hue(name)));
}
