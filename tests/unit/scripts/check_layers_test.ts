// The import-direction check finds what it is there for, and nothing else.

import { circles, violations } from "../../../scripts/check_layers.ts";
import { assertEquals, assertMatch } from "../../assert.ts";

Deno.test("imports against the direction are named with file and line", () => {
  const rows: [string, string, RegExp][] = [
    [
      "lib/chat/a.ts",
      `import { x } from "../wire/b.ts";`,
      /^lib\/chat\/a\.ts:1: chat imports wire/,
    ],
    ["lib/wire/a.ts", `\nimport type { X } from "../net/b.ts";`, /^lib\/wire\/a\.ts:2: wire/],
    ["lib/net/a.ts", `export { x } from "../history/b.ts";`, /net imports history/],
    ["lib/net/a.ts", `import { x } from "../auth/b.ts";`, /net imports auth/],
    ["lib/net/a.ts", `await import("../cli/b.ts");`, /net imports cli/],
    ["lib/terminal/a.ts", `import { x } from "../cli/b.ts";`, /terminal imports cli/],
    ["lib/client/a.ts", `import { x } from "../wire/b.ts";`, /client imports wire/],
    ["lib/client/a.ts", `import { x } from "node:net";`, /lib\/client may import no package/],
    ["lib/client/a.ts", `document.hidden;`, /lib\/client uses no DOM/],
    ["lib/client/a.ts", `Deno.stdin;`, /lib\/client uses no DOM/],
    ["lib/client/a.ts", `import { x } from "../page/b.ts";`, /client imports page/],
    ["lib/page/a.ts", `import { x } from "../chat/b.ts";`, /page imports chat/],
    ["lib/log.ts", `import "./metrics.ts";`, /log imports metrics/],
    ["lib/page/a.ts", `import { x } from "../wire/b.ts";`, /page imports wire/],
    ["lib/page/a.ts", `import type { X } from "../net/b.ts";`, /page imports net/],
    ["lib/std/a.ts", `// @ts-types="../log.ts"`, /std imports log/],
    ["lib/cli/a.ts", `import { x } from "../../main.ts";`, /cli imports main/],
    ["main.ts", `import { x } from "./lib/net/tcp.ts";`, /main imports net/],
    ["lib/cli/a.ts", `import { x } from "../../tests/assert.ts";`, /no part of the program/],
    ["tests/unit/a.ts", `import { x } from "../../../elsewhere/b.ts";`, /outside the project/],
    ["lib/new/a.ts", "", /does not know the layer new/],
  ];
  for (const [path, source, expected] of rows) {
    const found = violations(path, source);
    assertEquals(found.length, 1, `${path}: ${source}`);
    assertMatch(found[0]!, expected);
  }
});

Deno.test("the process belongs to main and cli, and the core has no clock", () => {
  for (const text of ["Deno.exit(1);", "Deno.env.get(x);", "f(Deno.args);", "console.log(1);"]) {
    assertEquals(violations("lib/net/a.ts", text).length, 1, text);
    assertEquals(violations("lib/cli/a.ts", text), []);
    assertEquals(violations("scripts/a.ts", text), []);
  }
  const world = [
    ...["Deno.listen(x);", "const { listen } = Deno;"],
    ...["Date.now();", "f(Date.now);", "new Date();", "new Date;", "performance.now();"],
    ...["setTimeout(f, 1);", "setInterval(f, 1);", "(resolve) => setImmediate(resolve)"],
    ...["Math.random();", "crypto.randomUUID();", "a.localeCompare(b);", "a.toLocaleLowerCase();"],
    ...["new Intl.Segmenter();", "Temporal.Now.instant();"],
    ...["queueMicrotask(f);", "f(); // with setTimeout\nsetTimeout(f);"],
  ];
  for (const text of world) {
    const [found, ...more] = violations("lib/chat/a.ts", text);
    assertMatch(
      found ?? "",
      /^lib\/chat\/a\.ts:\d: lib\/chat uses no Deno, timer, clock, chance or locale/,
      text,
    );
    assertEquals(more, [], text);
    assertEquals(violations("lib/net/a.ts", text), []);
  }
});

Deno.test("the core imports nothing from node, and only packages that are listed", () => {
  for (const name of ["node:util", "ws", "npm:ws@8", "@logtape/logtape"]) {
    const text = `import { x } from "${name}";`;
    assertMatch(violations("lib/chat/a.ts", text)[0]!, /^lib\/chat\/a\.ts:1: chat imports /);
    assertEquals(violations("lib/wire/a.ts", text), []);
  }
  for (const name of ["ipaddr.js", "unhomoglyph"]) {
    assertEquals(violations("lib/chat/a.ts", `import x from "${name}";`), []);
  }
});

Deno.test("the core does not look into bytes", () => {
  for (const text of ["new Uint8Array(1);", "const x: ArrayBuffer = y;", "new DataView(x);"]) {
    assertMatch(violations("lib/chat/a.ts", text)[0]!, /does not look into bytes/);
    assertEquals(violations("lib/wire/a.ts", text), []);
  }
});

Deno.test("files that import each other in a circle are named in order, types included", () => {
  const files = {
    "lib/chat/a.ts": `import { b } from "./b.ts";\nimport { d } from "./deep/d.ts";`,
    "lib/chat/b.ts": `import type { C } from "../wire/c.ts";`,
    "lib/wire/c.ts": `export { a } from "../chat/a.ts";`,
    "lib/chat/deep/d.ts": `import { e } from "../e.ts";\nimport "node:util";`,
    "lib/chat/e.ts": `// import { a } from "./a.ts";`,
  };
  assertEquals(circles(new Map(Object.entries(files))), [
    "lib/chat/a.ts → lib/chat/b.ts → lib/wire/c.ts → lib/chat/a.ts",
  ]);
  assertEquals(circles(new Map([["lib/a.ts", `await import("./a.ts");`]])), [
    "lib/a.ts → lib/a.ts",
  ]);
});

Deno.test("what goes the right way, and what comments say, is no violation", () => {
  const fine: [string, string][] = [
    ["main.ts", `import config from "./deno.json" with { type: "json" };`],
    ["lib/page/a.ts", `import { x } from "../client/b.ts";`],
    ["lib/terminal/a.ts", `import { x } from "../client/b.ts";`],
    ["lib/client/a.ts", `import type { X } from "../wire/b.ts";`],
    ["lib/cli/a.ts", `import { x } from "../net/b.ts";\nimport { y } from "./c.ts";`],
    ["lib/wire/a.ts", `import { x } from "../chat/b.ts";\nimport { y } from "node:util";`],
    [
      "lib/page/a.ts",
      `import type { X } from "../wire/b.ts";\nexport type { Y } from "../wire/b.ts";`,
    ],
    ["lib/chat/a.ts", `// Deno.listen and Date.now() are not for the core.`],
    ["lib/chat/a.ts", `f(x); // no setTimeout, no Uint8Array`],
    ["lib/chat/a.ts", `new Date(at).toISOString();`],
    ["tests/e2e/a.ts", `import { x } from "../../lib/net/tcp.ts";`],
  ];
  for (const [path, source] of fine) assertEquals(violations(path, source), []);
});
