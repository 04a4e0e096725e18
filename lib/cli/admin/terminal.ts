// Reads a secret from a terminal without showing it.

const ETX = "\x03", EOT = "\x04", BS = "\b", DEL = "\x7f", NAK = "\x15", ESC = "\x1b";

/** The text typed so far, and whether it is complete: true, or "gone" after Ctrl-C or Ctrl-D. */
export interface TypedLine {
  readonly text: string;
  readonly isDone: boolean | "gone";
}

/** Applies what a terminal sent: characters, and the keys that erase them. */
export function typed(before: string, sent: string): TypedLine {
  // Arrow keys and the like send escape sequences, which are no part of a password.
  if (sent.startsWith(ESC)) return { text: before, isDone: false };
  let text = before;
  for (const character of sent) {
    if (character === "\r" || character === "\n") return { text, isDone: true };
    if (character === ETX || character === EOT) return { text: "", isDone: "gone" };
    if (character === BS || character === DEL) text = Array.from(text).slice(0, -1).join("");
    else if (character === NAK) text = "";
    else text += character;
  }
  return { text, isDone: false };
}

/** Asks on stderr and reads a line from the terminal; undefined if it was cancelled. */
export async function askSecret(question: string): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1024);
  let typing: TypedLine = { text: "", isDone: false };
  // No echo, and no signals: a Ctrl-C would leave the terminal as it is now.
  Deno.stdin.setRaw(true);
  try {
    show(question);
    while (typing.isDone === false) {
      const count = await Deno.stdin.read(buffer);
      if (count === null) return undefined;
      typing = typed(typing.text, decoder.decode(buffer.subarray(0, count), { stream: true }));
    }
    return typing.isDone === "gone" ? undefined : typing.text;
  } finally {
    Deno.stdin.setRaw(false);
    show("\n");
  }
}

/** Writes to stderr without a line end, which console.error would add. */
function show(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
