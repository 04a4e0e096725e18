// Rooms: going from one to another, what they are about, and who may enter.

import fc from "fast-check";
import { assert, assertEquals } from "../../assert.ts";
import { people, Person, Plain, promotes, run, runIn, TestHistory } from "./people.ts";

type Three = [Person, Person, Person];

Deno.test("/join makes a room, and words stay in the room where they are said", async () => {
  const [alice, bob, carol] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), carol.join()],
    [...alice.types("/join #tea"), ...bob.types("/join TEA")],
    [alice.says("milk?"), carol.says("quiet here"), bob.orders("me", "nods")],
  );
  assertEquals(alice.talk, [
    "*** You are in #tea. You are the first here.",
    "guest1(3): milk?",
    "* guest2(3) nods",
  ]);
  assertEquals(bob.talk, [
    "*** You are in #tea. Here: guest1.",
    "guest1(3): milk?",
    "* guest2(3) nods",
  ]);
  assertEquals(carol.talk, ["guest3(3): quiet here"]);
  assert(carol.heard.includes("*** guest1 left (2 here)"), carol.heard.join("\n"));
  assert(alice.heard.includes("*** guest2 joined (2 here)"), alice.heard.join("\n"));
});

Deno.test("/leave goes back to the lobby", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run(
    [alice.join(), bob.join()],
    alice.types("/join tea", "/join tea", "/leave", "/leave", "/leave now", "back"),
  );
  assertEquals(alice.talk, [
    "*** You are in #tea. You are the first here.",
    "*** You are in #tea already.",
    "*** You are in #lobby. Here: guest2.",
    "*** You are in the lobby: /quit ends your connection.",
    "*** Usage: /leave (for example /leave)",
    "guest1(2): back",
  ]);
});

Deno.test("a room's name follows the names' rules, up to 30 characters", async () => {
  const [alice] = people(1) as [Person];
  const bad = ["a/b", "x".repeat(31), "##", "#"];
  await run(
    [alice.join()],
    alice.types(...bad.map((name) => `/join ${name}`), "/join", "/join a b"),
  );
  const rule = "*** A room's name is 1 to 30 letters, digits, dots, _ or -, as in #tea.";
  const usage = "*** Usage: /join ROOM (for example /join #tea)";
  assertEquals(alice.talk, [...bad.map(() => rule), usage, usage]);
});

Deno.test("/rooms lists the rooms, how many are in them, and what they are about", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run(
    [alice.join(), bob.join()],
    alice.types("/join tea", "/topic green or black?"),
    bob.types("/rooms", "/join den", "/lock", "/topic secret"),
    alice.types("/rooms"),
  );
  assertEquals(bob.talk.slice(0, 2), ["*** #lobby (1 here)", "*** #tea (1 here): green or black?"]);
  assertEquals(alice.talk.slice(-3), [
    "*** #lobby (0 here)",
    "*** #tea (1 here): green or black?",
    "*** #den (1 here, locked)",
  ]);
});

Deno.test("an empty room goes, unless a topic keeps it", async () => {
  const [alice] = people(1) as [Person];
  await run(
    [alice.join()],
    alice.types("/join tea", "/join coffee", "/topic beans", "/leave", "/rooms"),
    alice.types("/join coffee", "/topic", "/topic -", "/topic", "/leave", "/rooms"),
  );
  assertEquals(alice.talk.filter((line) => !line.includes("You are")), [
    "*** guest1 set the topic: beans",
    "*** #lobby (1 here)",
    "*** #coffee (0 here): beans",
    "*** Topic: beans",
    "*** Topic: beans",
    "*** guest1 removed the topic",
    "*** There is no topic.",
    "*** #lobby (1 here)",
  ]);
});

Deno.test("rooms and topics have caps", async () => {
  const crowd = people(101);
  for (const person of crowd) person.address = `10.0.0.${person.id}`;
  await run(
    crowd.map((person) => person.join()),
    crowd.flatMap((person) => person.types(`/join room${person.id}`)),
    crowd[0]!.types(`/topic ${"x".repeat(201)}`, "/topic"),
  );
  assertEquals(crowd[98]!.talk.at(-1), "*** You are in #room99. You are the first here.");
  for (const late of [99, 100]) {
    const told = "*** There are 100 rooms, and no more can be made: /rooms lists them.";
    assertEquals(crowd[late]!.talk.at(-1), told);
  }
  assertEquals(crowd[0]!.talk.slice(-2), [
    "*** A topic has 200 characters at most, and - removes it.",
    "*** There is no topic.",
  ]);
});

Deno.test("whoever made a room decides who enters", async () => {
  const [alice, bob, carol] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), carol.join()],
    alice.types("/lock", "/join den"),
    bob.types("/join den", "/lock", "/unlock"),
    alice.types("/lock", "/lock"),
    [...carol.types("/join den", "/who den"), ...bob.types("/invite guest3")],
    alice.types("/invite guest3", "/invite nobody", "/invite"),
    carol.types("/join den", "/who"),
    alice.types("/unlock", "/invite guest3"),
  );
  const rule = "*** Whoever made this room decides who enters.";
  assertEquals(alice.talk, [
    "*** The lobby is open to everyone.",
    "*** You are in #den. You are the first here.",
    "*** guest1 locked the room: /invite NAME lets others in",
    "*** #den is locked already.",
    "*** guest3 can enter #den now, and has been told.",
    "*** Nobody here is called nobody.",
    "*** Usage: /invite NAME (for example /invite bob)",
    "*** guest1 unlocked the room",
    "*** guest3 can enter #den now, and has been told.",
  ]);
  assertEquals(bob.talk.slice(1, 3), [rule, rule]);
  assertEquals(bob.talk.at(-2), rule);
  assertEquals(carol.talk.slice(0, 5), [
    "*** #den is locked: someone in it has to /invite you.",
    "*** #den is locked.",
    "*** guest1 invites you: /join #den",
    "*** You are in #den (locked). Here: guest1, guest2.",
    "*** Here (3): guest1, guest2, guest3",
  ]);
});

Deno.test("when its maker is gone, the eldest in a room rules it", async () => {
  const [alice, bob, carol] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), carol.join()],
    [alice, bob, carol].flatMap((person) => person.types("/join den")),
    [alice.leaves()],
    [...carol.types("/lock"), ...bob.types("/lock")],
  );
  assertEquals(carol.talk.slice(-2), [
    "*** Whoever made this room decides who enters.",
    "*** guest2 locked the room: /invite NAME lets others in",
  ]);
});

Deno.test("what was said behind a lock is not for the next room of that name", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await runIn(
    { replay: 20, history: new TestHistory() },
    [alice.join(), bob.join()],
    alice.types("/join den", "/lock", "a secret", "/leave"),
    bob.types("/join den", "/history", "/search secret"),
  );
  assertEquals(bob.talk, [
    "*** You are in #den. You are the first here.",
    "*** So far in #den.",
    "found nothing",
  ]);
});

Deno.test("an operator enters, and rules, every room", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run(
    [alice.join(), bob.join()],
    alice.types("/nick alice", "/register password"),
    [promotes("alice")],
    bob.types("/join den", "/lock"),
    alice.types("/join den", "/unlock"),
  );
  assertEquals(bob.talk.at(-1), "*** alice unlocked the room");
});

Deno.test("who is in a room is exactly who joined it and has not left", async () => {
  const names = ["lobby", "a", "b"];
  const move = fc.record({ who: fc.nat(3), to: fc.constantFrom(...names, "out") });
  await fc.assert(fc.asyncProperty(fc.array(move, { maxLength: 30 }), async (moves) => {
    const crowd = [1, 2, 3, 4].map((id) => new Person(id, new Plain()));
    const witness = new Person(5, new Plain());
    const where: (string | undefined)[] = crowd.map(() => "lobby");
    const events = moves.flatMap(({ who, to }) => {
      if (where[who] === undefined) return [];
      where[who] = to === "out" ? undefined : to;
      const person = crowd[who]!;
      return to === "out" ? [person.leaves()] : person.types(`/join ${to}`);
    });
    await run([...crowd, witness].map((person) => person.join()), events, [
      ...names.flatMap((name) => witness.types(`/who ${name}`)),
    ]);
    for (const name of names) {
      const here = crowd.filter((_, i) => where[i] === name).map(({ id }) => `guest${id}`);
      const list = name === "lobby" ? [...here, "guest5"] : here;
      const line = witness.talk.filter((each) => / \(\d\): /.test(each))
        .find((each) => each.startsWith(name === "lobby" ? "*** Here" : `*** In #${name} `));
      const shown = line?.replace(/.*: /, "").split(", ").filter((each) => each !== "nobody") ?? [];
      assertEquals(shown.sort(), list.sort());
    }
  }));
});

Deno.test("who makes a room as a guest, or is invited as one, and registers, keeps that", async () => {
  const [alice, bob, eve] = people(3) as [Person, Person, Person];
  const [later, last] = [4, 5].map((id) => new Person(id, new Plain())) as [Person, Person];
  await run(
    [alice.join(), bob.join(), eve.join()],
    [...alice.types("/nick alice", "/join tea", "/lock"), ...eve.types("/nick eve")],
    [...bob.types("/nick bob", "/join den"), ...alice.types("/invite bob")],
    [...alice.types("/register password"), ...bob.types("/register password")],
    [bob.leaves(), later.join(), last.join()],
    [...later.types("/nick bob password")],
    later.types("/join tea"),
    [...last.types("/nick alice password")],
    last.types("/join tea"),
    last.types("/unlock"),
  );
  assert(later.talk.some((line) => line.startsWith("*** You are in #tea (locked)")));
  assert(last.talk.includes("*** alice unlocked the room"), last.talk.join("\n"));
});

Deno.test("another name is another person: a room that an account has made stays the account's", async () => {
  const [alice, again] = people(2) as [Person, Person];
  await run(
    [alice.join(), again.join()],
    alice.types("/nick alice", "/register password"),
    alice.types("/join tea", "/lock", "/nick zoe", "/unlock"),
    again.types("/nick alice password"),
    again.types("/join tea", "/unlock"),
  );
  assert(alice.talk.includes("*** Whoever made this room decides who enters."));
  assert(again.talk.includes("*** alice unlocked the room"), again.talk.join("\n"));
});

Deno.test("who gives a registered name up keeps the rooms that they have made", async () => {
  const [alice] = people(1) as [Person];
  await run(
    [alice.join()],
    alice.types("/nick alice", "/register password"),
    alice.types("/join tea", "/lock", "/unregister alice", "/unlock"),
  );
  assert(alice.talk.includes("*** alice unlocked the room"), alice.talk.join("\n"));
});
