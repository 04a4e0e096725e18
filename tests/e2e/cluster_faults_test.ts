// Several bobchats that are one room, of which some are killed or hang, and NATS as well: what people see. With
// CLUSTER_LONG in the environment there are more rounds, and longer outages.

import { assert, assertEquals } from "../assert.ts";
import type { App } from "./app.ts";
import { type Bobchat, Client, testWith } from "./bobchat.ts";
import { Nats } from "./nats.ts";
import {
  agreed,
  haveHeard,
  IS_LONG,
  joinApp,
  NEEDED,
  node,
  said,
  startPair,
  talk,
} from "./nodes.ts";

/** How often a node and NATS are killed. */
const ROUNDS = IS_LONG ? 20 : 3;
/** Seconds that NATS is away, or hangs; people are told after 3. */
const OUTAGES = IS_LONG ? { SIGKILL: 30, SIGSTOP: 10 } : { SIGKILL: 4, SIGSTOP: 4 };
/** Milliseconds that a node is frozen after others took it for gone, which they do after 15 s. */
const FROZEN_LONGER = IS_LONG ? 5000 : 0;

/** A node from its start to its end, with somebody who talks there, and an app that listens. */
interface Life extends AsyncDisposable {
  readonly place: string;
  readonly name: string;
  readonly bobchat: Bobchat;
  readonly app: App;
  readonly client: Client;
  readonly hush: () => Promise<string[]>;
}

/** Begins one; the app is there before anybody talks. */
async function begin(nats: Nats, place: string, name: string): Promise<Life> {
  const bobchat = await node(nats, place);
  const app = await joinApp(bobchat);
  const client = await Client.join(bobchat.port, name);
  const hush = talk(client, name);
  return {
    ...{ place, name, bobchat, app, client, hush },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      app[Symbol.dispose]();
      await hush();
      await bobchat[Symbol.asyncDispose]();
    },
  };
}

/** What the one who talks there was shown of their own words. */
function ownWords({ client, name }: Life): string[] {
  return said(client).filter((text) => text.endsWith(` ${name}`));
}

const random = (most: number) => Math.floor(Math.random() * most);

testWith(
  NEEDED,
  "whatever node is killed, and NATS, at any moment: what its sender saw is everywhere, once, and in one order",
  async () => {
    await using nats = await Nats.start();
    await using all = new AsyncDisposableStack();
    const lives = [
      all.use(await begin(nats, "one", "alice")),
      all.use(await begin(nats, "two", "bob")),
      all.use(await begin(nats, "three", "carol")),
    ];
    const ended: Life[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const number = random(lives.length), victim = lives[number]!;
      const { app } = lives[(number + 1) % lives.length]!;
      await Promise.all([
        app.hears(1 + random(1000)).then(async () => {
          await nats.kill();
          await nats.restart();
        }),
        app.hears(1 + random(1000)).then(() => victim.bobchat.stop("SIGKILL")),
      ]);
      ended.push(victim);
      const next = `${victim.name.replace(/\d/g, "")}${round}`;
      lives[number] = all.use(await begin(nats, victim.place, next));
      await app.hears(100);
    }
    const texts = new Map<Life, string[]>();
    for (const life of lives) texts.set(life, await life.hush());
    for (const { app } of lives) {
      for (const [, said] of texts) await app.untilSaid(said.at(-1)!);
    }
    for (const life of lives) {
      await life.client.incoming.until(`: ${texts.get(life)!.at(-1)}\r\n`);
    }
    const everything = agreed([...ended, ...lives].map(({ app }) => app));
    assertEquals(new Set(everything).size, everything.length, "something is there twice");
    for (const life of [...ended, ...lives]) {
      const theirs = everything.filter((text) => text.endsWith(` ${life.name}`));
      const typed = await life.hush(), seen = ownWords(life);
      assertEquals(theirs.join(), typed.slice(0, theirs.length).join(), "another order");
      assertEquals(seen.join(), typed.slice(0, seen.length).join(), "another order");
      assert(theirs.length >= seen.length, "what its sender saw is missing");
      if (lives.includes(life)) assertEquals(theirs.length, typed.length, "something is missing");
    }
    if (IS_LONG) {
      console.log(`${everything.length} messages, ${ROUNDS} rounds, none lost or doubled`);
    }
  },
);

for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
  testWith(
    NEEDED,
    `when NATS is ${
      signal === "SIGKILL" ? "away" : "frozen"
    }, nobody is disconnected, people are told once, and ` +
      "words arrive once it is back",
    async () => {
      await using pair = await startPair();
      const { nats, alice, bob } = pair;
      const talking = [talk(alice, "alice", 10), talk(bob, "bob", 10)];
      const over = performance.now() + OUTAGES[signal] * 1000;
      if (signal === "SIGKILL") await nats.kill();
      else nats.signal(signal);
      for (const { incoming } of [alice, bob]) {
        await incoming.until(
          "*** This server has lost the others: what you say is sent when they are back\r\n",
        );
      }
      await new Promise((resolve) => setTimeout(resolve, over - performance.now()));
      if (signal === "SIGKILL") await nats.restart();
      else nats.signal("SIGCONT");
      for (const { incoming } of [alice, bob]) {
        await incoming.until("*** This server has found the others again\r\n");
      }
      await haveHeard([alice, bob], await Promise.all(talking.map((hush) => hush())));
      for (const { incoming: { text } } of [alice, bob]) {
        assertEquals(text.match(/has lost the others|has found the others/g)?.length, 2);
        assert(!text.includes(" left"), "somebody was taken for gone");
      }
    },
  );
}

testWith(NEEDED, "when a node is killed, its people leave once, and the others go on", async () => {
  await using pair = await startPair();
  const { two, alice } = pair;
  two.process.kill("SIGKILL");
  // Who is silent is found when an own envelope comes back: talking makes that soon.
  const hush = talk(alice, "alice", 200);
  await alice.until("*** bob left: connection lost (1 here)\r\n");
  await haveHeard([alice], [await hush()]);
  assertEquals(alice.incoming.text.match(/bob left/g)?.length, 1);
});

testWith(
  NEEDED,
  "a node that was frozen until others took it for gone comes back, and its people with it",
  async () => {
    await using pair = await startPair();
    const { two, alice, bob } = pair;
    const talking = [talk(alice, "alice", 5), talk(bob, "bob", 5)];
    await alice.until(/: m\d+ bob\r\n/);
    two.process.kill("SIGSTOP");
    await alice.until("*** bob left: connection lost (1 here)\r\n");
    await new Promise((resolve) => setTimeout(resolve, FROZEN_LONGER));
    two.process.kill("SIGCONT");
    await haveHeard([alice, bob], await Promise.all(talking.map((hush) => hush())));
    await bob.send("/who\n");
    await bob.until(/Here \(2\): (?:alice, bob|bob, alice)\r\n/);
    assert(!bob.incoming.text.includes("connection lost"));
  },
);
