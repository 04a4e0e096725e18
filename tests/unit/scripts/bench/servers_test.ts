// The servers that --peer adds.

import { pairs, peer, type Server } from "../../../../scripts/bench/servers.ts";
import { assertEquals, assertRejects } from "../../../assert.ts";

function server(name: string): Server {
  return { name, command: () => [], dialect: {} };
}

Deno.test("a peer is started by its command, on the port that it is given", async () => {
  const [one] = await peer("mine=serve -p {port}", "");
  assertEquals(one!.name, "mine");
  assertEquals(one!.command(7777, false), ["sh", "-c", "exec serve -p 7777"]);
});

Deno.test("a peer's command may have the rate where bobchat has it", async () => {
  const [one] = await peer("mine=serve {port} {rate}", "");
  const commands = [false, true].map((paced) => one!.command(1, paced)[2]);
  assertEquals(commands, ["exec serve 1 --rate 0", "exec serve 1 "]);
});

Deno.test("a peer that cannot be started on a port is refused", async () => {
  for (const text of ["mine", "mine=", "=serve {port}", "mine=serve"]) {
    await assertRejects(() => peer(text, ""), SyntaxError, "--peer takes");
  }
});

Deno.test("an earlier version is compared by each way in that both have", () => {
  const all = [
    "bobchat",
    "bobchat, TLS",
    "bobchat, web",
    "limit.c",
    "before",
    "before, TLS",
    "before, x",
  ];
  assertEquals(
    pairs(all.map(server)).map((pair) => pair.map(({ name }) => name)),
    [["before", "bobchat"], ["before, TLS", "bobchat, TLS"]],
  );
  assertEquals(pairs(["bobchat", "limit.c", "beforehand"].map(server)), []);
});
