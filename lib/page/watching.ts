/// <reference lib="dom" />
// Whether somebody looks at the page; and what it leaves to the next one, since it may be gone at any time
// while nobody does.

import type { Link } from "./link/link.ts";
import type { Account } from "./state/account.ts";
import type { State } from "./state/state.ts";
import { leaveDrafts, leaveSession, takeDrafts, takeSession } from "./remembered.ts";
import { keyOf } from "./state/talks.ts";

/** What watching is given. */
export interface WatchingOptions {
  readonly state: State;
  readonly account: Account;
  readonly link: Link;
  /** Somebody looks, or does not any more. */
  readonly onChange: () => void;
}

/** Watches from now on. */
export function watch({ state, account, link, onChange }: WatchingOptions): void {
  const { talks } = state;
  const leave = () => {
    leaveDrafts(talks.drafts);
    const { saved } = link;
    if (saved === undefined) return;
    const front = keyOf(talks.active);
    leaveSession({ ...saved, names: state.mine, front, isRegistered: account.isMine });
  };
  const look = () => {
    talks.watch(!document.hidden && document.hasFocus());
    if (document.hidden) leave();
    else takeBack();
    if (talks.isWatched) link.check();
    onChange();
  };
  for (const event of ["focus", "blur", "visibilitychange"]) addEventListener(event, look);
  addEventListener("online", () => link.check());
  addEventListener("pagehide", leave);
  addEventListener("pageshow", takeBack);
  look();
}

/** What was left is this page's, and no copy's of its tab. */
function takeBack(): void {
  takeSession();
  takeDrafts();
}
