// `deno task soak`: people come and go for a while, with faults of theirs and of the system; says whether memory,
// files and the rest stay as they are, whether the books balance, and what those who stayed have noticed.

import { parseArgs } from "../lib/std/typed.ts";
import { chart, report } from "./soak/report.ts";
import { run } from "./soak/run.ts";
import { wrongs } from "./soak/verdict.ts";

const HELP = `deno task soak [OPTIONS]

  --minutes N    how long it takes; from 8 on, figures are judged by their trend (30)
  --people N     how many are there at once (2000)
  --no-faults    leave out the faults of the system, and what many do at once
  --report FILE  write the report there as well (Markdown)
  --chart FILE   draw memory, files, connections and the write-ahead log there (SVG)
`;

/** Runs it; the exit code is 1 if anything was wrong. */
async function main(args: string[]): Promise<number> {
  const asked = parseArgs(args.filter((arg) => arg !== "--"), {
    boolean: ["no-faults", "help"],
    string: ["minutes", "people", "report", "chart"],
    unknown: (arg) => {
      console.error(`there is no option ${arg}\n\n${HELP}`);
      Deno.exit(2);
    },
  });
  if (asked.help) {
    console.log(HELP);
    return 0;
  }
  const minutes = Number(asked.minutes ?? 30), people = Number(asked.people ?? 2000);
  if (!(minutes > 0 && minutes <= 24 * 60 && people >= 20 && people <= 8000)) {
    console.error("--minutes takes up to 1440, --people 20 to 8000");
    return 2;
  }
  const options = { minutes, people, hasFaults: asked["no-faults"] !== true };
  const result = await run(options, (text) => console.error(text));
  const text = report(result);
  console.log(text);
  if (typeof asked.report === "string") await Deno.writeTextFile(asked.report, text);
  if (typeof asked.chart === "string") await Deno.writeTextFile(asked.chart, chart(result));
  return wrongs(result).length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
