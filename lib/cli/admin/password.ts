// `bobchat password NAME`: sets a new password for somebody who has forgotten theirs.

import { hashPassword } from "../../auth/passwords.ts";
import { LEAST, MOST } from "../../chat/login.ts";
import { checkRegistered, setPassword } from "../../history/admin.ts";
import { sanitize } from "../../wire/sanitize.ts";
import type { Asked } from "../commands.ts";
import { StartError } from "../../errors.ts";
import { print } from "../print.ts";
import { readLines, readStdin } from "./lines.ts";
import { withFile } from "./open.ts";
import { askSecret } from "./terminal.ts";

/** Sets the password. Throws a `StartError` if it is not valid, or nobody has that name. */
export async function password({ words: [name = ""], options }: Asked<"password">): Promise<void> {
  await withFile(options, async (db) => {
    // Before anybody types a password twice, in vain.
    checkRegistered(db, name);
    const typed = Deno.stdin.isTerminal() ? await askTwice(name) : firstLine();
    // Cleaned as it will be when it is typed after /identify.
    const secret = sanitize(typed).trim();
    if (secret.length < LEAST || secret.length > MOST) {
      throw new StartError(`a password has ${LEAST} to ${MOST} characters: nothing was changed`);
    }
    setPassword(db, name, await hashPassword(secret));
  });
  print(`${name} has a new password`);
}

async function askTwice(name: string): Promise<string> {
  const first = await askSecret(`New password of ${name}: `);
  const second = first === undefined ? undefined : await askSecret("The same again: ");
  if (first === undefined || second === undefined) {
    throw new StartError("no password was given: nothing was changed");
  }
  if (first === second) return first;
  throw new StartError("the two passwords differ: nothing was changed");
}

function firstLine(): string {
  const { value } = readLines(readStdin).next();
  if (typeof value === "string") return value;
  throw new StartError("stdin has no password in its first line: nothing was changed");
}
