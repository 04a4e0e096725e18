/// <reference lib="dom" />
// What is dropped onto the page: a browser would open it in the chat's place. Only a text may be dropped, and
// only where one types.

/** Has the browser open nothing. */
export function wireDrops(): void {
  for (const name of ["dragover", "drop"] as const) {
    document.addEventListener(name, (event) => {
      if (isTextToType(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "none";
    });
  }
}

function isTextToType({ target, dataTransfer }: DragEvent): boolean {
  const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isField && dataTransfer?.types.includes("Files") === false;
}
