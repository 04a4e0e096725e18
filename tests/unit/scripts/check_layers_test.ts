// The import-direction check finds what it is there for, and nothing else.

import { violations } from "../../../scripts/check_layers.ts";
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
  for (const text of ["Deno.listen(x);", "Date.now();", "new Date();", "performance.now();"]) {
    assertMatch(violations("lib/chat/a.ts", text)[0]!, /^lib\/chat\/a\.ts:1: lib\/chat knows no/);
    assertEquals(violations("lib/net/a.ts", text), []);
  }
});

Deno.test("what goes the right way, and what comments say, is no violation", () => {
  const fine: [string, string][] = [
    ["main.ts", `import config from "./deno.json" with { type: "json" };`],
    ["lib/cli/a.ts", `import { x } from "../net/b.ts";\nimport { y } from "./c.ts";`],
    ["lib/wire/a.ts", `import { x } from "../chat/b.ts";\nimport { y } from "node:util";`],
    [
      "lib/page/a.ts",
      `import type { X } from "../wire/b.ts";\nexport type { Y } from "../wire/b.ts";`,
    ],
    ["lib/chat/a.ts", `// Deno.listen and Date.now() are not for the core.`],
    ["tests/e2e/a.ts", `import { x } from "../../lib/net/tcp.ts";`],
  ];
  for (const [path, source] of fine) assertEquals(violations(path, source), []);
});
