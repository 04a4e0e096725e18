// One executable: `deno task compile`, and the self-extracting one where the base cannot be had.

import config from "../../deno.json" with { type: "json" };
import { head } from "../../scripts/self_extracting.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, testWith } from "./bobchat.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
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
  await Deno.writeTextFile(program, head({ key: "k", permissions: ["--allow-net"] }), {
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
    await Deno.remove(`${folder}/cache/bobchat/k/${lost}`);
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
  const home = `${folder}/cache/bobchat/k`;
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
  const PATH = Deno.env.get("PATH")!;
  const unusable: Record<string, string>[] = [
    { PATH },
    { PATH, XDG_CACHE_HOME: "relative" },
    { PATH, XDG_CACHE_HOME: "/dev/null/no" },
  ];
  for (const env of unusable) {
    const { code, stdout, stderr } = await run(program, [], { env, clearEnv: true });
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^bobchat: cannot unpack itself into .*: set XDG_CACHE_HOME to .*\n$/);
  }
});
