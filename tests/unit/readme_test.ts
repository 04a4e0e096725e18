// The README says what the program says.

import config from "../../deno.json" with { type: "json" };
import readme from "../../README.md" with { type: "text" };
import { TABLE } from "../../lib/chat/commands/table.ts";
import { helpText } from "../../lib/cli/help.ts";
import { assert, assertStringIncludes } from "../assert.ts";

Deno.test("the README shows --help as it is", () => {
  for (const command of ["serve", "connect"] as const) {
    assertStringIncludes(readme, "```\n" + helpText(config.version, command) + "\n```");
  }
});

Deno.test("the README names every package that bobchat depends on", () => {
  for (const name of Object.keys(config.imports)) {
    const [owner, rest = ""] = name.split("/");
    assertStringIncludes(readme, `\`${owner === "@std" ? `${owner}/${rest}` : name}\``);
  }
});

Deno.test("the README lists every command as /help does", () => {
  for (const { usage, summary } of TABLE.values()) {
    const row = new RegExp(`^\\| \`/${escape(usage)}\` +\\| ${escape(summary)} +\\|$`, "m");
    assert(row.test(readme), `/${usage}: ${summary}`);
  }
});

function escape(text: string): string {
  return text.replaceAll("|", "\\|").replace(/[[\]|/.\\]/g, "\\$&");
}
