// A history's file where Deno lets nobody look who has not all permissions: in /dev and its like.

import { pathFault } from "../../../lib/history/faults.ts";
import { openFile, Wal } from "../../../lib/history/file.ts";
import { assertStringIncludes } from "../../assert.ts";

Deno.test({
  name: "a file in /dev/shm does not end a server that has given up a permission",
  permissions: "none",
  fn() {
    using db = openFile(":memory:");
    new Wal(db, "/dev/shm/chat.db").tick();
  },
});

Deno.test("a file in a folder that Deno keeps for itself is said to be in one", () => {
  assertStringIncludes(`${pathFault(new Deno.errors.NotCapable("all"))}`, "name one in another");
});
