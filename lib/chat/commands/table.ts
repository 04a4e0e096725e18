// All commands by name. A new command is an entry in its group's file.

import { announce } from "../newcomers.ts";
import {
  type Call,
  type Commands,
  find,
  type Group,
  noSuch,
  type Request,
  type Table,
  type TableEntry,
} from "./command.ts";
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
  const command = allowed(name, call);
  if (command !== undefined && !command.isQuiet) announce(call.chat, call.member);
  if (command?.run?.({ ...call, table: TABLE }) === false) tellUsage(call, command);
}

/** Answers with the command of that name, or tells the member what is wrong with it. */
export function answer(name: string, request: Omit<Request, "table">): void {
  const command = allowed(name, request);
  if (command?.answer?.({ ...request, table: TABLE }) === false) tellUsage(request, command);
}

/** The command with that name, if there is one that the member may use; or else the member is told why not. */
function allowed(
  name: string,
  { chat, member }: Pick<Call, "chat" | "member">,
): TableEntry | undefined {
  const command = find(TABLE, name);
  if (command === undefined) {
    chat.refuse(member, noSuch(TABLE, name, member));
  } else if (command.group === "For operators" && !member.account?.isOperator) {
    chat.refuse(member, {
      code: "operators-only",
      text: `/${name.toLowerCase()} is for operators.`,
    });
    return undefined;
  }
  return command;
}

function tellUsage(
  { chat, member }: Pick<Call, "chat" | "member">,
  { usage, example }: TableEntry,
): void {
  chat.refuse(member, { code: "usage", text: `Usage: /${usage} (for example ${example})` });
}
