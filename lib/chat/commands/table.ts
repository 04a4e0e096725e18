// All commands by name. A new command is an entry in its group's file.

import { type Call, type Commands, find, type Group, noSuch, type Table } from "./command.ts";
import { MODERATION } from "./moderation.ts";
import { NAMES } from "./names.ts";
import { PEOPLE } from "./people.ts";
import { ROOMS } from "./rooms.ts";
import { TALKING } from "./talking.ts";

/** The groups in the order of /help. */
const GROUPS: readonly (readonly [Group, Commands])[] = [
  ["Talking", TALKING],
  ["Rooms", ROOMS],
  ["You and others", PEOPLE],
  ["Your name", NAMES],
  ["For operators", MODERATION],
];

/** Every command, in the order of /help. */
export const TABLE: Table = new Map(
  GROUPS.flatMap(([group, commands]) =>
    Object.entries(commands).map(([name, command]) => [name, { ...command, group }] as const)
  ),
);

/** Runs the command with that name, or tells the member what is wrong with it. */
export function run(name: string, call: Omit<Call, "table">): void {
  const { chat, member } = call;
  const command = find(TABLE, name);
  if (command === undefined) return chat.refuse(member, noSuch(TABLE, name, member));
  if (command.group === "For operators" && !member.account?.isOperator) {
    return chat.refuse(member, {
      code: "operators-only",
      text: `/${name.toLowerCase()} is for operators.`,
    });
  }
  const outcome = command.run({ ...call, table: TABLE });
  if (outcome === false) {
    chat.refuse(member, {
      code: "usage",
      text: `Usage: /${command.usage} (for example ${command.example})`,
    });
  }
}
