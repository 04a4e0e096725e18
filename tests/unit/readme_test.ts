// The README says what the program says.

import config from "../../deno.json" with { type: "json" };
import readme from "../../README.md" with { type: "text" };
import { helpText } from "../../lib/cli/help.ts";
import { assertStringIncludes } from "../assert.ts";

Deno.test("the README shows --help as it is", () => {
  assertStringIncludes(readme, "```\n" + helpText(config.version) + "\n```");
});

Deno.test("the README names every package that bobchat depends on", () => {
  for (const name of Object.keys(config.imports)) {
    const [owner, rest = ""] = name.split("/");
    assertStringIncludes(readme, `\`${owner === "@std" ? `${owner}/${rest}` : name}\``);
  }
});
