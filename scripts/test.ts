// `deno task test`: runs the test files side by side, then one by one those that need the machine alone; at
// the end it prints the slowest tests, from the junit reports.

import { parseArgs } from "node:util";
import { reportsIn, slowest } from "./slowest_tests.ts";

const USAGE = "deno task test [--reports FOLDER] [--filter TEXT] [PATH…]";

/** Files that measure time, which other tests at the same time would disturb. */
const ALONE: readonly string[] = [
  "tests/unit/wire/cost_test.ts",
  "tests/unit/client/text_test.ts",
  "tests/unit/client/typing_test.ts",
  "tests/unit/terminal/hostile_test.ts",
  "tests/e2e/load_process_test.ts",
  "tests/e2e/soak_test.ts",
];
/** How many files run at once on each core: most tests wait for programs to start, or for time to pass. */
const FILES_PER_CORE = 1.5;

/** The test files among these paths, those of a folder in the order of their names. */
function testFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!Deno.statSync(path).isDirectory) return [path.replace(/^\.\//, "")];
    const entries = [...Deno.readDirSync(path)]
      .filter(({ name, isDirectory }) => isDirectory || name.endsWith("_test.ts"))
      .sort((a, b) => a.name < b.name ? -1 : 1);
    return testFiles(entries.map(({ name }) => `${path.replace(/\/$/, "")}/${name}`));
  });
}

/** Runs `deno test` without checking types, which `deno task check` does; returns whether all passed. */
async function run(files: readonly string[], flags: readonly string[]): Promise<boolean> {
  if (files.length === 0) return true;
  const jobs = Math.ceil(navigator.hardwareConcurrency * FILES_PER_CORE);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-prompt", "--no-check", "--allow-all", ...flags, ...files],
    env: { DENO_JOBS: Deno.env.get("DENO_JOBS") ?? String(jobs) },
    stdin: "null",
  }).spawn().status;
  return success;
}

/** Runs all tests below these paths; returns whether all passed. */
async function runAll(paths: readonly string[], reports: string, filter: string): Promise<boolean> {
  // A file that was renamed would run beside others.
  for (const file of ALONE) Deno.statSync(file);
  const files = testFiles(paths);
  const alone = files.filter((file) => ALONE.includes(file));
  const together = files.filter((file) => !ALONE.includes(file));
  const flags = (name: string) => ["--filter", filter, `--junit-path=${reports}/${name}.xml`];
  const isGood = await run(together, ["--parallel", ...flags("together")]);
  return await run(alone, flags("alone")) && isGood;
}

function parse(args: string[]): { paths: string[]; reports?: string; filter?: string } {
  try {
    const options = { reports: { type: "string" }, filter: { type: "string" } } as const;
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
    for (const path of positionals) Deno.statSync(path);
    return { paths: positionals, ...values };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    console.error(`${error.message}: ${USAGE}`);
    Deno.exit(2);
  }
}

if (import.meta.main) {
  const { paths, reports, filter = "" } = parse(Deno.args);
  const folder = reports ?? await Deno.makeTempDir();
  await Deno.mkdir(folder, { recursive: true });
  const isGood = await runAll(paths.length > 0 ? paths : ["tests"], folder, filter);
  console.log(slowest(reportsIn(folder)));
  if (reports === undefined) await Deno.remove(folder, { recursive: true });
  Deno.exit(isGood ? 0 : 1);
}
