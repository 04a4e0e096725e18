// What Tab completes after `bobchat`, in each real shell.

import { assertEquals } from "../assert.ts";
import { run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { Tmux } from "./tmux.ts";

/** What is typed before Tab, and what is then there. */
const CASES: [string, string][] = [
  ["conn", "connect"],
  ["--log-lev", "--log-level"],
  ["--log-level deb", "--log-level debug"],
  ["-p 7777 --log-format=js", "-p 7777 --log-format=json"],
  ["--port 7777 conn", "--port 7777 connect"],
  ["operator re", "operator remove"],
  ["operator --history cha", "operator --history chat.db"],
  ["export --format j", "export --format jsonl"],
  ["connect --ni", "connect --nick"],
  ["completions f", "completions fish"],
];

/** Each shell without its user's settings, and how it loads the script, as the manual says. */
const SHELLS = {
  bash: { args: ["--norc", "--noprofile"], load: 'eval "$(cat ./script)"' },
  zsh: { args: ["-f"], load: "autoload -U compinit; compinit -u -D; source <(cat ./script)" },
  fish: { args: ["--no-config"], load: "source ./script" },
};

for (const [shell, { args, load }] of Object.entries(SHELLS)) {
  testWith(
    ["tmux", shell],
    `Tab completes commands, options and values in ${shell}`,
    () =>
      inFolder(async (folder) => {
        const { code, stdout, stderr } = await run(["completions", shell]);
        assertEquals([code, stderr], [0, ""]);
        await Deno.writeTextFile(`${folder}/script`, stdout);
        await Deno.writeTextFile(`${folder}/chat.db`, "");
        const env = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
        await using tmux = await Tmux.run([shell, args], { env, columns: 200 });
        await tmux.until(/[$%#>]$/);
        await tmux.type(`cd ${folder}; ${load}; echo re""ady`);
        await tmux.press("Enter");
        await tmux.until(/^ready\n.*[$%#>]$/m);
        for (const [typed, completed] of CASES) {
          await tmux.type(`bobchat ${typed}`);
          await tmux.press("Tab");
          // What is typed next shows that it is no mere suggestion.
          await tmux.type("X");
          await tmux.until(new RegExp(`bobchat ${completed.replaceAll(".", "\\.")}[ =]?X$`));
          await tmux.press("C-u");
          await tmux.until(/[$%#>]$/);
        }
      }),
  );
}
