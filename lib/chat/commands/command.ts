// What a command is, how it is found and how it reads its text. A file for each group of /help has the
// commands; table.ts puts them together.

import { nearest } from "../../std/nearest.ts";
import type { Chat } from "../chat.ts";
import type { Member } from "../member.ts";
import type { Refusal } from "../refusals.ts";
import type { Room } from "../room.ts";

/** Commands by name. */
export type Table = ReadonlyMap<string, TableEntry>;

/** Someone typed a command. */
export interface Call {
  readonly chat: Chat;
  readonly member: Member;
  /** Where it was typed: a room that the member is in. */
  readonly room: Room;
  /** What stood behind the command's name. */
  readonly text: string;
  readonly table: Table;
}

/** What /help lists together. */
export type Group = "Talking" | "Rooms" | "You and others" | "Your name" | "For operators";

/** The commands of a group by name, in the order of /help. */
export type Commands = Readonly<Record<string, Command>>;

/** A command. `run` returns false when it was used wrongly: the member is then told the usage. */
export interface Command {
  /** What people type for it who know it from elsewhere. */
  readonly aliases?: readonly string[];
  /** It ends or destroys something: nobody is to type it because it was suggested. */
  readonly isDrastic?: true;
  /** As in `nick NAME`, without the slash. */
  readonly usage: string;
  readonly summary: string;
  /** As it would be typed. */
  readonly example: string;
  run(call: Call): void | false;
}

/** A command in the table. */
export interface TableEntry extends Command {
  readonly group: Group;
}

/** The command of that name or alias, in any case. */
export function find(table: Table, name: string): TableEntry | undefined {
  const wanted = name.toLowerCase();
  return table.get(wanted) ?? table.values().find(({ aliases }) => aliases?.includes(wanted));
}

/** That there is no such command; the sentence names the one that was meant, maybe. */
export function noSuch(table: Table, name: string, member: Member): Refusal {
  // Bounded before it is compared or repeated: a line may be long, a command's name is not.
  const short = name.toLowerCase().slice(0, 20).toWellFormed();
  const isOperator = member.account?.isOperator === true;
  const names = [...table].filter(([, { group, isDrastic }]) =>
    !isDrastic && (isOperator || group !== "For operators")
  ).map(([name]) => name);
  const near = nearest(short, names);
  const hint = near === undefined ? "/help lists what there is." : `did you mean /${near}?`;
  return {
    code: "unknown-command",
    text: `There is no /${short}: ${hint} (//${short} says /${short})`,
  };
}

/** The first word, and what follows it. */
export function firstWord(text: string): [word: string, rest: string] {
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(text) ?? [];
  return [word, rest];
}
