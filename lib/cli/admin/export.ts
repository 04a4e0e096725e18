// `bobchat export`: what was said, to stdout, as text for people or as jsonl for programs and import.

import { exportMessages } from "../../history/exchange.ts";
import type { Asked } from "../commands.ts";
import { print } from "../print.ts";
import { withFile } from "./open.ts";
import { writeLines } from "./output.ts";
import { startProgress } from "./progress.ts";
import { formatItem } from "./text.ts";

/** Writes it all. Throws a `StartError` for a file that is none. */
export async function exportAll({ options }: Asked<"export">): Promise<void> {
  const { room, since, until, format } = options;
  const formatLine = format === "jsonl" ? JSON.stringify : formatItem;
  const progress = startProgress("lines exported", { isAlone: !Deno.stdout.isTerminal() });
  try {
    const count = await withFile(
      options,
      (db) =>
        writeLines(exportMessages(db, { room, since, until }).map((item) => formatLine(item)), {
          write: (bytes) => Deno.stdout.write(bytes),
          report: progress.show,
        }),
    );
    if (count === 0 && Deno.stdout.isTerminal()) print("Nothing was said.");
  } finally {
    progress.end();
  }
}
