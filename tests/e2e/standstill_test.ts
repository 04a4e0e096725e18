// A server that stands still for a while, as a busy loop or a frozen machine makes it.

import { assert, assertEquals } from "../assert.ts";
import { Bobchat, Client, needsNetwork } from "./bobchat.ts";

Deno.test(
  "who connects while the server stands still is served after it, and so are newcomers",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--rate", "0"]);
    using alice = await Client.join(bobchat.port, "alice");
    bobchat.process.kill("SIGSTOP");
    using meanwhile = new DisposableStack();
    const clients: Client[] = [];
    for (let i = 0; i < 50; i++) {
      const client = meanwhile.use(await Client.connect(bobchat.port));
      await client.send(i % 2 === 0 ? `word ${i}\n` : "GET /none HTTP/1.1\r\nHost: x\r\n\r\n");
      clients.push(client);
    }
    bobchat.process.kill("SIGCONT");
    for (const [i, client] of clients.entries()) {
      await client.until(i % 2 === 0 ? `: word ${i}\r\n` : "404: see /\n");
    }
    using _late = await Client.join(bobchat.port, "late");
    for (let i = 0; i < 50; i += 2) await alice.until(`: word ${i}\r\n`);
    assertEquals(await bobchat.stop(), 0);
    assert(!/ (warning|error|fatal) /.test(bobchat.stderr.text), bobchat.stderr.text);
  },
);
