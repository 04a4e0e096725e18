// `deno task screenshots`: makes the README's pictures again. session.ts draws the first; those of the page are
// taken with Chromium, on a server that this fills with an invented conversation.

import { Bobchat, Client } from "../tests/e2e/bobchat.ts";
import { launch, type Visiting, type Visitor, Visits } from "../tests/e2e/chromium.ts";
import { drawSession } from "./session.ts";

const ASSETS = new URL("../.github/assets/", import.meta.url).pathname;

/** The messages of the conversation: who sends what, in which room, in this order. */
const TALK: readonly (readonly [who: string, room: string, text: string])[] = [
  ["ana", "garden", "/topic tomatoes, bees, and whose turn it is to water"],
  ["ana", "garden", "the first tomatoes are red"],
  ["kofi", "release", "/topic 2.4 goes out on Thursday"],
  ["kofi", "release", "all tests are green"],
  ["tomas", "release", "then I tag it tonight"],
  ["maya", "lobby", "/topic Friday lunch, and everything else"],
  ["maya", "lobby", "morning! the new coffee machine is up and running"],
  ["maya", "lobby", "second floor, next to the printer"],
  ["tomas", "lobby", "/me runs upstairs"],
  ["ines", "lobby", "who is in for lunch on Friday? I would book a table at noon"],
  ["kofi", "lobby", "me, and I bring Lena along"],
  ["tomas", "lobby", "count me in. The menu: https://lunch.example/friday"],
  ["yuki", "lobby", "is there something without meat?"],
  ["ines", "lobby", "plenty, they have a hole page of it"],
  ["ines", "lobby", "/edit plenty, they have a whole page of it"],
  ["maya", "lobby", "noon is fine. Sam, are you coming too?"],
];

/** The clients of the conversation, by name. */
type Authors = ReadonlyMap<string, Client>;

/** Has everyone in the conversation join. */
async function comeIn(port: number): Promise<Authors> {
  const authors = new Map<string, Client>();
  for (const [who] of TALK) {
    if (!authors.has(who)) authors.set(who, await Client.join(port, who));
  }
  return authors;
}

/** Has them send all messages, one after another. */
async function talk(authors: Authors): Promise<void> {
  const rooms = new Map<string, string>();
  for (const [who, room, text] of TALK) {
    const author = authors.get(who)!;
    const before = rooms.get(who) ?? "lobby";
    if (room !== before) await author.send(room === "lobby" ? "/leave\n" : `/join ${room}\n`);
    rooms.set(who, room);
    await author.send(`${text}\n`);
    await author.until(text.replace(/^\/(?:topic|me|edit) /, ""));
  }
}

/** Makes it look as if Sam had been here for a while: other rooms are read, but for the newest messages. */
async function settle(sam: Visitor, authors: Authors): Promise<void> {
  for (const room of ["release", "garden"]) {
    await sam.say(`/join ${room}`);
    await sam.isIn(`#${room}`);
  }
  await sam.say("/join lobby");
  await sam.isIn("#lobby");
  await authors.get("yuki")!.send("/away until noon\n");
  await authors.get("ana")!.send("who waters tomorrow?\nI am away until Monday\n");
  await sam.page.locator("#rooms .badge").getByText("2").waitFor({ state: "attached" });
  await authors.get("kofi")!.send("/msg sam can you have a look at the release notes?\n");
  await sam.page.locator("#people .badge").waitFor({ state: "attached" });
  await sam.say("sure, I am coming!");
  await sam.sees("sure, I am coming!");
  await authors.get("ines")!.send("great, that makes six of us\n");
  await sam.sees("great, that makes six of us");
}

/** Takes one picture, on a server of its own. */
async function take(visits: Visits, name: string, visiting: Visiting): Promise<void> {
  await using bobchat = await Bobchat.start(["--rate", "0"]);
  const authors = await comeIn(bobchat.port);
  await talk(authors);
  const sam = await visits.open(bobchat, { name: "sam", ...visiting });
  await settle(sam, authors);
  const path = `${ASSETS}${name}.png`;
  await sam.page.screenshot({ path });
  for (const author of authors.values()) author[Symbol.dispose]();
  console.log(`${name}.png: ${Math.round((await Deno.stat(path)).size / 1000)} KB`);
}

const browser = await launch();
const visits = new Visits(browser);
await Deno.writeTextFile(`${ASSETS}session.svg`, await drawSession(visits));
await take(visits, "page-desktop", { colorScheme: "light" });
await take(visits, "page-phone", {
  ...{ colorScheme: "dark", viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
});
await browser.close();
