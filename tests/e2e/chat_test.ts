// People talk: the default protocol, from real sockets.

import { assertEquals, assertMatch } from "../assert.ts";
import { Bobchat, Client, needsNetwork } from "./bobchat.ts";

Deno.test("two people talk, and each hears the other and itself", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  using bob = await Client.join(bobchat.port, "bob");
  await alice.send("hello there\r\n");
  await bob.send("hi\n");
  for (const person of [alice, bob]) {
    const heard = await person.until(/bob\(.*\): hi\r\n/);
    assertMatch(heard, /^alice\(\d\d:\d\d:\d\d[AP]M\): hello there\r\n/m);
  }
  assertEquals(await bobchat.stop(), 0);
});
