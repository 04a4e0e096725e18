// What tests do within the page: each function is sent there on its own, and sees nothing of this file.

/**
 * Whether the elements that this selects have exactly these texts, as one sees them: without what only
 * decorates, or only a screen reader says.
 * @param {{ selector: string, texts: readonly string[] }} wanted
 */
export function hasTexts({ selector, texts }) {
  const seen = [...document.querySelectorAll(selector)].map((element) => {
    const copy = element.cloneNode(true);
    for (const hidden of copy.querySelectorAll(".avatar, .unseen, [hidden]")) hidden.remove();
    return copy.textContent;
  });
  return seen.length === texts.length && seen.every((text, at) => text === texts[at]);
}

/**
 * Scrolls the talk to its top at once; what is the first message then, and where.
 */
export function scrollUp() {
  const log = document.querySelector("#log");
  log.scrollTop = 0;
  const edge = log.getBoundingClientRect().top;
  const first = [...document.querySelectorAll("#log .text")]
    .find((text) => text.getBoundingClientRect().top >= edge);
  return { text: first.textContent, top: first.getBoundingClientRect().top };
}

/**
 * Where a message is; nothing where it is not, or out of sight.
 * @param {string} text
 */
export function whereIs(text) {
  const element = [...document.querySelectorAll("#log .text")]
    .find(({ textContent }) => textContent === text);
  if (element === undefined) return undefined;
  const { top, bottom } = element.getBoundingClientRect();
  const box = document.querySelector("#log").getBoundingClientRect();
  return top >= box.top && bottom <= box.bottom ? { top } : undefined;
}

/** Has every notification that the page shows in `notifications`. Is run before the page's own scripts. */
export function recordNotifications() {
  globalThis.notifications = [];
  globalThis.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options);
      notifications.push(this);
    }
  };
}

/**
 * Has the page believe that it is out of sight, or in sight again.
 * @param {boolean} isHidden
 */
export function setHidden(isHidden) {
  Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
  dispatchEvent(new Event("visibilitychange"));
}

/** @param {string} begin */
export function titleBegins(begin) {
  return document.title.startsWith(begin);
}

/** @param {number} count */
export function hasMoreMessages(count) {
  return document.querySelectorAll("#log .message").length > count;
}

export function hasNoFocus() {
  return !document.hasFocus();
}

/** Of the controls that one can see, those that have no name for who cannot. */
export function namelessControls() {
  const isNamed = (control) =>
    [
      control.getAttribute("aria-label"),
      control.textContent,
      ...[...control.labels ?? []].map(({ textContent }) => textContent),
    ].some((name) => name?.trim());
  return [...document.querySelectorAll("button, a, input, select, textarea, dialog[open]")]
    .filter((control) => control.checkVisibility() && !isNamed(control))
    .map(({ outerHTML }) => outerHTML);
}

/** Where the keyboard is: an id, or a text; and whether one sees that it is there. */
export function focus() {
  const { activeElement } = document;
  const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
  return {
    at: activeElement.id || activeElement.textContent,
    isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
  };
}
