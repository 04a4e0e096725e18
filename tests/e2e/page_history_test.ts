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

/** A server in whose lobby carl has said many lines. */
async function serverWithPast() {
  const server = await Bobchat.start(CHAT);
  const carl = await Client.join(server.port, "carl");
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
