// `deno task compile`: makes bobchat one executable, and tries it out.
//
// `deno compile` downloads the base that it builds on. If that is not available, this machine's own Deno is
// packed with the program instead: see self_extracting.ts.

import config from "../deno.json" with { type: "json" };
import { parseArgs } from "../lib/std/typed.ts";
import { packSelfExtracting } from "./self_extracting.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const USAGE = "deno task compile [--target TARGET] [--output PATH]";

/** The program's permissions: the flags of the start task, including `--no-prompt`. */
const PERMISSIONS = config.tasks.start.split(" ").filter((word) => word.startsWith("--"));

const DECODER = new TextDecoder();

/** A sentence for the user who builds, and the exit code. */
class BuildError extends Error {
  override name = "BuildError";
  readonly code: number;

  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

/** Makes the executable at `output`, or throws a BuildError and leaves what was there before. */
async function build(target: string, output: string): Promise<void> {
  await Deno.mkdir(output.replace(/[^/]*$/, "") || ".", { recursive: true });
  // `deno compile` appends .exe for Windows: with it in the name from the start, ours is right.
  const made = `${output}.${crypto.randomUUID()}${target.includes("windows") ? ".exe" : ""}`;
  try {
    if (!await compile(target, made)) {
      const why = "The base that deno compile builds on cannot be fetched here";
      if (target !== Deno.build.target || Deno.build.os === "windows") {
        throw new BuildError(`${why}, and without it nothing can be built for ${target}`);
      }
      console.error(`${why}: packing this machine's own Deno ${Deno.version.deno} instead.`);
      await pack(made);
    }
    if (target === Deno.build.target) await tryOut(made);
    else console.error(`Not tried: it runs on ${target} alone.`);
    await Deno.rename(made, output);
  } catch (error) {
    await Deno.remove(made).catch(ignoreMissing);
    throw error;
  }
}

async function pack(output: string): Promise<void> {
  try {
    await packSelfExtracting({ root: ROOT, permissions: PERMISSIONS, output });
  } catch (error) {
    throw new BuildError(error instanceof Error ? error.message : String(error));
  }
}

/** Runs `deno compile`. Returns false if its base is not available. */
async function compile(target: string, output: string): Promise<boolean> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", ...PERMISSIONS, "--target", target, "--output", output, "main.ts"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (success) return true;
  const said = DECODER.decode(stderr);
  if (said.includes("Setting up base binary")) return false;
  const reason = said.match(/error: (.*)/s)?.[1] ?? said;
  throw new BuildError(`deno compile failed: ${reason.split("\n\nStack backtrace")[0]!.trim()}`);
}

/** Checks that the program prints its version: with a wrong base it would be another program. */
async function tryOut(program: string): Promise<void> {
  const { stdout } = await new Deno.Command(program, {
    args: ["--version"],
    stdin: "null",
    stderr: "inherit",
  }).output();
  const expected = `bobchat ${config.version}`;
  const said = DECODER.decode(stdout).trim();
  if (said === expected) return;
  throw new BuildError(
    `What was built does not answer --version with ${JSON.stringify(expected)} but with ` +
      `${JSON.stringify(said)}: if DENORT_BIN is set, it must name a denort ${Deno.version.deno}`,
  );
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Runs a command line and returns the exit code. */
async function main(args: string[]): Promise<number> {
  try {
    const options = parseArgs(args, {
      boolean: ["help"],
      string: ["target", "output"],
      unknown: (arg) => {
        throw new BuildError(`there is no option ${arg}: ${USAGE}`, 2);
      },
    });
    if (options.help) {
      console.log(USAGE);
      return 0;
    }
    const { target = Deno.build.target, output = `${ROOT}dist/bobchat` } = options;
    if (typeof target !== "string" || typeof output !== "string" || !target || !output) {
      throw new BuildError(`an option needs a value, once: ${USAGE}`, 2);
    }
    await build(target, output);
    const { size } = await Deno.stat(output);
    console.log(`${output}: bobchat ${config.version} for ${target}, ${Math.round(size / 1e6)} MB`);
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    return error.code;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
