// The page in a browser: conversation, rooms, private messages, and who is there.

import { assertEquals } from "../assert.ts";
import { Bobchat, Client, Program } from "./bobchat.ts";
import { testPage, type Visitor } from "./chromium.ts";
import { drop } from "./in_page.js";
import { Prefix } from "./prefix.ts";

testPage(["nc"], "two pages and nc in one room see the same, in the same order", async (visits) => {
  await using bobchat = await Bobchat.start(["--rate", "0"]);
  const ann = await visits.open(bobchat, { name: "ann" });
  const bob = await visits.open(bobchat, { name: "bob" });
  await using nc = new Program(["nc", ["127.0.0.1", String(bobchat.port)]]);
  await nc.type("/nick carl\n");
  await nc.stdout.until(/is now carl|You are carl/);
  const spoken = async (who: (text: string) => Promise<void>, letter: string) => {
    for (let i = 0; i < 10; i++) await who(`${letter}${i}`);
  };
  await Promise.all([
    spoken((text) => ann.say(text), "a"),
    spoken((text) => bob.say(text), "b"),
    spoken((text) => nc.type(`${text}\n`), "c"),
  ]);
  for (const last of ["a9", "b9", "c9"]) {
    await Promise.all([ann.sees(last), bob.sees(last), nc.stdout.until(`: ${last}\r\n`)]);
  }
  const heard = [...nc.stdout.text.matchAll(/^\w+\(.*?\): (\w\d)\r$/gm)].map(([, text]) => text);
  assertEquals(heard.length, 30);
  assertEquals(await ann.said(), heard);
  assertEquals(await bob.said(), heard);
});

testPage([], "behind a reverse proxy it works under any path", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  using proxy = new Prefix(bobchat.port, "/some/chat/");
  const ann = await visits.open(proxy, { name: "ann" });
  await ann.say("hello");
  await carl.until(/^ann\(.*\): hello\r$/m);
  await carl.send("hello yourself\n");
  await ann.sees("hello yourself");
  assertEquals(proxy.strays, []);
});

testPage([], "several lines are several messages, and /me is an action", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const ann = await visits.open(bobchat, { name: "ann" });
  await ann.page.locator("#text").pressSequentially("one");
  await ann.page.keyboard.press("Shift+Enter");
  await ann.page.keyboard.insertText("two");
  await ann.page.keyboard.press("Enter");
  await ann.say("/me waves");
  await carl.until(/^ann\(.*\): one\r\nann\(.*\): two\r\n\* ann\(.*\) waves\r$/m);
  await ann.page.locator("#log .action").getByText("ann waves").waitFor();
});

testPage([], "rooms are entered, read, and left", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const ann = await visits.open(bobchat, { name: "ann" });
  await ann.say("/join tea");
  await ann.isIn("#tea");
  await carl.send("/join cake\n/topic with cream\n");
  await carl.until("set the topic");
  // The dialog lists the rooms there are, and what is typed narrows them down.
  await ann.page.keyboard.press("Control+k");
  await ann.page.locator("#rooms-list").getByText("with cream").waitFor();
  await ann.page.locator("#rooms-name").fill("ca");
  await ann.shows("#rooms-list .row-title", ["#cake"]);
  await ann.page.locator("#rooms-list button").click();
  await ann.isIn("#cake");
  await ann.shows("#topic", ["with cream"]);
  await ann.choose("#lobby");
  await carl.send("first\nsecond\n");
  await badge(ann, "#cake", "2");
  await ann.choose("#cake");
  await badge(ann, "#cake", "");
  await ann.say("/rooms");
  await ann.page.locator("#rooms-list").getByText("with cream").waitFor();
  await ann.page.keyboard.press("Escape");
  await ann.page.locator("#log .new + .entry").getByText("first", { exact: true }).waitFor();
  await ann.page.getByRole("button", { name: "Leave #cake" }).click();
  await ann.isIn("#lobby");
  await carl.until("*** ann left");
  await ann.shows("#rooms button", ["#lobby", "#tea"]);
  assertEquals(await ann.page.locator("#leave").isVisible(), false);
});

testPage(
  [],
  "a room that is locked is not entered, and what else goes wrong keeps nobody out",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    using carl = await Client.join(bobchat.port, "carl");
    await carl.send("/join cake\n/lock\n");
    await carl.until("lock");
    const ann = await visits.open(bobchat, { name: "ann" });
    await ann.say("/join cake");
    await ann.page.locator("#log .error").getByText("#cake is locked").waitFor();
    await ann.shows("#title", ["#lobby"]);
    // The one is refused while the other is on its way.
    await ann.say("/nosuch\n/join tea");
    await ann.isIn("#tea");
    await ann.say("/msg nobody hello");
    await ann.page.locator("#log .error").getByText("nobody").waitFor();
    await ann.shows("#title", ["#tea"]);
    await ann.shows("#people button", []);
  },
);

testPage([], "whoever is chosen among the members is written to alone", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const [ann, bob] = [
    await visits.open(bobchat, { name: "ann" }),
    await visits.open(bobchat, { name: "bob" }),
  ];
  await ann.page.locator("#members").getByText("bob").click();
  await ann.isIn("bob");
  await ann.say("psst");
  await badge(bob, "ann", "1");
  await bob.choose("ann");
  await bob.say("what is it?");
  await Promise.all([ann.sees("what is it?"), bob.sees("what is it?")]);
  assertEquals([await ann.said(), await bob.said()], [
    ["psst", "what is it?"],
    ["psst", "what is it?"],
  ]);
  await carl.send("/who\n");
  assertEquals((await carl.until("*** Here (3)")).includes("psst"), false);
  await ann.page.getByRole("button", { name: "Close bob" }).click();
  await ann.isIn("#lobby");
  await ann.shows("#people button", []);
});

testPage(
  [],
  "the members follow who comes, goes, is away and is called otherwise",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    const ann = await visits.open(bobchat, { name: "ann" });
    await members(ann, "In #lobby: 1", ["ann (you)"]);
    using carl = await Client.join(bobchat.port, "carl");
    await members(ann, "In #lobby: 2", ["ann (you)", "carl"]);
    await carl.send("/away lunch\n");
    await members(ann, "In #lobby: 2", ["ann (you)", "carl (away)"]);
    await carl.send("/away\n/nick aaron\n");
    await members(ann, "In #lobby: 2", ["aaron", "ann (you)"]);
    await carl.send("/quit\n");
    await members(ann, "In #lobby: 1", ["ann (you)"]);
  },
);

testPage([], "who chooses themselves among the members finds their settings", async (visits) => {
  await using bobchat = await Bobchat.start();
  const ann = await visits.open(bobchat, { name: "ann" });
  await ann.page.locator("#members").getByText("ann").click();
  await ann.page.getByRole("dialog", { name: "You" }).waitFor();
  await ann.page.keyboard.press("Escape");
  await ann.isIn("#lobby");
  await ann.shows("#people button", []);
  await ann.say("/msg Ann hello");
  await ann.page.locator("#log .error").getByText("You cannot write to yourself").waitFor();
});

testPage(
  [],
  "what is dropped is opened nowhere, and only a text may be dropped to be sent",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    const ann = await visits.open(bobchat, { name: "ann" });
    const goesOn = async (selector: string, isFile: boolean) =>
      await ann.page.evaluate(drop, { selector, isFile });
    for (const selector of ["#log", "#members", "header", "#text"]) {
      assertEquals(await goesOn(selector, true), [false, false], selector);
    }
    assertEquals(await goesOn("#log", false), [false, false]);
    assertEquals(await goesOn("#text", false), [true, true]);
  },
);

/** Waits until a conversation in the list has this many unread. */
async function badge({ page }: Visitor, title: string, count: string): Promise<void> {
  const items = page.locator("#rooms li, #people li").filter({ hasText: title });
  if (count === "") return await items.locator(".badge").waitFor({ state: "detached" });
  await items.locator(".badge").getByText(count, { exact: true }).waitFor();
}

/** Waits until the list of members has this title, and these in it. */
async function members(visitor: Visitor, title: string, names: readonly string[]): Promise<void> {
  await visitor.shows("#members-title", [title]);
  await visitor.shows("#members button", names);
}
