// What strangers may do at the web carrier: come and go as they like, and cost nobody anything.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { App } from "./app.ts";
import { Bobchat, Client, needsNetwork, Program, run, testWith } from "./bobchat.ts";

const DRIVER = new URL("sockets.py", import.meta.url).pathname;

testWith(["python3"], "whoever is refused and resets at once ends nobody else", async () => {
  await using bobchat = await Bobchat.start(["--log-level", "warning"]);
  using alice = await Client.join(bobchat.port, "alice");
  const scenario = [DRIVER, "resets_upgrades", `${bobchat.port}`, "web"];
  await using driver = new Program(["python3", scenario]);
  assertEquals([await driver.end(), driver.stdout.text], [0, "done\n"], driver.stderr.text);
  await alice.send("all well?\n");
  await alice.until(": all well?\r\n");
  assertEquals(bobchat.stderr.text, "");
  assertEquals(await bobchat.stop(), 0);
});

Deno.test(
  "where many wait from one address, the eldest makes room for a newcomer",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using all = new DisposableStack();
    const first = all.use(await App.open(bobchat.port));
    for (let i = 0; i < 200; i++) all.use(await App.open(bobchat.port));
    await first.end();
    using late = await App.join(bobchat.port, { name: "late" });
    await late.until(({ type, to }) => type === "renamed" && to === "late");
  },
);

Deno.test("a request that trickles in has ten seconds in all", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using slow = await Client.connect(bobchat.port);
  const since = performance.now();
  await slow.send("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
  const trickle = setInterval(() => void slow.send("x"), 200);
  try {
    assertMatch(await slow.end(), /^HTTP\/1\.1 408 [^]*\r\nconnection: close\r\n/);
  } finally {
    clearInterval(trickle);
  }
  assert(performance.now() - since > 9000);
});

Deno.test(
  "whoever finds the server full is told so, and to come again",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--max-clients", "1"]);
    using _alice = await Client.join(bobchat.port);
    using app = await App.open(bobchat.port);
    await app.send({ type: "join" });
    await app.end();
    assertStringIncludes(String(app.frames[0]?.text), "The room is full (it holds 1)");
    assertEquals(app.closedWith, 1013);
  },
);

Deno.test(
  "an app that has said nothing yet is told too that the server stops",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using app = await App.open(bobchat.port);
    assertEquals(await bobchat.stop(), 0);
    await app.end();
    assertEquals(app.closedWith, 1001);
  },
);

Deno.test("binary words are no first words either", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using app = await App.open(bobchat.port);
  await app.sendFrame(new TextEncoder().encode('{"type":"join"}'), { opcode: 2 });
  await app.end();
  assertEquals([app.frames, app.closedWith], [[], 1003]);
});

Deno.test(
  "what its app has had already, a link that is made again does not bring",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using bob = await Client.join(bobchat.port, "bob");
    using first = await App.join(bobchat.port);
    await bob.send("once\n");
    await first.untilSaid("once");
    const { token, received } = first;
    first[Symbol.dispose]();
    using second = await App.open(bobchat.port);
    await second.send({ type: "join", token, received });
    await second.until(({ type }) => type === "resumed");
    await bob.send("twice\n");
    await second.untilSaid("twice");
    assertEquals(second.texts, ["twice"]);
    // Two windows of one app: the one that came last has the session.
    using third = await App.open(bobchat.port);
    await third.send({ type: "join", token, received: received + 1 });
    await third.until(({ type }) => type === "resumed");
    await second.end();
    assertEquals(second.closedWith, 4001);
  },
);

Deno.test(
  "who came in where nobody could read along does not go on where somebody may",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--trusted-proxy", "127.0.0.1"]);
    const open = (proto: string) =>
      App.open(bobchat.port, {
        headers: { "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": proto },
      });
    using first = await open("https");
    await first.send({ type: "join", name: "ann" });
    await first.until(({ type }) => type === "welcome");
    const { token, received } = first;
    first[Symbol.dispose]();
    using plain = await open("http");
    await plain.send({ type: "join", token, received });
    await plain.until(({ type }) => type === "welcome");
    assert(plain.token !== token);
  },
);

Deno.test("what asks for another protocol gets the page all the same", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  for (
    const [request, status, header] of [
      ["GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade", "200 OK", "text/html"],
      ["DELETE / HTTP/1.1", "405 Method Not Allowed", "GET, HEAD"],
      ["GET /x HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade", "404 Not Found", "nosniff"],
    ]
  ) {
    using client = await Client.connect(bobchat.port);
    await client.send(`${request}\r\nHost: x\r\n\r\n`);
    await client.endWrites();
    const answer = await client.end();
    assertStringIncludes(answer, `HTTP/1.1 ${status}\r\n`);
    assertStringIncludes(answer, header!);
  }
});

Deno.test("an app that comes back from a banned address is put out", needsNetwork, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const history = ["--history", `${folder}/history.db`];
    await using bobchat = await Bobchat.start([...history, "--trusted-proxy", "127.0.0.1"]);
    using alice = await Client.join(bobchat.port, "alice");
    await alice.send("/register correct horse\n");
    await alice.until("*** alice is yours now.");
    assertEquals((await run(["operator", "add", "alice", ...history])).code, 0);
    await alice.send("/ban 198.51.100.7\n");
    await alice.until("*** 198.51.100.7 is banned");
    const open = (address: string) =>
      App.open(bobchat.port, { headers: { "X-Forwarded-For": address } });
    using first = await open("203.0.113.9");
    await first.send({ type: "join" });
    await first.until(({ type }) => type === "members");
    const { token } = first;
    using second = await open("203.0.113.10");
    await second.send({ type: "join", token });
    await second.until(({ type }) => type === "members");
    await second.send({ type: "say", text: "hello" });
    await alice.until("*** guest2 joined (2 here)\r\n");
    await alice.send("/whois guest2\n");
    await alice.until("from 203.0.113.10.");
    using banned = await open("198.51.100.7");
    await banned.send({ type: "join", token, received: second.received });
    await banned.until(({ text }) => text === "Your address is banned.");
    await banned.end();
    assertEquals(banned.closedWith, 1000);
    await alice.until("*** guest2 left");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
