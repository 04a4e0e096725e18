// Two bobchats over three servers of NATS, of which the one that leads is killed. It is for once in a while, by
// hand, with CLUSTER_LONG in the environment: it takes minutes, and tells how long people hear nothing.

import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { assert, assertEquals } from "../assert.ts";
import type { App } from "./app.ts";
import { Bobchat, Client, inTime } from "./bobchat.ts";
import { Nats } from "./nats.ts";
import { agreed, IS_LONG, joinApp, talk } from "./nodes.ts";

/** How often the leader is killed, before all are. */
const ROUNDS = 10;

/** Three servers that know each other, by their names. */
async function startThree(): Promise<Map<string, Nats>> {
  const listeners = ["a", "b", "c"].map(() => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`);
  return new Map(
    await Promise.all(
      ports.map(async (port, i) => {
        const name = `server${i}`;
        const cluster = JSON.stringify({ name: "test", listen: `127.0.0.1:${port}`, routes });
        const server = await Nats.start(
          `server_name: ${name}\nhttp: "127.0.0.1:-1"\ncluster ${cluster}`,
        );
        return [name, server] as const;
      }),
    ),
  );
}

/**
/**
 * Whether all three have all that NATS knows of its streams and consumers. A leader that dies before is a second
 * failure during the first: the servers may then need half a minute to agree on another.
 */
async function isMetaWhole(servers: Map<string, Nats>): Promise<boolean> {
  const all = await Promise.all(
    [...servers.values()].map(async ({ monitoring }) => {
      const answer = await fetch(`${monitoring}/jsz`);
      // Only the server that leads them knows of the others.
      const { meta_cluster: { replicas = [] } } = await answer.json() as {
        meta_cluster: { replicas?: { current: boolean; offline?: boolean }[] };
      };
      return replicas.length === 2 &&
        replicas.every(({ current, offline }) => current && !offline);
    }),
  );
  return all.includes(true);
}

/**
 * Which server leads the stream, once all three have all of it and of what NATS knows. NATS tells nobody when that
 * is so: it is asked again whenever the app has heard more, which takes a leader and gives the others something to
 * have.
 */
async function leader(servers: Map<string, Nats>, app: App): Promise<string> {
  const connection = await connect({ servers: [...servers.values()].map(({ url }) => url) });
  try {
    const { streams } = await jetstreamManager(connection, { timeout: 1000, checkAPI: false });
    const look = async () => {
      for (;;) {
        try {
          const { cluster } = await streams.info("bobchat_bobchat_1");
          const isWhole = cluster?.replicas?.length === 2 &&
            cluster.replicas.every(({ current, offline }) => current && !offline);
          if (isWhole && cluster.leader && await isMetaWhole(servers)) return cluster.leader;
        } catch (error) {
          if (!(error instanceof Error)) throw error;
        }
        await app.hears(100);
      }
    };
    return await inTime(look(), () => "all three to have all");
  } finally {
    await connection.close();
  }
}

const name = "with three servers of NATS, whichever leads is killed: nothing is lost or doubled";

Deno.test({ name, ignore: !IS_LONG }, async () => {
  const servers = await startThree();
  await using all = new AsyncDisposableStack();
  for (const server of servers.values()) all.use(server);
  const nats = [...servers.values()].map(({ url }) => url).join();
  const start = (name: string) => Bobchat.start(["--nats", nats, "--node", name, "--rate", "0"]);
  await using one = await start("one");
  await using two = await start("two");
  const apps = [await joinApp(one), await joinApp(two)] as const;
  using alice = await Client.join(one.port, "alice");
  using bob = await Client.join(two.port, "bob");
  const talking = [talk(alice, "alice", 2), talk(bob, "bob", 2)];
  /** The longest time in which an app was sent no message, until much has been heard after something was done. */
  const silence = async (something: () => Promise<unknown>): Promise<number> => {
    await apps[0].hears(500);
    let longest = 0, heard = performance.now(), isOver = false;
    const watching = (async () => {
      while (!isOver) {
        await apps[0].hears(1);
        // That the others are lost is no message.
        if (apps[0].frames.at(-1)!.type !== "message") continue;
        longest = Math.max(longest, performance.now() - heard);
        heard = performance.now();
      }
    })();
    try {
      await something();
      await apps[0].hears(500);
    } finally {
      isOver = true;
      await watching;
    }
    return Math.round(longest);
  };
  const silences: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const server = servers.get(await leader(servers, apps[0]))!;
    silences.push(await silence(() => server.kill()));
    await server.restart();
  }
  await leader(servers, apps[0]);
  const ofAll = await silence(async () => {
    await Promise.all([...servers.values()].map((server) => server.kill()));
    await Promise.all([...servers.values()].map((server) => server.restart()));
  });
  const texts = await Promise.all(talking.map((hush) => hush()));
  for (const app of apps) {
    for (const each of texts) await app.untilSaid(each.at(-1)!);
  }
  const said = agreed(apps);
  assertEquals(new Set(said).size, said.length, "something is there twice");
  assertEquals(said.length, texts.flat().length, "something is missing");
  for (const { incoming } of [alice, bob]) assert(!incoming.text.includes(" left"));
  console.log(
    `${said.length} messages; ms without a word: ${
      silences.join(", ")
    }; all three killed: ${ofAll}`,
  );
});
