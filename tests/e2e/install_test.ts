// scripts/install.sh, with releases in a folder and at a web server; and shellcheck's view of our scripts.

import { bash } from "../../lib/cli/completions/bash.ts";
import { describe } from "../../lib/cli/completions/described.ts";
import { head } from "../../scripts/self_extracting.ts";
import { assertEquals, assertMatch } from "../assert.ts";
import { testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";

const SCRIPT = new URL("../../scripts/install.sh", import.meta.url).pathname;
const NAME = `bobchat-${Deno.build.target}`;
const DECODER = new TextDecoder();

/** Runs the script, with a home and a temporary folder of its own. */
async function install(
  folder: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: [SCRIPT, ...args],
    env: { HOME: `${folder}/home`, PATH: Deno.env.get("PATH")! },
    clearEnv: true,
  }).output();
  return { code, stdout: DECODER.decode(stdout), stderr: DECODER.decode(stderr) };
}

/** Makes a release of a program that answers --version; returns its SHA-256. */
async function release(folder: string, version = "9.9.9"): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const bytes = new TextEncoder().encode(`#!/bin/sh\necho bobchat ${version}\n`);
  await Deno.writeFile(`${folder}/${NAME}`, bytes);
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const other = "0".repeat(64);
  await Deno.writeTextFile(
    `${folder}/SHA256SUMS`,
    `${other}  ${NAME}.exe\n${sum}  ${NAME}\n${other}  old-${NAME}\n`,
  );
  return sum;
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

function testInstall(name: string, fn: (folder: string) => Promise<void>): void {
  testWith(["sha256sum"], name, () => inFolder(fn));
}

testInstall("a release in a folder is installed below the home, without root", async (folder) => {
  await release(`${folder}/release`);
  const { code, stdout, stderr } = await install(folder, ["--from", `${folder}/release`]);
  assertEquals([code, stderr], [0, ""]);
  const to = `${folder}/home/.local/bin`;
  assertMatch(
    stdout,
    /^bobchat 9\.9\.9 is \S+\/home\/\.local\/bin\/bobchat\nTo have it found, .*\n$/,
  );
  assertEquals(names(to), ["bobchat"]);
  assertEquals(Deno.statSync(`${to}/bobchat`).mode! & 0o777, 0o755);
});

testWith(
  ["sha256sum", "curl"],
  "a release at a web server replaces an older one",
  () =>
    inFolder(async (folder) => {
      await release(`${folder}/release`);
      await Deno.writeTextFile(`${folder}/bobchat`, "old");
      await using server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => undefined },
        async (request) =>
          new Response(await Deno.readFile(folder + new URL(request.url).pathname)),
      );
      const from = `http://127.0.0.1:${server.addr.port}/release/`;
      const { code, stderr } = await install(folder, ["--from", from, "--to", folder]);
      assertEquals([code, stderr], [0, ""]);
      assertMatch(await Deno.readTextFile(`${folder}/bobchat`), /echo bobchat 9/);
      assertEquals(names(folder), ["bobchat", "release"]);
    }),
);

testInstall("what is not what was released is not installed, and not run", async (folder) => {
  const from = `${folder}/release`, to = `${folder}/to`, ran = `${folder}/ran`;
  const refused = async (why: RegExp) => {
    const { code, stdout, stderr } = await install(folder, ["--from", from, "--to", to]);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, why);
    assertEquals(names(to), []);
  };
  const sum = await release(from);
  await Deno.writeTextFile(`${from}/${NAME}`, `#!/bin/sh\ntouch ${ran}\n`);
  await refused(/has another SHA-256 than SHA256SUMS says.*: nothing was installed\n$/);
  await release(from);
  for (const sums of ["", `${sum} ${NAME}x\n`, `${sum}  ${NAME}\n${sum}  ${NAME}\n`]) {
    await Deno.writeTextFile(`${from}/SHA256SUMS`, sums);
    await refused(/nothing was installed\n$/);
  }
  await Deno.remove(`${from}/SHA256SUMS`);
  await refused(/has no SHA256SUMS: check --from, and your network\n$/);
  await release(from);
  await Deno.writeTextFile(`${from}/${NAME}`, "");
  await refused(/nothing was installed\n$/);
  assertEquals(names(folder), ["release", "to"]);
});

testInstall("a folder that is called bobchat is told, and left as it is", async (folder) => {
  await release(`${folder}/release`);
  await Deno.mkdir(`${folder}/bobchat`);
  const words = ["--from", `${folder}/release`, "--to", folder];
  const { code, stdout, stderr } = await install(folder, words);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /\/bobchat is a folder: give --to another one\n$/);
  assertEquals([names(folder), names(`${folder}/bobchat`)], [["bobchat", "release"], []]);
});

testInstall("a wrong use is a sentence, and exit 2", async (folder) => {
  for (const args of [[], ["--form", "x"], ["--from"], ["stray"]]) {
    const { code, stdout, stderr } = await install(folder, args);
    assertEquals([code, stdout, stderr.split("\n").length], [2, "", 2], stderr);
  }
  const { code, stdout } = await install(folder, ["--help"]);
  assertEquals(code, 0);
  assertMatch(stdout, /^usage: sh install\.sh /);
});

testWith(
  ["shellcheck"],
  "shellcheck has nothing to say of our scripts",
  () =>
    inFolder(async (folder) => {
      const texts = {
        "head.sh": head({ key: "0", permissions: ["--allow-net"] }),
        "completions.bash": `#!/bin/bash\n# shellcheck disable=SC2207,SC2209\n${
          bash(describe())
        }\n`,
      };
      for (const [name, text] of Object.entries(texts)) {
        await Deno.writeTextFile(`${folder}/${name}`, text);
      }
      const files = [
        SCRIPT,
        ...Object.keys(texts).map((name) => `${folder}/${name}`),
      ];
      const { code, stdout } = await new Deno.Command("shellcheck", { args: files }).output();
      assertEquals([code, DECODER.decode(stdout)], [0, ""]);
    }),
);
