/// <reference lib="dom" />
// The few things that the page does with elements. Texts of others become text nodes, and nothing else.

/** The page's element with this id. */
export function part<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`The page has no ${kind.name} #${id}`);
  return found;
}

/** Makes an element with a class, attributes (or only its text), and its children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = "",
  attributes: Readonly<Record<string, string>> | string = {},
  content: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  if (typeof attributes === "string") {
    element.textContent = attributes;
    return element;
  }
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}

/**
 * Makes a list have exactly these elements, in this order. Those in the right place are not touched, so that
 * they keep the focus.
 */
export function arrange(list: Element, elements: readonly Element[]): void {
  const wanted = new Set(elements);
  for (const element of [...list.children]) {
    if (!wanted.has(element)) element.remove();
  }
  let next = list.firstElementChild;
  for (const element of elements) {
    if (element === next) next = next.nextElementSibling;
    else list.insertBefore(element, next);
  }
}

/** Changes a text only if it differs, so that screen readers do not read it out again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
