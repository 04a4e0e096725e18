// Apps over lines and over a WebSocket are sent the same objects, with the same numbers.

import { assert, assertEquals } from "../assert.ts";
import { App } from "./app.ts";
import { Bobchat, Client, needsNetwork } from "./bobchat.ts";

Deno.test(
  "over lines an app is sent the objects that it would be over a WebSocket",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: bobchat.port });
    const apps = [await App.open(bobchat.port), App.overLines(conn)] as const;
    for (const app of apps) {
      await app.send({ type: "join" });
      await app.until(({ type }) => type === "welcome");
    }
    using alice = await Client.join(bobchat.port, "alice");
    await alice.send("hello\n/me waves\n/topic tea\n/nick anna\nlast\n");
    await alice.until(": last\r\n");
    for (const app of apps) await app.untilSaid("last");
    // From the first that both are sent: the welcome and the lists before it are each app's own.
    const [web, lines] = apps.map(({ frames }) =>
      frames.slice(frames.findIndex(({ type, name }) => type === "joined" && name === "alice"))
    );
    assertEquals(lines, web);
    assert(lines!.filter(({ type, id }) => type === "message" && Number(id) > 0).length === 3);
    for (const app of apps) {
      await app.send({ type: "say", text: "mine", id: 7 });
      await app.until(({ type, id }) => type === "ack" && id === 7);
      assert(typeof app.token === "string");
      app[Symbol.dispose]();
    }
  },
);
