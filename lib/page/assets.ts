// The page's files, as they are served: each is a text of the program, so that one executable has them all.

/** A file of the page. */
export interface Asset {
  /** As in `text/html; charset=utf-8`. */
  readonly type: string;
  readonly body: string;
}

/** Every file, by its path. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ["/", { type: "text/html; charset=utf-8", body: "<!doctype html><title>bobchat</title>" }],
]);
