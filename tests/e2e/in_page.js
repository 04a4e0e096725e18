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
