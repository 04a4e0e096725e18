// The README's lines that start two bobchats and NATS, but at ports that are free.

import readme from "../../README.md" with { type: "text" };
import { assertEquals } from "../assert.ts";
import { Bobchat, Client, testWith } from "./bobchat.ts";
import { Nats } from "./nats.ts";
import { haveHeard, NEEDED } from "./nodes.ts";

testWith(NEEDED, "three lines of the README start two bobchats that are one chat", async () => {
  const [, block] = /```sh\n(nats-server .*?)\n```/s.exec(readme)!;
  const [nats, ...starts] = block!.split("\n").map((line) => line.replace(/ &$/, ""));
  assertEquals([nats, starts.length], ["nats-server -js", 2]);
  await using server = await Nats.start();
  const start = (line: string) => {
    assertEquals(line.startsWith("deno task start "), true, line);
    const here = line.replace("localhost", server.url.replace("nats://", "")).replace(
      / --port \d+$/,
      "",
    );
    return Bobchat.start(here.split(" ").slice(3));
  };
  await using one = await start(starts[0]!);
  await using two = await start(starts[1]!);
  using alice = await Client.join(one.port, "alice");
  using bob = await Client.join(two.port, "bob");
  await alice.send("m0 alice\n");
  await haveHeard([alice, bob], [["m0 alice"]]);
});
