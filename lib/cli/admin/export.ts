// `bobchat export`: writes the messages to stdout or a file, as text for people, or as jsonl for programs and
// for import.

import { type ExportedItem, exportMessages } from "../../history/export.ts";
import type { Asked } from "../commands.ts";
import { unwritable } from "../../errors.ts";
import { print } from "../print.ts";
import { withFile } from "./open.ts";
import { writeLines } from "./output.ts";
import { startProgress } from "./progress.ts";
import { replaceFile } from "./replace.ts";
import { formatItem } from "./text.ts";

/** Exports the messages. Throws a `StartError` if the history cannot be read. */
export async function exportAll({ options }: Asked<"export">): Promise<void> {
  const { history, room, since, until, format, output } = options;
  const formatLine = format === "jsonl"
    ? (item: ExportedItem) => [JSON.stringify(item)]
    : (item: ExportedItem) => item.kind === "room" ? [] : [formatItem(item)];
  const isAlone = output !== undefined || !Deno.stdout.isTerminal();
  const progress = startProgress("lines exported", { isAlone });
  try {
    const count = await withFile(options, async (db) => {
      const lines = exportMessages(db, { room, since, until }).flatMap(formatLine);
      const { show: report } = progress;
      if (output === undefined) {
        return await writeLines(lines, { write: toStdout, report });
      }
      return await replaceFile(
        output,
        { not: history, name: "--output" },
        (file) => writeLines(lines, { write: (bytes) => file.write(bytes), report }),
      );
    });
    if (count === 0 && output === undefined && Deno.stdout.isTerminal()) {
      print("There are no messages.");
    }
  } finally {
    progress.end();
  }
}

/** Writes to stdout. Throws a `StartError` if that fails. */
async function toStdout(bytes: Uint8Array): Promise<number> {
  try {
    return await Deno.stdout.write(bytes);
  } catch (error) {
    throw unwritable(error);
  }
}
