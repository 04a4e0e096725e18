// All commands by name. A new one is a file in this folder and a word here.

import { type Call, find, type Table } from "./command.ts";
import { help } from "./help.ts";
import { me } from "./me.ts";
import { nick } from "./nick.ts";
import { quit } from "./quit.ts";
import { who } from "./who.ts";

/** Every command, in the order that /help lists them. */
const TABLE: Table = new Map(Object.entries({ nick, who, me, help, quit }));

/** Runs the command of that name, or tells the member what is wrong with it. */
export function run(name: string, call: Omit<Call, "table">): void {
  const { house, member } = call;
  const command = find(TABLE, name);
  if (typeof command === "string") return house.tell(member, command);
  const outcome = command.run({ ...call, table: TABLE });
  if (outcome === false) house.tell(member, `Usage: /${command.usage}`);
}
