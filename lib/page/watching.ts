/// <reference lib="dom" />
// Whether somebody looks at the page; and what it leaves to the next page, since it may be closed at any time
// while nobody looks.

import type { Link } from "../client/link/link.ts";
import type { Account } from "../client/state/account.ts";
import type { State } from "../client/state/state.ts";
import { leaveDrafts, leaveSession, takeDrafts, takeSession } from "./remembered.ts";
import { keyOf } from "../client/state/conversations.ts";

/** Options of watching. */
export interface WatchingOptions {
  readonly state: State;
  readonly account: Account;
  readonly link: Link;
  /** Called when somebody begins or stops looking. */
  readonly onChange: () => void;
  /** Called when the page may be closed. */
  readonly onLeave: () => void;
}

/** Watches from now on. */
export function watch({ state, account, link, onChange, onLeave }: WatchingOptions): void {
  const { conversations } = state;
  const leave = () => {
    onLeave();
    leaveDrafts(conversations.drafts);
    const { saved } = link;
    if (saved === undefined) return;
    const front = keyOf(conversations.active);
    leaveSession({ ...saved, names: state.mine, front, isRegistered: account.isMine });
  };
  const look = () => {
    conversations.watch(!document.hidden && document.hasFocus());
    if (document.hidden) leave();
    else takeBack();
    if (conversations.isWatched) link.check();
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
