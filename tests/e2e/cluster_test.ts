// Several bobchats that are one room, over a real nats-server: what people on them see, whatever dies.

import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { App } from "./app.ts";
import { Bobchat, Client, inTime, run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { Nats } from "./nats.ts";

const NEEDED = ["nats-server"];

/** Starts a node. */
function node(nats: Nats, name: string, ...args: string[]): Promise<Bobchat> {
  return Bobchat.start(["--nats", nats.url, "--node", name, "--rate", "0", ...args]);
}

/** All that somebody was sent of what people said, without times. */
function said({ incoming }: Client): string[] {
  return incoming.text.split("\r\n").flatMap((line) => /\): (m\d+ \w+)$/.exec(line)?.[1] ?? []);
}

/** Talks every so many milliseconds until it is told to stop; returns how to stop, which gives all that was said. */
function talk(client: Client, name: string, every = 1): () => Promise<string[]> {
  const all: string[] = [];
  let isOver = false;
  const talking = (async () => {
    while (!isOver) {
      const text = `m${all.length} ${name}`;
      all.push(text);
      await client.send(`${text}\n`);
      await new Promise((resolve) => setTimeout(resolve, every));
    }
  })();
  return async () => {
    isOver = true;
    await talking;
    return all;
  };
}

/** Waits until everybody has heard all, and checks that all have heard the same once and in one order. */
async function haveHeard(clients: readonly Client[], texts: readonly string[][]): Promise<void> {
  const count = texts.flat().length;
  for (const client of clients) {
    const last = texts.map((each) => each.at(-1)!);
    await client.incoming.when(
      () => last.every((text) => client.incoming.text.includes(`: ${text}\r\n`)),
      last.join(" and "),
    );
  }
  const [first, ...others] = clients.map(said);
  assertEquals(first!.length, count, "something is missing, or there twice");
  for (const other of others) assertEquals(other.join(), first!.join(), "another order");
  for (const each of texts) {
    const name = each[0]!.split(" ")[1]!;
    assertEquals(first!.filter((text) => text.endsWith(` ${name}`)).join(), each.join());
  }
}

testWith(NEEDED, "two bobchats are one room: who is there, names, and private words", async () => {
  await using nats = await Nats.start();
  await using one = await node(nats, "one");
  await using two = await node(nats, "two");
  using alice = await Client.join(one.port, "alice");
  using bob = await Client.join(two.port, "bob");
  await alice.until("*** bob joined (2 here)\r\n");
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

testWith(
  NEEDED,
  "apps on two bobchats are sent the same messages, with the same numbers and times",
  async () => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one");
    await using two = await node(nats, "two");
    using alice = await Client.join(one.port, "alice");
    using bob = await Client.join(two.port, "bob");
    using first = await App.join(one.port);
    using second = await App.join(two.port);
    for (let i = 0; i < 20; i++) await (i % 2 === 0 ? alice : bob).send(`m${i} word\n`);
    const messages = async (app: App) => {
      await app.until(({ text }) => text === "m18 word");
      await app.until(({ text }) => text === "m19 word");
      return app.frames.filter(({ type }) => type === "message").map(({ seq: _, ...rest }) => rest);
    };
    const heard = await messages(first);
    assertEquals(heard.length, 20);
    assertEquals(await messages(second), heard);
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
  "whatever nats-server is killed under, all hear all once and in one order",
  async () => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one");
    await using two = await node(nats, "two");
    using alice = await Client.join(one.port, "alice");
    using bob = await Client.join(two.port, "bob");
    const talking = [talk(alice, "alice"), talk(bob, "bob")];
    for (let round = 0; round < 3; round++) {
      const enough = said(alice).length + 50 + Math.floor(Math.random() * 200);
      await alice.incoming.when(() => said(alice).length >= enough, "more words");
      await nats.kill();
      await nats.restart();
    }
    const texts = await Promise.all(talking.map((stop) => stop()));
    await haveHeard([alice, bob], texts);
  },
);

testWith(
  NEEDED,
  "when NATS is away, nobody is disconnected, and words arrive once it is back",
  async () => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one");
    await using two = await node(nats, "two");
    using alice = await Client.join(one.port, "alice");
    using bob = await Client.join(two.port, "bob");
    await alice.until("bob joined");
    await nats.kill();
    await alice.until(
      "*** This server has lost the others: what you say is sent when they are back\r\n",
    );
    await alice.send("m0 alice\n/help\n");
    await alice.send("m1 alice\n");
    await nats.restart();
    await alice.until("*** This server has found the others again\r\n");
    await haveHeard([alice, bob], [["m0 alice", "m1 alice"]]);
  },
);

testWith(NEEDED, "when a node is killed, its people leave once, and the others go on", async () => {
  await using nats = await Nats.start();
  await using one = await node(nats, "one");
  await using two = await node(nats, "two");
  using alice = await Client.join(one.port, "alice");
  using _bob = await Client.join(two.port, "bob");
  await alice.until("bob joined");
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
    await using nats = await Nats.start();
    await using one = await node(nats, "one");
    await using two = await node(nats, "two");
    using alice = await Client.join(one.port, "alice");
    using bob = await Client.join(two.port, "bob");
    await alice.until("bob joined");
    two.process.kill("SIGSTOP");
    await bob.send("m0 bob\n");
    const hush = talk(alice, "alice", 200);
    await alice.until("*** bob left: connection lost (1 here)\r\n");
    two.process.kill("SIGCONT");
    await bob.until(": m0 bob\r\n");
    await haveHeard([alice, bob], [["m0 bob"], await hush()]);
    await bob.send("/who\n");
    await bob.until(/Here \(2\): (?:alice, bob|bob, alice)\r\n/);
    assert(!bob.incoming.text.includes("connection lost"));
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

testWith(NEEDED, "NATS that is away at the start is one sentence, exit 1", async () => {
  await using nats = await Nats.start();
  await nats.kill();
  const { code, stderr } = await run(["-p", "0", "--nats", nats.url]);
  assertEquals(code, 1);
  assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
  assertStringIncludes(stderr, "bobchat: cannot connect to NATS at 127.0.0.1:");
});

testWith(
  NEEDED,
  "a stream that is gone is told to operators, and ends what requires it",
  async () => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one", "--nats-required");
    const connection = await connect({ servers: nats.url });
    await (await jetstreamManager(connection)).streams.delete("bobchat_bobchat_1");
    await connection.close();
    const code = await inTime(one.end(), () => "its end");
    assertEquals(code, 1);
    assertStringIncludes(
      one.stderr.text,
      "bobchat: the stream bobchat_bobchat_1 is gone from NATS",
    );
  },
);

testWith(NEEDED, "a new epoch goes on with names and topics, and new numbers", async () => {
  await using nats = await Nats.start();
  {
    await using one = await node(nats, "one");
    using alice = await Client.join(one.port, "alice");
    await alice.send("/register password\n");
    await alice.until("is yours now");
    assertEquals(await one.stop(), 0);
  }
  const begun = await run(["network", "new", "--nats", nats.url]);
  assertEquals([begun.code, begun.stderr], [0, ""]);
  assertStringIncludes(begun.stdout, "The network bobchat has begun epoch 2.");
  await using one = await node(nats, "one");
  using bob = await Client.join(one.port);
  await bob.until("guest1000001");
  await bob.send("/nick alice\n");
  await bob.until("registered");
});
