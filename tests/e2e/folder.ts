// A folder of a test's own.

/** Runs a test in a folder that is gone afterwards. */
export async function inFolder(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
