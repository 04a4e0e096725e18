// The import check: who may import whom, who may touch the process or a clock, and that no files import each
// other in a circle. `deno run --allow-read scripts/check_layers.ts` prints a sentence for each violation,
// and exits 1 if there is any.

/** What each layer may import besides itself; all other imports are forbidden. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ["cli", "errors"],
  cli: [
    ...["terminal", "net", "history", "auth", "cluster", "client", "wire", "chat", "page"],
    ...["log", "metrics", "errors", "std"],
  ],
  terminal: ["client", "wire", "chat", "log", "errors", "private_file", "std"],
  net: ["wire", "chat", "page", "log", "metrics", "std"],
  history: ["wire", "chat", "log", "metrics", "errors", "private_file", "std"],
  auth: ["chat", "log", "metrics", "std"],
  cluster: ["wire", "chat", "log", "metrics", "errors", "std"],
  client: [],
  wire: ["chat", "std"],
  chat: ["metrics", "std"],
  page: ["client"],
  log: ["private_file", "std"],
  metrics: ["std"],
  private_file: [],
  errors: [],
  std: [],
};

const DIRECTION = "main → cli → terminal, net, history, cluster, auth → client, wire → chat";
/** Packages that lib/chat may import: they only compute. */
const PURE_PACKAGES = ["ipaddr.js", "unhomoglyph"];
/** Layers whose types a layer may import too, each import on one line: browsers never load them. */
const MAY_IMPORT_TYPES: Readonly<Record<string, readonly string[]>> = {
  client: ["wire"],
  page: ["wire"],
};
const TYPES_ALONE = /^\s*(?:import|export) type\b/;

/** What belongs to the process: only main.ts and lib/cli may use it. */
const PROCESS = /\bDeno\.(?:exit|exitCode|env|args)\b|\bconsole\./;
/** What lib/chat must be passed instead: the system, timers, the time, chance, and what depends on the locale. */
const WORLD = new RegExp(
  [
    /\b(?:Deno|globalThis|performance|crypto|Temporal|Intl|fetch|navigator)\b/,
    /\bDate\.now\b|\bnew Date\b(?!\([^)])|\bMath\.random\b|\.(?:toLocale\w*|localeCompare)\b/,
    /\b(?:set(?:Timeout|Interval|Immediate)|queueMicrotask)\b/,
  ].map(({ source }) => source).join("|"),
);
/** What lib/client must be handed: it runs in a browser, at a terminal and in bots. */
const HOST =
  /\b(?:Deno|process|document|window|location|navigator|localStorage|sessionStorage)\.\w|\bnew WebSocket\b|lib="dom"/;
/** What looks into the bytes of a chunk. */
const BYTES = /\bUint8Array\b|\bArrayBuffer\b|\bDataView\b|\bBuffer\b/;
const SPECIFIER = /(?:\bfrom|\bimport|@ts-types=)\s*\(?\s*"([^"]+)"/g;

/** A file's layer: `main`, or the folder or file name below lib/; undefined for tests and scripts. */
function layerOf(path: string): string | undefined {
  if (path === "main.ts") return "main";
  return /^lib\/([^/.]+)/.exec(path)?.[1];
}

/** The violations in one file, a sentence each, with its path (from the project's folder) and line. */
export function violations(path: string, source: string): string[] {
  const layer = layerOf(path);
  const found: string[] = [];
  if (layer !== undefined && MAY_IMPORT[layer] === undefined) {
    found.push(`${path}: scripts/check_layers.ts does not know the layer ${layer}: list it there`);
  }
  codeOf(source).forEach((code, index) => {
    const at = `${path}:${index + 1}`;
    for (const [, specifier] of code.matchAll(SPECIFIER)) {
      const why = forbidden(path, { specifier: specifier!, isType: TYPES_ALONE.test(code) });
      if (why !== undefined) found.push(`${at}: ${why}`);
    }
    if (layer === undefined) return;
    if (layer !== "main" && layer !== "cli" && PROCESS.test(code)) {
      found.push(`${at}: the process and its console belong to main.ts and lib/cli`);
    }
    if (layer === "client" && HOST.test(code)) {
      found.push(`${at}: lib/client uses no DOM and no Deno: pass in what it needs`);
    }
    if (layer !== "chat") return;
    if (WORLD.test(code)) {
      found.push(
        `${at}: lib/chat uses no Deno, timer, clock, chance or locale: pass in what it needs`,
      );
    }
    if (BYTES.test(code)) {
      found.push(`${at}: lib/chat does not look into bytes: it hands on a Chunk as it is`);
    }
  });
  return found;
}

/** The lines of a source, with comments emptied. */
function codeOf(source: string): string[] {
  return source.split("\n").map((text) =>
    text.replace(/^\s*(?:\/\/(?! @ts-types).*|\/?\*.*)$/, "").replace(/\s\/\/ .*$/, "")
  );
}

/** Why this file may not import that one; undefined if it may. */
function forbidden(
  path: string,
  { specifier, isType }: { specifier: string; isType: boolean },
): string | undefined {
  const from = layerOf(path);
  if (!specifier.startsWith(".")) {
    if (from === "client") return `client imports ${specifier}: lib/client may import no package`;
    if (from !== "chat" || PURE_PACKAGES.includes(specifier)) return;
    return `chat imports ${specifier}: lib/chat may import only ${PURE_PACKAGES.join(" and ")}`;
  }
  const inside = resolve(path, specifier);
  if (inside === undefined) return `${specifier} is outside the project`;
  const to = layerOf(inside);
  if (from === undefined || inside === "deno.json" || inside === "README.md") return;
  if (to === undefined) return `${from} imports ${inside}, which is no part of the program`;
  if (from === to || MAY_IMPORT[from]?.includes(to)) return;
  if (isType && MAY_IMPORT_TYPES[from]?.includes(to)) return;
  return `${from} imports ${to}: imports go ${DIRECTION}`;
}

/** The path of a relative import, from the project's folder; undefined if it is outside. */
function resolve(path: string, specifier: string): string | undefined {
  const target = new URL(specifier, `file:///project/a/${path}`).pathname;
  return /^\/project\/a\/(.+)$/.exec(target)?.[1];
}

/** Circles of imports between files, types included: `a → b → a`, one for each file that closes one. */
export function circles(sources: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) {
      found.push([...way.slice(way.indexOf(path)), path].join(" → "));
      return;
    }
    if (done.has(path)) return;
    for (const next of importsOf(path, sources.get(path)!)) {
      if (sources.has(next)) visit(next, [...way, path]);
    }
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return found;
}

/** The project's files that a file imports. */
function importsOf(path: string, source: string): string[] {
  return [...codeOf(source).join("\n").matchAll(SPECIFIER)].flatMap(([, specifier]) =>
    specifier!.startsWith(".") ? resolve(path, specifier!) ?? [] : []
  );
}

async function* sourcesIn(folder: URL, path = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(path || ".", folder))) {
    if (isDirectory) yield* sourcesIn(folder, `${path}${name}/`);
    else if (/\.(?:ts|mjs|js)$/.test(name)) yield path + name;
  }
}

if (import.meta.main) {
  const root = new URL("..", import.meta.url);
  const paths = ["main.ts"];
  for (const folder of ["lib/", "tests/", "scripts/"]) {
    for await (const path of sourcesIn(root, folder)) paths.push(path);
  }
  const sources = new Map<string, string>();
  for (const path of paths) sources.set(path, await Deno.readTextFile(new URL(path, root)));
  const found = [...sources].flatMap(([path, source]) => violations(path, source));
  found.push(...circles(sources).map((circle) => `files import each other in a circle: ${circle}`));
  for (const sentence of found) console.error(sentence);
  if (found.length > 0) Deno.exit(1);
}
