// The import-direction check: who may import whom, and who may touch the process or a clock.
// `deno run --allow-read scripts/check_layers.ts` prints a sentence a violation, and exits 1 for any.

/** What each layer may import, besides itself. Nothing may import what is not listed. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ["cli"],
  cli: ["net", "history", "auth", "cluster", "wire", "chat", "page", "log", "metrics", "std"],
  net: ["wire", "chat", "page", "log", "metrics", "std"],
  history: ["wire", "chat", "log", "metrics", "private_file", "std"],
  auth: ["chat", "log", "metrics", "std"],
  cluster: ["wire", "chat", "log", "metrics", "std"],
  wire: ["chat", "std"],
  chat: ["std"],
  page: [],
  log: ["private_file", "std"],
  metrics: ["std"],
  private_file: [],
  std: [],
};

/** Of what a layer may import the types as well, each in one line: browsers never load them. */
const MAY_IMPORT_TYPES: Readonly<Record<string, readonly string[]>> = { page: ["wire"] };
const TYPES_ALONE = /^\s*(?:import|export) type\b/;

/** What belongs to the process: main.ts and lib/cli alone use it. */
const PROCESS = /\bDeno\.(?:exit|exitCode|env|args)\b|\bconsole\./;
/** What the core is given instead of taking it: the outer world, and the time. */
const WORLD = /\bDeno\.|\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bset(?:Timeout|Interval)\(/;
const SPECIFIER = /(?:\bfrom|\bimport|@ts-types=)\s*\(?\s*"([^"]+)"/g;

/** A file's layer: `main`, the folder or the file's own name below lib/; nothing for tests and scripts. */
function layerOf(path: string): string | undefined {
  if (path === "main.ts") return "main";
  return /^lib\/([^/.]+)/.exec(path)?.[1];
}

/** What is wrong with one file: a sentence each, with its path (from the project's folder) and line. */
export function violations(path: string, source: string): string[] {
  const layer = layerOf(path);
  const found: string[] = [];
  if (layer !== undefined && MAY_IMPORT[layer] === undefined) {
    found.push(`${path}: scripts/check_layers.ts does not know the layer ${layer}: list it there`);
  }
  source.split("\n").forEach((text, index) => {
    const at = `${path}:${index + 1}`;
    const code = text.replace(/^\s*(?:\/\/(?! @ts-types).*|\/?\*.*)$/, "");
    for (const [, specifier] of code.matchAll(SPECIFIER)) {
      const why = forbidden(path, { specifier: specifier!, isType: TYPES_ALONE.test(code) });
      if (why !== undefined) found.push(`${at}: ${why}`);
    }
    if (layer === undefined) return;
    if (layer !== "main" && layer !== "cli" && PROCESS.test(code)) {
      found.push(`${at}: the process and its console belong to main.ts and lib/cli`);
    }
    if (layer === "chat" && WORLD.test(code)) {
      found.push(`${at}: lib/chat knows no outer world and no clock: it is given both`);
    }
  });
  return found;
}

/** Why this file may not import that, or nothing. */
function forbidden(
  path: string,
  { specifier, isType }: { specifier: string; isType: boolean },
): string | undefined {
  if (!specifier.startsWith(".")) return;
  const target = new URL(specifier, `file:///project/a/${path}`).pathname;
  const inside = /^\/project\/a\/(.+)$/.exec(target)?.[1];
  if (inside === undefined) return `${specifier} is outside the project`;
  const from = layerOf(path), to = layerOf(inside);
  if (from === undefined || inside === "deno.json" || inside === "README.md") return;
  if (to === undefined) return `${from} imports ${inside}, which is no part of the program`;
  if (from === to || MAY_IMPORT[from]?.includes(to)) return;
  if (isType && MAY_IMPORT_TYPES[from]?.includes(to)) return;
  return `${from} imports ${to}: imports go main → cli → net, history, auth, cluster → wire → chat`;
}

async function* sources(folder: URL, path = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(path || ".", folder))) {
    if (isDirectory) yield* sources(folder, `${path}${name}/`);
    else if (/\.(?:ts|mjs|js)$/.test(name)) yield path + name;
  }
}

if (import.meta.main) {
  const root = new URL("..", import.meta.url);
  const paths = ["main.ts"];
  for (const folder of ["lib/", "tests/", "scripts/"]) {
    for await (const path of sources(root, folder)) paths.push(path);
  }
  const found: string[] = [];
  for (const path of paths) {
    found.push(...violations(path, await Deno.readTextFile(new URL(path, root))));
  }
  for (const sentence of found) console.error(sentence);
  if (found.length > 0) Deno.exit(1);
}
