// The conversations: how they are found, which is in front, and what they are called.

import { Conversations, keyOf } from "../../../lib/client/state/conversations.ts";
import { assert, assertEquals } from "../../assert.ts";
import { entry } from "./said.ts";

const UNSEEN = { isSeen: false };

/** The names of all conversations, as they are listed. */
function titles({ all }: Conversations): string[] {
  return all.map(({ title }) => title);
}

Deno.test("everyone is in the lobby, and it is in front until something else is", () => {
  const conversations = new Conversations();
  assertEquals([titles(conversations), conversations.active], [["#lobby"], conversations.lobby]);
  conversations.close(conversations.lobby);
  assertEquals(titles(conversations), ["#lobby"]);
});

Deno.test("a room and a person are found however they are written, and are never each other", () => {
  const conversations = new Conversations();
  const tea = conversations.roomAt("Tea"), person = conversations.person("tea");
  assert(conversations.room("#tea") === tea && conversations.roomAt("TEA") === tea);
  assert(conversations.person("TEA") === person);
  assert(conversations.get(keyOf(tea)) === tea && conversations.get(keyOf(person)) === person);
  assertEquals(conversations.room("ann"), undefined);
  assertEquals(titles(conversations), ["#lobby", "#Tea", "tea"]);
});

Deno.test("rooms are listed before people, each as they came", () => {
  const conversations = new Conversations();
  conversations.person("bob");
  for (const name of ["tea", "chess"]) conversations.roomAt(name);
  conversations.person("ann");
  assertEquals(titles(conversations), ["#lobby", "#tea", "#chess", "bob", "ann"]);
});

Deno.test("private messages are one past, whoever they are with", () => {
  const conversations = new Conversations();
  assert(conversations.person("ann").past === conversations.person("bob").past);
  assert(conversations.roomAt("tea").past !== conversations.lobby.past);
});

Deno.test("what is brought to the front is read, and its new line goes when it is left", () => {
  const conversations = new Conversations();
  const tea = conversations.roomAt("tea");
  tea.add(entry(1), UNSEEN);
  conversations.show(tea);
  assertEquals([tea.unread.all, tea.firstNew?.id, conversations.isSeen(tea)], [0, 1, true]);
  conversations.show(tea);
  assertEquals(tea.firstNew?.id, 1);
  conversations.show(conversations.lobby);
  assertEquals([tea.firstNew, conversations.isSeen(tea)], [undefined, false]);
});

Deno.test("nothing is read while nobody looks at the page", () => {
  const conversations = new Conversations();
  conversations.watch(false);
  assert(!conversations.isSeen(conversations.lobby));
  conversations.lobby.add(entry(1), UNSEEN);
  conversations.watch(true);
  assertEquals([conversations.lobby.unread.all, conversations.lobby.firstNew?.id], [0, 1]);
});

Deno.test("calls are counted over all conversations", () => {
  const conversations = new Conversations();
  conversations.roomAt("tea").add(entry(1, { isMention: true }), UNSEEN);
  conversations.person("bob").add(entry(2, { kind: "private" }), UNSEEN);
  conversations.lobby.add(entry(3), UNSEEN);
  assertEquals(conversations.calls, 2);
});

Deno.test("when what is in front is closed, the lobby comes there", () => {
  const conversations = new Conversations();
  const tea = conversations.roomAt("tea");
  conversations.show(tea);
  conversations.close(conversations.person("bob"));
  assert(conversations.active === tea);
  conversations.close(tea);
  assert(conversations.active === conversations.lobby);
  assertEquals([conversations.room("tea"), titles(conversations)], [undefined, ["#lobby"]]);
});

Deno.test("a conversation goes on under its person's next name, also with another capital", () => {
  const conversations = new Conversations();
  const bob = conversations.person("bob");
  conversations.rename("bob", "rob");
  assert(conversations.person("rob") === bob);
  assertEquals([conversations.get("@bob"), bob.title], [undefined, "rob"]);
  conversations.rename("rob", "Rob");
  assert(conversations.person("rob") === bob);
  assertEquals(bob.title, "Rob");
});

Deno.test("who bears a name already keeps their conversation", () => {
  const conversations = new Conversations();
  const bob = conversations.person("bob"), rob = conversations.person("rob");
  conversations.rename("bob", "rob");
  assert(conversations.person("rob") === rob && conversations.person("bob") === bob);
  conversations.rename("nobody", "else");
  assertEquals(titles(conversations), ["#lobby", "bob", "rob"]);
});

Deno.test("what was typed stands where it was, also in a room that is entered again later", () => {
  const conversations = new Conversations();
  conversations.lobby.draft = "to all";
  conversations.roomAt("Tea").draft = "a cup";
  conversations.roomAt("chess");
  conversations.person("Bob").draft = "psst";
  const { drafts } = conversations;
  const next = new Conversations();
  next.restore(drafts);
  assertEquals([next.lobby.draft, titles(next)], ["to all", ["#lobby", "Bob"]]);
  assertEquals(next.person("bob").draft, "psst");
  // What is not taken up yet is left to the page after the next, too.
  assertEquals(next.drafts.length, 3);
  assertEquals([next.roomAt("tea").draft, next.roomAt("chess").draft], ["a cup", ""]);
  next.roomAt("tea").draft = "";
  assertEquals(next.drafts.map(({ text }) => text), ["to all", "psst"]);
});

Deno.test("of endless conversations the newest stay, the one in front, and those with a draft", () => {
  const conversations = new Conversations();
  const front = conversations.person("front"), drafted = conversations.person("drafted");
  conversations.show(front);
  drafted.draft = "half a line";
  const tea = conversations.roomAt("tea");
  for (let count = 0; count < 2000; count++) conversations.person(`p${count}`);
  const { all, lobby, people } = conversations;
  assertEquals([all.length, people.at(-1)?.name], [500, "p1999"]);
  for (const kept of [lobby, tea, front, drafted]) assert(all.includes(kept), kept.title);
  for (let count = 0; count < 2000; count++) conversations.roomAt(`r${count}`);
  assertEquals(conversations.all.length, 500);
  assert(conversations.active === front && conversations.room("lobby") === lobby);
});
