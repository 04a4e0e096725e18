/// <reference lib="dom" />
// Handles what is dropped onto the page: by default the browser would open it in place of the chat. Only text
// may be dropped, and only into a field.

/** Keeps the browser from opening what is dropped. */
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
