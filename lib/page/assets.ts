// The page's files, as they are served: each is a text of the program, so that one executable has them all.

import index from "./index.html" with { type: "text" };
import actions from "./actions.js" with { type: "text" };
import front from "./front.js" with { type: "text" };
import icon from "./icon.svg" with { type: "text" };
import main from "./main.js" with { type: "text" };
import presence from "./presence.js" with { type: "text" };
import remembered from "./remembered.js" with { type: "text" };
import backoff from "./link/backoff.js" with { type: "text" };
import link from "./link/link.js" with { type: "text" };
import outgoing from "./link/outgoing.js" with { type: "text" };
import names from "./state/names.js" with { type: "text" };
import past from "./state/past.js" with { type: "text" };
import state from "./state/state.js" with { type: "text" };
import talk from "./state/talk.js" with { type: "text" };
import talks from "./state/talks.js" with { type: "text" };
import text from "./state/text.js" with { type: "text" };
import baseStyle from "./style/base.css" with { type: "text" };
import dialogsStyle from "./style/dialogs.css" with { type: "text" };
import layoutStyle from "./style/layout.css" with { type: "text" };
import listsStyle from "./style/lists.css" with { type: "text" };
import logStyle from "./style/log.css" with { type: "text" };
import completion from "./typing/completion.js" with { type: "text" };
import recall from "./typing/recall.js" with { type: "text" };
import typed from "./typing/typed.js" with { type: "text" };
import attention from "./view/attention.js" with { type: "text" };
import composer from "./view/composer.js" with { type: "text" };
import dialogs from "./view/dialogs.js" with { type: "text" };
import dom from "./view/dom.js" with { type: "text" };
import entries from "./view/entries.js" with { type: "text" };
import heading from "./view/heading.js" with { type: "text" };
import keys from "./view/keys.js" with { type: "text" };
import log from "./view/log.js" with { type: "text" };
import panels from "./view/panels.js" with { type: "text" };
import roomsDialog from "./view/rooms_dialog.js" with { type: "text" };
import searchDialog from "./view/search_dialog.js" with { type: "text" };
import sidebar from "./view/sidebar.js" with { type: "text" };
import youDialogs from "./view/you_dialogs.js" with { type: "text" };

/** A file of the page. */
export interface Asset {
  /** As in `text/html; charset=utf-8`. */
  readonly type: string;
  readonly body: string;
}

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const FILES: Readonly<Record<string, string>> = {
  "/index.html": index,
  "/actions.js": actions,
  "/front.js": front,
  "/icon.svg": icon,
  "/main.js": main,
  "/presence.js": presence,
  "/remembered.js": remembered,
  "/link/backoff.js": backoff,
  "/link/link.js": link,
  "/link/outgoing.js": outgoing,
  "/state/names.js": names,
  "/state/past.js": past,
  "/state/state.js": state,
  "/state/talk.js": talk,
  "/state/talks.js": talks,
  "/state/text.js": text,
  "/style/base.css": baseStyle,
  "/style/dialogs.css": dialogsStyle,
  "/style/layout.css": layoutStyle,
  "/style/lists.css": listsStyle,
  "/style/log.css": logStyle,
  "/typing/completion.js": completion,
  "/typing/recall.js": recall,
  "/typing/typed.js": typed,
  "/view/attention.js": attention,
  "/view/composer.js": composer,
  "/view/dialogs.js": dialogs,
  "/view/dom.js": dom,
  "/view/entries.js": entries,
  "/view/heading.js": heading,
  "/view/keys.js": keys,
  "/view/log.js": log,
  "/view/panels.js": panels,
  "/view/rooms_dialog.js": roomsDialog,
  "/view/search_dialog.js": searchDialog,
  "/view/sidebar.js": sidebar,
  "/view/you_dialogs.js": youDialogs,
};

/** Every file, by its path; the page itself at `/`. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map(
  Object.entries(FILES).map(([path, body]) => {
    const type = TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "text/plain; charset=utf-8";
    return [path === "/index.html" ? "/" : path, { type, body }];
  }),
);
