// The page when its link, its server or itself goes away for a while.

import { assertEquals } from "../assert.ts";
import { Bobchat, Client } from "./bobchat.ts";
import { Cable } from "./cable.ts";
import { testPage } from "./chromium.ts";
import { hasTyped } from "./in_page.js";

/** What Chromium says of a server that cannot be reached. */
const UNREACHABLE = /^WebSocket connection to '\S+' failed/;

testPage(
  [],
  "what is typed while the link is lost is sent once, and what was missed is filled in",
  async (visits) => {
    visits.expected = UNREACHABLE;
    await using bobchat = await Bobchat.start();
    using cable = new Cable(bobchat.port);
    using carl = await Client.join(bobchat.port, "carl");
    const ann = await visits.open(cable, { name: "ann" });
    await ann.say("/join tea");
    await ann.isIn("#tea");
    await ann.choose("#lobby");
    await ann.say("before");
    await carl.until(/^ann\(.*\): before\r$/m);
    // What comes behind it has come behind its receipt, too.
    await carl.send("heard\n");
    await ann.sees("heard");
    cable.pull();
    await ann.page.locator("#status").getByText("Connection lost").waitFor();
    await ann.say("typed without a link");
    await ann.shows("#waiting .text", ["typed without a link"]);
    await ann.shows("#waiting .name", ["ann"]);
    await carl.send("said meanwhile\n");
    await carl.until(/^carl\(.*\): said meanwhile\r$/m);
    const retry = ann.page.getByRole("button", { name: "Try now" });
    await retry.waitFor();
    cable.plug();
    // It is hidden if the page was quicker.
    await ann.page.locator("#retry").dispatchEvent("click");
    await ann.shows("#waiting .text", []);
    await ann.shows("#log .message .text", [
      ...["before", "heard", "said meanwhile", "typed without a link"],
    ]);
    await ann.shows("#status", [""]);
    const heard = await carl.until(/^ann\(.*\): typed without a link\r$/m);
    await carl.send("/who\n");
    await carl.until("*** Here (2): carl, ann\r\n");
    assertEquals(heard.match(/typed without a link/g)?.length, 1);
    await ann.shows("#rooms button", ["#lobby", "#tea"]);
  },
);

testPage(
  [],
  "a server that was killed is come back to, with name, rooms and all that was said",
  async (visits) => {
    visits.expected = UNREACHABLE;
    const folder = await Deno.makeTempDir();
    try {
      const flags = ["--history", `${folder}/chat.db`];
      await using first = await Bobchat.start([...flags]);
      const { port } = first;
      const ann = await visits.open(first, { name: "ann" });
      await ann.say("one");
      await ann.sees("one");
      await ann.say("/join tea");
      await ann.isIn("#tea");
      await ann.say("a cup");
      await ann.sees("a cup");
      // Its answer comes behind the receipt of what was said.
      await ann.say("/who");
      await ann.sees("Here (1): ann");
      await first.stop("SIGKILL");
      await ann.page.locator("#status").getByText("Connection lost").waitFor();
      await ann.say("another");
      await using second = await Bobchat.start(["--port", String(port), ...flags]);
      using carl = await Client.join(second.port, "carl");
      await ann.shows("#log .message .text", ["a cup", "another"]);
      await ann.shows("#waiting .text", []);
      // The greeting of the server's second start is the lobby's, as that of its first was.
      assertEquals((await ann.texts("#log .notice .text")).filter(isGreeting), []);
      await ann.shows("#me", ["ann"]);
      await carl.send("two\n");
      await ann.choose("#lobby");
      await ann.shows("#log .message .text", ["one", "two"]);
      await ann.shows("#members button", ["ann (you)", "carl"]);
      assertEquals((await ann.texts("#log .notice .text")).filter(isGreeting).length, 2);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

testPage([], "a reload keeps name, rooms, what was said and what is in front", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const ann = await visits.open(bobchat, { name: "ann" });
  await ann.say("/join tea");
  await ann.isIn("#tea");
  await ann.say("a cup");
  await ann.say("/msg carl psst");
  await ann.isIn("carl");
  await ann.choose("#tea");
  await ann.page.reload();
  await ann.isIn("#tea");
  await ann.shows("#log .message .text", ["a cup"]);
  await ann.shows("#me", ["ann"]);
  await ann.shows("#rooms button", ["#lobby", "#tea"]);
  await ann.choose("carl");
  await ann.shows("#log .private .text", ["psst"]);
  await carl.send("/who\n");
  // Nobody noticed.
  assertEquals((await carl.until("*** Here (2)")).includes("ann left"), false);
});

testPage([], "who comes again is known by name, and is where they were", async (visits) => {
  await using bobchat = await Bobchat.start();
  const ann = await visits.open(bobchat, { name: "ann" });
  await ann.say("/join tea");
  await ann.isIn("#tea");
  await ann.say("/quit");
  await ann.page.getByRole("button", { name: "Join again" }).waitFor();
  await ann.page.close();
  const again = await visits.openIn(ann.page.context(), bobchat);
  await again.shows("#me", ["ann"]);
  await again.shows("#rooms button", ["#lobby", "#tea"]);
  await again.choose("#tea");
  await again.shows("#members button", ["ann (you)"]);
  assertEquals(await again.page.locator("#name-dialog").isVisible(), false);
});

testPage(
  [],
  "what was typed and not sent is there again after a reload, but no password",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    using _carl = await Client.join(bobchat.port, "carl");
    const ann = await visits.open(bobchat, { name: "ann" });
    const text = ann.page.locator("#text");
    await text.fill("to all,\nsoon");
    await ann.page.reload();
    await ann.shows("#me", ["ann"]);
    await ann.until(hasTyped, "to all,\nsoon");
    await text.fill("/join tea");
    await ann.page.keyboard.press("Enter");
    await ann.isIn("#tea");
    await text.fill("a cup");
    await ann.choose("#lobby");
    await text.fill("/register correct horse");
    await ann.page.reload();
    await ann.shows("#me", ["ann"]);
    await ann.isIn("#lobby");
    const stored = await ann.page.evaluate(
      "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])",
    );
    assertEquals(String(stored).includes("horse"), false);
    assertEquals(await text.inputValue(), "");
    await ann.choose("#tea");
    await ann.until(hasTyped, "a cup");
    await ann.choose("#lobby");
    await ann.page.locator("#members").getByText("carl").click();
    await ann.isIn("carl");
    await text.fill("psst");
    await ann.page.reload();
    await ann.isIn("carl");
    await ann.until(hasTyped, "psst");
  },
);

function isGreeting(text: string): boolean {
  return text.startsWith("Welcome to bobchat");
}
