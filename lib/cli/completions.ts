// `bobchat completions SHELL`: prints the script with which a shell completes commands and options.

import type { Asked } from "./commands.ts";
import { bash } from "./completions/bash.ts";
import { describe } from "./completions/described.ts";
import { fish } from "./completions/fish.ts";
import { zsh } from "./completions/zsh.ts";
import { print } from "./print.ts";

const SCRIPTS = { bash, zsh, fish };

/** Prints the script. */
export function completions({ words: [shell] }: Asked<"completions">): void {
  // The form of the command allows these three.
  print(SCRIPTS[shell as keyof typeof SCRIPTS](describe()));
}
