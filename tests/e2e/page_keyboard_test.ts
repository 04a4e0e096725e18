// The page without a mouse, and for who does not see it.

import { assert, assertEquals } from "../assert.ts";
import { Bobchat, Client } from "./bobchat.ts";
import { testPage, type Visitor } from "./chromium.ts";
import {
  isFocusSeen,
  namelessControls,
  pressEnterOfInputMethod,
  recordAdditions,
} from "./in_page.js";

testPage([], "all of it can be done with the keyboard alone", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const ann = await visits.open(bobchat);
  const { keyboard } = ann.page;
  await focused(ann, "name-name");
  await keyboard.type("ann");
  await keyboard.press("Enter");
  await ann.shows("#me", ["ann"]);
  await focused(ann, "text");
  // A name, a command, and what was said before.
  await keyboard.type("ca");
  await keyboard.press("Tab");
  await keyboard.type("tea?");
  await keyboard.press("Enter");
  await carl.until(/^ann\(.*\): carl: tea\?\r$/m);
  await keyboard.press("ArrowUp");
  assertEquals(await ann.page.locator("#text").inputValue(), "carl: tea?");
  await keyboard.press("ArrowDown");
  await keyboard.type("/jo");
  await keyboard.press("Tab");
  await keyboard.type("tea");
  await keyboard.press("Enter");
  await ann.isIn("#tea");
  await keyboard.press("Alt+ArrowUp");
  await ann.isIn("#lobby");
  await keyboard.press("Alt+ArrowDown");
  await ann.isIn("#tea");
  await focused(ann, "text");
  await keyboard.press("Control+k");
  await focused(ann, "rooms-name");
  await keyboard.type("cake");
  await keyboard.press("Enter");
  await ann.isIn("#cake");
  await focused(ann, "text");
  // Tab goes on where there is nothing to complete, and back.
  await keyboard.press("Shift+Tab");
  await focused(ann, "log");
  await keyboard.press("Shift+Tab");
  await focused(ann, "search-open");
  await keyboard.press("Enter");
  await focused(ann, "search-words");
  await keyboard.type("tea?");
  await keyboard.press("Enter");
  await ann.shows("#search-list .row-text", ["carl: tea?"]);
  await keyboard.press("Escape");
  await focused(ann, "search-open");
  // What is typed when nothing has the keyboard is a message.
  await ann.page.evaluate("document.activeElement.blur()");
  await keyboard.type("hello");
  await focused(ann, "text");
  assertEquals(await ann.page.locator("#text").inputValue(), "hello");
});

testPage([], "every control has a name, and what is said is read out", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const ann = await visits.open(bobchat, { viewport: { width: 360, height: 640 } });
  const { page } = ann;
  const nameless = [await page.evaluate(namelessControls)];
  await ann.comeIn("ann");
  await carl.send("/msg ann psst\nsee https://one.example/\n");
  await ann.sees("see https://one.example/");
  for (const open of ["rooms-toggle", "join-open", "you-open", "help-open"]) {
    await page.locator(`#${open}`).click();
    nameless.push(await page.evaluate(namelessControls));
    if (open !== "rooms-toggle") await page.keyboard.press("Escape");
  }
  await page.keyboard.press("Escape");
  for (const open of ["search-open", "members-toggle"]) {
    await page.locator(`#${open}`).click();
    nameless.push(await page.evaluate(namelessControls));
    await page.keyboard.press("Escape");
  }
  assertEquals(nameless.flat(), []);
  const log = page.getByRole("log", { name: "#lobby" });
  assertEquals(await log.getAttribute("aria-live"), "polite");
  assertEquals(await page.locator("html").getAttribute("lang"), "en");
  for (const role of ["main", "heading"] as const) {
    assert(await page.getByRole(role).count() > 0, role);
  }
});

testPage([], "the Enter that ends a word of an input method sends nothing", async (visits) => {
  await using bobchat = await Bobchat.start();
  const ann = await visits.open(bobchat, { name: "ann" });
  const text = ann.page.locator("#text");
  await text.fill("お茶");
  await text.focus();
  assertEquals(await ann.page.evaluate(pressEnterOfInputMethod), true);
  assertEquals(await text.inputValue(), "お茶");
  await ann.page.keyboard.press("Enter");
  await ann.sees("お茶");
  assertEquals(await ann.said(), ["お茶"]);
});

testPage(
  [],
  "in a conversation that is as long as it gets, each message is read out alone",
  async (visits) => {
    await using bobchat = await Bobchat.start(["--rate", "0"]);
    using carl = await Client.join(bobchat.port, "carl");
    const ann = await visits.open(bobchat, { name: "ann" });
    await carl.send(Array.from({ length: 1100 }, (_, at) => `line ${at}\n`).join(""));
    await ann.sees("line 1099");
    await ann.page.evaluate(recordAdditions);
    for (const text of ["one more", "and another"]) {
      await carl.send(`${text}\n`);
      await ann.sees(text);
    }
    assertEquals(await ann.page.evaluate("additions"), ["entry", "entry"]);
    await ann.shows("#earlier .day", [dayOf(new Date())]);
  },
);

/** Waits until something has the keyboard, and fails where one does not see that. */
async function focused(visitor: Visitor, id: string): Promise<void> {
  await visitor.page.locator(`#${id}:focus`).waitFor();
  assert(
    await visitor.page.evaluate(isFocusSeen),
    `nobody sees that #${id} has the keyboard`,
  );
}

/** A day as it heads what was said on it. */
function dayOf(date: Date): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "full" }).format(date);
}
