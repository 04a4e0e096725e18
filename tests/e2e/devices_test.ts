// One person with several connections, of different programs and on different servers of a network.

import { assert, assertEquals } from "../assert.ts";
import { App } from "./app.ts";
import { Bobchat, Client, command, needsNetwork, Program, run, testWith } from "./bobchat.ts";
import { testPage } from "./chromium.ts";
import { inFolder } from "./folder.ts";
import { Nats } from "./nats.ts";
import { joinApp, NEEDED, node } from "./nodes.ts";

const PASSWORD = "tea for two";

/** Somebody with a registered name. */
async function register(port: number, name: string): Promise<Client> {
  const client = await Client.join(port, name);
  await client.send(`/register ${PASSWORD}\n`);
  await client.until(`${name} is yours now`);
  return client;
}

/** The same person over one more connection. */
async function again(port: number, name: string): Promise<Client> {
  const client = await Client.join(port);
  await client.send(`/nick ${name} ${PASSWORD}\n`);
  await client.until(`You are ${name}.`);
  return client;
}

testPage(
  [],
  "nc, the page and bobchat connect are one person, in both directions",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    using bob = await Client.join(bobchat.port, "bob");
    using nc = await register(bobchat.port, "alice");
    await bob.until("alice joined (2 here)");
    await using connect = new Program(command(["connect", `127.0.0.1:${bobchat.port}`]));
    await connect.type(`/nick alice ${PASSWORD}\n`);
    await connect.stdout.until("You have 2 connections now");
    const page = await visits.open(bobchat);
    await page.page.locator("#name-name").fill("alice");
    await page.page.getByRole("dialog").getByLabel("Password").fill(PASSWORD);
    await page.page.keyboard.press("Enter");
    await page.shows("#me", ["alice"]);
    await page.shows("#members button", ["alice (you)", "bob"]);

    await nc.send("from nc\n");
    await connect.stdout.until(/^alice\(.*\): from nc$/m);
    await page.sees("from nc");
    await connect.type("from connect\n/msg bob psst\n");
    await page.sees("from connect");
    await nc.until(/^alice\(.*\) to bob: psst\r$/m);
    await page.say("from the page");
    await nc.until(/^alice\(.*\): from the page\r$/m);
    await connect.stdout.until(/^alice\(.*\): from the page$/m);
    await bob.send("/msg alice got it\n/who\n");
    await nc.until(/^bob\(.*\) to alice: got it\r$/m);
    await connect.stdout.until(/^bob\(.*\) to alice: got it$/m);
    await page.choose("bob");
    await page.shows("#log .private .text", ["psst", "got it"]);
    const heard = await bob.until("Here (2): bob, alice\r\n");
    assertEquals([...heard.matchAll(/alice (?:joined|left)/g)].length, 1);
    for (const text of ["from nc", "from connect", "from the page"]) {
      for (const each of [heard, nc.incoming.text, connect.stdout.text]) {
        assertEquals(each.split(text).length, 2, `${text} once in ${each}`);
      }
    }

    // One ends, and nobody is told; then another of them ends the last but one.
    await connect.type("/quit\n");
    assertEquals(await connect.end(), 0);
    await nc.send("/whois alice\n");
    await nc.until(/Connection 1: terminal at 127\.0\.0\.1, for \d+ seconds?, this one\r\n/);
    await nc.until(/Connection 3: page or bot at 127\.0\.0\.1, for \d+ seconds?\r\n/);
    await nc.send("/disconnect 3\n");
    await page.page.locator("#status").getByText("You have ended this connection").waitFor();
    await nc.send("/quit\n");
    const rest = await bob.until("alice left");
    assertEquals([...rest.matchAll(/alice left/g)].length, 1);
  },
);

testPage([], "two tabs of one browser are one person without a password", async (visits) => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  const one = await visits.open(bobchat, { name: "ann" });
  await bob.until("ann joined (2 here)");
  const two = await visits.openIn(one.page.context(), bobchat);
  await two.shows("#me", ["ann"]);
  await two.shows("#log .error", []);
  await two.say("from the second tab");
  await one.sees("from the second tab");
  await one.say("/join tea");
  await two.page.locator("#rooms button").filter({ hasText: "#tea" }).waitFor();
  await one.page.close();
  await two.say("still one");
  await bob.send("/who\n");
  const heard = await bob.until("Here (2): bob, ann\r\n");
  await bob.until(/^ann\(.*\): still one\r$/m);
  assert(!/guest2|ann left|is taken/.test(heard), heard);
  // Another browser is somebody else.
  const other = await visits.open(bobchat);
  await other.page.locator("#name-name").fill("ann");
  await other.page.keyboard.press("Enter");
  await other.page.locator("#name-dialog .outcome").getByText("ann is taken").waitFor();
});

Deno.test(
  "a secret of a browser makes connections one person, and never comes out",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--log-level", "debug"]);
    const browser = "0123456789abcdef0123456789abcdef";
    using one = await App.join(bobchat.port, { browser, name: "ann" });
    using two = await App.join(bobchat.port, { browser });
    assertEquals(two.frames.find(({ type }) => type === "welcome")?.name, "ann");
    using other = await App.join(bobchat.port, { browser: browser.replace("0", "1") });
    assert(other.frames.find(({ type }) => type === "welcome")?.name !== "ann");
    await two.send({ type: "say", text: "hello" });
    for (const app of [one, two, other]) await app.until(({ text }) => text === "hello");
    for (const app of [one, two, other]) assert(!JSON.stringify(app.frames).includes(browser));
    assertEquals(await bobchat.stop(), 0);
    assert(!bobchat.stderr.text.includes(browser));
  },
);

Deno.test(
  "/kick ends all connections of somebody, and --max-devices is how many they have",
  needsNetwork,
  async () => {
    await inFolder(async (folder) => {
      const history = `${folder}/chat.db`;
      await using bobchat = await Bobchat.start(["--history", history, "--max-devices", "2"]);
      using host = await register(bobchat.port, "host");
      await run(["operator", "add", "host", "--history", history]);
      using one = await register(bobchat.port, "bob");
      using two = await again(bobchat.port, "bob");
      using three = await Client.join(bobchat.port);
      await three.send(`/nick bob ${PASSWORD}\n`);
      await three.until("bob has 2 connections, and cannot have more");
      await host.send("/kick bob enough\n");
      for (const each of [one, two]) await each.incoming.end();
      for (const each of [one, two]) await each.until("You were kicked by host: enough.");
      await host.until("bob left: kicked by host: enough");
      await three.send("still here\n");
      await host.until("still here");
    });
  },
);

testWith(
  NEEDED,
  "one person on two bobchats: words once to each, and a server that stops takes only its own",
  async () => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one");
    await using two = await node(nats, "two");
    using bob = await Client.join(one.port, "bob");
    using desk = await register(one.port, "alice");
    await bob.until("alice joined");
    using phone = await again(two.port, "alice");
    using app = await joinApp(two, { name: "alice", password: PASSWORD });
    await app.until(({ type, to }) => type === "renamed" && to === "alice");
    await desk.send("from one\n");
    await phone.until(/^alice\(.*\): from one\r$/m);
    await phone.send("/msg bob from two\n");
    await desk.until(/^alice\(.*\) to bob: from two\r$/m);
    await bob.send("/msg alice to both\n");
    for (const each of [desk, phone]) await each.until(/^bob\(.*\) to alice: to both\r$/m);
    await app.until(({ text }) => text === "to both");
    assertEquals(
      app.frames.filter(({ type }) => type === "message").map(({ text }) => text),
      ["from one", "from two", "to both"],
    );
    await desk.send("/whois alice\n");
    await desk.until(/Connection 2: terminal at 127\.0\.0\.1, on two, for /);
    assertEquals(await two.stop(), 0);
    await desk.send("/whois alice\n");
    await desk.until(/registered and identified, in #lobby, on one\.\r\n/);
    await desk.send("/quit\n");
    const heard = await bob.until("alice left");
    assertEquals([...heard.matchAll(/alice (?:joined|left)/g)].length, 2, heard);
  },
);
