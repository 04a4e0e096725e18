// How the page looks: on a phone and on wide screens, in light and in dark.

import { assert, assertEquals } from "../assert.ts";
import { Bobchat, Client } from "./bobchat.ts";
import { Cable } from "./cable.ts";
import { testPage, type Visitor } from "./chromium.ts";
import { cutOff, lowContrasts } from "./in_page.js";

for (const colorScheme of ["light", "dark"] as const) {
  testPage([], `what is written can be read in ${colorScheme} colours`, async (visits) => {
    visits.expected = /^WebSocket connection to '\S+' failed/;
    await using bobchat = await Bobchat.start();
    using cable = new Cable(bobchat.port);
    using carl = await Client.join(bobchat.port, "carl");
    const ann = await visits.open(cable, { name: "ann", colorScheme });
    const found = [await ann.page.evaluate(lowContrasts)];
    await carl.send("/topic lunch\nann, see https://one.example/\n/away\n/away soup\n");
    for (const text of ["well", "/me waves", "/nosuch", "/who", "/join tea"]) await ann.say(text);
    await ann.isIn("#tea");
    await carl.send("hello\n/msg ann psst\n");
    await ann.shows("#rooms .badge", ["1"]);
    await ann.choose("#lobby");
    await ann.sees("hello");
    await ann.say("/join cake");
    await ann.isIn("#cake");
    await carl.send("hello ann\n");
    await ann.shows("#people .badge", ["1"]);
    await ann.shows("#rooms .badge", ["@1"]);
    found.push(await ann.page.evaluate(lowContrasts));
    await ann.choose("#lobby");
    await ann.page.locator("#log .for-me").last().hover();
    found.push(await ann.page.evaluate(lowContrasts));
    for (const open of ["join-open", "help-open", "you-open"]) {
      await ann.page.locator(`#${open}`).click();
      found.push(await ann.page.evaluate(lowContrasts));
      await ann.page.keyboard.press("Escape");
    }
    await ann.page.locator("#search-open").click();
    await ann.page.locator("#search-words").fill("hello");
    await ann.page.keyboard.press("Enter");
    await ann.page.locator("#search-list .name").first().waitFor();
    found.push(await ann.page.evaluate(lowContrasts));
    await ann.page.keyboard.press("Escape");
    await ann.page.locator("#you-open").click();
    await ann.page.locator("#you-name").fill("carl");
    await ann.page.keyboard.press("Enter");
    await ann.page.locator("#you-dialog .outcome.error").waitFor();
    found.push(await ann.page.evaluate(lowContrasts));
    await ann.page.keyboard.press("Escape");
    cable.pull();
    await ann.page.locator("#retry").waitFor();
    await ann.say("waits");
    await ann.shows("#waiting .text", ["waits"]);
    await ann.say("x".repeat(2000));
    await ann.page.locator("#composer-hint").getByText("too long").waitFor();
    found.push(await ann.page.evaluate(lowContrasts));
    assertEquals(found.flat(), []);
  });
}

testPage(
  [],
  "a phone shows the conversation, and the lists when they are asked for",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    using carl = await Client.join(bobchat.port, "carl");
    using long = await Client.join(bobchat.port, "w".repeat(20));
    await long.send("so long a name\n");
    await long.until(": so long a name");
    await carl.send(`/topic ${"lunch ".repeat(20)}\n${"x".repeat(300)}\n`);
    const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };
    const ann = await visits.open(bobchat, phone);
    const { page } = ann;
    await fits(ann);
    await ann.comeIn("ann");
    await ann.sees("so long a name");
    await fits(ann);
    await ann.say("/help");
    await ann.sees("Your name:");
    await ann.say(`/join ${"w".repeat(20)}`);
    await ann.isIn(`#${"w".repeat(20)}`);
    await fits(ann);
    for (const panel of ["rooms", "members"]) {
      const toggle = page.locator(`#${panel}-toggle`), list = page.locator(`#${panel}-panel`);
      assertEquals(await list.isVisible(), false);
      await toggle.click();
      await list.waitFor();
      assertEquals(await toggle.getAttribute("aria-expanded"), "true");
      await page.keyboard.press("Escape");
      await list.waitFor({ state: "hidden" });
      await page.locator(`#${panel}-toggle:focus`).waitFor();
      await toggle.click();
      await list.waitFor();
      await page.locator("#shade").click({ position: { x: panel === "rooms" ? 350 : 10, y: 300 } });
      await list.waitFor({ state: "hidden" });
    }
    // What calls one is to be seen on the button, and what is chosen comes out from under the panel.
    await carl.send("ann, soup?\n");
    await page.locator("#rooms-toggle.for-me").waitFor();
    await page.getByRole("button", { name: "Conversations, some unread" }).waitFor();
    await page.locator("#rooms-toggle").click();
    await ann.choose("#lobby");
    await page.locator("#rooms-panel").waitFor({ state: "hidden" });
    await ann.inSight("ann, soup?");
    await page.locator("#rooms-toggle").click();
    await page.locator("#join-open").click();
    await page.locator("#rooms-name").fill("cake");
    await page.keyboard.press("Enter");
    await ann.isIn("#cake");
    await page.locator("#rooms-panel").waitFor({ state: "hidden" });
    for (const open of ["you-open", "help-open"]) {
      await page.locator("#rooms-toggle").click();
      await page.locator(`#${open}`).click();
      await fits(ann);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
    }
  },
);

testPage([], "wide screens have all lists beside the conversation", async (visits) => {
  await using bobchat = await Bobchat.start();
  const ann = await visits.open(bobchat, { name: "ann" });
  for (const viewport of [{ width: 1180, height: 760 }, { width: 2560, height: 1300 }]) {
    await ann.page.setViewportSize(viewport);
    await fits(ann);
    const boxes = [];
    for (const part of ["#rooms-panel", "main", "#members-panel"]) {
      boxes.push((await ann.page.locator(part).boundingBox())!);
    }
    const [rooms, main, members] = boxes;
    assertEquals([rooms!.x, main!.x, members!.x + members!.width], [
      0,
      rooms!.width,
      viewport.width,
    ]);
    assertEquals(boxes.map(({ height }) => height), Array(3).fill(viewport.height));
    for (const toggle of ["#rooms-toggle", "#members-toggle"]) {
      assertEquals(await ann.page.locator(toggle).isVisible(), false);
    }
  }
});

/** Fails where something is beside the screen, or the composer below it. */
async function fits({ page }: Visitor): Promise<void> {
  assertEquals(await page.evaluate(cutOff), []);
  const { y, height } = (await page.locator("#composer").boundingBox())!;
  assert(y + height <= page.viewportSize()!.height, "the composer is below the screen");
}
