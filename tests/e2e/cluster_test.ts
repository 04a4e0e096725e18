// Several bobchats that are one room, over a real nats-server: what people and apps on them see.

import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import type { Frame } from "./app.ts";
import { Client, command, inTime, Program, run, testWith } from "./bobchat.ts";
import { testPage } from "./chromium.ts";
import { inFolder } from "./folder.ts";
import { Nats } from "./nats.ts";
import {
  agreed,
  haveHeard,
  joinApp,
  NEEDED,
  node,
  said,
  startPair,
  talk,
  typeUntil,
} from "./nodes.ts";

/** How much each of three says. */
const EACH = 100;
/** What Chromium says of a server that cannot be reached. */
const UNREACHABLE = /^WebSocket connection to '\S+' failed/;

testWith(NEEDED, "two bobchats are one room: who is there, names, and private words", async () => {
  await using pair = await startPair();
  const { two, alice, bob } = pair;
  await bob.send("/nick alice\n");
  await bob.until("alice is taken");
  await bob.send("/who\n/whois alice\n/msg alice psst\n");
  await bob.until("Here (2): alice, bob\r\n");
  await bob.until("on one.\r\n");
  await alice.until("to alice: psst\r\n");
  await alice.send("/topic tea\n");
  await bob.until("tea");
  assertEquals(await two.stop(), 0);
  await alice.until("*** bob left (1 here)\r\n");
});

testPage(
  NEEDED,
  "nc, the page and bobchat connect on three bobchats are one room, and apps are sent the same numbers",
  async (visits) => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one");
    await using two = await node(nats, "two");
    await using three = await node(nats, "three");
    const apps = await Promise.all([one, two, three].map((bobchat) => joinApp(bobchat)));
    using alice = await Client.join(one.port, "alice");
    const bob = await visits.open(two, { name: "bob" });
    const connect = command(["connect", `127.0.0.1:${three.port}`, "--nick", "carol"]);
    await using carol = new Program(connect);
    await carol.stdout.until("You are carol.");
    const texts = (name: string) => Array.from({ length: EACH }, (_, i) => `m${i} ${name}`);
    const lines = (name: string) => texts(name).join("\n");
    await Promise.all([
      alice.send(`${lines("alice")}\n`),
      bob.say(lines("bob")),
      carol.type(`${lines("carol")}\n`),
    ]);
    for (const name of ["alice", "bob", "carol"]) {
      const last = texts(name).at(-1)!;
      for (const app of apps) await app.untilSaid(last);
      for (const incoming of [alice.incoming, carol.stdout]) await incoming.until(`: ${last}`);
      await bob.sees(last);
    }
    const all = agreed(apps);
    assertEquals(new Set(all).size, 3 * EACH);
    for (const name of ["alice", "bob", "carol"]) {
      assertEquals(all.filter((text) => text.endsWith(` ${name}`)), texts(name));
    }
    assertEquals(said(alice), all);
    assertEquals(said({ incoming: carol.stdout }), all);
    assertEquals(await bob.said(), all);
    for (const app of apps) app[Symbol.dispose]();
  },
);

testWith(NEEDED, "of two who register one name at one moment, one gets it", async () => {
  await using nats = await Nats.start();
  await using one = await node(nats, "one");
  await using two = await node(nats, "two");
  using alice = await Client.join(one.port);
  using other = await Client.join(two.port);
  await Promise.all(
    [alice, other].map((client) => client.send("/nick alice\n/register password\n")),
  );
  for (const client of [alice, other]) {
    await client.until(/is yours now|is taken|cannot be registered|registered names? of their own/);
  }
  const owners = [alice, other].filter(({ incoming }) =>
    incoming.text.includes("alice is yours now")
  );
  assertEquals(owners.length, 1);
});

testWith(
  NEEDED,
  "what operators do on one bobchat holds on all, and what the host does to the file of one",
  async () => {
    await using nats = await Nats.start();
    await inFolder(async (folder) => {
      const history = ["--history", `${folder}/one.db`];
      await using one = await node(nats, "one", ...history);
      await using two = await node(nats, "two");
      const admin = async (...words: string[]) => {
        const { code, stdout, stderr } = await run([...words, ...history]);
        assertEquals([code, stderr], [0, ""]);
        return stdout;
      };
      using alice = await Client.join(two.port, "alice");
      await alice.send("/register correct horse\n");
      await alice.until("alice is yours now");
      using bob = await Client.join(one.port, "bob");
      await bob.send("m0 bob\n/register tea for two\n");
      await bob.until("bob is yours now");
      await admin("operator", "add", "alice");
      // It is looked at within five seconds, and travels to where alice is.
      await typeUntil(alice, "/topic tea and cake\n/kick bob too loud\n", "kicked by alice");
      await bob.end();
      assertStringIncludes(bob.incoming.text, "tea and cake");
      assertStringIncludes(bob.incoming.text, "too loud");
      await alice.send("/ban bob 2h spam\n");
      await alice.until("bob is banned for 2 hours");
      using carol = await Client.join(one.port, "carol");
      await carol.send("/nick bob\n");
      await carol.until("bob is banned");
      assertStringIncludes(await admin("bans"), "bob is banned by alice for 2 hours: spam\n");
      await admin("unban", "bob");
      await typeUntil(alice, "/bans\n", "Nobody is banned or muted");
      await admin("forget", "bob");
      const app = await joinApp(two);
      const isForgotten = async () => {
        const { length } = app.frames;
        await app.send({ type: "history", room: "lobby" });
        for (let i = length;; i++) {
          const frame = await app.next(i);
          if (frame?.type === "history") return !JSON.stringify(frame).includes("m0 bob");
        }
      };
      await inTime(
        (async () => {
          while (!await isForgotten());
        })(),
        () => "bob's words to be gone",
      );
      app[Symbol.dispose]();
      assertEquals(await admin("accounts"), "alice (operator)\n");
    });
  },
);

testWith(
  NEEDED,
  "an app resumes on its bobchat; on another it is new, and gets by number what it has missed",
  async () => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one");
    await using two = await node(nats, "two");
    using alice = await Client.join(two.port, "alice");
    using first = await joinApp(one, { name: "bot" });
    await alice.send("m0 alice\n");
    const known = await first.until(({ text }) => text === "m0 alice");
    const { token, received } = first;
    first[Symbol.dispose]();
    const missed = Array.from({ length: 50 }, (_, i) => `m${i + 1} alice`);
    await alice.send(`${missed.join("\n")}\n`);
    await haveHeard([alice], [["m0 alice", ...missed]]);

    using elsewhere = await joinApp(two, { token, received });
    assertEquals(elsewhere.frames[0]?.type, "welcome");
    assert(elsewhere.token !== token);
    await elsewhere.send({ type: "history", room: "lobby", after: known.id });
    const { messages } = await elsewhere.until(({ type, messages }) =>
      type === "history" && (messages as Frame[])[0]?.id === Number(known.id) + 1
    );
    assertEquals((messages as Frame[]).map(({ text }) => text), missed);

    using back = await joinApp(one, { token, received });
    assertEquals(back.frames[0], { type: "resumed" });
    await back.untilSaid(missed.at(-1)!);
    assertEquals(back.texts, missed);
    assert(!alice.incoming.text.includes("bot left"), "somebody noticed");
  },
);

testPage(
  NEEDED,
  "bobchats are upgraded one after the other: people reconnect, and nothing is lost or doubled",
  async (visits) => {
    visits.expected = UNREACHABLE;
    await using nats = await Nats.start();
    await using folders = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir();
    folders.defer(() => Deno.remove(folder, { recursive: true }));
    const start = (name: string, port = 0) =>
      node(nats, name, "--port", `${port}`, "--history", `${folder}/${name}.db`);
    await using first = await start("a");
    await using second = await start("b");
    const ann = await visits.open(first, { name: "ann" });
    using carol = await Client.join(first.port, "carol");
    using bob = await Client.join(second.port, "bob");
    const hush = talk(bob, "bob", 50);
    await ann.sees("m0 bob");
    await carol.until(": m0 bob\r\n");
    assertEquals(await first.stop(), 0);
    await carol.until("*** The room is closing: goodbye\r\n");
    await bob.until("*** carol left");
    await using newFirst = await start("a", first.port);
    await bob.until(/ann left[^]*ann joined/);
    using carolAgain = await Client.join(newFirst.port, "carol");
    await carolAgain.send("m0 carol\n");
    await bob.until(": m0 carol\r\n");
    const bobs = await hush();
    await bob.until(`: ${bobs.at(-1)}\r\n`);
    assertEquals(await second.stop(), 0);
    await using newSecond = await start("b", second.port);
    using bobAgain = await Client.join(newSecond.port, "bob");
    await bobAgain.send("last\n");
    await ann.sees("last");
    const heard = said(bob);
    assertEquals(heard.filter((text) => text.endsWith(" bob")), bobs);
    assertEquals(await ann.said(), [...heard, "last"]);
    await ann.shows("#members button", ["ann (you)", "bob", "carol"]);
    using app = await joinApp(newSecond);
    await app.send({ type: "history", room: "lobby", count: 200, after: 0 });
    await app.until(({ type, messages }) =>
      type === "history" &&
      (messages as Frame[]).map(({ text }) => text).join() === [...heard, "last"].join()
    );
  },
);

testWith(NEEDED, "names and words outlive all bobchats, in the network and in a file", async () => {
  await using nats = await Nats.start();
  await inFolder(async (folder) => {
    const file = `${folder}/one.db`;
    {
      await using one = await node(nats, "one", "--history", file);
      using alice = await Client.join(one.port, "alice");
      await alice.send("/register password\n");
      await alice.until("is yours now");
      await alice.send("m0 alice\n");
      await haveHeard([alice], [["m0 alice"]]);
      assertEquals(await one.stop(), 0);
    }
    await using two = await node(nats, "two");
    using bob = await Client.join(two.port);
    await bob.send("/nick alice\n");
    await bob.until("registered");
    await bob.send("m0 guest\n");
    await haveHeard([bob], [["m0 guest"]]);
    await using one = await node(nats, "one", "--history", file);
    using carol = await Client.join(one.port);
    await carol.until(/m0 alice[^]*m0 guest/);
  });
});
