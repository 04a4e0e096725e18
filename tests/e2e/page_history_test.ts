// The page looking back: scrolling up, and searching.

import { assertAlmostEquals, assertEquals } from "../assert.ts";
import { Bobchat, Client } from "./bobchat.ts";
import { testPage } from "./chromium.ts";
import { hasMoreMessages, overlap, scrollUp } from "./in_page.js";

const CHAT = ["--rate", "0"];
const LINES = Array.from({ length: 300 }, (_, i) => i === 7 ? "a needle" : `line ${i}`);

testPage([], "scrolling up shows all that was said, and nothing jumps", async (visits) => {
  await using bobchat = await serverWithPast();
  const ann = await visits.open(bobchat.server, { name: "ann" });
  await ann.inSight("line 299");
  for (let count = (await ann.said()).length; count < LINES.length;) {
    const first = await ann.page.evaluate(scrollUp);
    await ann.until(hasMoreMessages, count);
    const { top } = await ann.inSight(first.text);
    assertAlmostEquals(top, first.top, 1, `${first.text} jumped`);
    count = (await ann.said()).length;
  }
  assertEquals(await ann.said(), LINES);
  await ann.page.evaluate(scrollUp);
  await ann.inSight("line 0");
  await ann.shows("#log-top", ["This is the beginning of #lobby."]);
  // What is said meanwhile moves nothing, and is counted.
  await bobchat.carl.send("news\n");
  await ann.shows("#newest", ["Jump to newest (1)"]);
  await ann.inSight("line 0");
  // It leaves room for what one types, however much that is.
  for (const text of ["", Array(12).fill("a line").join("\n"), "x".repeat(2000)]) {
    await ann.page.locator("#text").fill(text);
    assertEquals(await ann.page.evaluate(overlap, ["#newest", "#composer"]), false);
    assertEquals(await ann.page.evaluate(overlap, ["#newest", "#log"]), true);
  }
  await ann.page.locator("#newest").click();
  await ann.inSight("news");
});

testPage(
  [],
  "who comes and leaves within a minute is one line, and nothing jumps",
  async (visits) => {
    await using bobchat = await serverWithPast("tea");
    const { server: { port } } = bobchat;
    const ann = await visits.open(bobchat.server, { name: "ann" });
    await ann.say("/join tea");
    await ann.isIn("#tea");
    await ann.inSight("line 299");
    const first = await joinAsGuest(port);
    await ann.shows("#log .notice:last-child .text", [`${first.name} joined (3 here)`]);
    const second = await joinAsGuest(port);
    await ann.shows("#log summary", [`${first.name} and ${second.name} joined`]);
    await ann.shows("#comings", [`${second.name} joined (4 here)`]);
    // While the reader looks back it grows, too, and is nothing that they miss.
    const sight = await ann.page.evaluate(scrollUp);
    await ann.shows("#newest", ["Jump to newest"]);
    const third = await joinAsGuest(port);
    await first.client.send("/quit for tea\n");
    const line = `${second.name} and ${third.name} joined; ${first.name} joined and left`;
    await ann.shows("#log summary", [line]);
    await ann.shows("#newest", ["Jump to newest"]);
    const { top } = await ann.inSight(sight.text);
    assertAlmostEquals(top, sight.top, 1, `${sight.text} jumped`);
    // A screen reader is told what is new, and not the whole line again.
    const spoken = await ann.page.locator("#comings").textContent();
    assertEquals(spoken?.endsWith(`${first.name} left: for tea (4 here)`), true, spoken ?? "");
    assertEquals(await ann.page.locator("#log li:has(summary)").getAttribute("aria-live"), "off");
    // What is in it can be unfolded.
    await ann.page.locator("#newest").click();
    await ann.page.locator("#log summary").click();
    await ann.page.locator("#log details").getByText(`${first.name} left: for tea`).waitFor();
    await bobchat.carl.send("news\n");
    await ann.sees("news");
    await second.client.send("/quit\n");
    await ann.shows("#log .notice:last-child .text", [`${second.name} left (3 here)`]);
    await ann.shows("#log summary", [line]);
    for (const { client } of [first, second, third]) client[Symbol.dispose]();
  },
);

testPage([], "a search finds what was said long ago, and goes there", async (visits) => {
  await using bobchat = await serverWithPast();
  const ann = await visits.open(bobchat.server, { name: "ann" });
  await ann.sees("line 299");
  await ann.say("/join tea");
  await ann.isIn("#tea");
  await ann.page.getByRole("button", { name: "Search" }).click();
  await ann.page.locator("#search-words").fill("need");
  await ann.page.keyboard.press("Enter");
  await ann.page.locator("#search-list").getByText("a needle").click();
  await ann.isIn("#lobby");
  await ann.inSight("a needle");
  assertEquals(await ann.page.locator("#search-dialog").isVisible(), false);
  await ann.page.getByRole("button", { name: "Search" }).click();
  await ann.page.locator("#search-words").fill("nobody said this");
  await ann.page.keyboard.press("Enter");
  await ann.shows("#search-count", ["No messages found."]);
});

/** Somebody with nc who keeps the name that the server gave, in the room tea. */
async function joinAsGuest(port: number): Promise<{ name: string; client: Client }> {
  const client = await Client.join(port);
  await client.send("/join tea\n");
  const greeting = await client.until("You are in #tea");
  const [, name = ""] = /Welcome to bobchat, (\w+)/.exec(greeting)!;
  return { name, client };
}

/** A server in one of whose rooms carl has said many lines. */
async function serverWithPast(room = "lobby") {
  const server = await Bobchat.start(CHAT);
  const carl = await Client.join(server.port, "carl");
  if (room !== "lobby") await carl.send(`/join ${room}\n`);
  await carl.send(LINES.map((line) => `${line}\n`).join(""));
  await carl.until(": line 299\r\n");
  return {
    ...{ server, carl },
    async [Symbol.asyncDispose]() {
      carl[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
