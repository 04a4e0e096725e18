// The page's files as they are sent.

import { Files } from "../../../../lib/net/web/files.ts";
import { assert, assertEquals } from "../../../assert.ts";
import { ASSETS } from "./browser.ts";

Deno.test("a file is made once, as it is and as gzip, however often it is asked for", async () => {
  const files = new Files(ASSETS);
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => files.get("/main.ts")));
  for (const file of [...others, await files.get("/main.ts")]) {
    assert(file?.gzip.body === first?.gzip.body && file?.plain.body === first?.plain.body);
  }
  assertEquals(files.get("/none"), undefined);
});
