// Completion in bash, from version 3.2 on: a function that looks at the words before the cursor.

import { type Described, type Flag, namesOf, quoted } from "./described.ts";

/** The script. */
export function bash(commands: readonly Described[]): string {
  const flags = commands.flatMap((command) => command.flags);
  const valued = [...new Set(namesOf(flags.filter(({ kind }) => kind !== "nothing")))];
  return `# Completes bobchat's commands and options in bash.
_bobchat() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  local name=serve kind=text first='' flags='' choices='' count=0 i
  # bash takes --flag=value apart.
  [[ $word == = ]] && word=
  [[ $before == = ]] && before=\${COMP_WORDS[COMP_CWORD - 2]}
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${valued.join(" | ")})
        ((i++))
        [[ \${COMP_WORDS[i]} == = ]] && ((i++))
        ;;
      -*) ;;
      *)
        ((count++))
        [[ $count == 1 ]] && first=\${COMP_WORDS[i]}
        ;;
    esac
  done
  case $first in ${commands.map(({ name }) => name).join(" | ")}) name=$first ;; esac
  case $name in
${commands.map(caseOf).join("\n")}
  esac
  case $before in
    ${valued.join(" | ")}) ;;
    *)
      if [[ $word == -* ]]; then
        kind=words choices=$flags
      elif [[ $count == 0 ]]; then
        kind=words choices=${quoted(commands.map(({ name }) => name).join(" "))}
      elif [[ $count -gt 1 ]]; then
        kind=nothing
      fi
      ;;
  esac
  local IFS=$'\\n'
  COMPREPLY=()
  case $kind in
    file)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$word"))
      ;;
    words) COMPREPLY=($(compgen -W "\${choices// /$IFS}" -- "$word")) ;;
  esac
}
complete -F _bobchat bobchat`;
}

/** What a command's flags are, and what comes next after each, or as its word. */
function caseOf({ name, kind, words, flags }: Described): string {
  const kinds = new Map<string, Flag[]>();
  for (const flag of flags) {
    if (flag.kind === "nothing" || flag.kind === "text") continue;
    const set = setting(flag);
    kinds.set(set, [...kinds.get(set) ?? [], flag]);
  }
  const cases = [...kinds].map(([set, flags]) =>
    `        ${namesOf(flags).join(" | ")}) ${set} ;;`
  );
  const others = namesOf(flags.filter((flag) => flag.kind === "text"));
  return [
    `    ${name})`,
    `      flags=${quoted(namesOf(flags).join(" "))}`,
    "      case $before in",
    ...cases,
    ...others.length > 0 ? [`        ${others.join(" | ")}) kind=text ;;`] : [],
    `        *) ${setting({ kind, words })} ;;`,
    "      esac",
    "      ;;",
  ].join("\n");
}

function setting({ kind, words }: Pick<Flag, "kind" | "words">): string {
  return kind === "words" ? `kind=words choices=${quoted(words.join(" "))}` : `kind=${kind}`;
}
