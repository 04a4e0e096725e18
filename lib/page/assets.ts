// The page's files as they are served. Each is a text in the program, so that one executable has them all.
// Its scripts are TypeScript, and become JavaScript by removing their types: there is no build step.

import { stripTypeScriptTypes } from "node:module";
import clock from "../client/clock.ts" with { type: "text" };
import backoff from "../client/backoff.ts" with { type: "text" };
import index from "./index.html" with { type: "text" };
import actions from "../client/actions.ts" with { type: "text" };
import front from "./front.ts" with { type: "text" };
import hearing from "./hearing.ts" with { type: "text" };
import icon from "./icon.svg" with { type: "text" };
import main from "./main.ts" with { type: "text" };
import presence from "../client/presence.ts" with { type: "text" };
import reading from "../client/reading.ts" with { type: "text" };
import remembered from "./remembered.ts" with { type: "text" };
import showing from "./showing.ts" with { type: "text" };
import linkEntry from "../client/link/entry.ts" with { type: "text" };
import link from "../client/link/link.ts" with { type: "text" };
import outgoing from "../client/link/outgoing.ts" with { type: "text" };
import patience from "../client/link/patience.ts" with { type: "text" };
import account from "../client/state/account.ts" with { type: "text" };
import asks from "../client/state/asks.ts" with { type: "text" };
import comings from "../client/state/comings.ts" with { type: "text" };
import entry from "../client/state/entry.ts" with { type: "text" };
import names from "../client/state/names.ts" with { type: "text" };
import notices from "../client/state/notices.ts" with { type: "text" };
import past from "../client/state/past.ts" with { type: "text" };
import state from "../client/state/state.ts" with { type: "text" };
import conversation from "../client/state/conversation.ts" with { type: "text" };
import conversations from "../client/state/conversations.ts" with { type: "text" };
import room from "../client/state/room.ts" with { type: "text" };
import text from "../client/state/text.ts" with { type: "text" };
import baseStyle from "./style/base.css" with { type: "text" };
import dialogsStyle from "./style/dialogs.css" with { type: "text" };
import layoutStyle from "./style/layout.css" with { type: "text" };
import listsStyle from "./style/lists.css" with { type: "text" };
import logStyle from "./style/log.css" with { type: "text" };
import completion from "../client/typing/completion.ts" with { type: "text" };
import recall from "../client/typing/recall.ts" with { type: "text" };
import typed from "../client/typing/typed.ts" with { type: "text" };
import watching from "./watching.ts" with { type: "text" };
import attention from "./view/attention.ts" with { type: "text" };
import composer from "./view/composer.ts" with { type: "text" };
import dialogs from "./view/dialogs.ts" with { type: "text" };
import dom from "./view/dom.ts" with { type: "text" };
import drops from "./view/drops.ts" with { type: "text" };
import entries from "./view/entries.ts" with { type: "text" };
import heading from "./view/heading.ts" with { type: "text" };
import keys from "./view/keys.ts" with { type: "text" };
import log from "./view/log.ts" with { type: "text" };
import menu from "./view/menu.ts" with { type: "text" };
import panels from "./view/panels.ts" with { type: "text" };
import roomsDialog from "./view/rooms_dialog.ts" with { type: "text" };
import searchDialog from "./view/search_dialog.ts" with { type: "text" };
import sidebar from "./view/sidebar.ts" with { type: "text" };
import youDialogs from "./view/you_dialogs.ts" with { type: "text" };

/** A file of the page. */
export interface Asset {
  /** As in `text/html; charset=utf-8`. */
  readonly type: string;
  readonly body: string;
}

/** A script; its types are removed when it is first requested, not while the server starts. */
class Script implements Asset {
  readonly type: string;
  readonly #source: string;
  #body: string | undefined;

  constructor(type: string, source: string) {
    this.type = type;
    this.#source = source;
  }

  get body(): string {
    return this.#body ??= stripTypeScriptTypes(this.#source);
  }
}

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ts: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

// Scripts lie as they do below lib/, so that what one imports of another leads there under any path prefix.
const FILES: Readonly<Record<string, string>> = {
  "/index.html": index,
  "/client/actions.ts": actions,
  "/page/front.ts": front,
  "/page/hearing.ts": hearing,
  "/icon.svg": icon,
  "/page/main.ts": main,
  "/client/presence.ts": presence,
  "/client/reading.ts": reading,
  "/page/remembered.ts": remembered,
  "/page/showing.ts": showing,
  "/page/watching.ts": watching,
  "/client/backoff.ts": backoff,
  "/client/clock.ts": clock,
  "/client/link/entry.ts": linkEntry,
  "/client/link/link.ts": link,
  "/client/link/outgoing.ts": outgoing,
  "/client/link/patience.ts": patience,
  "/client/state/account.ts": account,
  "/client/state/asks.ts": asks,
  "/client/state/comings.ts": comings,
  "/client/state/entry.ts": entry,
  "/client/state/names.ts": names,
  "/client/state/notices.ts": notices,
  "/client/state/past.ts": past,
  "/client/state/state.ts": state,
  "/client/state/conversation.ts": conversation,
  "/client/state/conversations.ts": conversations,
  "/client/state/room.ts": room,
  "/client/state/text.ts": text,
  "/style/base.css": baseStyle,
  "/style/dialogs.css": dialogsStyle,
  "/style/layout.css": layoutStyle,
  "/style/lists.css": listsStyle,
  "/style/log.css": logStyle,
  "/client/typing/completion.ts": completion,
  "/client/typing/recall.ts": recall,
  "/client/typing/typed.ts": typed,
  "/page/view/attention.ts": attention,
  "/page/view/composer.ts": composer,
  "/page/view/dialogs.ts": dialogs,
  "/page/view/dom.ts": dom,
  "/page/view/drops.ts": drops,
  "/page/view/entries.ts": entries,
  "/page/view/heading.ts": heading,
  "/page/view/keys.ts": keys,
  "/page/view/log.ts": log,
  "/page/view/menu.ts": menu,
  "/page/view/panels.ts": panels,
  "/page/view/rooms_dialog.ts": roomsDialog,
  "/page/view/search_dialog.ts": searchDialog,
  "/page/view/sidebar.ts": sidebar,
  "/page/view/you_dialogs.ts": youDialogs,
};

/** Every file by its path; the page itself is `/`. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map(
  Object.entries(FILES).map(([path, text]) => {
    const ending = path.slice(path.lastIndexOf(".") + 1);
    const type = TYPES[ending] ?? "text/plain; charset=utf-8";
    const asset = ending === "ts" ? new Script(type, text) : { type, body: text };
    return [path === "/index.html" ? "/" : path, asset];
  }),
);
