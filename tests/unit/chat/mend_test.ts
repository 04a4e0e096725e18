// Messages that are edited and taken back: by whom, for how long, and what others are sent.

import type { AuditEntry } from "../../../lib/chat/effects.ts";
import type { Input } from "../../../lib/chat/event.ts";
import { assertEquals } from "../../assert.ts";
import { App } from "./app.ts";
import { crowned, people, type Person, registers, runIn, TICK } from "./people.ts";

const [EDIT, DELETE] = [
  (message: number, text: string): Input => ({ kind: "edit", message, text }),
  (message: number): Input => ({ kind: "delete", message }),
];

/** What somebody was sent after alice had said hello. */
function since({ talk }: Person): string[] {
  return talk.slice(talk.findIndex((line) => line.includes("hello")) + 1);
}

Deno.test("/edit puts a text in place of one's last message, and /delete takes it back, for all in the room", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await runIn(
    {},
    [alice.join(), bob.join(), ...alice.types("/nick alice")],
    [...alice.types("helo", "/edit hello"), bob.says("hi")],
    alice.types("/edit hello there", "/delete"),
  );
  for (const each of [alice, bob]) {
    assertEquals(since(each), [
      "guest2(2): hi",
      "*** alice now says: hello there",
      "*** alice took back 1",
    ]);
  }
});

Deno.test("who comes later is shown the mended words, and that a message was taken back", async () => {
  const [alice, bob, carol] = people(3) as [Person, Person, Person];
  const app = new App(3);
  await runIn(
    { replay: 10 },
    [
      alice.join(),
      bob.join(),
      ...alice.types("one", "/edit two"),
      ...bob.types("three", "/delete"),
    ],
    [app.join()],
  );
  const [page] = app.encoder.deliveries.filter((each) => each.kind === "history page");
  assertEquals(page?.messages.map(({ text, edited, deleted }) => ({ text, edited, deleted })), [
    { text: "two", edited: true, deleted: undefined },
    { text: "", edited: undefined, deleted: true },
  ]);
  assertEquals(carol.heard, []);
});

Deno.test("a second /delete takes back the message before", async () => {
  const [alice] = people(1) as [Person];
  await runIn({}, [alice.join(), ...alice.types("one", "two", "/delete", "/delete", "/delete")]);
  assertEquals(alice.talk.slice(2), [
    "*** guest1 took back 2",
    "*** guest1 took back 1",
    "*** You have said nothing in #lobby that can be changed: that goes back 1 hour, and 500 messages.",
  ]);
});

Deno.test("nobody edits the words of another, also not by taking the name", async () => {
  const [alice, bob, carol] = people(3) as [Person, Person, Person];
  const app = new App(3);
  await runIn(
    {},
    [alice.join(), bob.join(), app.join(), ...alice.types("/nick alice", "hello")],
    [...alice.types("/nick ann"), ...bob.types("/nick alice", "/edit mine", "/delete")],
    [app.input(EDIT(1, "mine")), app.input(DELETE(1))],
    [alice.leaves(), ...bob.types("/nick ann", "/edit mine")],
  );
  const nothing =
    "*** You have said nothing in #lobby that can be changed: that goes back 1 hour, and 500 messages.";
  assertEquals(since(bob), [nothing, nothing, nothing]);
  assertEquals(app.words.slice(1), [
    "no: You can change only what you have said yourself.",
    "no: You can take back only what you have said yourself.",
  ]);
  assertEquals(carol.heard, []);
});

Deno.test("an account edits what it said on an earlier visit, and nobody who has its old number or name", async () => {
  const [alice, again, eve] = people(3) as [Person, Person, Person];
  await runIn(
    {},
    [alice.join(), eve.join()],
    ...registers(alice, "alice"),
    [...alice.types("hello"), alice.leaves(), again.join()],
    again.types("/edit too early"),
    again.types("/nick alice password"),
    again.types("/edit hello again"),
    // With another name it is another person.
    again.types("/nick ann", "/edit as ann"),
  );
  assertEquals(since(eve), ["*** alice now says: hello again"]);
});

Deno.test("of several connections each edits what was said on another, and all hear of it", async () => {
  const [nc, other, bob] = people(3) as [Person, Person, Person];
  const app = new App(2);
  await runIn(
    {},
    [nc.join(), bob.join()],
    ...registers(nc, "alice"),
    [app.join()],
    [app.input({ kind: "command", name: "nick", text: "alice password" })],
    [...nc.types("hello", "/msg guest2 psst")],
    [app.input(EDIT(1, "hello there")), app.input(EDIT(2, "hush"))],
    nc.types("/delete"),
  );
  const all = [
    "*** alice now says: hello there",
    "*** alice now says: hush",
    "*** alice took back 1",
  ];
  assertEquals([nc, bob].map((each) => since(each).filter((line) => line.startsWith("*** a"))), [
    all,
    all,
  ]);
  const mended = app.encoder.deliveries.flatMap((each) => each.kind === "mended" ? [each] : []);
  assertEquals(mended.map(({ message: { text } }) => text), ["hello there", "hush", ""]);
  assertEquals(other.heard, []);
});

Deno.test("private words are edited by their number, and only both hear of it", async () => {
  const [, bob] = people(2) as [Person, Person];
  const alice = new App(1), eve = new App(3);
  await runIn(
    {},
    [alice.join(), bob.join(), eve.join()],
    [alice.input({ kind: "command", name: "msg", text: "guest2 hello" })],
    [alice.input(EDIT(1, "psst")), eve.input(EDIT(1, "mine")), eve.input(DELETE(1))],
    [alice.input(DELETE(1))],
  );
  assertEquals(since(bob), ["*** guest1 now says: psst", "*** guest1 took back 1"]);
  const mended = (app: App) => app.encoder.deliveries.filter(({ kind }) => kind === "mended");
  assertEquals([mended(alice).length, mended(eve).length], [2, 0]);
  assertEquals(eve.words.map((each) => each.slice(0, 36)), [
    "no: There is no message 1 that you c",
    "no: There is no message 1 that you c",
  ]);
});

Deno.test("who ignores the author is not told, and who has no echo is", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await runIn(
    {},
    [alice.join(), bob.join(), ...bob.types("hello"), ...bob.types("/ignore guest1")],
    [...alice.types("/echo off", "one", "/edit two", "/delete")],
  );
  assertEquals(since(bob), ["*** You do not hear guest1 any more: /unignore guest1 changes that."]);
  assertEquals(alice.talk.slice(-2), ["*** guest1 now says: two", "*** guest1 took back 2"]);
});

Deno.test("a muted person may not edit, and may take back", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await runIn(
    {},
    [alice.join(), bob.join()],
    ...crowned(alice),
    [...bob.types("hello"), ...alice.types("/mute guest2"), ...bob.types("/edit x", "/delete")],
  );
  assertEquals(since(bob), [
    "*** You were muted by alice.",
    "*** You are muted. Nobody hears you.",
    "*** guest2 took back 1",
  ]);
});

Deno.test("an operator takes back what somebody said, who may be gone, and that is logged", async () => {
  const [alice, bob, carol] = people(3) as [Person, Person, Person];
  const audited: AuditEntry[] = [];
  await runIn(
    { audited },
    [alice.join(), bob.join(), carol.join()],
    ...crowned(alice),
    [...bob.types("/nick bob", "hello", "spam"), ...carol.types("/delete bob"), bob.leaves()],
    alice.types("/delete bob", "/delete bob", "/delete bob", "/edit mine"),
  );
  assertEquals(since(carol), [
    "bob(4): spam",
    "*** /delete NAME is for operators; /delete takes back your own last message.",
    "*** alice took back 2",
    "*** alice took back 1",
  ]);
  assertEquals(alice.talk.slice(-2), [
    "*** bob has said nothing in #lobby that can be taken back: that goes back 1 hour, and 500 messages.",
    "*** You have said nothing in #lobby that can be changed: that goes back 1 hour, and 500 messages.",
  ]);
  assertEquals(audited.map(({ who, did, whom, why }) => [who, did, whom, why]), [
    ["alice", "delete", "bob", "message 2"],
    ["alice", "delete", "bob", "message 1"],
  ]);
});

Deno.test("a room that one has left, a text that is too long, empty or the same: each is refused with a sentence", async () => {
  const app = new App(1), bob = new App(2);
  app.maxLine = 10;
  const goes = (app: App, name: string) =>
    app.input({ kind: "command", name, text: "tea", room: name === "leave" ? "tea" : undefined });
  await runIn(
    {},
    [bob.join(), goes(bob, "join"), app.join(), goes(app, "join"), app.says("hello")],
    [app.input(EDIT(1, " ")), app.input(EDIT(1, "hello")), app.input(EDIT(1, "hello there"))],
    [goes(app, "leave"), app.input(EDIT(1, "x")), app.input(DELETE(1))],
  );
  assertEquals(app.words.slice(1), [
    "no: An empty message is none: /delete takes one back.",
    "no: It says that already.",
    "no: That line was longer than 10 bytes, so it was not sent: say it in shorter lines.",
    "no: You are not in #tea.",
    "no: You are not in #tea.",
  ]);
});

Deno.test("what was taken back is neither edited nor taken back again", async () => {
  const app = new App(1);
  await runIn({}, [app.join(), app.says("hello")], [
    app.input(DELETE(1)),
    app.input(EDIT(1, "x")),
    app.input(DELETE(1)),
  ]);
  assertEquals(app.words.slice(1), [
    "no: That message was taken back: say it anew.",
    "no: That message was taken back already.",
  ]);
});

Deno.test("for --edit-minutes a message can be changed; with 0 nobody can, but operators take back", async () => {
  const times = [0, 0, 59_000, 61_000, 62_000];
  const app = new App(1);
  await runIn(
    { editMinutes: 1, clock: (batch) => times[batch]! },
    [app.join(), app.says("hello")],
    [app.input(EDIT(1, "in time"))],
    [app.input(EDIT(1, "too late"))],
    [app.input(DELETE(1))],
  );
  assertEquals(app.words.slice(1), [
    "no: That was said too long ago: a message can be changed for 1 minute.",
    "no: That was said too long ago: a message can be changed for 1 minute.",
  ]);
  const [alice, bob] = people(2) as [Person, Person];
  await runIn(
    { editMinutes: 0 },
    [alice.join(), bob.join()],
    ...crowned(alice),
    [...bob.types("hello", "/edit x", "/delete"), ...alice.types("/delete guest2")],
  );
  const never = "*** Nobody may change what they have said on this server.";
  assertEquals(since(bob), [never, never, "*** alice took back 1"]);
});

Deno.test("only the last messages of a room can be changed, and not after an hour", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  const flood = Array.from({ length: 500 }, (_, i) => bob.says(`${i}`));
  await runIn(
    {},
    [alice.join(), bob.join(), alice.says("hello"), ...flood.slice(1), ...alice.types("/edit a")],
    [bob.says("one more"), ...alice.types("/edit b")],
  );
  assertEquals(alice.talk.slice(-3), [
    "*** guest1 now says: a",
    "guest2(2): one more",
    "*** You have said nothing in #lobby that can be changed: that goes back 1 hour, and 500 messages.",
  ]);
  const later = new App(1);
  await runIn(
    { clock: (batch) => batch * 3_600_001 },
    [later.join(), later.says("hello")],
    [TICK, later.input(EDIT(1, "x"))],
  );
  assertEquals(later.words.at(-1)?.slice(0, 40), "no: There is no message 1 that you can c");
});

Deno.test("an action stays one", async () => {
  const [alice] = people(1) as [Person];
  await runIn({}, [alice.join(), ...alice.types("/me waves", "/edit smiles", "/history")]);
  assertEquals(alice.talk.slice(-2), ["* guest1(1) smiles", "*** So far in #lobby."]);
});
