/// <reference lib="dom" />
// Whether somebody looks at the page; and what it leaves to the next page, since it may be closed at any time
// while nobody looks.

import type { Link } from "./link/link.ts";
import type { Account } from "./state/account.ts";
import type { State } from "./state/state.ts";
import { leaveDrafts, leaveSession, takeDrafts, takeSession } from "./remembered.ts";
import { keyOf } from "./state/talks.ts";

/** Options of watching. */
export interface WatchingOptions {
  readonly state: State;
  readonly account: Account;
  readonly link: Link;
  /** Called when somebody begins or stops looking. */
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

/** Takes back what was left, so that a copy of this tab does not get it. */
function takeBack(): void {
  takeSession();
  takeDrafts();
}
