// One executable: `deno task compile`, and the self-extracting one where the base cannot be had.

import config from "../../deno.json" with { type: "json" };
import { head } from "../../scripts/self_extracting.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, Program, testWith } from "./bobchat.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** A build, by its name in the cache folder. */
const KEY = "0123456789abcdef";
const DECODER = new TextDecoder();

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
async function run(
  program: string,
  args: string[],
  options: Pick<Deno.CommandOptions, "env" | "clearEnv" | "cwd"> = {},
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, ...options }).output();
  return { code, stdout: DECODER.decode(stdout), stderr: DECODER.decode(stderr) };
}

/** A test in a folder of its own. */
function testInFolder(name: string, fn: (folder: string) => Promise<void>): void {
  testWith(["tar"], name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await fn(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** Runs `deno task compile` on a machine that reaches nothing. */
function compile(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  return run(Deno.execPath(), ["run", "--allow-all", `${ROOT}scripts/compile.ts`, ...args], {
    env: { HTTPS_PROXY: "http://127.0.0.1:1", ...env },
  });
}

/** A self-extracting executable whose Deno is a script that shows what it was given. */
async function packScript(folder: string): Promise<string> {
  const program = `${folder}/program`;
  await Deno.writeTextFile(`${folder}/bobchat.js`, "");
  await Deno.writeTextFile(
    `${folder}/deno`,
    '#!/bin/sh\nfor word; do echo "[$word]"; done; umask; cat; exit 7\n',
    { mode: 0o755 },
  );
  await Deno.writeTextFile(program, head({ key: KEY, permissions: ["--allow-net"] }), {
    mode: 0o755,
  });
  const packing = `tar -czf - bobchat.js deno >> program`;
  const packed = await new Deno.Command("sh", { args: ["-c", packing], cwd: folder }).output();
  assert(packed.success);
  return program;
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

testWith(
  ["tar"],
  "what is built answers --version, serves, and stops as bobchat does",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const output = `${folder}/new/bobchat`;
      // The bundler comes from npm: it is fetched before the machine reaches nothing.
      const bundle = ["bundle", `--output=${folder}/bobchat.js`, "main.ts"];
      const bundled = await run(Deno.execPath(), bundle, { cwd: ROOT });
      assertEquals(bundled.code, 0, bundled.stderr);
      const built = await compile(["--output", output]);
      assertEquals(built.code, 0, built.stderr);
      assertStringIncludes(built.stdout, `bobchat ${config.version} for ${Deno.build.target}`);
      assertEquals(names(`${folder}/new`), ["bobchat"]);

      const env = { XDG_CACHE_HOME: `${folder}/cache` };
      const starts = await Promise.all([1, 2].map(() => run(output, ["--version"], { env })));
      const told = { code: 0, stdout: `bobchat ${config.version}\n`, stderr: "" };
      assertEquals(starts, [told, told]);

      const words = ["--port", "0", "--host", "127.0.0.1"];
      await using bobchat = await Bobchat.spawn(output, words, env);
      using alice = await Client.join(bobchat.port, "alice");
      await alice.send("hello\n");
      await alice.until("): hello\r\n");
      assertEquals(await bobchat.stop("SIGTERM"), 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

testInFolder("a target without its base is a sentence, exit 1, and no file", async (folder) => {
  const target = "aarch64-pc-windows-msvc";
  const { code, stdout, stderr } = await compile(["--target", target, "--output", `${folder}/b`]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, new RegExp(`^The base .* cannot be fetched here, .* for ${target}\n$`));
  assertEquals(names(folder), []);
});

testInFolder("a base that is not one is found out, and leaves no file", async (folder) => {
  const env = { DENORT_BIN: Deno.execPath() };
  const { code, stdout, stderr } = await compile(["--output", `${folder}/b`], env);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /does not answer --version .*DENORT_BIN/);
  assertEquals(names(folder), []);
});

testWith([], "a wrong use of the build is a sentence and exit 2", async () => {
  for (const args of [["--outptu", "x"], ["--output"], ["stray"]]) {
    const { code, stdout, stderr } = await compile(args);
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr, /^.*: deno task compile \[--target TARGET\] \[--output PATH\]\n$/);
  }
});

testInFolder("a packer that is missing is a sentence, and leaves no file", async (folder) => {
  await Deno.mkdir(`${folder}/bin`);
  const env = { PATH: `${folder}/bin` };
  const { code, stderr } = await compile(["--output", `${folder}/new/b`], env);
  assertEquals(code, 1);
  assertMatch(stderr, /\ncannot run tar, which packing needs\n$/);
  assertEquals(names(`${folder}/new`), []);
});

testInFolder("a program that lost a part of its cache unpacks itself again", async (folder) => {
  const program = await packScript(folder);
  const env = { XDG_CACHE_HOME: `${folder}/cache` };
  for (const lost of ["deno", "bobchat.js"]) {
    assertEquals((await run(program, [], { env })).code, 7);
    await Deno.remove(`${folder}/cache/bobchat/${KEY}/${lost}`);
    assertEquals((await run(program, [], { env })).code, 7);
  }
});

testInFolder("many first starts at once all work, and unpack one program", async (folder) => {
  const program = await packScript(folder);
  const env = { XDG_CACHE_HOME: `${folder}/cache` };
  const starts = await Promise.all(
    Array.from({ length: 8 }, () => {
      const typed = 'umask 027; printf typed | exec "$0" "$@"';
      return run("sh", ["-c", typed, program, "a b", "$HOME", ""], { env });
    }),
  );
  const home = `${folder}/cache/bobchat/${KEY}`;
  for (const { code, stdout, stderr } of starts) {
    assertEquals([code, stderr], [7, ""]);
    assertStringIncludes(stdout, `[run]\n[--allow-net]\n`);
    // The arguments, the user's own umask and stdin are the program's.
    assertMatch(stdout, /\[.*bobchat\.js\]\n\[a b\]\n\[\$HOME\]\n\[\]\n0027\ntyped$/);
  }
  assertEquals(names(home), ["bobchat.js", "deno"]);
});

testInFolder("without a cache folder it names the variable to set, and exits 1", async (folder) => {
  const program = await packScript(folder);
  const others = { PATH: Deno.env.get("PATH")!, TMPDIR: "/dev/null/no" };
  const unusable: Record<string, string>[] = [
    {},
    { XDG_CACHE_HOME: "relative" },
    { XDG_CACHE_HOME: "/dev/null/no", HOME: "/dev/null" },
  ];
  for (const env of unusable) {
    const { code, stdout, stderr } = await run(program, [], {
      env: { ...others, ...env },
      clearEnv: true,
    });
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^bobchat: cannot unpack itself into .*: set XDG_CACHE_HOME to .*\n$/);
  }
});

/** Runs a program in an environment that has these folders alone, one of which it unpacks itself into. */
async function runIn(program: string, env: Record<string, string>): Promise<string> {
  const PATH = Deno.env.get("PATH")!;
  const { code, stdout, stderr } = await run(program, [], {
    env: { PATH, ...env },
    clearEnv: true,
  });
  assertEquals([code, stderr], [7, ""]);
  return /\[(.*)\/bobchat\.js\]/.exec(stdout)![1]!;
}

testInFolder("where there is no home, it has a folder of its own below TMPDIR", async (folder) => {
  const program = await packScript(folder);
  const own = `${folder}/bobchat-${Deno.uid()}`;
  assertEquals(await runIn(program, { TMPDIR: folder }), `${own}/${KEY}`);
  assertEquals(Deno.statSync(own).mode! & 0o777, 0o700);
  assertEquals(Deno.statSync(`${own}/${KEY}`).mode! & 0o777, 0o700);
  const home = { TMPDIR: folder, HOME: folder };
  assertEquals(await runIn(program, home), `${folder}/.cache/bobchat/${KEY}`);
});

testInFolder("what others could have planted in a cache folder is not run", async (folder) => {
  const program = await packScript(folder);
  const own = `${folder}/bobchat-${Deno.uid()}/${KEY}`;
  const plant = async (cache: string) => {
    const planted = `${cache}/bobchat/${KEY}`;
    await Deno.mkdir(planted, { recursive: true });
    await Deno.writeTextFile(`${planted}/bobchat.js`, "");
    await Deno.writeTextFile(`${planted}/deno`, "#!/bin/sh\necho planted\n", { mode: 0o755 });
    return planted;
  };
  // Others may write to the folder, or to one above it.
  for (const open of ["", "/bobchat", `/bobchat/${KEY}`]) {
    const cache = `${folder}/open${open.length}`;
    await plant(cache);
    await Deno.chmod(cache + open, 0o777);
    assertEquals(await runIn(program, { XDG_CACHE_HOME: cache, TMPDIR: folder }), own, open);
  }
  // A link leads to such a folder.
  await Deno.symlink(`${folder}/open0`, `${folder}/link`);
  assertEquals(await runIn(program, { XDG_CACHE_HOME: `${folder}/link`, TMPDIR: folder }), own);
  // The folder is safe, but not what is in it.
  const file = await plant(`${folder}/file`);
  await Deno.chmod(`${file}/deno`, 0o777);
  assertEquals(await runIn(program, { XDG_CACHE_HOME: `${folder}/file` }), file);
  if (Deno.uid() !== 0) return;
  // Somebody else's folder, as sudo -E may name it.
  for (const theirs of ["", "/bobchat", `/bobchat/${KEY}`]) {
    const cache = `${folder}/theirs${theirs.length}`;
    await plant(cache);
    await Deno.chown(cache + theirs, 12345, 12345);
    assertEquals(await runIn(program, { XDG_CACHE_HOME: cache, TMPDIR: folder }), own, theirs);
  }
});

testInFolder("a new build removes the older ones, but for those that run", async (folder) => {
  const program = await packScript(folder);
  const cache = `${folder}/cache/bobchat`;
  const [idle, busy] = ["0".repeat(16), "1".repeat(16)];
  for (const key of [idle!, busy!]) {
    await Deno.mkdir(`${cache}/${key}`, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(`${cache}/${key}/bobchat.js`, "");
    await Deno.writeTextFile(`${cache}/${key}/deno`, "#!/bin/sh\necho up\nread line\n", {
      mode: 0o755,
    });
  }
  await Deno.mkdir(`${cache}/notes`);
  await using running = new Program([`${cache}/${busy}/deno`, []]);
  await running.stdout.until("up");
  await runIn(program, { XDG_CACHE_HOME: `${folder}/cache` });
  assertEquals(names(cache), [KEY, busy, "notes"].sort());
});
