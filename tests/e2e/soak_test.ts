// The soak test itself, for some seconds and with few people: every fault once, and all that it checks.

import { assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Program, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

testWith(
  ["cc", "openssl"],
  "a short soak run finds nothing wrong, and its books balance",
  async () => {
    await inFolder(async (folder) => {
      const script = ["run", "--allow-all", `${ROOT}scripts/soak.ts`];
      const output = ["--report", `${folder}/report.md`, "--chart", `${folder}/chart.svg`];
      const arguments_ = [...script, "--minutes", "0.1", "--people", "60", ...output];
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: arguments_ })
        .output();
      const said = new TextDecoder().decode(stdout);
      assertEquals(code, 0, said + new TextDecoder().decode(stderr));
      assertStringIncludes(said, "Nothing went wrong.");
      assertEquals(said.match(/\| exactly \|/g)?.length, 2);
      assertMatch(said, /The history has all \d+ messages that were heard/);
      for (const fault of ["SIGSTOP", "clock", "full", "EXCLUSIVE", "slow", "EMFILE"]) {
        assertStringIncludes(said, fault);
      }
      assertEquals((await Deno.readTextFile(`${folder}/report.md`)).trim(), said.trim());
      assertMatch(
        await Deno.readTextFile(`${folder}/chart.svg`),
        /^<svg[^]*<polyline[^]*<\/svg>\n$/,
      );
    });
  },
);

testWith([], "a soak run that is asked for wrongly says how it is asked", async () => {
  const soak = new Program([Deno.execPath(), [
    ...["run", "--allow-all", `${ROOT}scripts/soak.ts`, "--minutes", "0"],
  ]]);
  assertEquals(await soak.end(), 2);
  assertStringIncludes(soak.stderr.text, "--minutes takes up to 1440");
});
