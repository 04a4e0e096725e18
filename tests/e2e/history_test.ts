// A server that keeps what was said: what anyone has seen is in the file, whatever happens next.

import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, needsNetwork, run } from "./bobchat.ts";

/** Runs a test with a path for a history of its own. */
async function withHistory(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(`${folder}/history.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The texts that a history holds, in order. */
async function kept(path: string): Promise<string[]> {
  const { code, stdout, stderr } = await run(["export", "--history", path, "--format", "jsonl"]);
  assertEquals([code, stderr], [0, ""]);
  return stdout.trimEnd().split("\n").filter(Boolean).map((line) => JSON.parse(line).text);
}

/** The words among what a client was sent. */
function words({ incoming }: Client): string[] {
  return [...incoming.text.matchAll(/^\S+\(\S+\): (.*)\r$/gm)].map(([, text]) => text!);
}

for (let round = 1; round <= 3; round++) {
  const name = `kill -9 under load loses nothing that anyone has seen, ${round} of 3`;
  Deno.test(name, needsNetwork, () =>
    withHistory(async (path) => {
      const bobchat = await Bobchat.start(["--history", path, "--rate", "0", "--replay", "0"]);
      const clients = await Promise.all(
        Array.from({ length: 5 }, () => Client.join(bobchat.port)),
      );
      let said = 0;
      const flood = async (client: Client) => {
        try {
          for (;;) await client.send(`words ${said++}\n`.repeat(1));
        } catch (error) {
          // The server was killed.
          if (!(error instanceof Error)) throw error;
        }
      };
      const floods = clients.map(flood);
      const enough = 500 + Math.floor(Math.random() * 5000);
      await clients[0]!.incoming.when(
        () => words(clients[0]!).length > enough,
        `${enough} messages`,
      );
      await bobchat.stop("SIGKILL");
      await Promise.all(floods);
      await Promise.all(clients.map((client) => client.end()));
      const all = await kept(path);
      assertEquals(new Set(all).size, all.length);
      for (const client of clients) {
        const heard = words(client);
        const first = all.indexOf(heard[0]!);
        assertEquals(all.slice(first, first + heard.length), heard);
        client[Symbol.dispose]();
      }
    }));
}

Deno.test(
  "a server that comes up again knows its rooms, names, operators and bans",
  needsNetwork,
  () =>
    withHistory(async (path) => {
      {
        await using bobchat = await Bobchat.start(["--history", path]);
        using alice = await Client.join(bobchat.port, "alice");
        await alice.send("/register correct horse\n");
        await alice.until("alice is yours now. Next time");
        const { code } = await run(["operator", "add", "alice", "--history", path]);
        assertEquals(code, 0);
        await alice.send("good morning\n/join tea\n/topic leaves\nearl grey\n/leave\n");
        await alice.until("You are in #lobby");
        for (let told = ""; !told.includes("bob is banned");) {
          alice.incoming.forget();
          await alice.send("/ban bob\n");
          told = await alice.until(/\/ban is for operators|bob is banned/);
        }
        assertEquals(await bobchat.stop(), 0);
      }
      await using bobchat = await Bobchat.start(["--history", path]);
      using bob = await Client.join(bobchat.port);
      assertStringIncludes(bob.incoming.text, "): good morning\r\n*** Welcome to bobchat, guest1.");
      await bob.send("/nick bob\n/nick alice\n/rooms\n/search grey\n");
      await bob.until("*** bob is banned.");
      await bob.until("*** alice is registered");
      await bob.until("*** #tea (0 here): leaves");
      await bob.until(/\*\*\* \[#tea, .*\] alice: earl grey/);
      await bob.send("anyone?\n/nick alice correct horse\n");
      await bob.until("*** You missed 1 message in #lobby: see /history 1\r\n");
      await bob.send("/bans\n");
      await bob.until("*** bob is banned by alice");
    }),
);

Deno.test("forgotten is forgotten, in memory too", needsNetwork, () =>
  withHistory(async (path) => {
    await using bobchat = await Bobchat.start(["--history", path]);
    using alice = await Client.join(bobchat.port, "alice");
    await alice.send("a secret of mine\n");
    await alice.until("): a secret of mine");
    const { code, stdout } = await run(["forget", "alice", "--history", path]);
    assertEquals(code, 0, stdout);
    assertEquals(await kept(path), []);
    using bob = await Client.join(bobchat.port);
    for (let last = ""; !last.endsWith("*** So far in #lobby.\r\n") || last.includes("secret");) {
      bob.incoming.forget();
      await bob.send("/history\n");
      last = await bob.until("So far in #lobby.\r\n");
    }
  }));

Deno.test(
  "a file that is no history is one sentence, exit 1",
  needsNetwork,
  () =>
    withHistory(async (path) => {
      await Deno.writeTextFile(path, "something else ".repeat(100));
      const { code, stdout, stderr } = await run(["--port", "0", "--history", path]);
      assertEquals([code, stdout], [1, ""]);
      assertEquals(stderr.trimEnd().split("\n").length, 1);
      assert(stderr.startsWith("bobchat: ") && stderr.includes(path), stderr);
    }),
);

Deno.test("the server password is asked before anything is shown", needsNetwork, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/secret`, "open sesame\n");
    await Deno.writeTextFile(`${folder}/motd`, "Be kind.\nNo selling.\n");
    await using bobchat = await Bobchat.start([
      ...["--password-file", `${folder}/secret`, "--motd", `${folder}/motd`],
      ...["--log-level", "debug"],
    ]);
    using alice = await Client.connect(bobchat.port);
    await alice.until("*** This room has a password: type it.\r\n");
    await alice.send("open barley\n");
    await alice.until("*** That is not the password: type it again.\r\n");
    await alice.send("open sesame\n");
    await alice.until("*** Be kind.\r\n*** No selling.\r\n*** Welcome to bobchat, guest1.");
    using eve = await Client.connect(bobchat.port);
    await eve.send("a\nb\nc\nd\n");
    const told = await eve.end();
    assert(told.endsWith("*** That is not the password. Goodbye.\r\n"), told);
    assert(!told.includes("guest"), told);
    assertEquals(await bobchat.stop(), 0);
    assert(!/sesame|barley/.test(bobchat.stderr.text), bobchat.stderr.text);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
