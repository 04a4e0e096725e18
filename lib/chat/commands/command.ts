// What a command is, how it is found and how its text is read. Each group of /help has a file with its
// commands; table.ts puts them together.

import { nearest } from "../../std/nearest.ts";
import type { Chat } from "../chat.ts";
import type { LocalConnection } from "../connections.ts";
import type { Connection, Member } from "../member.ts";
import type { Refusal } from "../refusals.ts";
import type { Room } from "../room.ts";

/** Commands by name. */
export type Table = ReadonlyMap<string, TableEntry>;

/** A command that was typed. */
export interface Call {
  readonly chat: Chat;
  readonly member: Member;
  /** The connection on which it was typed. */
  readonly connection: Connection;
  /** The room where it was typed, which the member is in. */
  readonly room: Room;
  /** What follows the command's name. */
  readonly text: string;
  readonly table: Table;
}

/** A command that only answers whoever typed it. */
export interface Request extends Call {
  readonly local: LocalConnection;
}

/** The groups of commands in /help. */
export type Group = "Talking" | "Rooms" | "You and others" | "Your name" | "For operators";

/** The commands of a group by name, in the order of /help. */
export type Commands = Readonly<Record<string, Command>>;

/**
 * A command: it has `run`, or `answer`, or both. Either returns false when the command was used wrongly; the
 * member is then sent the usage.
 */
export interface Command {
  /** Other names, which people know from elsewhere. */
  readonly aliases?: readonly string[];
  /** Whether it ends or destroys something: such a command is never suggested for a mistyped one. */
  readonly isDrastic?: true;
  /** Whether a newcomer who types it is not announced by that alone. */
  readonly isQuiet?: true;
  /** As in `nick NAME`, without the slash. */
  readonly usage: string;
  readonly summary: string;
  /** As it would be typed. */
  readonly example: string;
  /** Changes what others see. Its text is handled on every server, so there is no secret in it. */
  run?(call: Call): void | false;
  /** Answers whoever typed it, and changes nothing that others see. */
  answer?(request: Request): void | false;
  /** Of a command that has both: whether a text is one to answer, of somebody with this name. */
  asks?(text: string, name: string): boolean;
}

/** A command in the table. */
export interface TableEntry extends Command {
  readonly group: Group;
}

/** The command with that name or alias, in any case. */
export function find(table: Table, name: string): TableEntry | undefined {
  const wanted = name.toLowerCase();
  return table.get(wanted) ?? table.values().find(({ aliases }) => aliases?.includes(wanted));
}

/** Says that there is no such command, and suggests one that may have been meant. */
export function noSuch(table: Table, name: string, member: Member): Refusal {
  // Shortened before it is compared or repeated: a line may be long, a command's name is not.
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
