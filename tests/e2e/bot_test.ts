// The bot in lib/wire/README.md, as whoever copies it runs it.

import { assertEquals } from "../assert.ts";
import { Bobchat, Client, Program, testWith } from "./bobchat.ts";

const README = new URL("../../lib/wire/README.md", import.meta.url);

testWith(["node"], "the README's bot answers what is said", async () => {
  const [, code] = /```js\n(\/\/ echo\.mjs.*?)```/s.exec(await Deno.readTextFile(README))!;
  const folder = await Deno.makeTempDir();
  const path = `${folder}/echo.mjs`;
  try {
    await Deno.writeTextFile(path, code!);
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    const at = `ws://127.0.0.1:${bobchat.port}/ws`;
    // Node 20 has WebSocket behind a flag, which later ones still know.
    await using bot = new Program(["node", ["--experimental-websocket", path, at]]);
    await alice.until("*** echo joined (2 here)\r\n");
    await alice.send("hello\n");
    await alice.until(/^echo\(.*\): alice says: hello\r$/m);
    assertEquals(bot.stdout.text, "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
