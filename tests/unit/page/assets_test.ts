// The page's files: all that they need of each other is there.

import { stripTypeScriptTypes } from "node:module";
import { ASSETS } from "../../../lib/page/assets.ts";
import { assertEquals, assertGreater } from "../../assert.ts";

/** Where a file names another that the browser is to fetch. */
const REFERENCES: Readonly<Record<string, RegExp>> = {
  html: /\b(?:href|src|srcset|action|poster|data)\s*=\s*["']?([^"'\s>]+)/gi,
  css: /(?:@import\s+|url\(\s*)["']?([^"')\s]+)/gi,
  javascript: /(?:^|[^@\w])(?:import|from)\s*\(?\s*["']([^"']+)["']/g,
};

/** Where a reverse proxy may put the page. */
const PREFIX = "/any/path";

/** The paths that a file's text refers to, as the browser would ask for them. */
function references(path: string, { type, body }: { type: string; body: string }): string[] {
  const language = /^text\/(\w+)/.exec(type)?.[1] ?? "";
  // An example in a comment is fetched by nobody.
  const code = language === "javascript" ? body.replace(/\/\*[\s\S]*?\*\//g, "") : body;
  return [...code.matchAll(REFERENCES[language] ?? /^$/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => !target.startsWith("#"))
    .map((target) => new URL(target, `http://page${PREFIX}${path}`).href)
    .map((href) => href.replace(`http://page${PREFIX}/`, "/"));
}

Deno.test("every file that the page refers to is served, and every one that is served is referred to", () => {
  const reached = new Set(["/"]);
  for (const path of reached) {
    const asset = ASSETS.get(path);
    if (asset !== undefined) references(path, asset).forEach((target) => reached.add(target));
  }
  assertEquals([...reached].sort(), [...ASSETS.keys()].sort());
  assertGreater(reached.size, 30);
});

Deno.test("each file is served as what it is", () => {
  const types = { "/": "text/html", ts: "text/javascript", css: "text/css", svg: "image/svg+xml" };
  for (const [path, { type }] of ASSETS) {
    const kind = path.slice(path.lastIndexOf(".") + 1) as keyof typeof types;
    assertEquals(type.split(";")[0], types[kind], path);
  }
});

Deno.test("scripts are served without their types, each word where it was", () => {
  for (const [path, { type, body }] of ASSETS) {
    if (!type.startsWith("text/javascript")) continue;
    assertEquals(/^import type|^(?:export )?interface /m.test(body), false, path);
    assertEquals(body, stripTypeScriptTypes(body), path);
  }
});
