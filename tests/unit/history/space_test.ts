// When room on the disk counts as short.

import { Space } from "../../../lib/history/space.ts";
import { assertEquals } from "../../assert.ts";

const MB = 1_000_000;

Deno.test("room is short below 100 MB, until there are 120 again", () => {
  let free: number | undefined = 100 * MB;
  const space = new Space(() => free, "chat.db");
  const at = (bytes: number | undefined) => {
    free = bytes;
    for (let i = 0; i < 5; i++) space.look();
    return space.low;
  };
  assertEquals(space.low, undefined);
  assertEquals(at(100 * MB - 1), "99 MB");
  assertEquals(at(110 * MB), "110 MB");
  assertEquals(at(undefined), "110 MB");
  assertEquals(at(0), "0 MB");
  assertEquals(at(120 * MB), undefined);
  assertEquals(at(110 * MB), undefined);
});

Deno.test("a disk is asked at once, and then at every fifth look", () => {
  let asked = 0;
  const space = new Space(() => void asked++, "chat.db");
  assertEquals(asked, 1);
  for (let i = 0; i < 10; i++) space.look();
  assertEquals(asked, 3);
});
