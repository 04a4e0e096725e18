// Words to somebody who is not here, and what is kept for a registered name, over nc and the page: after kill -9, and
// on another bobchat of the network.

import { assert, assertEquals } from "../assert.ts";
import { Bobchat, Client, Program, testWith } from "./bobchat.ts";
import { testPage, type Visitor } from "./chromium.ts";
import { inFolder } from "./folder.ts";
import { isTyped } from "./in_page.js";
import { Nats } from "./nats.ts";
import { NEEDED, node } from "./nodes.ts";

const PASSWORD = "correct horse";
const WAITS = "alice is not here: your message waits, and is shown when alice comes.";

/** alice registers, ignores eve, goes to a room and leaves. */
async function aliceWas({ port }: Bobchat): Promise<void> {
  using alice = await Client.join(port, "alice");
  await alice.send(`/register ${PASSWORD}\n`);
  await alice.until("alice is yours now");
  await alice.send("/ignore eve\n/join tea\n/quit\n");
  await alice.until("Goodbye");
  await alice.end();
}

/** alice is here again, and has been sent all that she is sent. */
async function aliceComes({ port }: Bobchat, password = PASSWORD): Promise<Client> {
  const alice = await Client.join(port);
  await alice.send(`/nick alice ${password}\n`);
  await alice.until("You are alice.\r\n");
  await alice.send("/help identify\n");
  await alice.until("prove that the name is yours");
  return alice;
}

function privates({ incoming }: Client): string[] {
  return [...incoming.text.matchAll(/^(\w+)\(.*\) to alice: (.*)\r$/gm)]
    .map(([, from, text]) => `${from}: ${text}`);
}

testPage(
  ["nc"],
  "words to a friend who is not here wait, also over kill -9, from nc and from the page",
  (visits) =>
    inFolder(async (folder) => {
      const args = ["--history", `${folder}/history.db`, "--rate", "0"];
      visits.expected = /^WebSocket connection to '\S+' failed/;
      {
        await using bobchat = await Bobchat.start(args);
        await aliceWas(bobchat);
        await using nc = new Program(["nc", ["127.0.0.1", String(bobchat.port)]]);
        await nc.type("/nick carl\n");
        await nc.stdout.until(/You are carl|is now carl/);
        await nc.type("/msg alice from nc\n");
        await nc.stdout.until(WAITS);
        const bob = await visits.open(bobchat, { name: "bob" });
        await bob.say("/msg alice from the page");
        await bob.isIn("alice");
        await bob.sees(WAITS);
        await bob.shows("#topic", [
          "not here: what you write waits",
        ]);
        await bob.shows("#members button", ["alice (not here)", "bob (you)"]);
        await bobchat.stop("SIGKILL");
      }
      await using bobchat = await Bobchat.start(args);
      {
        using alice = await aliceComes(bobchat);
        assertEquals(privates(alice), ["carl: from nc", "bob: from the page"]);
        assert(
          /^\*\*\* While you were away, you got 2 private messages:\r$/m.test(alice.incoming.text),
        );
        // Her room and whom she ignores were kept as well.
        await alice.until("You are in #tea.");
        await alice.send("/ignore\n");
        await alice.until("You ignore eve.");
      }
      using again = await aliceComes(bobchat);
      assertEquals(privates(again), []);
      assertEquals(await bobchat.stop(), 0);
    }),
);

testWith(
  NEEDED,
  "on another bobchat of the network somebody finds what waited, and what was kept",
  async () => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one");
    await using two = await node(nats, "two");
    await aliceWas(one);
    using bob = await Client.join(two.port, "bob");
    await bob.send("/msg alice hello\n");
    await bob.until(WAITS);
    // One that comes later knows it from the network.
    await using three = await node(nats, "three");
    using alice = await aliceComes(three);
    assertEquals(privates(alice), ["bob: hello"]);
    await alice.until("You are in #tea.");
    await alice.send("/reply hello yourself\n");
    await bob.until("to bob: hello yourself");
    await alice.send("/password correct horse better-horse\n");
    await alice.until("The password of alice is changed.");
    await alice.send("/quit\n");
    await alice.end();
    using again = await aliceComes(one, "better-horse");
    await again.send("/unregister\n");
    await again.until("To go on, type /unregister alice");
    await again.send("/unregister alice\n");
    await again.until("alice is no longer registered");
    await bob.send("/msg alice bye\n");
    await bob.until("to alice: bye");
    await again.send("/quit\n");
    await again.end();
    await bob.send("/msg alice are you there?\n");
    await bob.until("Messages wait only for registered names, so yours was not sent.");
  },
);

testPage(
  [],
  "a message that can reach nobody comes back to the box, and the page shows who is away",
  async (visits) => {
    await using bobchat = await Bobchat.start(["--rate", "0"]);
    using carl = await Client.join(bobchat.port, "carl");
    const ann = await visits.open(bobchat, { name: "ann" });
    await ann.say("/msg carl hello");
    await ann.isIn("carl");
    await ann.shows("#members button", ["ann (you)", "carl"]);
    await carl.send("/away lunch\n");
    await ann.shows("#members button", ["ann (you)", "carl (away)"]);
    await ann.shows("#topic", ["away"]);
    await ann.choose("#lobby");
    await ann.shows("#members button", ["ann (you)", "carl (away)"]);
    await ann.choose("carl");
    await carl.send("/quit\n");
    await ann.shows("#topic", ["not here"]);
    await ann.page.locator("#text").fill("one\ntwo");
    await ann.page.keyboard.press("Enter");
    await ann.sees(
      "Nobody here is called carl. Messages wait only for registered names, so yours was not sent.",
    );
    await ann.until(isTyped, "one\ntwo");
  },
);

testPage([], "what is unread agrees on another device, with the new line", async (visits) => {
  await using bobchat = await Bobchat.start(["--rate", "0"]);
  using bob = await Client.join(bobchat.port, "bob");
  const desk = await visits.open(bobchat, { name: "ann" });
  await desk.say("/register correct-horse");
  await desk.page.locator("#log").getByText("ann is yours now").waitFor();
  await desk.say("/join tea");
  await desk.isIn("#tea");
  await bob.send("/join tea\nold\n");
  await desk.sees("old");
  await desk.choose("#lobby");
  await bob.send("one\ntwo\n/msg ann psst\n");
  await unread(desk, "#tea", "2");
  await unread(desk, "bob", "1");
  const phone = await visits.open(bobchat, { hasTouch: true });
  await phone.page.locator("#name-name").fill("ann");
  await phone.page.locator("#name-dialog input[name=password]").fill("correct-horse");
  await phone.page.keyboard.press("Enter");
  await phone.shows("#me", ["ann"]);
  await unread(phone, "#tea", "2");
  await unread(phone, "bob", "1");
  // What is read on one is read on the other, and new where it was left.
  await desk.choose("bob");
  await unread(phone, "bob", "");
  await phone.choose("#tea");
  await phone.page.locator("#log .new").waitFor();
  await unread(desk, "#tea", "");
  await desk.page.close();
  // The same browser comes again, and remembers the rooms as the server does.
  await phone.page.close();
  const again = await visits.openIn(phone.page.context(), bobchat);
  await again.shows("#me", ["ann"]);
  await unread(again, "#tea", "");
  await again.choose("#tea");
  await again.say("here");
  await bob.until("ann(");
  await again.sees("here");
  await again.shows("#log .error", []);
});

/** Waits until a conversation has this count of unread messages. */
async function unread({ page }: Visitor, title: string, count: string): Promise<void> {
  const item = page.locator("#rooms li, #people li").filter({ hasText: title });
  await item.waitFor();
  if (count === "") return await item.locator(".badge").waitFor({ state: "detached" });
  await item.locator(".badge").getByText(count, { exact: true }).waitFor();
}
