// Several bobchats that are one room, for tests: starts them, has people talk on them, and compares what all of
// them were sent.

import { delay } from "../../lib/std/typed.ts";
import { assertEquals } from "../assert.ts";
import { App } from "./app.ts";
import { Bobchat, Client, needsNetwork } from "./bobchat.ts";
import { Nats } from "./nats.ts";

/** The programs that these tests need. */
export const NEEDED = ["nats-server"];
/** Whether more rounds and longer outages are asked for, by hand. */
export const IS_LONG = !needsNetwork.ignore && Deno.env.has("CLUSTER_LONG");

/** Starts a node. */
export function node(nats: Nats, name: string, ...args: string[]): Promise<Bobchat> {
  return Bobchat.start(["--nats", nats.url, "--node", name, "--rate", "0", ...args]);
}

/** Two bobchats that are one room. */
export interface Pair extends AsyncDisposable {
  readonly nats: Nats;
  readonly one: Bobchat;
  readonly two: Bobchat;
  /** She is on the first, and knows that bob has joined. */
  readonly alice: Client;
  /** He is on the other. */
  readonly bob: Client;
}

/** Starts two nodes, with somebody on each. */
export async function startPair(): Promise<Pair> {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await Nats.start());
  const one = stack.use(await node(nats, "one")), two = stack.use(await node(nats, "two"));
  const alice = stack.use(await Client.join(one.port, "alice"));
  const bob = stack.use(await Client.join(two.port, "bob"));
  await alice.until("*** bob joined (2 here)\r\n");
  const all = stack.move();
  return { nats, one, two, alice, bob, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** An app over JSON lines, which is sent the number of each message. */
export async function joinApp(
  { port }: Bobchat,
  fields: Record<string, unknown> = {},
): Promise<App> {
  const app = App.overLines(await Deno.connect({ hostname: "127.0.0.1", port }));
  await app.send({ type: "join", ...fields });
  await app.until(({ type }) => type === "welcome" || type === "resumed");
  return app;
}

/** All that somebody was sent of what people said, without times. */
export function said({ incoming }: Pick<Client, "incoming">): string[] {
  return [...incoming.text.matchAll(/\): (m\d+ \w+)\r?$/gm)].map(([, text]) => text!);
}

/**
 * Talks until it is told to stop, at a pace of so many milliseconds a message; returns how to stop, which gives
 * all that was said. The pace is the load of a test, and waits for nothing.
 */
export function talk(client: Client, name: string, pace = 1): () => Promise<string[]> {
  const all: string[] = [];
  let isOver = false;
  const talking = (async () => {
    while (!isOver && !client.incoming.ended) {
      const text = `m${all.length} ${name}`;
      all.push(text);
      try {
        await client.send(`${text}\n`);
      } catch (error) {
        // Whose server was killed says no more.
        if (!(error instanceof Error) || !GONE.includes(error.name)) throw error;
        return;
      }
      await delay(pace);
    }
  })();
  return async () => {
    isOver = true;
    await talking;
    return all;
  };
}

const GONE = ["BrokenPipe", "ConnectionReset", "BadResource", "Interrupted"];

/** Waits until everybody has heard all, and checks that all have heard the same once and in one order. */
export async function haveHeard(
  clients: readonly Pick<Client, "incoming">[],
  texts: readonly string[][],
): Promise<void> {
  const count = texts.flat().length;
  for (const { incoming } of clients) {
    const last = texts.map((each) => each.at(-1)!);
    await incoming.when(
      () => last.every((text) => incoming.text.includes(`: ${text}\r\n`)),
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

/**
 * Checks that apps were sent the same: each all messages from its first one on, in the order of their numbers, and
 * all the same under a number. Returns the texts in that order.
 */
export function agreed(apps: readonly App[]): string[] {
  const all = new Map<number, { fields: string; text: string }>();
  for (const { frames } of apps) {
    let last: number | undefined;
    for (const { seq: _, ...frame } of frames) {
      if (frame.type !== "message") continue;
      const id = Number(frame.id), fields = JSON.stringify(frame);
      if (last !== undefined) {
        assertEquals(id, last + 1, "something is missing, or in another order");
      }
      last = id;
      assertEquals(fields, all.get(id)?.fields ?? fields, "something else under one number");
      all.set(id, { fields, text: String(frame.text) });
    }
  }
  return [...all].sort(([a], [b]) => a - b).map(([, { text }]) => text);
}

/** Milliseconds between two tries of somebody who types the same again: a pace at which people can. */
const PACE = 200;

/** Somebody types this again and again, until they read what they expect. */
export async function typeUntil(client: Client, typed: string, expected: string): Promise<void> {
  let isOver = false;
  const typing = (async () => {
    while (!isOver) {
      await client.send(typed);
      await delay(PACE);
    }
  })();
  try {
    await client.until(expected);
  } finally {
    isOver = true;
    await typing;
  }
}
