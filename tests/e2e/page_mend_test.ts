// Editing, taking back, copying and quoting messages in the page.

import { assertEquals } from "../assert.ts";
import { Bobchat, Client } from "./bobchat.ts";
import { testPage, type Visitor } from "./chromium.ts";
import {
  hasCopied,
  hideClipboard,
  lowContrasts,
  namelessControls,
  recordCopied,
} from "./in_page.js";

/** Opens the menu of the message with this text, and chooses something from it. */
async function choose({ page }: Visitor, text: string, item: string): Promise<void> {
  const entry = page.locator("#log .entry").filter({ hasText: text }).last();
  await entry.hover();
  await entry.locator(".more").click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** What of a message's menu one is offered. */
async function offered({ page }: Visitor, text: string): Promise<string[]> {
  const entry = page.locator("#log .entry").filter({ hasText: text }).last();
  await entry.hover();
  await entry.locator(".more").click();
  const items = await page.locator("#message-menu button:not([hidden])").allTextContents();
  await page.keyboard.press("Escape");
  return items;
}

testPage([], "Arrow-up in an empty field edits one's last message", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const ann = await visits.open(bobchat, { name: "ann" });
  const { page } = ann, { keyboard } = page;
  const typed = page.locator("#text"), editing = page.locator("#editing");
  for (const text of ["first", "secnod"]) await ann.say(text);
  await carl.until(": secnod");
  await carl.send("mine\n");
  await ann.sees("mine");
  await keyboard.press("ArrowUp");
  assertEquals(await typed.inputValue(), "secnod");
  await editing.waitFor();
  await keyboard.press("Escape");
  await editing.waitFor({ state: "hidden" });
  assertEquals(await typed.inputValue(), "");
  // A second Arrow-up brings back what was typed before, and Arrow-down leaves both.
  await keyboard.press("ArrowUp");
  await keyboard.press("ArrowUp");
  await editing.waitFor({ state: "hidden" });
  assertEquals(await typed.inputValue(), "secnod");
  await keyboard.press("ArrowUp");
  assertEquals(await typed.inputValue(), "first");
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  assertEquals(await typed.inputValue(), "");
  await keyboard.press("ArrowUp");
  await typed.fill("  ");
  await keyboard.press("Enter");
  await ann.shows("#composer-hint", ["Type the new text, or take the message back in its menu."]);
  await typed.fill("/second, and no command");
  await keyboard.press("Enter");
  await editing.waitFor({ state: "hidden" });
  await carl.until("*** ann now says: /second, and no command\r\n");
  await ann.shows("#log .message .edited", ["edited"]);
  assertEquals(await ann.said(), ["first", "/second, and no command edited", "mine"]);
  await carl.send("/edit mine, too\n");
  await ann.sees("mine, too edited");
});

testPage([], "a message's menu quotes, copies, edits and takes back", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  await carl.send("from carl\n");
  const ann = await visits.open(bobchat, { name: "ann" });
  const { page } = ann;
  await ann.say("from ann");
  await carl.until("from ann");
  assertEquals(await offered(ann, "from carl"), ["Reply with a quote", "Copy text"]);
  const all = ["Reply with a quote", "Copy text", "Edit", "Take back"];
  assertEquals(await offered(ann, "from ann"), all);
  await page.locator("#text").fill("a draft");
  await choose(ann, "from carl", "Reply with a quote");
  assertEquals(await page.locator("#text").inputValue(), "> carl: from carl\na draft");
  await choose(ann, "from ann", "Edit");
  await page.locator("#text").fill("from Ann");
  await page.keyboard.press("Enter");
  await ann.sees("from Ann edited");
  assertEquals(await page.locator("#text").inputValue(), "> carl: from carl\na draft");
  await page.keyboard.press("Enter");
  await carl.until(/^ann\(.*\): > carl: from carl\r\nann\(.*\): a draft\r$/m);
  await choose(ann, "a draft", "Take back");
  await ann.shows("#log .gone", ["message taken back"]);
  await carl.until("*** ann took a message back");
  // Private ones as well, and who comes later sees what was done.
  await ann.say("/msg carl psst");
  await ann.isIn("carl");
  await choose(ann, "psst", "Take back");
  await ann.shows("#log .gone", ["message taken back"]);
  await carl.until("ann took a message to carl back");
  const late = await visits.open(bobchat, { name: "late" });
  await late.shows("#log .gone", ["message taken back"]);
  await late.sees("from Ann edited");
});

testPage([], "what one said before on another device is edited on this one", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  using nc = await Client.join(bobchat.port, "ann");
  await nc.send("/register a-password\n");
  await nc.until("ann is yours now");
  await nc.send("from nc\n");
  await carl.until("from nc");
  const ann = await visits.open(bobchat);
  await ann.page.locator("#name-dialog [name=password]").fill("a-password");
  await ann.comeIn("ann");
  await ann.sees("You have 2 connections now: /whois ann lists them.");
  await choose(ann, "from nc", "Edit");
  await ann.page.locator("#text").fill("from the page");
  await ann.page.keyboard.press("Enter");
  await carl.until("*** ann now says: from the page");
  await nc.until("*** ann now says: from the page");
});

for (const kind of ["with a clipboard", "without one, as on plain http"]) {
  testPage([], `a text is copied ${kind}`, async (visits) => {
    await using bobchat = await Bobchat.start();
    const hasClipboard = kind === "with a clipboard";
    const ann = await visits.open(bobchat, {
      name: "ann",
      permissions: hasClipboard ? ["clipboard-read", "clipboard-write"] : [],
      before: hasClipboard ? undefined : hideClipboard,
    });
    await ann.say("to be copied");
    await ann.sees("to be copied");
    await ann.page.evaluate(recordCopied);
    await choose(ann, "to be copied", "Copy text");
    await ann.until(hasCopied, "to be copied");
  });
}

testPage([], "the menu is reached, and read out, without a mouse", async (visits) => {
  await using bobchat = await Bobchat.start();
  const ann = await visits.open(bobchat, { name: "ann" });
  const { page } = ann, { keyboard } = page;
  for (const text of ["one", "two"]) await ann.say(text);
  await ann.sees("two");
  await keyboard.press("Shift+Tab");
  await keyboard.press("ArrowUp");
  await keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  assertEquals(await page.evaluate(namelessControls), []);
  assertEquals(await page.evaluate(lowContrasts), []);
  for (const key of ["ArrowDown", "ArrowUp", "ArrowUp", "Enter"]) await keyboard.press(key);
  await ann.shows("#log .message .text", ["message taken back", "two"]);
  await page.locator("#text:focus").waitFor();
  await keyboard.press("ArrowUp");
  await page.locator("#editing").waitFor();
  assertEquals(await page.evaluate(lowContrasts), []);
});

testPage(
  [],
  "on a phone the menu opens with a tap, and all of it is on the screen",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };
    const ann = await visits.open(bobchat, { ...phone, name: "ann" });
    for (let i = 0; i < 30; i++) await ann.say(`line ${i}`);
    await ann.inSight("line 29");
    await ann.page.locator("#log .more").last().tap();
    const box = (await ann.page.locator("#message-menu").boundingBox())!;
    const isIn = box.x >= 0 && box.y >= 0 && box.x + box.width <= 360 && box.y + box.height <= 640;
    assertEquals([isIn, await ann.page.evaluate("innerWidth >= document.body.scrollWidth")], [
      true,
      true,
    ]);
  },
);

testPage(
  [],
  "where nobody may change messages, Arrow-up brings back what was typed",
  async (visits) => {
    await using bobchat = await Bobchat.start(["--edit-minutes", "0"]);
    const ann = await visits.open(bobchat, { name: "ann" });
    await ann.say("hello");
    await ann.sees("hello");
    assertEquals(await offered(ann, "hello"), ["Reply with a quote", "Copy text"]);
    await ann.page.locator("#text").focus();
    await ann.page.keyboard.press("ArrowUp");
    assertEquals(await ann.page.locator("#text").inputValue(), "hello");
    await ann.page.locator("#editing").waitFor({ state: "hidden" });
  },
);
