// Names that stay somebody's: registering, identifying, and what is told meanwhile.

import type { Event } from "../../../lib/chat/event.ts";
import type { Account } from "../../../lib/chat/history.ts";
import { nameKey } from "../../../lib/chat/names.ts";
import { assert, assertEquals } from "../../assert.ts";
import { changed, people, type Person, run, TICK } from "./people.ts";

type Two = [Person, Person];
const PASSWORD = "correct horse";

Deno.test("a registered name is given for its password alone", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    alice.types("/nick alice", `/register ${PASSWORD}`),
    [alice.leaves()],
    bob.types("/nick ALICE", "/identify wrong password"),
    bob.types(`/identify ${PASSWORD}`),
    bob.types("hello", `/identify ${PASSWORD}`),
  );
  assertEquals(alice.talk, [
    "*** alice is yours now until the server stops (it runs without --history). " +
    "Next time: /nick alice PASSWORD",
  ]);
  assertEquals(bob.talk, [
    "*** alice is registered: if it is yours, /identify PASSWORD; else choose another name.",
    "*** That is not the password of alice.",
    "*** You are alice.",
    "alice(6): hello",
    "*** You are alice already.",
  ]);
});

Deno.test("/nick takes the password at once", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    alice.types("/nick alice", `/register ${PASSWORD}`),
    [alice.leaves()],
    bob.types(`/nick alice ${PASSWORD}`),
  );
  assertEquals(bob.talk, ["*** You are alice."]);
  assertEquals(bob.name, "alice");
});

Deno.test("identifying makes a connection one more of the person who is here", async () => {
  const [alice, again] = people(2) as Two;
  await run(
    [alice.join(), again.join()],
    alice.types("/nick alice", `/register ${PASSWORD}`),
    again.types(`/nick alice ${PASSWORD}`),
    again.types("from my phone"),
  );
  assertEquals([alice.ended, again.ended], ["server closed", "server closed"]);
  assertEquals(alice.heard.slice(-3), [
    "*** guest2 left (1 here)",
    "alice(4): from my phone",
    "*** The room is closing: goodbye",
  ]);
  assertEquals(again.name, "alice");
  assert(!again.heard.some((line) => / left/.test(line)), again.heard.join());
});

Deno.test("a name that looks like a registered one is refused while nobody bears either", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    alice.types("/nick alice", `/register ${PASSWORD}`),
    [alice.leaves()],
    bob.types("/nick \u0430lice", "/nick AIice", `/nick AIice ${PASSWORD}`),
  );
  // The first folds to the same letters; the others are other names that look like it.
  assertEquals(bob.talk.slice(1), [
    "*** AIice looks like alice: choose another name.",
    "*** AIice looks like alice: choose another name.",
  ]);
  assertEquals(bob.name, "guest2");
});

Deno.test("what cannot be registered is told why", async () => {
  const [alice] = people(1) as [Person];
  await run(
    [alice.join()],
    alice.types(`/register ${PASSWORD}`, "/nick alice", "/register", "/register short"),
    alice.types(`/register ${"x".repeat(201)}`, "/unregister", `/register ${PASSWORD}`),
    alice.types(`/register ${PASSWORD}`),
  );
  assertEquals(alice.talk, [
    "*** A guest name cannot be registered: /nick NAME first.",
    "*** Usage: /register PASSWORD (for example /register a-long-password)",
    "*** A password has 8 to 200 characters.",
    "*** A password has 8 to 200 characters.",
    "*** Your name is not registered.",
    "*** alice is yours now until the server stops (it runs without --history). " +
    "Next time: /nick alice PASSWORD",
    "*** alice is yours already.",
  ]);
});

Deno.test("over a connection that others can read, a warning comes first", async () => {
  const [alice] = people(1) as [Person];
  alice.address = "192.168.1.7";
  await run(
    [alice.join()],
    alice.types("/nick alice", `/register ${PASSWORD}`),
    alice.types(`/register ${PASSWORD}`),
  );
  assert(alice.talk[0]?.startsWith("*** This connection is not encrypted"), alice.talk[0]);
  assert(alice.talk[1]?.startsWith("*** alice is yours now"), alice.talk[1]);
});

Deno.test("/unregister gives the name up, and another name is another person", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    alice.types("/nick alice", `/register ${PASSWORD}`),
    alice.types("/nick alicia", "/whois alicia"),
    alice.types(`/nick alice ${PASSWORD}`),
    alice.types(
      "/whois alice",
      "/unregister",
      "/unregister bob",
      "/unregister alice",
      "/nick alicia",
    ),
    bob.types("/unregister alice", "/nick alice"),
  );
  assertEquals(bob.talk[0], "*** Your name is not registered.");
  assertEquals(alice.talk.slice(1), [
    "*** alicia is not registered, in #lobby.",
    "*** Connection 1: terminal at 127.0.0.1, for 1 second, this one",
    "*** You are alice.",
    "*** alice is registered and identified, in #lobby.",
    "*** Connection 1: terminal at 127.0.0.1, for 1 second, this one",
    "*** This deletes your account alice, and what is kept for it: messages that wait for you or were left " +
    "by you, whom you ignore, your rooms, and how far you have read. To go on, type /unregister alice",
    "*** Usage: /unregister [NAME] (for example /unregister alice)",
    "*** alice is no longer registered: anyone can take it after you leave.",
  ]);
  assertEquals(bob.name, "alice");
});

Deno.test("one job at a time, and one that comes back too late changes nothing", async () => {
  const [alice] = people(1) as [Person];
  await run(
    [alice.join()],
    alice.types("/nick alice", `/register ${PASSWORD}`, "/search a", "/nick bob"),
    alice.types("/whois bob"),
  );
  assertEquals(alice.talk, [
    "*** Wait for the answer to your last command.",
    "*** Your name has changed meanwhile, so nothing was registered.",
    "*** bob is not registered, in #lobby.",
    "*** Connection 1: terminal at 127.0.0.1, for 1 second, this one",
  ]);
});

Deno.test("/identify means the name that was asked for last, if it is registered, else one's own", async () => {
  const rows: [string[], string][] = [
    [["/nick carol"], "*** You are carol."],
    [["/nick bob", "/nick carol"], "*** You are carol."],
    [
      ["/nick carol", "/nick dan"],
      "*** dan is not registered: take your name with /nick NAME first.",
    ],
    [
      ["/nick carol", "/nick a/b"],
      "*** guest2 is not registered: take your name with /nick NAME first.",
    ],
    [
      ["/nick carol", "/nick taken"],
      "*** guest2 is not registered: take your name with /nick NAME first.",
    ],
    [["/nick dan", "/nick carol", "/register password"], "*** You are dan already."],
  ];
  for (const [lines, told] of rows) {
    const [carol, bob] = people(2) as Two;
    await run(
      [carol.join(), bob.join()],
      carol.types("/nick carol", `/register ${PASSWORD}`),
      carol.types("/nick taken"),
      bob.types(...lines),
      bob.types(`/identify ${PASSWORD}`),
    );
    assertEquals(bob.talk.at(-1), told, lines.join());
  }
});

/** An account that another program has added. */
function added(id: number, name: string): Account {
  return { id, name, key: nameKey(name), hash: `hash of ${PASSWORD}`, isOperator: false };
}

/** Somebody has proved to be an account's owner. */
function proves({ id }: Person, { id: account, name, hash }: Account): Event {
  return { kind: "job done", id, result: { kind: "verified", name, account, hash, isRight: true } };
}

Deno.test("of two accounts whose names look alike one is here: the owner of the other makes them a guest", async () => {
  const [alice, bob] = people(2) as Two;
  const dorn = added(1, "dorn"), dom = added(2, "dom");
  await run(
    [changed(alice.join(), dorn, dom), bob.join()],
    [proves(alice, dorn)],
    [proves(bob, dom)],
    bob.types("/whois guest1", "/whois dom"),
  );
  assertEquals([alice.name, bob.name], ["guest1", "dom"]);
  assertEquals(alice.talk, [
    "*** You are dorn.",
    "*** dom is somebody else's: you are guest1 now.",
  ]);
  assertEquals(bob.heard.filter((line) => line.includes("registered")), [
    "*** guest1 is not registered, in #lobby.",
    "*** dom is registered and identified, in #lobby.",
  ]);
});

Deno.test("whoever bears a name that looks like a new account's makes way for its owner, all of them", async () => {
  const [alice, bob, carol] = people(3) as [Person, Person, Person];
  // A capital I looks like an l, and is an i in another case.
  const account = added(1, "Ivan");
  await run(
    [alice.join(), bob.join(), carol.join()],
    alice.types("/nick ivan"),
    bob.types("/nick lvan"),
    [changed(TICK, account)],
    [proves(carol, account)],
  );
  assertEquals([alice.name, bob.name, carol.name], ["guest1", "guest2", "Ivan"]);
});

Deno.test("nobody identifies for an account that has a guest's name", async () => {
  const [alice, bob] = people(2) as Two;
  const account = added(1, "guest1");
  await run([changed(alice.join(), account), bob.join()], [proves(bob, account)]);
  assertEquals([alice.name, bob.name], ["guest1", "guest2"]);
  assertEquals(bob.talk, ["*** guest1 is a name that the server gives to guests."]);
});
