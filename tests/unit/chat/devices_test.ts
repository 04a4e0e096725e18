// One person with several connections: what each is sent, where the person is, and how a connection ends.

import { assert, assertEquals } from "../../assert.ts";
import { App } from "./app.ts";
import { changed, crowned, people, Person, Plain, registers, run, runIn, TICK } from "./people.ts";
import type { Event } from "../../../lib/chat/event.ts";

type Three = [Person, Person, Person];

/** The connection takes alice's name by its password. */
function isAlice(person: Person): Event[] {
  return person.types("/nick alice password");
}

/** What an app was sent, after its greeting. */
function framesOf(app: App, what: string): unknown[] {
  return app.signals.filter((each) => "what" in each && each.what === what);
}

Deno.test("what one says on any connection, and private words both ways, are on all of one's own", async () => {
  const [desk, bob, phone] = people(3) as Three, page = new App(4);
  await run(
    [desk.join(), bob.join(), phone.join(), page.join()],
    [...bob.types("/nick bob"), ...registers(desk, "alice")[0]!],
    [...isAlice(phone), ...page.types("/nick alice password")],
    phone.types("to all"),
    page.types("/msg bob secret"),
    bob.types("/msg alice thanks", "hello"),
  );
  const expected = [
    "alice(4): to all",
    "alice(5) to bob: secret",
    "bob(6) to alice: thanks",
    "bob(6): hello",
  ];
  for (const { talk } of [desk, phone]) {
    assertEquals(talk.filter((line) => !line.startsWith("***")), expected);
  }
  assertEquals(bob.talk.filter((line) => !line.startsWith("***")), expected);
  assertEquals(page.words, [
    "#lobby alice: to all",
    "private alice: secret",
    "private bob: thanks",
    "#lobby bob: hello",
  ]);
});

Deno.test("/echo off hides what is typed on that connection, and not what is typed on another", async () => {
  const [desk, bob, phone] = people(3) as Three;
  await run(
    [desk.join(), bob.join(), phone.join()],
    ...registers(desk, "alice"),
    isAlice(phone),
    phone.types("/echo off"),
    [...phone.types("from the phone"), ...desk.types("from the desk")],
  );
  const said = ({ talk }: Person) => talk.filter((line) => !line.startsWith("***"));
  assertEquals(said(phone), ["alice(5): from the desk"]);
  for (const each of [desk, bob]) {
    assertEquals(said(each), ["alice(5): from the phone", "alice(5): from the desk"]);
  }
});

Deno.test("coming on a second connection, or leaving one of two, is told to nobody and changes no count", async () => {
  const [desk, bob, phone] = people(3) as Three;
  phone.announceIn = 60_000;
  await run(
    [desk.join(), bob.join()],
    ...registers(desk, "alice"),
    [phone.join()],
    isAlice(phone),
    bob.types("/who"),
    [desk.leaves("connection lost", "connection lost")],
    bob.types("/who"),
    phone.types("/quit"),
    bob.types("/who"),
  );
  assertEquals(bob.heard.slice(2, -1), [
    "*** guest1 is now alice",
    "*** Here (2): alice, guest2",
    "*** Here (2): alice, guest2",
    "*** alice left (1 here)",
    "*** Here (1): guest2",
  ]);
  assertEquals(phone.heard.at(-1), "*** Goodbye.");
});

Deno.test("the guest that a connection was leaves, if the others knew of it", async () => {
  const [desk, bob, phone] = people(3) as Three;
  await run(
    [desk.join(), bob.join(), phone.join()],
    ...registers(desk, "alice"),
    isAlice(phone),
  );
  assertEquals(bob.heard.slice(-2)[0], "*** guest3 left (2 here)");
  assertEquals(phone.talk, [
    "*** You are alice.",
    "*** You have 2 connections now: /whois alice lists them.",
  ]);
});

Deno.test("there are so many connections a person, and one more is told so and stays what it was", async () => {
  const all = people(4) as [Person, Person, Person, Person];
  for (const each of all) each.maxDevices = 2;
  const [desk, phone, late, bob] = all;
  await run(
    all.map((each) => each.join()),
    ...registers(desk, "alice"),
    isAlice(phone),
    isAlice(late),
    late.types("still a guest"),
  );
  assertEquals(late.talk, [
    "*** alice has 2 connections, and cannot have more: end one there, with /quit or /disconnect.",
    "guest3(5): still a guest",
  ]);
  assert(!bob.heard.includes("*** guest3 left (2 here)"));
});

Deno.test("a person is where their connections are: apps in all rooms, lines in the one they look at", async () => {
  const [desk, bob, phone] = people(3) as Three, page = new App(4);
  await run(
    [desk.join(), bob.join(), phone.join(), page.join()],
    ...registers(desk, "alice"),
    isAlice(phone),
    desk.types("/join tea"),
    bob.types("/who", "/who tea"),
    phone.types("/join tea"),
    bob.types("/who", "/who tea"),
    page.types("/nick alice password", "/join cake"),
    desk.types("/join lobby"),
    phone.types("/join lobby", "/join pie", "/join lobby"),
    bob.types("/whois alice"),
    desk.types("/leave tea"),
    [page.leaves()],
    bob.types("/whois alice"),
  );
  const told = bob.talk.filter((line) => /\*\*\* (?:Here|In|alice is )/.test(line));
  assertEquals(told, [
    "*** Here (3): alice, guest2, guest4",
    "*** In #tea (1): alice",
    "*** Here (2): guest2, guest4",
    "*** In #tea (1): alice",
    "*** alice is registered and identified, in #tea, #lobby, #cake, #pie.",
    "*** alice is registered and identified, in #lobby.",
  ]);
  // The page sees each room as another connection goes there, and that the person leaves it.
  const seen = framesOf(page, "members") as { room: string }[];
  assertEquals(seen.map(({ room }) => room).slice(1), ["cake", "tea", "lobby", "cake", "pie"]);
  assertEquals(framesOf(page, "parted"), [{ what: "parted", room: "tea" }]);
});

Deno.test("/leave takes all connections out of the room, and lines that look at it to the lobby", async () => {
  const [desk, bob, phone] = people(3) as Three;
  await run(
    [desk.join(), bob.join(), phone.join()],
    ...registers(desk, "alice"),
    isAlice(phone),
    [...desk.types("/join tea"), ...phone.types("/join tea")],
    desk.types("/leave"),
    bob.types("welcome back"),
  );
  for (const { talk } of [desk, phone]) {
    assertEquals(talk.slice(-2), [
      "*** You are in #lobby. Here: guest2.",
      "guest2(6): welcome back",
    ]);
  }
  assertEquals(bob.heard.filter((line) => line === "*** alice joined (2 here)").length, 1);
});

Deno.test("a room that only one connection was in is left with it, and one that it brings is entered", async () => {
  const [desk, bob, phone] = people(3) as Three;
  await run(
    [desk.join(), bob.join(), phone.join()],
    ...registers(desk, "alice"),
    [...bob.types("/join tea"), ...phone.types("/join tea")],
    isAlice(phone),
    [phone.leaves()],
  );
  assertEquals(bob.talk.slice(-3), [
    "*** You are in #tea. You are the first here.",
  ]);
  assertEquals(bob.heard.slice(-5, -1), [
    "*** guest3 joined (2 here)",
    "*** alice joined (3 here)",
    "*** guest3 left (2 here)",
    "*** alice left (1 here)",
  ]);
});

Deno.test("what a guest had made or was invited to is the person's", async () => {
  const [desk, bob, phone] = people(3) as Three;
  await run(
    [desk.join(), bob.join(), phone.join()],
    ...registers(desk, "alice"),
    phone.types("/join tea", "/lock"),
    isAlice(phone),
    desk.types("/join tea", "/unlock"),
  );
  assertEquals(desk.talk.slice(-2), [
    "*** You are in #tea (locked). You are the first here.",
    "*** alice unlocked the room",
  ]);
});

Deno.test("what a guest has said and was told can be changed once they turn out to be somebody", async () => {
  const [desk, bob, phone] = people(3) as Three;
  await run(
    [desk.join(), bob.join(), phone.join()],
    [...registers(desk, "alice")[0]!, ...phone.types("helo"), ...bob.types("/msg guest3 helo")],
    isAlice(phone),
    [...desk.types("/edit hello"), bob.input({ kind: "edit", message: 2, text: "hi" })],
  );
  const mended = ({ talk }: Person) => talk.filter((line) => /hello|\bhi\b/.test(line)).length;
  assertEquals([mended(desk), mended(phone), mended(bob)], [2, 2, 2]);
});

Deno.test("/kick and /ban end all connections of somebody, and say how many", async () => {
  const [alice, bob, phone] = people(3) as Three;
  const again = new Person(4, new Plain());
  await run(
    [alice.join(), bob.join(), phone.join()],
    ...crowned(alice),
    ...registers(bob, "bob"),
    phone.types("/nick bob password"),
    alice.types("/kick bob"),
    [again.join()],
    again.types("/nick bob password"),
    alice.types("/ban bob"),
  );
  for (const each of [bob, phone]) assertEquals(each.ended, "kicked by alice");
  assertEquals(again.ended, "banned by alice");
  assertEquals(alice.heard.filter((line) => / left/.test(line)), [
    "*** guest3 left (2 here)",
    "*** bob left: kicked by alice (1 here)",
    "*** bob left: banned by alice (1 here)",
  ]);
});

Deno.test("a ban of an address ends all connections of who has one there", async () => {
  const [alice, bob, phone] = people(3) as Three;
  phone.address = "10.1.2.3";
  await run(
    [alice.join(), bob.join(), phone.join()],
    ...crowned(alice),
    ...registers(bob, "bob"),
    phone.types("/nick bob password"),
    alice.types("/ban 10.1.2.3"),
  );
  for (const each of [bob, phone]) assertEquals(each.ended, "banned by alice");
  assert(alice.talk.at(-1)!.endsWith("This ended 2 connections: bob."), alice.talk.at(-1));
});

Deno.test("mutes, ignoring and /away are the person's", async () => {
  const [alice, bob, phone] = people(3) as Three, carol = new Person(4, new Plain());
  await run(
    [alice.join(), bob.join(), phone.join(), carol.join()],
    ...crowned(alice),
    ...registers(bob, "bob"),
    bob.types("/ignore guest4", "/away lunch"),
    phone.types("/nick bob password"),
    carol.types("unheard", "/msg bob unheard"),
    alice.types("/mute bob"),
    [...bob.types("from here"), ...phone.types("from there")],
  );
  assert(!phone.heard.join().includes("unheard"), phone.heard.join());
  assert(carol.talk.includes("*** bob is away: lunch"), carol.talk.join());
  for (const each of [bob, phone]) {
    assertEquals(each.talk.at(-1), "*** You are muted. Nobody hears you.");
  }
});

Deno.test("whoever ignores a guest ignores the person that they turn out to be", async () => {
  const [desk, bob, phone] = people(3) as Three;
  await run(
    [desk.join(), bob.join(), phone.join()],
    ...registers(desk, "alice"),
    bob.types("/ignore guest3"),
    isAlice(phone),
    [...phone.types("unheard"), ...desk.types("unheard, too")],
    bob.types("/unignore guest3"),
    phone.types("heard again"),
  );
  assertEquals(bob.talk.filter((line) => !line.startsWith("***")), ["alice(7): heard again"]);
});

Deno.test("/whois of oneself lists one's connections, of others not, and to operators it does", async () => {
  const [alice, bob, phone] = people(3) as Three;
  phone.address = "10.1.2.3";
  const clock = (batch: number) => batch * 60_000;
  await runIn(
    { clock },
    [alice.join(), bob.join()],
    ...crowned(alice),
    ...registers(bob, "bob"),
    [phone.join()],
    phone.types("/nick bob password"),
    bob.types("/whois bob"),
    [...bob.types("/whois alice"), ...alice.types("/whois bob")],
  );
  assertEquals(bob.talk.slice(-4), [
    "*** bob is registered and identified, in #lobby.",
    "*** Connection 1: terminal at 127.0.0.1, for 6 minutes, this one",
    "*** Connection 2: terminal at 10.1.2.3, for 2 minutes",
    "*** alice is registered and identified, an operator, in #lobby.",
  ]);
  assertEquals(alice.talk.slice(-3), [
    "*** bob is registered and identified, in #lobby, from 127.0.0.1 and 10.1.2.3.",
    "*** Connection 1: terminal at 127.0.0.1, for 7 minutes",
    "*** Connection 2: terminal at 10.1.2.3, for 3 minutes",
  ]);
});

Deno.test("/disconnect ends one of one's connections, which others are not told", async () => {
  const [desk, bob, phone] = people(3) as Three;
  await run(
    [desk.join(), bob.join(), phone.join()],
    ...registers(desk, "alice"),
    isAlice(phone),
    desk.types("/disconnect 2", "/disconnect 2", "/disconnect x"),
    desk.types("/disconnect 1"),
  );
  assertEquals(phone.heard.at(-1), "*** You have ended this connection.");
  assertEquals([phone.ended, desk.ended], ["ended by its own user", "ended by its own user"]);
  assertEquals(desk.talk.slice(-4), [
    "*** Connection 2 is ended.",
    "*** You have no connection 2: /whois alice lists them.",
    "*** Usage: /disconnect N (for example /disconnect 2)",
    "*** You have ended this connection.",
  ]);
  assertEquals(bob.heard.filter((line) => /alice left/.test(line)), ["*** alice left (1 here)"]);
});

Deno.test("who has an account's name without its password is a guest again once its owner comes", async () => {
  const [squatter, owner] = people(2) as [Person, Person];
  const account = { id: 1, name: "bob", key: "bob", hash: "hash of password", isOperator: false };
  await run(
    [squatter.join(), owner.join()],
    squatter.types("/nick bob"),
    [changed({ ...TICK }, account)],
    owner.types("/nick bob password"),
  );
  assertEquals([squatter.ended, squatter.name, owner.name], ["server closed", "guest1", "bob"]);
  assert(squatter.talk.includes("*** bob is somebody else's: you are guest1 now."));
});

Deno.test("tabs of one browser are one person without a password, also as a guest; others are not", async () => {
  const [one, two, other, open] = [1, 2, 3, 4].map((id) => new App(id)) as [App, App, App, App];
  const [bob] = [new Person(5, new Plain())];
  for (const each of [one, two, open]) each.browser = "secret";
  open.address = "10.1.2.3";
  await run(
    [bob.join(), one.join()],
    [two.join(), other.join(), open.join()],
    [...one.types("/nick zoe"), ...two.types("hello")],
    [one.leaves()],
    two.types("still here"),
  );
  assertEquals([one.name, two.name], ["zoe", "zoe"]);
  assertEquals([other.name, open.name], ["guest3", "guest4"]);
  assertEquals(bob.talk, ["zoe(3): hello", "zoe(5): still here"]);
  assertEquals(bob.heard.filter((line) => / left/.test(line)), []);
  assertEquals(framesOf(two, "welcome").map((each) => "name" in Object(each)), [true]);
  assertEquals(one.words, ["#lobby zoe: hello"]);
});

Deno.test("a tab too many is told so, and ends", async () => {
  const [one, two] = [new App(1), new App(2)];
  for (const each of [one, two]) Object.assign(each, { browser: "secret", maxDevices: 1 });
  await run([one.join()], [two.join()]);
  assertEquals([one.ended, two.ended], ["server closed", "refused"]);
  assertEquals(two.words, [
    "no: guest1 has 1 connection, and cannot have more: end one there, with /quit or /disconnect.",
  ]);
});

Deno.test("a link that is lost shows in lists and /whois, and whoever writes is told, unless another works", async () => {
  const [desk, bob] = people(2) as [Person, Person], page = new App(3), watcher = new App(4);
  const link = (isLost: boolean): Event => ({ kind: "link", id: 3, isLost });
  await run(
    [desk.join(), bob.join(), page.join(), watcher.join()],
    ...registers(desk, "alice"),
    page.types("/nick alice password"),
    [link(true)],
    bob.types("/msg alice you are reachable"),
    [desk.leaves()],
    [watcher.input({ kind: "ask who", person: "alice" }), ...watcher.types("/msg alice hello")],
    bob.types("/msg alice you are not", "/whois alice", "/who"),
    watcher.types("/join tea", "/join lobby"),
    [watcher.input({ kind: "look", room: "lobby" })],
    [link(false)],
    bob.types("/msg alice back"),
  );
  assertEquals(bob.talk.filter((line) => line.startsWith("***")), [
    "*** alice's connection is lost: they see this if it comes back.",
    "*** alice is registered and identified, in #lobby, not reachable, since the connection is lost.",
    "*** Here (3): alice (connection lost), guest2, guest4",
  ]);
  assertEquals(
    framesOf(watcher, "person"),
    Array(2).fill(
      { what: "person", name: "alice", presence: "lost" },
    ),
  );
  assertEquals(framesOf(watcher, "lost"), [
    { what: "lost", room: "lobby", name: "alice", isLost: true },
    { what: "lost", room: "lobby", name: "alice", isLost: false },
  ]);
  const lists = framesOf(watcher, "members") as { members: { name: string; isLost: boolean }[] }[];
  assert(
    lists.some(({ members }) => members.some(({ name, isLost }) => name === "alice" && isLost)),
  );
});
