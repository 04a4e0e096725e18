// The bots in lib/wire/README.md and lib/client/README.md, as whoever copies them runs them.

import { assertEquals } from "../assert.ts";
import { Bobchat, Client, needsNetwork, Program, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";

const README = new URL("../../lib/wire/README.md", import.meta.url);

/** Takes a program from a README, by what it begins with. */
async function program(begin: string, readme = README): Promise<string> {
  const blocks = (await Deno.readTextFile(readme)).matchAll(/^```\w+\n(.*?)^```$/gms);
  return [...blocks].map(([, code]) => code!).find((code) => code.startsWith(begin))!;
}

testWith(["node"], "the README's bot answers what is said", async () => {
  const code = await program("// echo.mjs");
  const folder = await Deno.makeTempDir();
  const path = `${folder}/echo.mjs`;
  try {
    await Deno.writeTextFile(path, code);
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

testWith(["nc", "jq"], "nc and jq read along, as the README has it", async () => {
  const line = await program(`(echo '{"type":"join"`);
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  await alice.send("hello\n");
  const there = line.replace("HOST 7777", `-N 127.0.0.1 ${bobchat.port}`);
  await using reader = new Program(["sh", ["-c", there]]);
  await alice.until(/^\*\*\* reader joined/m);
  await alice.send("are you there?\n");
  await reader.stdout.until("alice: are you there?\n");
  await reader.type('{"type":"say","text":"I am"}\n');
  await alice.until(/^reader\(.*\): I am\r$/m);
  await reader.type('{"type":"command","name":"quit","text":""}\n');
  await alice.until(/^\*\*\* reader left/m);
});

testWith(["nc", "jq"], "the manual's bot of nc and jq answers what is said", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/hello.sh`;
  try {
    await Deno.writeTextFile(path, await program("# hello.sh"));
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    await using bot = new Program(["sh", [path, "127.0.0.1", `${bobchat.port}`]]);
    await alice.until("*** hello joined (2 here)\r\n");
    await alice.send("hello\n!hello\n");
    await alice.until(/^hello\(.*\): hello, alice\r$/m);
    // The server's end is the bot's.
    assertEquals(await bobchat.stop(), 0);
    assertEquals([await bot.end(), bot.stdout.text, bot.stderr.text], [0, "", ""]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  "the client library's bot answers each thing once, also after a restart",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const readme = new URL("../../lib/client/README.md", import.meta.url);
      const code = (await program("// echo.ts", readme))
        .replaceAll('"./lib/', `"${new URL("../../lib/", import.meta.url)}`);
      await Deno.writeTextFile(`${folder}/echo.ts`, code);
      const first = await Bobchat.start();
      const at = `ws://127.0.0.1:${first.port}/ws`;
      const args = [
        "run",
        "--no-prompt",
        "--check",
        "--allow-net",
        "--allow-read",
        `${folder}/echo.ts`,
        at,
      ];
      await using bot = new Program([Deno.execPath(), args]);
      const talk = async ({ port }: Bobchat) => {
        using alice = await Client.join(port, "alice");
        await alice.until(/^\*\*\* echo joined|Here: .*echo|is now echo/m);
        await alice.send("hello\n");
        await alice.until(/^echo\(.*\): alice says: hello\r$/m);
      };
      await talk(first);
      await first.stop("SIGKILL");
      await using second = await Bobchat.start(["--port", String(first.port)]);
      await talk(second);
      assertEquals(bot.stdout.text, "");
    }),
);
