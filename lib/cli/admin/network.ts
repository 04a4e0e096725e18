// `bobchat network new`: begins a new epoch of a network on NATS.

import { newEpoch, type OwnState } from "../../cluster/new_epoch.ts";
import { BEGINNING } from "../../cluster/stream.ts";
import { keepBeforeMigration } from "../../history/backup.ts";
import { SqliteHistory } from "../../history/sqlite.ts";
import { createMetrics } from "../../metrics.ts";
import type { Asked } from "../commands.ts";
import { accessOf, begin, KEEP_STREAM } from "../node.ts";
import { OPTIONS } from "../options.ts";
import { print } from "../print.ts";
import { formatTime } from "./text.ts";

/** Begins a new epoch. The servers of the network must be started again. */
export async function network({ options }: Asked<"network">): Promise<void> {
  const { network, history: path } = options;
  const history = path === undefined ? undefined : await openFile(path);
  const { epoch, snapshot, asOf } = await newEpoch(
    accessOf(options),
    history && stateOf(history, network),
  );
  history?.startAt({ ...BEGINNING, chat: snapshot });
  history?.close();
  print(
    `The network ${network} has begun epoch ${epoch}${asOf === undefined ? "" : since(asOf)}.`,
  );
  print("Start all its servers again, as they were started before.");
}

/** What a network's own snapshot does not have. */
function since(at: number): string {
  const when = at === 0 ? "it began with" : `it had at ${formatTime(at)}`;
  return `, with the names, rooms and bans that ${when}: later changes are lost. ` +
    "With --history FILE it begins with those in a server's file";
}

async function openFile(path: string): Promise<SqliteHistory> {
  await keepBeforeMigration(path);
  return SqliteHistory.open(path, {
    ...{ keepDays: 0, isNode: true },
    metrics: createMetrics(),
    now: Date.now,
    // Nothing is too old now.
    isSure: () => false,
  });
}

/** What a file has, as the state to begin with. */
function stateOf(history: SqliteHistory, network: string): OwnState {
  const keepRooms = OPTIONS.keepRooms.fallback, editMinutes = OPTIONS.editMinutes.fallback;
  return {
    epoch: history.epoch,
    settings: { keepRooms, editMinutes, keepStream: KEEP_STREAM },
    state: (epoch) => begin({ network, keepRooms, editMinutes, replay: 0 }, { history, epoch }),
  };
}
