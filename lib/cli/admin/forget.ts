// `bobchat forget NAME`: removes a person's account and messages.

import { forget as forgetIn } from "../../history/admin.ts";
import { belongsTo } from "../../history/network.ts";
import type { Asked } from "../commands.ts";
import { print } from "../print.ts";
import { withFile } from "./open.ts";
import { plural } from "../../std/plural.ts";

/** Removes them. A running server soon forgets them too, and then so do the others of its network. */
export async function forget({ words: [name = ""], options }: Asked<"forget">): Promise<void> {
  const { account, messages, network } = await withFile(
    options,
    (db) => ({ ...forgetIn(db, name), network: belongsTo(db)?.network }),
  );
  const record = account ? "is no longer registered" : "was not registered";
  print(`${name} ${record}, and ${plural(messages, "message is", "messages are")} gone`);
  if (network === undefined) return;
  print(`The other servers of ${network} delete theirs once a server runs on this file`);
}
