// What a network keeps in a real nats-server: how its stream is set up, its snapshots, and what is never there.

import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Objm } from "@nats-io/obj";
import { connect, nanos, type NatsConnection } from "@nats-io/transport-node";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { Client, inTime, run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { Nats } from "./nats.ts";
import { haveHeard, NEEDED, node, typeUntil } from "./nodes.ts";

const STREAM = "bobchat_bobchat_1";

/** Asks NATS something over a connection of the test's own. */
async function asking<T>(nats: Nats, ask: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: nats.url });
  try {
    return await ask(connection);
  } finally {
    await connection.close();
  }
}

/** The snapshots of the network, as texts. */
function snapshots(nats: Nats): Promise<string[]> {
  return asking(nats, async (connection) => {
    const store = await new Objm(jetstream(connection)).open("bobchat_bobchat");
    const names = (await store.list()).map(({ name }) => name);
    const all = names.filter((name) => name.startsWith("snapshot ")).map(async (name) =>
      new TextDecoder().decode(await store.getBlob(name) ?? undefined)
    );
    return await Promise.all(all);
  });
}

/** All that is in the files of a folder, one character a byte. */
async function bytesOf(folder: string): Promise<string> {
  let all = "";
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    all += isDirectory
      ? await bytesOf(path)
      : new TextDecoder("latin1").decode(await Deno.readFile(path));
  }
  return all;
}

testWith(
  NEEDED,
  "the stream is in files, bounded by age alone, and nobody takes a message out",
  async () => {
    await using nats = await Nats.start();
    await using _one = await node(nats, "one");
    await asking(nats, async (connection) => {
      const { streams } = await jetstreamManager(connection);
      const { config, state } = await streams.info(STREAM);
      assertEquals(
        {
          ...{ subjects: config.subjects, storage: config.storage, retention: config.retention },
          ...{ age: config.max_age, bytes: config.max_bytes, messages: config.max_msgs },
          ...{ each: config.max_msgs_per_subject, copies: config.num_replicas },
          ...{ noDelete: config.deny_delete, noPurge: config.deny_purge },
          ...{ direct: config.allow_direct, duplicates: config.duplicate_window },
        },
        {
          ...{ subjects: ["bobchat.bobchat.1.*"], storage: "file", retention: "limits" },
          ...{ age: nanos(7 * 86_400_000), bytes: -1, messages: -1, each: -1, copies: 1 },
          ...{ noDelete: true, noPurge: true, direct: false, duplicates: nanos(120_000) },
        },
      );
      await assertRejects(() => streams.deleteMessage(STREAM, state.first_seq));
      await assertRejects(() => streams.purge(STREAM));
      assertEquals((await streams.info(STREAM)).state.first_seq, 1);
    });
  },
);

testWith(NEEDED, "no password is ever in NATS, nor in its files", async () => {
  await using nats = await Nats.start();
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/password`, "zyxwvut sesame\n");
    const secret = ["--password-file", `${folder}/password`];
    {
      await using one = await node(nats, "one", ...secret);
      await using two = await node(nats, "two", ...secret);
      const enter = async (port: number) => {
        const client = await Client.connect(port);
        await client.send("zyxwvut wrong\n");
        await client.until("not the password");
        await client.send("zyxwvut sesame\n");
        await client.until("/help lists what else there is.\r\n");
        return client;
      };
      using alice = await enter(one.port);
      await alice.send("/nick alice\n/register zyxwvut battery\n");
      await alice.until("alice is yours now");
      await alice.send("m0 alice\n");
      await haveHeard([alice], [["m0 alice"]]);
      await alice.send("/quit\n");
      await alice.end();
      using again = await enter(two.port);
      await again.send("/nick alice zyxwvut guess\n");
      await again.until("not the password of alice");
      await again.send("/nick alice zyxwvut battery\n");
      await again.until("You are alice.");
      assertEquals([await one.stop(), await two.stop()], [0, 0]);
    }
    await nats.kill("SIGTERM");
    const stored = await bytesOf(nats.store);
    assertStringIncludes(stored, "m0 alice");
    assert(!stored.includes("zyxwvut"));
  });
});

testWith(
  NEEDED,
  "a snapshot is stored at a clean stop, three are kept, and who was forgotten is in none of them",
  async () => {
    await using nats = await Nats.start();
    await inFolder(async (folder) => {
      const history = ["--history", `${folder}/one.db`];
      {
        await using one = await node(nats, "one", ...history);
        using alice = await Client.join(one.port, "alicia");
        await alice.send("/register correct horse\n");
        await alice.until("alicia is yours now");
        await alice.send("/join tea\n/topic cake\n");
        await alice.until("cake");
        assertEquals((await snapshots(nats)).length, 1);
        assertEquals(await one.stop(), 0);
      }
      const [last] = (await snapshots(nats)).filter((text) => text.includes("alicia"));
      assertStringIncludes(last!, "cake");
      assertEquals((await run(["forget", "alicia", ...history])).code, 0);
      for (let round = 0; round < 3; round++) {
        await using one = await node(nats, "one", ...history);
        using bob = await Client.join(one.port, "bob");
        // What was changed in a file counts within five seconds.
        if (round === 0) await typeUntil(bob, "/nick alicia\n", "You are alicia already.");
        await bob.send("/nick bob\nhello\n");
        await bob.until(": hello\r\n");
        assertEquals(await one.stop(), 0);
      }
      const kept = await snapshots(nats);
      assertEquals(kept.length, 3);
      for (const text of kept) {
        assertStringIncludes(text, "cake");
        assert(!text.includes("alicia"), text);
      }
    });
  },
);

testWith(
  NEEDED,
  "a record or snapshot in NATS that is damaged is one sentence with its name, exit 1",
  async () => {
    await using nats = await Nats.start();
    {
      await using one = await node(nats, "one");
      assertEquals(await one.stop(), 0);
    }
    for (const object of ["snapshot 1 9999", "network"]) {
      await asking(nats, async (connection) => {
        const store = await new Objm(jetstream(connection)).open("bobchat_bobchat");
        await store.putBlob({ name: object }, new TextEncoder().encode("{damaged"));
      });
      const { code, stderr } = await run(["-p", "0", "--nats", nats.url, "--node", "one"]);
      assertEquals(code, 1, stderr);
      assertStringIncludes(stderr, `what NATS keeps of the network as "${object}" is damaged: `);
      assert(!stderr.includes("    at "), stderr);
    }
  },
);

testWith(
  NEEDED,
  "a stream that no longer reaches back to the newest snapshot is one sentence, exit 1",
  async () => {
    await using nats = await Nats.start();
    {
      await using one = await node(nats, "one");
      using alice = await Client.join(one.port, "alice");
      await alice.send("m0 alice\n");
      await haveHeard([alice], [["m0 alice"]]);
      await one.stop("SIGKILL");
    }
    await asking(nats, async (connection) => {
      const { streams } = await jetstreamManager(connection);
      await streams.update(STREAM, { max_age: nanos(100), duplicate_window: nanos(100) });
      const expired = async () => {
        for (;;) {
          const { state: { first_seq, last_seq } } = await streams.info(STREAM);
          if (first_seq > last_seq) return;
        }
      };
      await inTime(expired(), () => "all messages to expire");
    });
    const { code, stdout, stderr } = await run(["--port", "0", "--nats", nats.url]);
    assertEquals([code, stdout], [1, ""]);
    assertEquals(
      stderr,
      `bobchat: the stream ${STREAM} no longer reaches back to the newest snapshot (message 0): begin a new ` +
        "epoch with `bobchat network new`\n",
    );
  },
);

testWith(NEEDED, "a history file of another network is one sentence, exit 1", async () => {
  await using nats = await Nats.start();
  await inFolder(async (folder) => {
    const history = ["--history", `${folder}/one.db`];
    {
      await using one = await node(nats, "one", ...history, "--network", "tearoom");
      assertEquals(await one.stop(), 0);
    }
    {
      await using _other = await node(nats, "other");
    }
    const { code, stdout, stderr } = await run(["--port", "0", "--nats", nats.url, ...history]);
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [1, "", 1], stderr);
    assertStringIncludes(stderr, "tearoom");
    await using again = await node(nats, "one", ...history, "--network", "tearoom");
    assertEquals(await again.stop(), 0);
  });
});
