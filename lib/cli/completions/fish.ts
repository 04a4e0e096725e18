// Completion in fish: a line for each flag and each word, with the condition under which it is offered.

import { type Described, type Flag, quoted } from "./described.ts";

/** The script. */
export function fish(commands: readonly Described[]): string {
  const others = commands.filter(({ name }) => name !== "serve");
  const none = `not __fish_seen_subcommand_from ${others.map(({ name }) => name).join(" ")}`;
  const after = ({ name }: Described) =>
    name === "serve" ? none : `__fish_seen_subcommand_from ${name}`;
  const isFirst = `not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(" ")}`;
  return [
    "# Completes bobchat's commands and options in fish.",
    "complete -c bobchat -f",
    ...commands.map(({ name, help }) => offer(isFirst, `-a ${name} -d ${quoted(help)}`)),
    ...commands.flatMap((command) => [
      ...command.kind === "words"
        ? [offer(
          `${after(command)}; and not __fish_seen_subcommand_from ${command.words.join(" ")}`,
          `-a ${quoted(command.words.join(" "))}`,
        )]
        : [],
      ...command.kind === "file" ? [offer(after(command), "-F")] : [],
      ...command.flags.map((flag) => offer(after(command), optionOf(flag))),
    ]),
  ].join("\n");
}

function offer(condition: string, what: string): string {
  return `complete -c bobchat -n ${quoted(condition)} ${what}`;
}

function optionOf({ long, short, help, kind, words }: Flag): string {
  const names = `-l ${long.slice(2)}${short === undefined ? "" : ` -s ${short.slice(1)}`}`;
  const value = {
    nothing: "",
    file: " -r -F",
    text: " -x",
    words: ` -x -a ${quoted(words.join(" "))}`,
  }[kind];
  return `${names}${value} -d ${quoted(help)}`;
}
