// The page on arrival: the server password, names, and what somebody hostile would try there.

import { assertEquals, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client } from "./bobchat.ts";
import { recordSent, testPage, Visitor } from "./chromium.ts";

testPage([], "a server with a password asks for it until it is right", async (visits) => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "open sesame\n");
    await using bobchat = await Bobchat.start(["--password-file", path]);
    const ann = await visits.open(bobchat);
    const { page } = ann;
    await page.locator("#name-name").fill("ann");
    await page.keyboard.press("Enter");
    const carrier = page.getByRole("dialog", { name: "This server has a password" });
    const key = carrier.getByLabel("Server password");
    await key.fill("open barley");
    await page.keyboard.press("Enter");
    await carrier.getByRole("alert").getByText("not the password").waitFor();
    await key.fill("open sesame");
    await page.keyboard.press("Enter");
    await carrier.waitFor({ state: "hidden" });
    await ann.shows("#me", ["ann"]);
  } finally {
    await Deno.remove(path);
  }
});

testPage(
  [],
  "a name that is taken is refused, and a registered one has its password",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    {
      using owner = await Client.join(bobchat.port, "ann");
      await owner.send("/register correct horse\n");
      await owner.until("ann is yours now");
    }
    using _bob = await Client.join(bobchat.port, "bob");
    const visitor = await visits.open(bobchat);
    const { page } = visitor;
    const dialog = page.getByRole("dialog", { name: "Choose a name" });
    const outcome = dialog.getByRole("alert");
    const claim = async (name: string, password = "") => {
      await dialog.getByLabel("Name", { exact: true }).fill(name);
      await dialog.getByLabel("Password").fill(password);
      await page.keyboard.press("Enter");
    };
    await claim("bob");
    await outcome.getByText("bob").waitFor();
    await claim("ann");
    await outcome.getByText("is registered").waitFor();
    await claim("ann", "wrong horse");
    await outcome.getByText("not the password").waitFor();
    await claim("ann", "correct horse");
    await dialog.waitFor({ state: "hidden" });
    await visitor.shows("#me", ["ann"]);
    const stored = await page.evaluate(
      "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])",
    );
    assertEquals(String(stored).includes("horse"), false);
  },
);

testPage(
  [],
  "the page is in under a name, or not at all, and shows nothing but the dialog until then",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    using carl = await Client.join(bobchat.port, "carl");
    const ann = await visits.open(bobchat);
    const { page } = ann;
    const sent = recordSent(page);
    const room = page.locator("main, nav, aside").filter({ visible: true });
    const name = page.locator("#name-name");
    const claim = async (wanted: string) => {
      await name.fill(wanted);
      await page.keyboard.press("Enter");
    };
    await name.waitFor();
    assertEquals([await room.count(), sent], [0, []]);
    await claim("two words");
    await page.locator("#name-dialog .outcome").getByText("one word").waitFor();
    assertEquals(sent, []);

    await claim("carl");
    await page.locator("#name-dialog .outcome").getByText("carl is taken").waitFor();
    assertEquals(await room.count(), 0);
    const { browser } = sent[0]!;
    assertEquals(sent.shift(), { type: "join", name: "carl", id: 1, browser });
    assertEquals(sent.pop(), { type: "command", name: "quit" });
    // It has left for good, not for as long as one whose link was lost.
    for (let asked = 1, here: string[] = []; here.at(-1) !== "1"; asked++) {
      await carl.send("/who\n");
      const heard = await carl.until(new RegExp(`(?:Here \\(.*[^]*){${asked}}`));
      here = [...heard.matchAll(/Here \((\d+)\)/g)].map(([, count]) => count!);
    }

    sent.length = 0;
    await claim("ann");
    await ann.shows("#me", ["ann"]);
    await page.locator("main").waitFor();
    assertEquals(await room.count(), 3);
    assertEquals(sent[0], { type: "join", name: "ann", id: sent[0]?.id, browser });
    await ann.shows("#log .error", []);
    // One greeting, although it came in twice.
    const greetings = (await ann.texts("#log .notice .text")).filter((text) =>
      /Welcome/.test(text)
    );
    assertEquals(greetings.length, 1);
  },
);

testPage([], "a name that is remembered and taken meanwhile is asked for anew", async (visits) => {
  await using bobchat = await Bobchat.start();
  const ann = await visits.open(bobchat, { name: "ann" });
  await ann.say("/join tea");
  await ann.isIn("#tea");
  await ann.say("/quit");
  await ann.page.getByRole("button", { name: "Join again" }).waitFor();
  await ann.page.close();
  using other = await Client.join(bobchat.port, "ann");
  await other.send("/join tea\n");
  await other.until("You are in #tea");
  const { page } = await visits.openIn(ann.page.context(), bobchat);
  await page.locator("#name-dialog .outcome").getByText("ann is taken").waitFor();
  assertEquals(await page.locator("#name-name").inputValue(), "ann");
  const again = new Visitor(page);
  await again.comeIn("anna");
  await again.shows("#rooms button", ["#lobby", "#tea"]);
  await again.choose("#tea");
  await again.shows("#members button", ["ann", "anna (you)"]);
  // No guest was there before.
  const [, heard] = (await other.until("anna joined")).split("You are in #tea");
  assertEquals(heard?.includes("guest"), false);
});

testPage([], "the others read once that somebody joined, and no other name", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const before = (await carl.until("carl")).length;
  const ann = await visits.open(bobchat);
  await ann.page.locator("#name-name").fill("carl");
  await ann.page.keyboard.press("Enter");
  await ann.page.locator("#name-dialog .outcome").getByText("carl is taken").waitFor();
  await ann.comeIn("ann");
  await ann.say("hello");
  const heard = (await carl.until(/^ann\(.*\): hello\r$/m)).slice(before);
  assertEquals(heard.split("\r\n").filter((line) => line.startsWith("***")), [
    "*** ann joined (2 here)",
  ]);
});

testPage([], "who wants no name is in as a guest", async (visits) => {
  await using bobchat = await Bobchat.start();
  using carl = await Client.join(bobchat.port, "carl");
  const guest = await visits.open(bobchat);
  await guest.page.getByRole("button", { name: "Join as a guest" }).click();
  await guest.page.locator("main").waitFor();
  await guest.say("hello");
  await carl.until(/^guest\d+\(.*\): hello\r$/m);
});

testPage([], "what is too long is said so, and stays where it was typed", async (visits) => {
  await using bobchat = await Bobchat.start(["--max-line", "100"]);
  const ann = await visits.open(bobchat, { name: "ann" });
  const long = `kettle ${"on ".repeat(40)}`;
  await ann.say(long);
  await ann.page.getByText("27 bytes too long for one message").waitFor();
  assertEquals(await ann.page.locator("#text").inputValue(), long);
  assertEquals(await ann.said(), []);
  await ann.say("kettle on");
  await ann.sees("kettle on");
  await ann.shows("#composer-hint", [""]);
});

testPage([], "hostile texts and topics are shown as texts", async (visits) => {
  await using bobchat = await Bobchat.start(["--rate", "0"]);
  using eve = await Client.join(bobchat.port, "eve");
  const ann = await visits.open(bobchat, { name: "ann" });
  const texts = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script><a href='/'>x</a>",
    "javascript:alert(1) data:text/html,<b>x</b> //evil.example ftp://evil.example",
    "https://user:secret@evil.example/",
    "x".repeat(900),
    "👩‍👩‍👧‍👦 é́́́́́́́́́́́ שלום",
    "see http://one.example/a?b=<i> and (https://two.example/), ann",
  ];
  await eve.send(`/topic ${texts[0]}\n/nick \u202Eeve\n`);
  await eve.send(texts.map((text) => `${text}\n`).join(""));
  await eve.send(`/msg ann ${texts[1]}\n`);
  await ann.sees(texts.at(-1)!);
  await ann.shows("#topic", [texts[0]!]);
  assertEquals(await ann.said(), texts);
  const links = "#log a";
  assertEquals(await ann.texts(links), ["http://one.example/a?b=", "https://two.example/"]);
  for (const link of await ann.page.locator(links).all()) {
    assertEquals(await link.getAttribute("target"), "_blank");
    const rel = await link.getAttribute("rel");
    for (const word of ["noopener", "noreferrer"]) assertStringIncludes(rel!, word);
  }
  assertEquals(await ann.page.locator("img, #log script, #log i, #log b, iframe").count(), 0);
  // A word of any length stays within the conversation.
  const { width } = (await ann.page.locator("main").boundingBox())!;
  for (const text of await ann.page.locator("#log .text").all()) {
    assertEquals((await text.boundingBox())!.width < width, true);
  }
  await ann.choose("eve");
  assertEquals(await ann.said(), [texts[1]]);
});

testPage(
  [],
  "the browser makes no element out of a text, whatever the page's code does",
  async (visits) => {
    await using bobchat = await Bobchat.start();
    // It says so on its console.
    visits.expected = /requires .TrustedHTML. assignment/;
    const { page } = await visits.open(bobchat, { name: "ann" });
    const sinks = ["innerHTML", "outerHTML"].map((sink) =>
      `document.querySelector("main").${sink} = "<b>x</b>"`
    );
    for (const code of [...sinks, 'new DOMParser().parseFromString("<b>x</b>", "text/html")']) {
      const outcome = await page.evaluate(
        `(() => { try { ${code}; } catch (error) { return error.name; } })()`,
      );
      assertEquals(outcome, "TypeError", code);
    }
  },
);

testPage([], "what overrides the direction of text never comes through", async (visits) => {
  await using bobchat = await Bobchat.start();
  using eve = await Client.join(bobchat.port, "eve");
  const ann = await visits.open(bobchat, { name: "ann" });
  await eve.send("ab\u202Ecd\u2066ef\u0007g\n");
  await ann.sees("abcdefg");
  assertEquals(await ann.said(), ["abcdefg"]);
});
