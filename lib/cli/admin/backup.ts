// `bobchat backup TO`: a copy of the history's file, of one moment, while a server may be running on it.

import { copyTo, openAsItIs } from "../../history/backup.ts";
import { isFault } from "../../history/faults.ts";
import { StartError } from "../../errors.ts";
import type { Asked } from "../commands.ts";
import { print } from "../print.ts";
import { explained } from "./open.ts";
import { startProgress } from "./progress.ts";
import { replaceFile } from "./replace.ts";

/** Makes the copy. Throws a `StartError` if it cannot be made; then what was there before is left. */
export async function backup({ words: [to = ""], options }: Asked<"backup">): Promise<void> {
  const { history } = options;
  const progress = startProgress("% copied", { isAlone: true });
  try {
    await explained(history, async () => {
      const db = openAsItIs(history);
      try {
        refuseInUse(to);
        await replaceFile(to, { not: history, name: "TO" }, async (_, part) => {
          try {
            await copyTo(db, part, progress.show);
          } catch (error) {
            if (!isFault(error)) throw error;
            throw new StartError(
              `${history} cannot be copied to ${to} (${error.message}): check both disks`,
              { cause: error },
            );
          }
        });
      } finally {
        db.close();
      }
    });
  } finally {
    progress.end();
  }
  const megabytes = (Deno.statSync(to).size / 1e6).toFixed(1);
  print(`${to} is a copy of ${history}: ${megabytes} MB`);
}

/** SQLite would read what another database's log has into the copy. */
function refuseInUse(to: string): void {
  try {
    Deno.lstatSync(`${to}-wal`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new StartError(`cannot write ${to}: name a file where you may write`, { cause: error });
  }
  throw new StartError(`${to} is in use, since there is ${to}-wal: name another file`);
}
