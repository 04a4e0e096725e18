// `bobchat check-config FILE`: every mistake in a config file, with its line.

import { plural } from "../std/plural.ts";
import { UsageError } from "../errors.ts";
import { type Asked, DEFAULT } from "./commands.ts";
import { type Config, nameOf, readConfig, where } from "./config.ts";
import { readText } from "./files.ts";
import { flagOf } from "./option.ts";
import { print } from "./print.ts";
import { resolve } from "./resolve.ts";

/** Says that a file is right. Throws a `UsageError` with every mistake, or a `StartError` for no file. */
export function checkConfig({ words: [file = ""] }: Asked<"check-config">): void {
  const config = readConfig(readText("check-config", file), file);
  const mistakes = config.mistakes.map(({ line, text }) => `${where(file, line)}: ${text}`);
  if (mistakes.length === 0) mistakes.push(...apart(config, file));
  if (mistakes.length > 0) throw new UsageError(mistakes.join("\nbobchat: "));
  print(`${file} is right: it sets ${plural(config.given.size, "option")}`);
}

/** What does not go together, with the line of the first option that it names. */
function apart({ given }: Config, file: string): string[] {
  try {
    resolve(DEFAULT, given);
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { message } = error;
    if (message.startsWith(file)) return [message];
    const named = [...given].find(([key]) => message.includes(flagOf(key)));
    if (named === undefined) return [message];
    const [key, { line }] = named;
    return [`${where(file, line)}: ${message.replaceAll(flagOf(key), nameOf(key))}`];
  }
}
