// `bobchat check-config FILE`: every mistake in a config file, with its line.

import { plural } from "../std/plural.ts";
import { UsageError } from "../errors.ts";
import { type Asked, DEFAULT } from "./commands.ts";
import { readConfig, where } from "./config.ts";
import { readText } from "./files.ts";
import { print } from "./print.ts";
import { resolveAll } from "./resolve.ts";

/** Says that a file is right. Throws a `UsageError` with every mistake, or a `StartError` for no file. */
export function checkConfig({ words: [file = ""] }: Asked<"check-config">): void {
  const { given, mistakes: found } = readConfig(readText("check-config", file), file);
  const mistakes = found.map(({ line, text }) => `${where(file, line)}: ${text}`);
  // What does not go together is known once each option is right by itself.
  if (mistakes.length === 0) mistakes.push(...resolveAll(DEFAULT, given).conflicts);
  if (mistakes.length > 0) throw new UsageError(mistakes.join("\nbobchat: "));
  print(`${file} is right: it sets ${plural(given.size, "option")}`);
}
