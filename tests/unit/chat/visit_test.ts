// What is kept for an account between its visits: whom it ignores, its rooms, and how far it has read.

import fc from "fast-check";
import type { Join } from "../../../lib/chat/event.ts";
import type { ReadMark, Record } from "../../../lib/chat/history.ts";
import { Kept, keyOf } from "../../../lib/chat/kept.ts";
import { takeSnapshot } from "../../../lib/chat/snapshot.ts";
import { assert, assertEquals } from "../../assert.ts";
import { App } from "./app.ts";
import { Fold, type Step } from "./logs.ts";
import { Network } from "./network.ts";
import { people, type Person, registers, run, TICK } from "./people.ts";

type Three = [Person, Person, Person];

/** What an app was told of how far its user has read. */
function marks(app: App): object[] {
  return app.signals.flatMap((signal) => {
    if (!("marks" in signal)) return [];
    return (signal.marks as (ReadMark & { room?: { name: string } })[]).map((mark) =>
      "person" in mark ? `${mark.person} ${mark.upTo}` : `#${mark.room!.name} ${mark.upTo}`
    );
  }) as unknown as object[];
}

Deno.test("whom an account ignores it ignores at its next visit too, and whom it ignored before it came", async () => {
  const [alice, bob, carol] = people(3) as Three, again = people(4)[3]!;
  await run(
    [alice.join(), bob.join(), carol.join()],
    [...bob.types("/nick bob"), ...carol.types("/nick carol")],
    alice.types("/nick alice", "/ignore bob", "/register password"),
    alice.types("/ignore dave", "/unignore dave"),
    [alice.leaves(), again.join()],
    again.types("/ignore carol", "/nick alice password"),
    [...bob.types("one"), ...carol.types("two")],
    again.types("/ignore"),
  );
  assertEquals(again.talk.filter((line) => /one|two/.test(line)), []);
  assertEquals(again.talk.at(-1), "*** You ignore carol, bob.");
});

Deno.test("an app enters the rooms of the last visit again, and a line client the last one", async () => {
  const [alice, bob, again] = people(3) as Three;
  const app = new App(4);
  await run(
    [app.join(), bob.join()],
    [app.orders("nick", "alice")],
    [app.orders("register", "password")],
    [app.orders("join", "tea"), app.orders("join", "milk"), app.orders("join", "den")],
    [app.ordersIn("milk", "leave"), app.leaves()],
    [again.join()],
    again.types("/nick alice password"),
    again.types("/leave"),
    [again.leaves(), alice.join()],
    alice.types("/nick alice password"),
  );
  assert(again.talk.includes("*** You are in #den. You are the first here."), again.talk.join());
  assertEquals(again.talk.filter((line) => line.includes("#tea")), []);
  assertEquals(alice.talk, ["*** You are alice."]);
  const back = new App(5);
  await run(
    [back.join()],
    [back.orders("nick", "alice")],
    [back.orders("register", "password"), back.orders("join", "tea"), back.orders("join", "den")],
    [back.leaves(), app.join()],
    [app.orders("nick", "alice password")],
  );
  const entered = app.signals.flatMap((each) =>
    "what" in each && each.what === "members" && "room" in each ? [each.room] : []
  );
  assertEquals(entered.slice(-3), ["lobby", "tea", "den"]);
});

Deno.test("a room that is locked by now, or banned from, is not entered", async () => {
  const [alice, bob, again] = people(3) as Three;
  await run(
    [alice.join(), bob.join()],
    ...registers(alice, "alice"),
    bob.types("/join tea"),
    alice.types("/join tea"),
    [alice.leaves(), ...bob.types("/lock")],
    [again.join()],
    again.types("/nick alice password"),
  );
  assertEquals(again.talk, ["*** You are alice."]);
});

/** A chat in which alice has an app, another app and a line connection, as the numbers 1 to 3. */
function threefold(): Fold {
  const fold = Fold.of({
    options: { lasts: true, replay: 0, keepRooms: 30, editMinutes: 60, motd: [] },
  });
  const usual = { isPrivate: true, isAsked: false, maxLine: 1024, maxDevices: 10, announceIn: 0 };
  for (const id of [1, 2, 3]) {
    const speaks = id === 3 ? "lines" : "json";
    fold.step([1, 1, { kind: "join", id, speaks, address: "", ...usual }]);
  }
  const name = { kind: "command", name: "nick", text: "alice" } as const;
  fold.step([1, 1, { kind: "typed", id: 1, input: name }]);
  const made = { kind: "hashed", name: "alice", hash: "" } as const;
  fold.step([1, 1, { kind: "job done", id: 1, result: made }]);
  const result = { kind: "verified", name: "alice", account: 1, hash: "", isRight: true } as const;
  for (const id of [2, 3]) fold.step([1, 1, { kind: "job done", id, result }]);
  assertEquals(fold.chat.members.size, 1);
  return fold;
}

/** To which connections marks are sent, and which. */
function marked({ effects }: Step): unknown[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== "connection") return [];
    const read = effect.deliveries.findLast((each) =>
      each.kind === "state" && each.what === "read"
    );
    return read?.kind === "state" && read.what === "read" ? [[effect.connection, read.marks]] : [];
  });
}

Deno.test("what is read on one device is read on the others", () => {
  const fold = threefold();
  const says = { kind: "text", text: "hello" } as const;
  const [tag, upTo] = [{ id: 1, name: "lobby" }, 1];
  fold.step([2, 2, { kind: "typed", id: 1, input: says }]);
  const read = { kind: "typed", id: 1, input: { kind: "read", upTo } } as const;
  assertEquals(marked(fold.step([3, 3, read])), [[2, [{ room: tag, upTo }]]]);
  // What another has said already, or what is not further, is told to nobody.
  assertEquals(marked(fold.step([3, 3, { ...read, id: 2 }])), []);
});

Deno.test("a device that joins its person is told how far they have read, also one more tab", () => {
  const fold = threefold();
  const says = { kind: "text", text: "hello" } as const;
  fold.step([2, 2, { kind: "typed", id: 1, input: says }]);
  for (const person of [undefined, "bob"]) {
    fold.step([3, 3, { kind: "typed", id: 1, input: { kind: "read", person, upTo: 1 } }]);
  }
  const known = [{ room: { id: 1, name: "lobby" }, upTo: 1 }, { person: "bob", upTo: 1 }];
  const join = (id: number): Join => ({
    ...{ kind: "join", id, speaks: "json", address: "", isPrivate: true, isAsked: false },
    ...{ maxLine: 1024, maxDevices: 10, announceIn: 0, browser: "secret" },
  });
  const result = { kind: "verified", name: "alice", account: 1, hash: "", isRight: true } as const;
  fold.step([4, 4, join(4)]);
  assertEquals(marked(fold.step([4, 4, { kind: "job done", id: 4, result }])).at(-1), [4, known]);
  assertEquals(marked(fold.step([5, 5, join(5)])).at(-1), [5, known]);
  assertEquals(fold.chat.members.size, 1);
});

Deno.test("what is written to a line connection is read on the apps of the same person", () => {
  const fold = threefold();
  const says = { kind: "text", text: "hello" } as const;
  fold.step([2, 2, { kind: "typed", id: 1, input: says }]);
  const marks = [{ room: { id: 1, name: "lobby" }, upTo: 1 }];
  const tick = { kind: "tick", isSure: true } as const;
  assertEquals(marked(fold.step([4, 4, tick])), [[1, marks], [2, marks]]);
  assertEquals(marked(fold.step([6, 6, tick])), []);
});

Deno.test("how far an app has read is told at the next visit", async () => {
  const app = new App(1), later = new App(3);
  const bob = people(2)[1]!;
  await run(
    [app.join(), bob.join()],
    bob.types("/nick bob"),
    [app.orders("nick", "alice")],
    [app.orders("register", "password")],
    bob.types("one", "two", "/msg alice three", "four"),
    [
      app.input({ kind: "read", room: "lobby", upTo: 2 }),
      app.input({ kind: "read", person: "bob", upTo: 3 }),
      // Never back, and never past what there is.
      app.input({ kind: "read", room: "lobby", upTo: 1 }),
    ],
    [app.leaves(), later.join()],
    [later.orders("nick", "alice password")],
    [later.input({ kind: "read", upTo: 1_000_000 })],
    [later.leaves(), app.join()],
    [app.orders("nick", "alice password")],
  );
  assertEquals(marks(later).sort(), ["#lobby 2", "bob 3"] as unknown as object[]);
  assertEquals(marks(app).slice(-2).sort(), ["#lobby 4", "bob 3"] as unknown as object[]);
});

Deno.test("'you missed' counts from where an app has read, also if it was sent more", async () => {
  const app = new App(1);
  const [, bob, again] = people(3) as Three;
  await run(
    [app.join(), bob.join()],
    [app.orders("nick", "alice")],
    [app.orders("register", "password")],
    bob.types("one", "two", "three"),
    [app.input({ kind: "read", upTo: 1 }), app.leaves(), again.join()],
    again.types("/nick alice password"),
  );
  assertEquals(again.talk.slice(0, 2), [
    "*** You are alice.",
    "*** You missed 2 messages in #lobby: see /history 2",
  ]);
});

Deno.test("no talk with somebody who is ignored begins, on no device", async () => {
  const app = new App(1), later = new App(3);
  const bob = people(2)[1]!;
  await run(
    [app.join(), bob.join()],
    bob.types("/nick bob"),
    [app.orders("nick", "alice")],
    [app.orders("register", "password"), app.orders("ignore", "bob")],
    bob.types("/msg alice psst"),
    [app.leaves()],
    bob.types("/msg alice psst"),
    [later.join()],
    [later.orders("nick", "alice password")],
  );
  assertEquals(marks(later).filter((mark) => String(mark).startsWith("bob")), []);
});

Deno.test("an app is told how far it was read, and not in words what it missed", async () => {
  const app = new App(1), later = new App(3), [, bob] = people(2) as [Person, Person];
  await run(
    [app.join(), bob.join()],
    [app.orders("nick", "alice")],
    [app.orders("register", "password")],
    bob.types("one", "two", "three"),
    [app.input({ kind: "read", upTo: 1 }), app.leaves(), later.join()],
    [later.orders("nick", "alice password")],
  );
  assertEquals(marks(later), ["#lobby 1"] as unknown as object[]);
  const told = later.encoder.deliveries.filter((each) => each.kind === "notice");
  assertEquals(told.filter(({ text }) => text.includes("missed")), []);
});

Deno.test("a guest's app may say what it has read, and nothing comes of it", async () => {
  const app = new App(1);
  await run(
    [app.join()],
    [
      app.input({ kind: "read", upTo: 1, receipt: 7 }),
      app.input({ kind: "read", room: "x", upTo: 1 }),
    ],
    [TICK],
  );
  assertEquals(marks(app), []);
});

Deno.test("what is kept for an account is the same on all nodes, and in a snapshot", async () => {
  const network = new Network();
  await using _ = network;
  const a = await network.start(), b = await network.start();
  const alice = a.person(), again = b.person(), bob = b.person();
  await b.send(bob.join(), ...bob.types("/nick bob"));
  await a.send(alice.join());
  await a.send(...alice.types("/nick alice", "/register password"));
  await a.send(...alice.types("/ignore bob", "/join tea"));
  await a.send(...alice.types("hello"));
  await a.send(alice.leaves());
  const c = await network.start();
  const kept = [a, b, c].map(({ chat }) => takeSnapshot(chat).visits);
  assertEquals(kept[0]?.[0]?.ignored, ["bob"]);
  assertEquals(kept[0]?.[0]?.rooms, ["tea"]);
  assertEquals(kept[1], kept[0]);
  assertEquals(kept[2], kept[0]);
  await b.send(again.join());
  await b.send(...again.types("/nick alice password"));
  assert(
    again.talk.includes("*** You are in #tea. You are the first here."),
    again.talk.join("\n"),
  );
  await b.send(...bob.types("/join tea", "psst"));
  assertEquals(again.talk.filter((line) => line.includes("psst")), []);
});

Deno.test("/password changes the password, if the old one is right", async () => {
  const [alice, bob, again] = people(3) as Three;
  await run(
    [alice.join(), bob.join()],
    alice.types("/password a b"),
    ...registers(alice, "alice"),
    alice.types("/password"),
    alice.types("/password password short"),
    alice.types("/password wrong new-password"),
    alice.types("/password password new-password"),
    bob.types("/nick alice password"),
    [again.join()],
    again.types("/nick alice new-password"),
  );
  assertEquals(alice.talk.filter((line) => !line.includes("connected again")), [
    "*** You have not identified: /identify PASSWORD or /register PASSWORD first.",
    "*** alice is yours now until the server stops (it runs without --history). " +
    "Next time: /nick alice PASSWORD",
    "*** Usage: /password OLD NEW (for example /password a-long-password a-better-password)",
    "*** A password has 8 to 200 characters.",
    "*** That is not the password of alice, so it was not changed.",
    "*** The password of alice is changed.",
  ]);
  assertEquals(bob.talk, ["*** That is not the password of alice."]);
  assertEquals(again.name, "alice");
});

Deno.test("in a network /password sends no password to the others", async () => {
  const network = new Network();
  await using _ = network;
  const a = await network.start(), b = await network.start();
  const alice = a.person(), again = b.person();
  await a.send(alice.join());
  await a.send(...alice.types("/nick alice", "/register first-secret"));
  await a.send(...alice.types("/password first-secret second-secret"));
  await a.send(...alice.types("/unregister second-secret", "/unregister"));
  await b.send(again.join());
  await b.send(...again.types("/nick alice second-secret"));
  assertEquals(again.name, "alice");
  const sent = JSON.stringify(network.envelopes).replaceAll(/hash of [\w-]+/g, "");
  assert(!sent.includes("secret"), sent);
});

Deno.test("an account that is given up leaves nothing behind", async () => {
  const network = new Network();
  await using _ = network;
  const a = await network.start();
  const alice = a.person();
  await a.send(alice.join());
  await a.send(...alice.types("/nick alice", "/register password"));
  await a.send(...alice.types("/ignore bob", "hello", "/join tea"));
  assertEquals(takeSnapshot(a.chat).visits.length, 1);
  await a.send(...alice.types("/unregister alice"));
  const { visits, waiting, accounts } = takeSnapshot(a.chat);
  assertEquals([visits, waiting, accounts], [[], [], []]);
});

Deno.test("marks only grow, at most a hundred of each kind are kept, and a history has the same", () => {
  const place = fc.oneof(
    fc.record({ room: fc.nat(130) }),
    fc.record({ person: fc.nat(130).map((n) => `n${n}`) }),
  );
  const read = fc.tuple(place, fc.nat(400));
  fc.assert(fc.property(fc.array(read, { maxLength: 600, size: "max" }), (reads) => {
    const records: Record[] = [];
    const kept = new Kept((record) => records.push(record));
    for (const [place, upTo] of reads) {
      const before = kept.read(1, place), others = kept.marks(1).length;
      const isFurther = kept.noteRead(1, { ...place, upTo });
      assertEquals(isFurther, upTo > (before ?? -1));
      const now = kept.read(1, place);
      // What is too old to be kept among so many is not.
      if (isFurther && now === undefined) assert(others >= 100);
      else assertEquals(now, isFurther ? upTo : before);
    }
    const marks = kept.marks(1);
    for (const kind of ["room", "person"]) {
      assert(marks.filter((mark) => kind in mark).length <= 100);
    }
    const rows = new Map<string, ReadMark>();
    for (const record of records) {
      if (record.kind === "seen") rows.set(keyOf(record.mark), record.mark);
      if (record.kind === "unseen") rows.delete(keyOf(record.place));
    }
    const sorted = (all: Iterable<ReadMark>) => Array.from(all, (mark) => keyOf(mark)).sort();
    assertEquals(sorted(rows.values()), sorted(marks));
  }));
});

Deno.test("who takes their name again with two connections stays with each in its room", async () => {
  const [desk, bob, phone] = people(3) as Three;
  await run(
    [desk.join(), bob.join()],
    ...registers(desk, "alice"),
    [phone.join()],
    phone.types("/nick alice password"),
    phone.types("/join tea"),
    desk.types("/nick alicia"),
    phone.types("/nick alice password"),
    bob.types("/who"),
  );
  assertEquals(bob.talk.at(-1), "*** Here (2): alice, guest2");
  assert(!desk.talk.join().includes("#tea"), desk.talk.join());
});
