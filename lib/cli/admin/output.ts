// Stdout for what may be long: whole lines, a chunk at a time, no faster than they are read.

/** Characters that are gathered before they are written. */
const CHUNK = 64 * 1024;

/** Where bytes go; it may take a part of them. */
export type Write = (bytes: Uint8Array) => Promise<number>;

/** Writes lines, and calls `report` with their count so far; returns it, quietly also when nobody reads on (`| head`). */
export async function writeLines(
  lines: Iterable<string>,
  { write, report }: { write: Write; report: (count: number) => void },
): Promise<number> {
  const encoder = new TextEncoder();
  let text = "", count = 0;
  const flush = async () => {
    const bytes = encoder.encode(text);
    for (let sent = 0; sent < bytes.length;) sent += await write(bytes.subarray(sent));
    text = "";
    report(count);
  };
  try {
    for (const line of lines) {
      text += `${line}\n`;
      count++;
      if (text.length >= CHUNK) await flush();
    }
    await flush();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
  return count;
}
