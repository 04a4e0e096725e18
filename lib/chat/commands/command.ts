// What a command is: one file each in this folder, listed in table.ts.

import { closestString } from "../../std/typed.ts";
import type { House } from "../house.ts";
import type { Member } from "../member.ts";
import type { Room } from "../room.ts";

/** Commands by name. */
export type Table = ReadonlyMap<string, Command>;

/** Someone typed a command. */
export interface Call {
  readonly house: House;
  readonly member: Member;
  /** Where it was typed: a room that the member is in. */
  readonly room: Room;
  /** What stood behind the command's name. */
  readonly text: string;
  readonly table: Table;
}

/** What /help lists together, in its order. */
export const GROUPS = ["Talking", "Rooms", "You and others", "Your name", "For operators"] as const;

/** A command. `run` returns false when it was used wrongly: the member is then told the usage. */
export interface Command {
  readonly group: typeof GROUPS[number];
  /** As in `nick NAME`, without the slash. */
  readonly usage: string;
  readonly summary: string;
  /** As it would be typed. */
  readonly example: string;
  run(call: Call): void | false;
}

/** The command of that name, in any case; or a sentence that names the closest one there is. */
export function find(table: Table, name: string): Command | string {
  const wanted = name.toLowerCase();
  const command = table.get(wanted);
  if (command !== undefined) return command;
  // Bounded before it is compared or repeated: a line may be long, a command's name is not.
  const short = wanted.slice(0, 20).toWellFormed();
  const names = [...table.keys()];
  const longer = names.filter((each) => each.startsWith(short)).sort((a, b) => a.length - b.length);
  const closest = longer[0] ?? closestString(short, names);
  return `There is no /${short}: did you mean /${closest}? (//${short} says /${short})`;
}
