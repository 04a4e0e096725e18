// Apps: in several rooms at once, told of states by signals, and free to ask for what was said before.

import { toBytes, toChunk } from "../../../lib/wire/chunk.ts";
import type { Input } from "../../../lib/chat/event.ts";
import { assert, assertEquals } from "../../assert.ts";
import { App } from "./app.ts";
import { people, type Person, promotes, run, runIn, TICK } from "./people.ts";

Deno.test("an app is in several rooms at once, and its words go to the one that it names", async () => {
  const app = new App(1);
  const [, bob, carol] = people(3) as [Person, Person, Person];
  await run(
    [app.join(), bob.join(), carol.join()],
    [app.orders("join", "tea"), ...bob.types("/join tea")],
    [
      app.asks({ kind: "text", text: "milk?", room: "tea" }),
      app.asks({ kind: "text", text: "hello", room: "#lobby" }),
      app.asks({ kind: "text", text: "the last one entered" }),
      ...bob.types("sugar"),
      ...carol.types("hi"),
    ],
  );
  assertEquals(app.words, [
    "#tea guest1: milk?",
    "#lobby guest1: hello",
    "#tea guest1: the last one entered",
    "#tea guest2: sugar",
    "#lobby guest3: hi",
  ]);
  assertEquals(carol.talk, ["guest1(3): hello", "guest3(3): hi"]);
});

Deno.test("an app says nothing in a room that it is not in", async () => {
  const app = new App(1);
  const [, bob] = people(2) as [Person, Person];
  await run(
    [app.join(), bob.join()],
    bob.types("/join tea"),
    [app.asks({ kind: "text", text: "psst", room: "tea" }), app.ordersIn("den", "topic", "mine")],
    [app.asks({ kind: "recall", isPrivate: false, range: { count: 9 }, room: "tea" })],
  );
  assertEquals(app.words, [
    "no: You are not in tea.",
    "no: You are not in den.",
    "no: You are not in tea.",
  ]);
  assertEquals(bob.talk, ["*** You are in #tea. You are the first here."]);
});

Deno.test("an app leaves one room and stays in the others; the lobby is everyone's", async () => {
  const app = new App(1);
  const [, bob] = people(2) as [Person, Person];
  await run(
    [app.join(), bob.join()],
    [app.orders("join", "tea"), app.orders("join", "den")],
    [app.ordersIn("tea", "leave"), app.ordersIn("lobby", "leave")],
    [app.asks({ kind: "text", text: "still here" }), ...bob.types("/whois guest1", "/rooms")],
  );
  assertEquals(app.words, [
    "no: You are in the lobby: /quit ends your connection.",
    "#den guest1: still here",
  ]);
  assert(app.signals.some((each) => "what" in each && each.what === "parted"));
  assertEquals(bob.talk, [
    "*** guest1 is not registered, in #lobby, #den.",
    "*** #lobby (2 here)",
    "*** #den (1 here)",
  ]);
});

Deno.test("who leaves leaves every room, and another name is told in each", async () => {
  const app = new App(1);
  const [, bob, carol] = people(3) as [Person, Person, Person];
  await run(
    [app.join(), bob.join(), carol.join()],
    [...bob.types("/join tea"), app.orders("join", "tea")],
    [app.orders("nick", "ann")],
    [app.leaves("lost", "lost")],
  );
  for (const person of [bob, carol]) {
    const told = person.heard.filter((line) => / is now ann|ann left/.test(line));
    assertEquals(told, ["*** guest1 is now ann", "*** ann left: lost (1 here)"]);
  }
});

Deno.test("an app is signalled what people read in notices, and people are not", async () => {
  const app = new App(1);
  app.token = "secret";
  const [, bob] = people(2) as [Person, Person];
  await run(
    [app.join()],
    [bob.join()],
    bob.types("/nick bob", "/away lunch", "/topic tea?", "/join den", "/lock"),
    [app.asks({ kind: "look" }), app.orders("rooms")],
  );
  const room = "lobby";
  assertEquals(app.signals, [
    { what: "welcome", name: "guest1", token: "secret", maxLine: 1024, editMinutes: 60 },
    {
      what: "members",
      ...{
        room,
        topic: "",
        isLocked: false,
        size: 1,
        members: [{ name: "guest1", isAway: false, isLost: false }],
      },
    },
    { what: "joined", room, name: "guest2" },
    { what: "renamed", room, from: "guest2", to: "bob" },
    { what: "away", room, name: "bob", isAway: true },
    { what: "topic", room, topic: "tea?" },
    { what: "left", room, name: "bob" },
    {
      what: "members",
      ...{ room, topic: "tea?", isLocked: false, size: 1 },
      members: [{ name: "guest1", isAway: false, isLost: false }],
    },
    {
      what: "rooms",
      rooms: [
        { name: "lobby", size: 1, isLocked: false, topic: "tea?" },
        { name: "den", size: 1, isLocked: true, topic: "" },
      ],
    },
  ]);
  assertEquals(bob.talk.length, 4, bob.talk.join("\n"));
});

Deno.test("in a crowd an app is told how many there are", async () => {
  const app = new App(1);
  const crowd = people(60).slice(1);
  await run([app.join(), ...crowd.map((person) => person.join())], [TICK]);
  assertEquals(app.signals.at(-1), { what: "crowd", room: "lobby", size: 60 });
});

Deno.test("an app reads on in both directions from any message", async () => {
  const app = new App(1);
  const [, bob] = people(2) as [Person, Person];
  const range = (what: { before?: number; after?: number; count: number }): Input => ({
    kind: "recall",
    isPrivate: false,
    range: what,
  });
  await run(
    [app.join(), bob.join()],
    bob.types("1", "2", "3", "/msg guest1 4", "5", "6"),
    [
      app.asks(range({ count: 2 })),
      app.asks(range({ before: 5, count: 2 })),
      app.asks(range({ before: 2, count: 2 })),
      app.asks(range({ after: 0, count: 2 })),
      app.asks(range({ after: 3, count: 9 })),
      app.asks({ kind: "recall", isPrivate: true, range: { count: 9 } }),
    ],
  );
  assertEquals(app.recalled, [
    [[5, 6], 5],
    [[2, 3], 2],
    [[1], undefined],
    [[1, 2], 2],
    [[5, 6], undefined],
    [[4], undefined],
  ]);
});

Deno.test("what is recalled is bounded, nearest first, and one can always go on", async () => {
  const app = new App(1);
  const [, bob] = people(2) as [Person, Person];
  const recall = (range: { before?: number; after?: number; count: number }): Input => ({
    kind: "recall",
    isPrivate: false,
    range,
  });
  await runIn(
    { mostRecalled: 100 },
    [app.join(), bob.join()],
    bob.types(...Array.from({ length: 6 }, (_, i) => `${i}`.padEnd(15)), "x".repeat(500)),
    [
      app.asks(recall({ count: 9 })),
      app.asks(recall({ before: 7, count: 9 })),
      app.asks(recall({ after: 0, count: 9 })),
    ],
  );
  assertEquals(app.recalled, [[[7], 7], [[5, 6], 5], [[1, 2], 2]]);
});

Deno.test("an app that has forgotten all is told where it is, and keeps its name", async () => {
  const app = new App(1);
  await run(
    [app.join()],
    [app.orders("nick", "ann"), app.orders("join", "tea")],
    [app.asks({ kind: "refresh" })],
  );
  const what = app.signals.slice(-3).map((each) => Object.values(each).slice(0, 2));
  assertEquals(what, [["welcome", "ann"], ["members", "lobby"], ["members", "tea"]]);
  // Each welcome is a chunk of its own, which its outbox knows.
  assertEquals<unknown>(app.welcomes, [Uint8Array.of(1), Uint8Array.of(1)]);
});

Deno.test("a receipt comes behind what was asked for, and behind its refusal", async () => {
  const app = new App(1);
  await run([app.join()], [
    app.asks({ kind: "text", text: "hello", receipt: 8 }),
    app.asks({ kind: "text", text: "hello", room: "nowhere", receipt: 9 }),
  ]);
  // The last one is the goodbye.
  assertEquals(
    app.encoder.deliveries.slice(-5, -1).map((
      each,
    ) => [each.kind, "id" in each ? each.id : undefined]),
    [
      ["message", 1],
      ["receipt", 8],
      ["notice", undefined],
      ["receipt", 9],
    ],
  );
  assertEquals(app.words, ["#lobby guest1: hello", "no: You are not in nowhere."]);
});

Deno.test("an app is asked for the server password by a change, and its orders are no guesses", async () => {
  const app = new App(1);
  await runIn(
    { opens: (guess) => guess === "sesame" },
    [app.join()],
    [app.orders("nick", "ann"), app.asks({ kind: "look" }), app.asks({ kind: "refresh" })],
    [app.asks({ kind: "password", text: "barley" })],
    [app.asks({ kind: "password", text: "sesame" })],
  );
  const later = "no: This room has a password: send it first.";
  assertEquals(app.words, [later, later, "no: That is not the password: type it again."]);
  const asked = app.signals.filter((each) => "what" in each && each.what === "password");
  assertEquals([asked.length, app.ended], [2, "server closed"]);
  assertEquals(app.name, "guest1");
});

Deno.test("on arrival words are no guess of an app's: they are refused, and that is its answer", async () => {
  const app = new App(1);
  await runIn({ opens: () => false }, [app.join()], [
    app.asks({ kind: "text", text: "sesame", receipt: 9 }),
    app.asks({ kind: "reply", chunk: toChunk(Uint8Array.of(8, 8)) }),
  ]);
  assertEquals(app.words, ["no: This room has a password: send it first."]);
  assertEquals(app.encoder.deliveries.at(-2), { kind: "receipt", id: 9 });
  assertEquals(app.chunks.map((chunk) => toBytes(chunk)[0]).slice(1, 3), [2, 8]);
});

Deno.test("a password for a chat that has none, or from who is in already, is told to nobody", async () => {
  const app = new App(1), other = new App(2);
  await run([app.join(), other.join()], [app.asks({ kind: "password", text: "sesame" })]);
  assertEquals([app.words, other.words], [[], []]);
});

Deno.test("an app is in twenty rooms and no more: it cannot take all there are", async () => {
  const app = new App(1);
  const makers = people(4).slice(1);
  makers.forEach((person) => person.address = `10.0.0.${person.id}`);
  const names = Array.from({ length: 21 }, (_, i) => `room${i}`);
  await run(
    [app, ...makers].map((person) => person.join()),
    names.flatMap((name, i) => makers[i % 3]!.types(`/join ${name}`, "/topic kept")),
    names.map((name) => app.orders("join", name)),
  );
  assertEquals(app.words, Array(2).fill("no: You are in 20 rooms: /leave one first."));
});

Deno.test("an app whose room is closed is in it no more, stays in its others, and is told why", async () => {
  const app = new App(1);
  const [, alice] = people(2) as [Person, Person];
  await run(
    [app.join(), alice.join()],
    alice.types("/nick alice", "/register password"),
    [promotes("alice")],
    [app.orders("join", "tea"), app.orders("join", "den")],
    alice.types("/close den spam"),
    [app.asks({ kind: "text", text: "here" }), app.ordersIn("den", "topic")],
  );
  assertEquals(app.signals.at(-1), { what: "parted", room: "den" });
  assertEquals(app.words, ["#tea guest1: here", "no: You are not in den."]);
  const told = app.encoder.deliveries.filter((each) =>
    each.kind === "notice" && each.text === "#den was closed by alice: spam."
  );
  assertEquals(told.length, 1);
});
