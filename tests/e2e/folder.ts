// Folders of a test's own.

/** Runs a test in a folder that is gone afterwards. */
export async function inFolder(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Copies a folder with all that is in it. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** The bytes of all files in a folder, as Latin-1. */
export function bytes(folder: string): string {
  const latin1 = new TextDecoder("latin1");
  return [...Deno.readDirSync(folder)]
    .map(({ name }) => latin1.decode(Deno.readFileSync(`${folder}/${name}`))).join("");
}
