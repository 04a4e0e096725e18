// The README says what the program says, and so do the manuals that it links to.

import config from "../../deno.json" with { type: "json" };
import readme from "../../README.md" with { type: "text" };
import commands from "../../lib/chat/commands/README.md" with { type: "text" };
import manual from "../../lib/cli/README.md" with { type: "text" };
import { TABLE } from "../../lib/chat/commands/table.ts";
import { helpText } from "../../lib/cli/help.ts";
import { OPTIONS } from "../../lib/cli/options.ts";
import { flagOf } from "../../lib/cli/option.ts";
import { assert, assertStringIncludes } from "../assert.ts";

Deno.test("the manual shows --help as it is", () => {
  for (const command of ["serve", "connect"] as const) {
    assertStringIncludes(manual, "```\n" + helpText(config.version, command) + "\n```");
  }
});

Deno.test("the README's options are options", () => {
  const [, section] = /## Options(.*?)\n## /s.exec(readme)!;
  const named = [...section!.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag);
  const flags = ["--help", ...Object.keys(OPTIONS).map(flagOf)];
  assert(named.length > 10, named.join());
  for (const flag of named) assert(flags.includes(flag), flag);
});

Deno.test("the README names every package that bobchat depends on", () => {
  for (const name of Object.keys(config.imports)) {
    const [owner, rest = ""] = name.split("/");
    assertStringIncludes(readme, `\`${owner === "@std" ? `${owner}/${rest}` : name}\``);
  }
});

Deno.test("the list of commands shows every command as /help does", () => {
  for (const { usage, summary } of TABLE.values()) {
    const row = new RegExp(`^\\| \`/${escape(usage)}\` +\\| ${escape(summary)} +\\|$`, "m");
    assert(row.test(commands), `/${usage}: ${summary}`);
  }
});

function escape(text: string): string {
  return text.replaceAll("|", "\\|").replace(/[[\]|/.\\]/g, "\\$&");
}
