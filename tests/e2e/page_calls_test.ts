// The page when nobody looks at it: what calls its person from there.

import { assertEquals } from "../assert.ts";
import { Bobchat, Client } from "./bobchat.ts";
import { testPage } from "./chromium.ts";
import { failNotifications, hasNoFocus, recordNotifications, setHidden } from "./in_page.js";

testPage(
  [],
  "a call from another conversation is counted there and in the title",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    using carl = await Client.join(bobchat.port, "carl");
    const ann = await visits.open(bobchat, { name: "ann" });
    await ann.say("/join tea");
    await ann.isIn("#tea");
    await carl.send("nobody in particular\nAnn: are you there?\n");
    await ann.shows("#rooms .badge", ["@1", "2"]);
    await ann.shows("#rooms .badge.for-me", ["@1"]);
    await ann.shows("#rooms .unseen", [", 2 unread, 1 for you"]);
    await ann.isTitled("(1) #tea – bobchat");
    await carl.send("/msg ann psst\n");
    await ann.isTitled("(2) #tea – bobchat");
    await ann.shows("#people .badge.for-me", ["1"]);
    await ann.choose("#lobby");
    await ann.isTitled("(1) #lobby – bobchat");
    await ann.page.locator("#log .for-me mark").getByText("Ann", { exact: true }).waitFor();
  },
);

testPage([], "a call counts too while another tab is looked at", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const ann = await visits.open(bobchat, { name: "ann" });
  // Else the driver has each page believe that it is looked at.
  const session = await ann.page.context().newCDPSession(ann.page);
  await session.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  await (await ann.page.context().newPage()).bringToFront();
  await ann.until(hasNoFocus, undefined);
  await carl.send("ann!\n");
  await ann.isTitled("(1) #lobby – bobchat");
  await ann.page.bringToFront();
  await ann.isTitled("#lobby – bobchat");
  await ann.page.locator("#log .new + .entry").getByText("ann!").waitFor();
});

testPage(
  [],
  "a call notifies once that is turned on, and leads to where it was",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    using carl = await Client.join(bobchat.port, "carl");
    const ann = await visits.open(bobchat, { name: "ann", before: recordNotifications });
    await ann.say("/join tea");
    await ann.isIn("#tea");
    const { page } = ann;
    const shown = () => page.evaluate("notifications.map(({ title, body }) => [title, body])");
    const setting = page.getByLabel("Notify me");
    await page.evaluate(setHidden, true);
    await carl.send("ann, one\n");
    await ann.isTitled("(1) ");
    assertEquals(await shown(), []);

    await page.evaluate(setHidden, false);
    await page.locator("#you-open").click();
    await setting.click();
    await ann.shows("#you-dialog .outcome", ["Your browser does not allow notifications."]);
    assertEquals(await setting.isChecked(), false);
    await page.context().grantPermissions(["notifications"]);
    await setting.check();
    await page.keyboard.press("Escape");

    await carl.send("ann, two\n");
    await ann.isTitled("(2) ");
    assertEquals(await shown(), []);
    await page.evaluate(setHidden, true);
    await carl.send("ann, three\n");
    await ann.isTitled("(3) ");
    assertEquals(await shown(), [["carl in #lobby", "ann, three"]]);
    await page.evaluate(setHidden, false);
    await page.evaluate("notifications[0].dispatchEvent(new Event('click'))");
    await ann.isIn("#lobby");
  },
);

testPage(
  [],
  "a browser that cannot notify after all goes on, and is not asked again",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    using carl = await Client.join(bobchat.port, "carl");
    const ann = await visits.open(bobchat, { name: "ann", before: failNotifications });
    await ann.page.locator("#you-open").click();
    await ann.page.getByLabel("Notify me").check();
    await ann.page.keyboard.press("Escape");
    await ann.page.evaluate(setHidden, true);
    await carl.send("ann, one\n");
    await ann.isTitled("(1) ");
    await carl.send("ann, two\n");
    await ann.isTitled("(2) ");
    await ann.page.evaluate(setHidden, false);
    await ann.sees("ann, two");
    await ann.shows("#log .error .text", [
      "Your browser does not allow notifications, so they are off now.",
    ]);
    await ann.page.locator("#you-open").click();
    assertEquals(await ann.page.getByLabel("Notify me").isChecked(), false);
  },
);
