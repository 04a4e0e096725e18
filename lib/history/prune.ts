// Deletes what is older than the days it is kept for: a few milliseconds' worth at a time.

import type { DatabaseSync } from "node:sqlite";

/** Messages of one transaction, and milliseconds of all that are done together. */
const SLICE = 50, TIME = 5;

/** Deletes some of what was said before a time (epoch ms). Throws for a disk's fault. */
export type Prune = (before: number) => void;

/** What prunes a file. */
export function createPrune(db: DatabaseSync): Prune {
  const messages = db.prepare(`DELETE FROM messages WHERE id IN
    (SELECT id FROM messages WHERE at < ? ORDER BY at LIMIT ${SLICE})`);
  const gaps = db.prepare("DELETE FROM gaps WHERE until < ?");
  return (before) => {
    const end = performance.now() + TIME;
    while (performance.now() < end && messages.run(before).changes === SLICE);
    gaps.run(before);
  };
}
