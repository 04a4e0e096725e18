/// <reference lib="dom" />
// What becomes of a frame from the server: it changes the state, and the dialogs that wait for it.

import type { Asked, Frame, Refusal } from "../client/frames.ts";
import type { Front } from "./front.ts";
import type { Link } from "../client/link/link.ts";
import type { Presence } from "../client/presence.ts";
import type { Account } from "../client/state/account.ts";
import type { State } from "../client/state/state.ts";
import { notify } from "./view/attention.ts";
import { closeDialog, tellDialog } from "./view/dialogs.ts";
import type { RoomsDialog } from "./view/rooms_dialog.ts";
import type { SearchDialog } from "./view/search_dialog.ts";
import type { YouDialogs } from "./view/you_dialogs.ts";

/** Options of hearing. */
export interface HearingOptions {
  readonly state: State;
  readonly account: Account;
  readonly link: Link;
  readonly presence: Presence;
  readonly front: Front;
  readonly roomsDialog: RoomsDialog;
  readonly searchDialog: SearchDialog;
  readonly you: YouDialogs;
  readonly ask: (asked: Asked) => void;
}

/** Takes the server's frames. */
export class Hearing {
  readonly #options: HearingOptions;
  /** The server's last notice: if it ends the link, this is why. */
  lastWords = "";

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** Takes a frame. */
  hear(frame: Frame): void {
    const { state, account, presence, front, roomsDialog, searchDialog, you, ask } = this.#options;
    const { me } = state, { isMine: wasMine } = account;
    account.apply(frame, me);
    if (account.isMine && !wasMine) state.claim();
    if (this.#isForDialog(frame)) return;
    const { asks, call } = state.apply(frame);
    for (const asked of asks) ask(asked);
    if (call !== undefined && !notify(call, () => front.choose(call.conversation))) {
      state.complain("Your browser does not allow notifications, so they are off now.");
    }
    switch (frame.type) {
      case "welcome":
        closeDialog("password-dialog");
        if (presence.welcome(frame)) you.close();
        break;
      case "password":
        you.askKey();
        break;
      case "renamed":
        if (frame.from === me && presence.renamed()) you.close();
        break;
      case "members":
      case "parted":
        presence.remember();
        break;
      case "rooms":
        roomsDialog.fill(frame.rooms);
        break;
      case "found":
        searchDialog.fill(frame.messages);
    }
    front.lookOut();
  }

  /** The wanted name was refused: asks for another. */
  refused(name: string, refusal: Refusal): void {
    const { state, you } = this.#options;
    state.notices.takeBack(refusal);
    you.askName(name, refusal.text);
  }

  /** Shows a notice in the open dialog if it belongs there; a refusal shown there is not shown in the log. */
  #isForDialog(frame: Frame): boolean {
    if (frame.type !== "notice" && frame.type !== "error" || frame.room !== undefined) return false;
    const { account, link, you } = this.#options;
    const { text } = frame, isError = frame.type === "error";
    this.lastWords = text;
    if (account.isMine) you.registered();
    if (isError && link.state === "joining") you.askKey(text);
    return tellDialog(text, { isError }) && isError;
  }
}
