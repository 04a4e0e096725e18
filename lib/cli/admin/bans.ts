// `bobchat bans` and `bobchat unban WHOM`: who is kept out, for the host who is kept out himself.

import type { Ban } from "../../chat/history.ts";
import { remaining } from "../../chat/term.ts";
import { liftBans, listBans } from "../../history/admin.ts";
import type { Asked } from "../commands.ts";
import { print } from "../print.ts";
import { withFile } from "./open.ts";

/** Lists the bans and mutes. */
export async function bans({ options }: Asked<"bans">): Promise<void> {
  const at = Date.now();
  const all = await withFile(options, (db) => listBans(db, at));
  if (all.length === 0) return print("Nobody is banned or muted.");
  print(
    all.map((ban) => {
      const why = ban.why && `: ${ban.why}`;
      return `${ban.shown} is ${didTo(ban)} by ${ban.by}${remaining(ban, at)}${why}`;
    }).join("\n"),
  );
}

/** Lifts the ban and the mute of somebody. A running server soon knows. */
export async function unban({ words: [whom = ""], options }: Asked<"unban">): Promise<void> {
  const lifted = await withFile(options, (db) => liftBans(db, whom, Date.now()));
  print(lifted.map((ban) => `${ban.shown} is no longer ${didTo(ban)}`).join("\n"));
}

function didTo({ kind }: Ban): string {
  return kind === "ban" ? "banned" : "muted";
}
