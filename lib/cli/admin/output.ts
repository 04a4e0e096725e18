// Writes long output to stdout: whole lines, a chunk at a time, no faster than they are read.

/** Characters that are gathered into one write. */
const CHUNK = 64 * 1024;

/** Writes bytes, maybe only a part of them. */
export type Write = (bytes: Uint8Array) => Promise<number>;

/** Writes lines, reports their count so far, and returns it, even if the reader stops (`| head`). */
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
