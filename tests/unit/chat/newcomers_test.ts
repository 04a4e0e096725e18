// Newcomers: who has said nothing yet hears everything, and nobody knows of them.

import { assert, assertEquals } from "../../assert.ts";
import { App } from "./app.ts";
import { people, type Person, promotes, run, runIn, TICK } from "./people.ts";

type Two = [alice: Person, bob: Person];

/** Alice, whom everybody knows, and bob, who is announced after five seconds of silence. */
function two(): Two {
  const [alice, bob] = people(2) as Two;
  bob.announceIn = 5000;
  return [alice, bob];
}

/** What a person heard after the greeting, without the goodbye. */
function news({ heard }: Person): string[] {
  return heard.slice(heard.findIndex((line) => line.startsWith("*** Type to talk")) + 1, -1);
}

Deno.test("who comes, reads and goes without a word was never there", async () => {
  const [alice, bob] = two();
  await run(
    [alice.join(), bob.join()],
    [...alice.types("hello", "/who", "/rooms"), ...bob.types("/who", "/help nick", "/history")],
    bob.types("/quit so long"),
    alice.types("/who"),
  );
  const here = "*** Here (1): guest1";
  assertEquals(news(alice), ["guest1(2): hello", here, "*** #lobby (1 here)", here]);
  assert(bob.heard.includes("guest1(2): hello"));
  assert(bob.heard.includes(here));
  assertEquals(bob.ended, "quit");
});

Deno.test("the first words announce whoever says them, to all but themselves", async () => {
  const [alice, bob] = two();
  await run([alice.join(), bob.join()], bob.types("hello", "again"), [bob.leaves()]);
  assertEquals(news(alice), [
    "*** guest2 joined (2 here)",
    "guest2(2): hello",
    "guest2(2): again",
    "*** guest2 left (1 here)",
  ]);
  assertEquals(bob.heard.slice(-2), ["guest2(2): hello", "guest2(2): again"]);
});

Deno.test("who takes a name first joins under it, and not as a guest before", async () => {
  const [alice, bob] = two();
  await run(
    [alice.join(), bob.join()],
    bob.types("/nick guest7", "/nick anna"),
    alice.types("/who"),
  );
  assertEquals(news(alice), ["*** anna joined (2 here)", "*** Here (2): guest1, anna"]);
  assertEquals(news(bob), [
    "*** Guest names are given by the server: choose another name.",
    "*** You are anna.",
  ]);
});

Deno.test("who proves a registered name first joins under it", async () => {
  const [alice, bob] = two();
  const [, , carol] = people(3) as [Person, Person, Person];
  await run(
    [carol.join(), ...carol.types("/nick carol", "/register password")],
    [carol.leaves(), alice.join(), bob.join()],
    bob.types("/nick carol password"),
  );
  assertEquals(news(alice).filter((line) => line.includes("joined")), [
    "*** carol joined (2 here)",
  ]);
});

Deno.test("who is kicked before they said anything was never there", async () => {
  const [alice, bob] = two();
  await run(
    [alice.join(), ...alice.types("/nick alice", "/register password")],
    [promotes("alice"), bob.join()],
    alice.types("/kick guest2 no bots", "/who"),
  );
  assertEquals(news(alice).slice(-2), ["*** guest2 is gone.", "*** Here (1): alice"]);
  assertEquals(bob.heard.at(-1), "*** You were kicked by alice: no bots.");
});

Deno.test("a newcomer who asks who is here is told why they are not in the list", async () => {
  const [, bob] = two();
  const unlisted = "*** You are listed once you say something, or have stayed a while.";
  await run([bob.join()], bob.types("/who", "hello", "/who"));
  assertEquals(news(bob), [
    "*** Here (0): nobody",
    unlisted,
    "guest2(2): hello",
    "*** Here (1): guest2",
  ]);
});

Deno.test("after so long a time of silence the others are told", async () => {
  const [alice, bob] = two();
  const clock = (batch: number) => [0, 0, 4999, 5000, 6000][batch]!;
  await runIn(
    { clock },
    [alice.join(), bob.join()],
    [TICK, ...alice.types("/who")],
    [TICK, ...alice.types("/who")],
    [TICK],
  );
  assertEquals(news(alice), [
    "*** Here (1): guest1",
    "*** guest2 joined (2 here)",
    "*** Here (2): guest1, guest2",
  ]);
});

Deno.test("who goes to another room first is announced there alone", async () => {
  const [alice, bob] = two();
  const [, , carol] = people(3) as [Person, Person, Person];
  await run(
    [alice.join(), carol.join(), ...carol.types("/join tea"), bob.join()],
    bob.types("/join tea", "/join lobby"),
  );
  assertEquals(carol.talk.slice(1), []);
  assertEquals(
    carol.heard.filter((line) => line.includes("guest2")),
    ["*** guest2 joined (2 here)", "*** guest2 left (1 here)"],
  );
  assertEquals(news(alice).filter((line) => line.includes("guest2")), [
    "*** guest2 joined (2 here)",
  ]);
});

Deno.test("an app that names itself as it comes is told that it is there, and so are the others", async () => {
  const [alice] = two();
  const app = new App(2);
  app.announceIn = 5000;
  await run(
    [alice.join()],
    [app.join(), app.orders("nick", "anna"), app.orders("join", "tea")],
    alice.types("/who #tea"),
  );
  assertEquals(news(alice), ["*** anna joined (2 here)", "*** In #tea (1): anna"]);
  const lists = app.signals.filter((each) => "members" in each) as {
    room: string;
    members: { name: string }[];
  }[];
  assertEquals(lists.map(({ room, members }) => [room, members.map(({ name }) => name)]), [
    ["lobby", ["guest1"]],
    ["lobby", ["guest1", "anna"]],
    ["tea", ["anna"]],
  ]);
  assert(app.signals.some((each) => "to" in each && each.to === "anna"));
});
