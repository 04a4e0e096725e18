// A self-extracting executable: a small sh head, then the bundled program and this machine's own Deno,
// compressed. It unpacks itself once into a cache folder that nobody else can change, and runs from there.

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
# bobchat and the Deno that runs it: unpacked once into a cache folder, then run from there.
key=${key}
me=$(id -u)

# Succeeds if nobody but this user and root can change a folder or some files in one folder, or put others in
# their place: all are theirs, and all folders above. (In a sticky one, as /tmp is, only one's own can be moved.)
safe() (
  dir=$1
  while [ "$dir" != / ]; do
    dir=\${dir%/*}
    dir=\${dir:-/}
    set -- "$@" "$dir"
  done
  # shellcheck disable=SC2012 # find prints no owners everywhere.
  found=$(ls -ldn "$@") || exit 1
  printf '%s\\n' "$found" | while read -r mode _ owner _; do
    case $owner in "$me" | 0) ;; *) exit 1 ;; esac
    case $mode in ?????w???[!tT]* | ????????w[!tT]*) exit 1 ;; [-d]*) ;; *) exit 1 ;; esac
  done
)

# Prints the path of a folder without symbolic links, made if need be, if it is safe.
prepare() (
  umask 077
  there=$1
  until [ -d "\${there:-/}" ]; do there=\${there%/*}; done
  real=$(cd -P -- "\${there:-/}" && pwd -P) && safe "$real" && mkdir -p -- "$1" || exit 1
  real=$(cd -P -- "$1" && pwd -P) && safe "$real" && printf %s "$real"
) 2>/dev/null

# In a subshell of its own, so that umask and traps end with it. Each file is moved into place whole,
# the one that is looked for last: first starts at the same time do not disturb each other.
unpack() (
  umask 077
  new=$(mktemp -d "$home/new.XXXXXX") || exit 1
  trap 'rm -rf "$new"' EXIT
  trap 'exit 1' HUP INT TERM
  tail -n +LINES "$1" | tar -xzof - -C "$new" &&
    mv -f "$new/bobchat.js" "$home/" && mv -f "$new/deno" "$home/"
) 2>/dev/null

unpacked() {
  [ -x "$home/deno" ] && [ -r "$home/bobchat.js" ] && safe "$home/deno" "$home/bobchat.js"
}

# Removes what other builds have unpacked, unless one runs. Other machines may use a folder that is not
# this machine's own.
sweep() {
  df -Pl "$home" >/dev/null 2>&1 || return
  running=$(ps -A -o args= 2>/dev/null || cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n')
  [ -n "$running" ] || return
  for old in "\${home%/*}"/*; do
    case \${old##*/} in "$key" | *[!0-9a-f]*) continue ;; esac
    case $running in *"$old/deno"*) continue ;; esac
    [ -f "$old/bobchat.js" ] && rm -rf "$old"
  done
}

# A relative XDG_CACHE_HOME is to be ignored.
home=
for folder in "\${XDG_CACHE_HOME:+$XDG_CACHE_HOME/bobchat}" "\${HOME:+$HOME/.cache/bobchat}" "\${TMPDIR:-/tmp}/bobchat-$me"; do
  case $folder in /*) ;; *) continue ;; esac
  home=$(prepare "$folder/$key") || { home=; continue; }
  unpacked && break
  unpack "$0" && unpacked && { sweep; break; }
  home=
done
if [ -z "$home" ]; then
  echo "bobchat: cannot unpack itself into a cache folder: set XDG_CACHE_HOME to a folder with 100 MB free, where you may write files and run them, and others may not write" >&2
  exit 1
fi

# What Deno itself keeps goes there too.
DENO_DIR=$home/cache DENO_NO_UPDATE_CHECK=1
export DENO_DIR DENO_NO_UPDATE_CHECK
exec "$home/deno" run ${permissions.map((flag) => `'${flag}'`).join(" ")} \\
  --no-config --no-lock --no-remote --no-npm "$home/bobchat.js" "$@"
`;
  return script.replace("LINES", String(script.split("\n").length));
}
