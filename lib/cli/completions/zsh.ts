// Completion in zsh: a function for the first word, and one for each command, by zsh's own _arguments.

import { type Described, type Flag, quoted } from "./described.ts";

/** The script: a file of fpath, or to be sourced. */
export function zsh(commands: readonly Described[]): string {
  const serve = commands.find(({ name }) => name === "serve")!;
  return `#compdef bobchat
# Completes bobchat's commands and options in zsh.
_bobchat() {
  local curcontext=$curcontext state line
  local -A opt_args
  local -a commands=(
${commands.map(({ name, help }) => `    ${quoted(`${name}:${help}`)}`).join("\n")}
  )
  _arguments -C \\
${serve.flags.flatMap(specs).map((spec) => `    ${spec} \\`).join("\n")}
    '(-)1:command:->command' '(-)*::word:->word'
  case $state in
    command) _describe command commands ;;
    word)
      curcontext=\${curcontext%:*:*}:bobchat-$words[1]:
      case $words[1] in
${commands.map(caseOf).join("\n")}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _bobchat ]]; then _bobchat "$@"; else compdef _bobchat bobchat; fi`;
}

function caseOf({ name, kind, words, flags }: Described): string {
  const word = kind === "nothing" || kind === "text"
    ? []
    : [quoted(`1:word:${action({ kind, words })}`)];
  const all = [...flags.flatMap(specs), ...word];
  return [
    `        ${name})`,
    "          _arguments \\",
    all.map((spec) => `            ${spec}`).join(" \\\n"),
    "          ;;",
  ].join("\n");
}

/** A flag under each of its names, as _arguments takes it. */
function specs(flag: Flag): string[] {
  const { long, short, help, argument, kind, isRepeatable } = flag;
  const names = short === undefined ? [long] : [short, long];
  const value = kind === "nothing" ? "" : `:${escaped(argument)}:${action(flag)}`;
  const others = isRepeatable ? "*" : `(${names.join(" ")})`;
  return names.map((name) => {
    const joined = kind === "nothing" ? "" : name === long ? "=" : "+";
    return quoted(`${others}${name}${joined}[${escaped(help)}]${value}`);
  });
}

function action({ kind, words }: Pick<Flag, "kind" | "words">): string {
  if (kind === "file") return "_files";
  return kind === "words" ? `(${words.join(" ")})` : " ";
}

function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}
