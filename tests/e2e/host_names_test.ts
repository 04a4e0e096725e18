// By which names browsers may ask for the page: those of the options, and of the certificate in use.

import { assertEquals, assertMatch } from "../assert.ts";
import { Bobchat, Client, testWith } from "./bobchat.ts";
import { makePair } from "./listeners.ts";

/** The status of the answer to a request by a name. */
async function statusBy(host: string, port: number): Promise<string> {
  using client = await Client.connect(port);
  await client.send(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const answer = await client.end();
  assertMatch(answer, /^HTTP\/1\.1 \d{3} /);
  return answer.slice(9, 12);
}

testWith(
  ["openssl"],
  "the page is shown by the names of the options and of the certificate, of the new one after SIGHUP",
  async () => {
    using pair = makePair("before.example");
    using next = makePair("after.example");
    const names = ["--web-name", "named.example", "--web-origin", "https://site.example:8443"];
    await using bobchat = await Bobchat.start([...pair.flags, ...names]);
    const shown = async () => {
      const all = ["named", "site", "before", "after"].map(async (name) =>
        [name, await statusBy(`${name}.example:7777`, bobchat.port)] as const
      );
      return Object.fromEntries(await Promise.all(all));
    };
    const always = { named: "200", site: "200" };
    assertEquals(await shown(), { ...always, before: "200", after: "421" });
    await Deno.copyFile(next.cert, pair.cert);
    await Deno.copyFile(next.key, pair.key);
    bobchat.process.kill("SIGHUP");
    await bobchat.stderr.until(/ info new connections use the certificate in \S+\n/);
    assertEquals(await shown(), { ...always, before: "421", after: "200" });
  },
);
