// `bobchat import`: reads back what `export --format jsonl` wrote.

import { importMessages } from "../../history/import.ts";
import type { Asked } from "../commands.ts";
import { StartError } from "../../errors.ts";
import { print } from "../print.ts";
import { readLines, readStdin } from "./lines.ts";
import { withLockedFile } from "./open.ts";
import { startProgress } from "./progress.ts";
import { plural } from "../../std/plural.ts";

/** Imports all messages or, if a line is wrong, none. Throws a `StartError`. */
export async function importAll({ options }: Asked<"import">): Promise<void> {
  if (Deno.stdin.isTerminal()) {
    console.error(
      "Type the messages, and Ctrl-D at the end; for a file, add < FILE to the command.",
    );
  }
  const progress = startProgress("messages imported", { isAlone: true });
  let line = 0;
  const items = function* () {
    const lines = readLines(readStdin);
    // Counted before it is read, since a line that is too long is an error too.
    for (line = 1;; line++) {
      const { value: text, done } = lines.next();
      if (done) break;
      if (text !== "") yield parse(text);
    }
    line = 0;
  };
  try {
    // Locked, since a running server numbers messages too.
    const { imported, present } = await withLockedFile(
      options,
      (db) => importMessages(db, items(), progress.show),
    );
    progress.end();
    const were = present === 0 ? "" : `, ${plural(present, "was", "were")} there already`;
    print(`${plural(imported, "message")} imported${were}`);
  } catch (error) {
    progress.end();
    if (!(error instanceof StartError) || line === 0) throw error;
    throw new StartError(`line ${line} of stdin: ${error.message}; nothing was imported`, {
      cause: error,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StartError("this is no JSON", { cause: error });
  }
}
