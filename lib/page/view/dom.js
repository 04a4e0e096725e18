// The few things that the page does with elements. What people wrote gets into them as text nodes alone.

/**
 * The page's element with this id.
 * @template {Element} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`The page has no ${kind.name} #${id}`);
  return found;
}

/**
 * A new element, with a class, attributes, and what is in it.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {Readonly<Record<string, string>> | string} [attributes] or its text alone
 * @param {readonly (Node | string)[]} [content]
 */
export function make(tag, className = "", attributes = {}, content = []) {
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
 * Has exactly these elements in a list, in this order; those that are in their place are not touched, so
 * that they keep the focus.
 * @param {Element} list
 * @param {readonly Element[]} elements
 */
export function arrange(list, elements) {
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

/**
 * Changes a text only where it differs: what is read out is not read out again.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
