// The scripts that complete commands in a shell: whether they have everything. What they do is tried in the
// shells themselves.

import { bash } from "../../../lib/cli/completions/bash.ts";
import { describe, namesOf } from "../../../lib/cli/completions/described.ts";
import { fish } from "../../../lib/cli/completions/fish.ts";
import { zsh } from "../../../lib/cli/completions/zsh.ts";
import { assertEquals, assertStringIncludes } from "../../assert.ts";

Deno.test("each shell's script has every command, every flag and every word of theirs", () => {
  const commands = describe();
  for (const script of [bash(commands), zsh(commands)]) {
    for (const { name, flags, words } of commands) {
      for (const part of [name, ...namesOf(flags), words.join(" ")]) {
        assertStringIncludes(script, part);
      }
    }
  }
  const lines = fish(commands);
  for (const { name, flags } of commands) {
    assertStringIncludes(lines, `-a ${name} `);
    for (const { long } of flags) assertStringIncludes(lines, ` -l ${long.slice(2)} `);
  }
});

Deno.test("a value is completed as the table says", () => {
  const serve = describe().find(({ name }) => name === "serve")!;
  const kindOf = (flag: string) => {
    const { kind, words } = serve.flags.find(({ long }) => long === flag)!;
    return [kind, words.join(" ")];
  };
  assertEquals(kindOf("--log-format"), ["words", "text json"]);
  assertEquals(kindOf("--history"), ["file", ""]);
  assertEquals(kindOf("--port"), ["text", ""]);
  assertEquals(kindOf("--quiet"), ["nothing", ""]);
});
