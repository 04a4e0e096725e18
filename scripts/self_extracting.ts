// A self-extracting executable: a small sh head, then the bundled program and this machine's own Deno,
// compressed. It unpacks itself once into the user's cache folder, and runs from there.

/** What to pack, and where to. */
export interface PackOptions {
  /** The project's folder. */
  readonly root: string;
  /** Deno's permission flags for the program. */
  readonly permissions: readonly string[];
  readonly output: string;
}

/** Bundles main.ts and packs it with the Deno that runs this. Throws an Error if a step fails. */
export async function packSelfExtracting(options: PackOptions): Promise<void> {
  const { root, permissions, output } = options;
  const folder = await Deno.makeTempDir();
  const bundle = `${folder}/bobchat.js`;
  try {
    const bundling = ["bundle", "--quiet", "--platform=deno", `--output=${bundle}`, "main.ts"];
    await run(Deno.execPath(), bundling, root);
    await Deno.copyFile(Deno.execPath(), `${folder}/deno`);
    await Deno.chmod(`${folder}/deno`, 0o755);
    await run("tar", ["-czf", "payload", "bobchat.js", "deno"], folder);
    const key = await cacheKey([
      await Deno.readTextFile(bundle),
      Deno.version.deno,
      // Machines of different kinds may share a home folder.
      Deno.build.target,
      ...permissions,
    ]);
    await Deno.writeTextFile(output, head({ key, permissions }), { mode: 0o755 });
    using file = await Deno.open(output, { append: true });
    using payload = await Deno.open(`${folder}/payload`);
    await payload.readable.pipeTo(file.writable, { preventClose: true });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a program to its end. Throws an Error with its output if it fails or does not exist. */
async function run(program: string, args: string[], cwd: string): Promise<void> {
  const { success, stderr } = await output(program, args, cwd);
  if (!success) {
    throw new Error(`${program} ${args[0]}: ${new TextDecoder().decode(stderr).trim()}`);
  }
}

async function output(program: string, args: string[], cwd: string): Promise<Deno.CommandOutput> {
  try {
    return await new Deno.Command(program, { args, cwd, stdin: "null" }).output();
  } catch (error) {
    throw new Error(`cannot run ${program}, which packing needs`, { cause: error });
  }
}

/** The folder's name in the cache: 16 hexadecimal digits of a SHA-256, the same for the same program. */
async function cacheKey(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(parts.join("\0"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 16);
}

/** The POSIX sh script before the payload. */
export function head(
  { key, permissions }: { key: string; permissions: readonly string[] },
): string {
  const script = `#!/bin/sh
# bobchat and the Deno that runs it: unpacked once into the cache folder, then run from there.
cache=\${HOME:+$HOME/.cache}
case \${XDG_CACHE_HOME:-} in /*) cache=$XDG_CACHE_HOME ;; esac # a relative one is to be ignored
home=$cache/bobchat/${key}

# In a subshell of its own, so that umask and traps end with it. Each file is moved into place whole,
# the one that is looked for last: first starts at the same time do not disturb each other.
unpack() (
  umask 077
  mkdir -p "$home" && new=$(mktemp -d "$home/new.XXXXXX") || exit 1
  trap 'rm -rf "$new"' EXIT
  trap 'exit 1' HUP INT TERM
  tail -n +LINES "$1" | tar -xzof - -C "$new" &&
    mv -f "$new/bobchat.js" "$home/" && mv -f "$new/deno" "$home/"
)

if [ ! -x "$home/deno" ] || [ ! -r "$home/bobchat.js" ]; then
  [ -n "$cache" ] && unpack "$0" 2>/dev/null && [ -x "$home/deno" ] || {
    echo "bobchat: cannot unpack itself into \${cache:-a cache folder}: set XDG_CACHE_HOME to a folder with 100 MB free, where you may write files and run them" >&2
    exit 1
  }
fi

# What Deno itself keeps goes there too.
DENO_DIR=$home/cache DENO_NO_UPDATE_CHECK=1
export DENO_DIR DENO_NO_UPDATE_CHECK
exec "$home/deno" run ${permissions.map((flag) => `'${flag}'`).join(" ")} \\
  --no-config --no-lock --no-remote --no-npm "$home/bobchat.js" "$@"
`;
  return script.replace("LINES", String(script.split("\n").length));
}
