// What a node of a network may do, and what is loaded without a network.

import { assert, assertEquals } from "../assert.ts";
import { Bobchat, Client, needsNetwork, Program, testWith } from "./bobchat.ts";
import { Nats } from "./nats.ts";
import { haveHeard, NEEDED } from "./nodes.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** What every server needs to read its options and to print where it is. */
const AS_ALWAYS = [
  "--allow-env=BOBCHAT_*,WS_*,NO_COLOR,TERM,COLORFGBG",
  "--allow-sys=networkInterfaces",
];

testWith(NEEDED, "for NATS nothing needs to be allowed but the network", async () => {
  await using nats = await Nats.start();
  const where = ["--port", "0", "--host", "127.0.0.1", "--node", "one", "--nats", nats.url];
  const words = ["run", "--no-prompt", "--allow-net", ...AS_ALWAYS, MAIN, ...where];
  await using one = await Bobchat.spawn(Deno.execPath(), words);
  using alice = await Client.join(one.port, "alice");
  await alice.send("m0 alice\n");
  await haveHeard([alice], [["m0 alice"]]);
  await nats.kill();
  await nats.restart();
  await alice.send("m1 alice\n");
  await haveHeard([alice], [["m0 alice", "m1 alice"]]);
  assertEquals(await one.stop(), 0);
  assert(!one.stderr.text.includes("NotCapable"), one.stderr.text);
});

/** A module of the program, and what it imports. */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

Deno.test(
  "without --nats no package of NATS is loaded, and nothing of lib/cluster",
  needsNetwork,
  async () => {
    await using info = new Program([Deno.execPath(), ["info", "--json", MAIN]], { input: false });
    assertEquals(await info.end(), 0, info.stderr.text);
    const { modules }: { modules: readonly Module[] } = JSON.parse(info.stdout.text);
    const byName = new Map(modules.map((module) => [module.specifier, module]));
    const loaded = new Set<string>(), asked: string[] = [];
    const load = (name: string) => {
      if (loaded.has(name)) return;
      loaded.add(name);
      for (const { code, isDynamic } of byName.get(name)?.dependencies ?? []) {
        if (code?.specifier === undefined) continue;
        // What only --nats, or the command about networks, asks for.
        if (isDynamic && /\/cli\/(?:node|admin\/network)\.ts$/.test(code.specifier)) {
          asked.push(code.specifier);
        } else load(code.specifier);
      }
    };
    load(`file://${MAIN}`);
    const ofNetworks = /@nats-io|\/lib\/cluster\//;
    assert(loaded.size > 100 && asked.length === 2, `${loaded.size} ${asked}`);
    assertEquals([...loaded].filter((name) => ofNetworks.test(name)), []);
    for (const name of asked) load(name);
    assert([...loaded].some((name) => name.includes("@nats-io/transport-node")));
  },
);
