// The programs that people have, all in one room: they are shown the same, in the same order.

import { assertEquals } from "../assert.ts";
import { command, type Incoming, Program } from "./bobchat.ts";
import { testPage } from "./chromium.ts";
import { TestServer } from "./listeners.ts";

/** How much each of the five says. */
const EACH = 200;

/** What was said, in the order in which it is shown. */
function said(incoming: Incoming): string[] {
  return [...incoming.bytes.matchAll(/^\w+\(.*?\): (\w+ \d+)\r?$/gm)].map(([, text]) => text!);
}

testPage(
  ["nc", "ncat", "openssl"],
  "nc, ncat --ssl, openssl s_client, Chromium and bobchat connect see the same 1,000 messages in the same order",
  async (visits) => {
    await using server = await TestServer.open(["--rate", "0", "--replay", "0"]);
    const port = `${server.port}`;
    const commands: Record<string, [string, string[]]> = {
      nc: ["nc", ["127.0.0.1", port]],
      ncat: ["ncat", ["--ssl", "127.0.0.1", port]],
      openssl: ["openssl", ["s_client", "-quiet", "-connect", `127.0.0.1:${port}`]],
      connect: command(["connect", `127.0.0.1:${port}`]),
    };
    const names = Object.keys(commands);
    const page = await visits.open(server.bobchat, { name: "chromium" });
    await using programs = new AsyncDisposableStack();
    const all: Program[] = [];
    for (const started of Object.values(commands)) {
      const program = programs.use(new Program(started));
      await program.stdout.until(/\/help lists what else there is\.\r?\n/);
      all.push(program);
    }
    // All talk at once: the programs line by line, the page in paragraphs, each line of which is a message.
    const speak = async () => {
      for (let n = 0; n < EACH; n++) {
        await Promise.all(all.map((program, i) => program.type(`${names[i]} ${n}\n`)));
      }
    };
    const write = async () => {
      for (let n = 0; n < EACH; n += 20) {
        const lines = Array.from({ length: 20 }, (_, i) => `chromium ${n + i}`);
        await page.say(lines.join("\n"));
      }
    };
    await Promise.all([speak(), write()]);
    const total = EACH * (all.length + 1);
    for (const { stdout } of all) {
      await stdout.when(() => said(stdout).length === total, "all that was said");
    }
    const [first] = all.map(({ stdout }) => said(stdout));
    assertEquals([total, new Set(first).size], [1000, 1000]);
    for (const { stdout } of all) assertEquals(said(stdout), first);
    await page.sees(first!.at(-1)!);
    assertEquals(await page.said(), first);
  },
);
