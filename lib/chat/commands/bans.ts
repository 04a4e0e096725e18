// /bans: who is banned or muted.

import type { Command } from "./command.ts";
import { isInForce } from "../bans.ts";
import { remaining } from "../term.ts";

/** How many it lists. */
const LISTED = 100;

export const bans: Command = {
  group: "For operators",
  usage: "bans",
  summary: "list who is banned or muted",
  example: "/bans",
  run({ chat, member, text }) {
    if (text !== "") return false;
    const ofGuests = chat.members.values()
      .flatMap(({ mute }) => mute !== undefined && isInForce(mute, chat.dueAt) ? [mute] : []);
    const bans = [...chat.bans.all(chat.dueAt), ...ofGuests];
    if (bans.length === 0) return chat.tell(member, "Nobody is banned or muted.");
    const lines = bans.slice(0, LISTED).map((ban) => {
      const why = ban.why && `: ${ban.why}`;
      const what = ban.kind === "ban" ? "banned" : "muted";
      return `${ban.shown} is ${what} by ${ban.by}${remaining(ban, chat.dueAt)}${why}`;
    });
    const more = bans.length - lines.length;
    chat.tell(member, ...lines, ...(more > 0 ? [`and ${more} more`] : []));
  },
};
