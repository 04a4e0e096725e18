// The conversations: how they are found, which is in front, and what they are called.

import { keyOf, Talks } from "../../../lib/page/state/talks.ts";
import { assert, assertEquals } from "../../assert.ts";
import { entry } from "./said.ts";

const UNSEEN = { isSeen: false };

/** The names of all conversations, as they are listed. */
function titles({ all }: Talks): string[] {
  return all.map(({ title }) => title);
}

Deno.test("everyone is in the lobby, and it is in front until something else is", () => {
  const talks = new Talks();
  assertEquals([titles(talks), talks.active], [["#lobby"], talks.lobby]);
  talks.close(talks.lobby);
  assertEquals(titles(talks), ["#lobby"]);
});

Deno.test("a room and a person are found however they are written, and are never each other", () => {
  const talks = new Talks();
  const tea = talks.roomAt("Tea"), person = talks.person("tea");
  assert(talks.room("#tea") === tea && talks.roomAt("TEA") === tea);
  assert(talks.person("TEA") === person);
  assert(talks.get(keyOf(tea)) === tea && talks.get(keyOf(person)) === person);
  assertEquals(talks.room("ann"), undefined);
  assertEquals(titles(talks), ["#lobby", "#Tea", "tea"]);
});

Deno.test("rooms are listed before people, each as they came", () => {
  const talks = new Talks();
  talks.person("bob");
  for (const name of ["tea", "chess"]) talks.roomAt(name);
  talks.person("ann");
  assertEquals(titles(talks), ["#lobby", "#tea", "#chess", "bob", "ann"]);
});

Deno.test("private messages are one past, whoever they are with", () => {
  const talks = new Talks();
  assert(talks.person("ann").past === talks.person("bob").past);
  assert(talks.roomAt("tea").past !== talks.lobby.past);
});

Deno.test("what is brought to the front is read, and its new line goes when it is left", () => {
  const talks = new Talks();
  const tea = talks.roomAt("tea");
  tea.add(entry(1), UNSEEN);
  talks.show(tea);
  assertEquals([tea.unread.all, tea.firstNew?.id, talks.isSeen(tea)], [0, 1, true]);
  talks.show(tea);
  assertEquals(tea.firstNew?.id, 1);
  talks.show(talks.lobby);
  assertEquals([tea.firstNew, talks.isSeen(tea)], [undefined, false]);
});

Deno.test("nothing is read while nobody looks at the page", () => {
  const talks = new Talks();
  talks.watch(false);
  assert(!talks.isSeen(talks.lobby));
  talks.lobby.add(entry(1), UNSEEN);
  talks.watch(true);
  assertEquals([talks.lobby.unread.all, talks.lobby.firstNew?.id], [0, 1]);
});

Deno.test("calls are counted over all conversations", () => {
  const talks = new Talks();
  talks.roomAt("tea").add(entry(1, { isMention: true }), UNSEEN);
  talks.person("bob").add(entry(2, { kind: "private" }), UNSEEN);
  talks.lobby.add(entry(3), UNSEEN);
  assertEquals(talks.calls, 2);
});

Deno.test("when what is in front is closed, the lobby comes there", () => {
  const talks = new Talks();
  const tea = talks.roomAt("tea");
  talks.show(tea);
  talks.close(talks.person("bob"));
  assert(talks.active === tea);
  talks.close(tea);
  assert(talks.active === talks.lobby);
  assertEquals([talks.room("tea"), titles(talks)], [undefined, ["#lobby"]]);
});

Deno.test("a conversation goes on under its person's next name, also with another capital", () => {
  const talks = new Talks();
  const bob = talks.person("bob");
  talks.rename("bob", "rob");
  assert(talks.person("rob") === bob);
  assertEquals([talks.get("@bob"), bob.title], [undefined, "rob"]);
  talks.rename("rob", "Rob");
  assert(talks.person("rob") === bob);
  assertEquals(bob.title, "Rob");
});

Deno.test("who bears a name already keeps their conversation", () => {
  const talks = new Talks();
  const bob = talks.person("bob"), rob = talks.person("rob");
  talks.rename("bob", "rob");
  assert(talks.person("rob") === rob && talks.person("bob") === bob);
  talks.rename("nobody", "else");
  assertEquals(titles(talks), ["#lobby", "bob", "rob"]);
});

Deno.test("what was typed stands where it was, also in a room that is entered again later", () => {
  const talks = new Talks();
  talks.lobby.draft = "to all";
  talks.roomAt("Tea").draft = "a cup";
  talks.roomAt("chess");
  talks.person("Bob").draft = "psst";
  const { drafts } = talks;
  const next = new Talks();
  next.restore(drafts);
  assertEquals([next.lobby.draft, titles(next)], ["to all", ["#lobby", "Bob"]]);
  assertEquals(next.person("bob").draft, "psst");
  // What is not taken up yet is left to the page after the next, too.
  assertEquals(next.drafts.length, 3);
  assertEquals([next.roomAt("tea").draft, next.roomAt("chess").draft], ["a cup", ""]);
  next.roomAt("tea").draft = "";
  assertEquals(next.drafts.map(({ text }) => text), ["to all", "psst"]);
});
