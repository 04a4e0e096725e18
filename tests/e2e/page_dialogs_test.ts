// The page's dialogs: what they refuse stays with them.

import { assertEquals } from "../assert.ts";
import { Bobchat, Client } from "./bobchat.ts";
import { testPage } from "./chromium.ts";

testPage(
  [],
  "a bad name for a room is said so where it was typed, until it is a good one",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    const ann = await visits.open(bobchat, { name: "ann" });
    const { page } = ann;
    const name = page.locator("#rooms-name"), dialog = page.locator("#rooms-dialog");
    await page.keyboard.press("Control+k");
    for (const bad of ["no!room", "two words", "x".repeat(40)]) {
      await name.fill(bad);
      await page.keyboard.press("Enter");
      await dialog.getByRole("alert").getByText("letters, digits, dots, _ or -, as in #tea.")
        .waitFor();
      assertEquals(await name.inputValue(), bad);
      // What is typed next has not been refused.
      await name.fill("t");
      await ann.shows("#rooms-dialog .outcome", [""]);
    }
    await name.fill("tea");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    await ann.isIn("#tea");
    await ann.shows("#log .error", []);
    await ann.choose("#lobby");
    await ann.shows("#log .error", []);
  },
);

testPage([], "a room that is locked keeps the list of rooms open", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  await carl.send("/join cake\n/lock\n");
  await carl.until("lock");
  const ann = await visits.open(bobchat, { name: "ann" });
  await ann.page.keyboard.press("Control+k");
  await ann.page.locator("#rooms-list").getByText("#cake").click();
  const dialog = ann.page.locator("#rooms-dialog");
  await dialog.getByRole("alert").getByText("#cake is locked").waitFor();
  await ann.page.keyboard.press("Escape");
  await ann.shows("#rooms button", ["#lobby"]);
  await ann.shows("#log .error", []);
});

testPage(
  [],
  "what is refused to a dialog about names is not in the log behind it",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    using _bob = await Client.join(bobchat.port, "bob");
    const ann = await visits.open(bobchat);
    const { page } = ann;
    const claim = async (field: string, name: string) => {
      await page.locator(field).fill(name);
      await page.keyboard.press("Enter");
    };
    await claim("#name-name", "bob");
    await page.locator("#name-dialog .outcome").getByText("bob is taken").waitFor();
    await claim("#name-name", "ann");
    await ann.shows("#me", ["ann"]);
    await page.locator("#you-open").click();
    await claim("#you-name", "bob");
    await page.locator("#you-dialog .outcome").getByText("bob is taken").waitFor();
    await page.keyboard.press("Escape");
    await ann.shows("#log .error", []);
    // Where the name cannot be had again, the dialog opens with why.
    await ann.say("/quit");
    await page.getByRole("button", { name: "Join again" }).waitFor();
    using _ann = await Client.join(bobchat.port, "ann");
    await page.getByRole("button", { name: "Join again" }).click();
    await page.locator("#name-dialog .outcome").getByText("ann is taken").waitFor();
    await claim("#name-name", "anna");
    await ann.shows("#me", ["anna"]);
    await ann.shows("#log .error", []);
  },
);

testPage([], "who has registered is not asked to register again", async (visits) => {
  await using bobchat = await Bobchat.start();
  const ann = await visits.open(bobchat, { name: "ann" });
  const { page } = ann;
  const form = page.locator("#register-form");
  await page.locator("#you-open").click();
  await form.getByLabel("New password").fill("correct horse");
  await page.keyboard.press("Enter");
  await page.locator("#you-dialog .outcome").getByText("ann is yours now").waitFor();
  await form.waitFor({ state: "hidden" });
  await page.keyboard.press("Escape");
  await page.locator("#text").pressSequentially("/reg");
  await page.keyboard.press("Tab");
  assertEquals(await page.locator("#text").inputValue(), "/reg");
  await page.locator("#text").fill("");
  // The page after this one knows it, too.
  await page.reload();
  await ann.shows("#me", ["ann"]);
  await page.locator("#you-open").click();
  assertEquals(await form.isVisible(), false);
  await page.locator("#you-name").fill("anna");
  await page.keyboard.press("Enter");
  await ann.shows("#me", ["anna"]);
  await page.locator("#you-open").click();
  await form.waitFor({ state: "visible" });
});
