// `bobchat rooms` and `bobchat accounts`: the rooms and the registered names in the file.

import { listAccounts, listRooms } from "../../history/admin.ts";
import type { Asked } from "../commands.ts";
import { print } from "../print.ts";
import { withFile } from "./open.ts";
import { formatTime } from "./text.ts";

/** Lists the rooms: `#tea (locked, of alice, empty since 2026-11-24 10:11:12): the topic`. */
export async function rooms({ options }: Asked<"rooms">): Promise<void> {
  const { all, names } = await withFile(options, (db) => ({
    all: listRooms(db),
    names: new Map(listAccounts(db).map(({ id, name }) => [id, name])),
  }));
  print(
    all.map(({ name, isLocked, owner, emptySince, topic }) => {
      const ruler = owner === undefined ? undefined : names.get(owner);
      const state = [
        ...isLocked ? ["locked"] : [],
        ...ruler === undefined ? [] : [`of ${ruler}`],
        ...emptySince === undefined ? [] : [`empty since ${formatTime(emptySince)}`],
      ];
      return `#${name}${state.length > 0 ? ` (${state.join(", ")})` : ""}${topic && `: ${topic}`}`;
    }).join("\n"),
  );
}

/** Lists the registered names. */
export async function accounts({ options }: Asked<"accounts">): Promise<void> {
  const all = await withFile(options, listAccounts);
  if (all.length === 0) return print("Nobody is registered.");
  print(all.map(({ name, isOperator }) => isOperator ? `${name} (operator)` : name).join("\n"));
}
