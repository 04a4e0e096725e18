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

/** Has notifications fail as on Android: they may be asked for, and then no page can show one. */
export function failNotifications() {
  globalThis.Notification = class {
    static permission = "granted";
    static requestPermission = () => Promise.resolve("granted");
    constructor() {
      throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification().");
    }
  };
}

/**
 * Presses Enter as Safari does for the one that ends an input method's word: nothing composes any more, and
 * its code alone tells it from others. Returns whether the browser would go on with it.
 */
export function pressEnterOfInputMethod() {
  const event = { key: "Enter", keyCode: 229, bubbles: true, cancelable: true };
  return document.activeElement.dispatchEvent(new KeyboardEvent("keydown", event));
}

/**
 * Drops a file or a text onto an element. Returns for each event whether the browser does what it likes.
 * @param {{ selector: string, isFile: boolean }} drop
 */
export function drop({ selector, isFile }) {
  const dataTransfer = new DataTransfer();
  if (isFile) dataTransfer.items.add(new File(["x"], "x.html", { type: "text/html" }));
  else dataTransfer.setData("text/plain", "https://one.example/");
  const how = { dataTransfer, bubbles: true, cancelable: true };
  return ["dragover", "drop"].map((name) =>
    document.querySelector(selector).dispatchEvent(new DragEvent(name, how))
  );
}

/** Counts in `additions` what is added to what a screen reader reads out, by its class. */
export function recordAdditions() {
  globalThis.additions = [];
  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const { classList } of addedNodes) additions.push(classList[0]);
    }
  }).observe(document.querySelector("#now"), { childList: true });
}

/** Whether two elements lie over each other. */
export function overlap(selectors) {
  const [one, other] = selectors.map((selector) =>
    document.querySelector(selector).getBoundingClientRect()
  );
  return one.top < other.bottom && other.top < one.bottom &&
    one.left < other.right && other.left < one.right;
}

/**
 * Has the page believe that it is out of sight, or in sight again.
 * @param {boolean} isHidden
 */
export function setHidden(isHidden) {
  Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
  dispatchEvent(new Event("visibilitychange"));
}

/** @param {string} text */
export function hasTyped(text) {
  return document.querySelector("#text").value === text;
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

/** Whether one sees where the keyboard is. */
export function isFocusSeen() {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}

/**
 * Of the texts that one can see, those whose contrast is below what WCAG's AA asks for; of names all the
 * hues are tried.
 */
export function lowContrasts() {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.fillStyle = "white";
    canvas.fillRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((level) =>
      level <= 10 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (element) => {
    const grounds = [];
    let opacity = 1;
    for (let at = element; at !== null; at = at.parentElement) {
      const style = getComputedStyle(at);
      grounds.unshift(style.backgroundColor);
      opacity *= Number(style.opacity);
      // A dialog is above the page.
      if (at.localName === "dialog") break;
    }
    const { color } = getComputedStyle(element);
    const own = `color-mix(in srgb, ${color} ${opacity * 100}%, transparent)`;
    const [low, high] = [paint(grounds), paint([...grounds, own])].sort((one, other) =>
      one - other
    );
    return (high + 0.05) / (low + 0.05);
  };
  const hasText = (element) =>
    element.matches("input, select, textarea") ||
    [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());
  const shown = [...(document.querySelector("dialog[open]") ?? document.body).querySelectorAll("*")]
    .filter((element) => hasText(element) && element.checkVisibility({ visibilityProperty: true }));
  const found = [];
  for (const element of shown) {
    const isTinted = element.matches(".name, .avatar");
    const hue = element.style.getPropertyValue("--hue");
    for (let at = 0; at < (isTinted ? 24 : 1); at++) {
      if (isTinted) element.style.setProperty("--hue", String(at * 15));
      const ratio = contrast(element);
      if (ratio < 4.5) found.push(`${element.textContent}: ${ratio.toFixed(2)}, hue ${at * 15}`);
    }
    if (isTinted) element.style.setProperty("--hue", hue);
  }
  return found;
}

/** Controls and texts that are not wholly on the screen from left to right, though one could see them. */
export function cutOff() {
  return [
    ...document.querySelectorAll("button, input, select, textarea, h1, h2, #log .text, #log time"),
  ]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => !element.closest("[inert], .unseen"))
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < 0 || right > innerWidth;
    })
    .map(({ outerHTML }) => outerHTML);
}

/**
 * Whether this text is in the field for typing, not sent.
 * @param {string} text
 */
export function isTyped(text) {
  return document.querySelector("#text").value === text;
}

/** Has a page without a clipboard, as pages have on plain http off this machine. */
export function hideClipboard() {
  Object.defineProperty(navigator, "clipboard", { value: undefined });
}

/** Records what is copied, either way, as `copied`. */
export function recordCopied() {
  globalThis.copied = "";
  document.addEventListener("copy", () => {
    const field = document.activeElement;
    globalThis.copied = field.value.slice(field.selectionStart, field.selectionEnd);
  });
  if (navigator.clipboard === undefined) return;
  const write = navigator.clipboard.writeText.bind(navigator.clipboard);
  navigator.clipboard.writeText = (text) => write(text).then(() => globalThis.copied = text);
}

/** Whether this text was copied. */
export function hasCopied(text) {
  return globalThis.copied === text;
}
