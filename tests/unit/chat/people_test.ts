// What people do with one another: private words, ignoring, being away, echoes, and what was said before.

import { toBytes, toChunk } from "../../../lib/wire/chunk.ts";
import { assert, assertEquals } from "../../assert.ts";
import { people, type Person, run, runIn, TestHistory } from "./people.ts";

type Two = [Person, Person];
type Three = [Person, Person, Person];

Deno.test("/msg is heard by two people alone, and /reply answers it", async () => {
  const [alice, bob, carol] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), carol.join()],
    bob.types("/reply too early"),
    alice.types("/msg guest2 see you  at 5", "/msg guest2", "/msg nobody hello"),
    bob.types("/reply fine", "/reply"),
  );
  assertEquals(alice.talk, [
    "guest1(3) to guest2: see you  at 5",
    "*** Usage: /msg NAME TEXT (for example /msg bob see you at 5)",
    "*** Nobody here is called nobody. Messages wait only for registered names, so yours was not sent.",
    "guest2(4) to guest1: fine",
  ]);
  assertEquals(bob.talk, [
    "*** Nobody has sent you a private message yet.",
    "guest1(3) to guest2: see you  at 5",
    "guest2(4) to guest1: fine",
    "*** Usage: /reply TEXT (for example /reply fine with me)",
  ]);
  assertEquals(carol.talk, []);
});

Deno.test("/away is shown, and told to whoever writes", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    bob.types("/away lunch"),
    alice.types("/msg guest2 hello", "/who", "/whois guest2"),
    bob.types("/away"),
    alice.types("/whois guest2", "/whois nobody", "/whois"),
  );
  assertEquals(bob.talk[0], "*** You are away: /away says that you are back.");
  assertEquals(alice.talk, [
    "guest1(3) to guest2: hello",
    "*** guest2 is away: lunch",
    "*** Here (2): guest1, guest2 (away)",
    "*** guest2 is not registered, in #lobby, away: lunch.",
    "*** guest2 is not registered, in #lobby.",
    "*** Nobody here is called nobody.",
    "*** Usage: /whois NAME (for example /whois bob)",
  ]);
});

Deno.test("/ignore holds across names and connections, until /unignore", async () => {
  const [alice, bob, again] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), again.join()],
    bob.types("/nick bob", "one"),
    alice.types("/ignore BOB", "/ignore", "/ignore guest1", "/ignore a/b"),
    bob.types(
      "two",
      "/me three",
      "/msg guest1 four",
      "/topic five",
      "/nick bert",
      "six",
      "/quit seven",
    ),
    again.types("/nick bob", "eight"),
    alice.types("/history", "/search eight"),
    alice.types("/unignore bob", "/unignore bob", "/ignore"),
    again.types("nine"),
  );
  assertEquals(alice.talk, [
    "bob(2): one",
    "*** You do not hear BOB any more: /unignore BOB changes that.",
    "*** You ignore BOB.",
    "*** That is you.",
    "*** A name is 1 to 20 letters, digits, dots, _ or -.",
    "*** So far in #lobby.",
    "found nothing",
    "*** You hear bob again.",
    "*** You do not ignore bob.",
    "*** You ignore nobody.",
    "bob(8): nine",
  ]);
});

Deno.test("/echo off: one's own lines are sent to the others alone", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    alice.types("/echo off", "one", "/me two", "/echo", "/echo on", "three"),
  );
  assertEquals(alice.talk, [
    "*** You do not see your own lines.",
    "*** Usage: /echo on|off (for example /echo off)",
    "*** You see your own lines.",
    "guest1(2): three",
  ]);
  assertEquals(bob.talk, ["guest1(2): one", "* guest1(2) two", "guest1(2): three"]);
});

Deno.test("a newcomer is shown what was said in the room, before it is greeted", async () => {
  const [alice, bob] = people(2) as Two;
  await runIn(
    { replay: 3 },
    [alice.join()],
    alice.types("one", "two", "three", "/msg guest1 psst"),
    [alice.says("four"), bob.join(), alice.says("five")],
  );
  assertEquals(bob.heard.slice(0, 3), ["guest1(2): two", "guest1(2): three", "guest1(3): four"]);
  assert(bob.heard[3]?.startsWith("*** Welcome"), bob.heard[3]);
  assertEquals(bob.talk.at(-1), "guest1(3): five");
});

Deno.test("/history shows the last lines, one's private ones among them, and no others'", async () => {
  const [alice, bob, carol] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), carol.join()],
    alice.types("one", "two", "/msg guest2 psst", "three"),
    [...bob.types("/history 3"), ...carol.types("/history 3", "/history 0", "/history x")],
  );
  const shown = ["guest1(2): two", "guest1(2) to guest2: psst", "guest1(2): three"];
  assertEquals(bob.talk.slice(4), [...shown, "*** So far in #lobby."]);
  const usage = "*** Usage: /history [N] (for example /history 100)";
  assertEquals(carol.talk.slice(3), [
    "guest1(2): one",
    "guest1(2): two",
    "guest1(2): three",
    "*** So far in #lobby.",
    usage,
    usage,
  ]);
});

Deno.test("what is shown again is bounded, and the newest is kept", async () => {
  const [alice, bob] = people(2) as Two;
  const lines = Array.from({ length: 30 }, (_, i) => `${i}`.padEnd(10, "."));
  await runIn({ replay: 1000, mostRecalled: 450 }, [alice.join()], alice.types(...lines), [
    bob.join(),
  ]);
  assertEquals(bob.talk, lines.slice(-10).map((line) => `guest1(2): ${line}`));
});

Deno.test("/search finds all the words, newest first, where one may enter", async () => {
  const [alice, bob] = people(2) as Two;
  await runIn(
    { history: new TestHistory() },
    [alice.join(), bob.join()],
    alice.types("Green tea", "black tea", "/join den", "/lock", "secret tea", "/msg guest2 my tea"),
    bob.types("/search tea"),
    bob.types("/search TEA green", "/search"),
  );
  const said = bob.talk.filter((line) => !line.startsWith("guest1"));
  assertEquals(said, [
    "found guest1(2) to guest2: my tea",
    "found guest1(2): black tea",
    "found guest1(2): Green tea",
    "*** Usage: /search WORDS (for example /search tea kettle)",
    "found guest1(2): Green tea",
  ]);
});

Deno.test("who identifies is told what was missed", async () => {
  const [alice, bob, again] = people(3) as Three;
  await run(
    [alice.join(), bob.join()],
    alice.types("/nick alice", "/register password"),
    [...bob.types("heard"), alice.leaves()],
    bob.types("one", "two"),
    [again.join()],
    again.types("/nick alice password"),
    again.types("/history 2"),
  );
  assertEquals(again.talk.slice(0, 4), [
    "*** You are alice.",
    "*** You missed 2 messages in #lobby: see /history 2",
    "guest2(4): one",
    "guest2(4): two",
  ]);
});

Deno.test("what a room was sent while none of somebody's connections was in it counts as missed", async () => {
  const [alice, bob, again] = people(3) as Three;
  await run(
    [alice.join(), bob.join()],
    alice.types("/nick alice", "/register password"),
    alice.types("/join tea"),
    bob.types("one", "two"),
    [again.join()],
    again.types("/nick alice password"),
  );
  assertEquals(alice.ended, "server closed");
  assert(
    again.talk.includes("*** You missed 2 messages in #lobby: see /history 2"),
    again.talk.join(),
  );
});

Deno.test("a server with a password shows nothing before it is given", async () => {
  const [alice, bob, carol] = people(3) as Three;
  const opens = (guess: string) => guess === "sesame";
  await runIn(
    { opens },
    [alice.join(), bob.join(), carol.join()],
    alice.types("sesame"),
    alice.types("hello"),
    bob.types("a"),
    bob.types("/who", "b"),
    bob.types("c"),
    bob.types("sesame"),
    [carol.leaves(), ...carol.types("sesame")],
  );
  assertEquals(alice.heard[0], "*** This room has a password: type it.");
  assert(alice.heard[1]?.startsWith("*** Welcome"), alice.heard[1]);
  assertEquals(alice.talk.at(-1), "guest1(3): hello");
  assertEquals(bob.heard, [
    "*** This room has a password: type it.",
    "*** That is not the password: type it again.",
    "*** This room has a password: type it.",
    "*** That is not the password: type it again.",
    "*** That is not the password. Goodbye.",
  ]);
  assertEquals(bob.ended, "missed the password");
  assertEquals(carol.heard, ["*** This room has a password: type it."]);
  assertEquals(carol.ended, "left");
});

Deno.test("the message of the day comes with the greeting", async () => {
  const [alice] = people(1) as [Person];
  await runIn({ motd: ["Be kind.", ""] }, [alice.join()]);
  assertEquals(alice.heard.slice(0, 2), ["*** Be kind.", "*** "]);
});

Deno.test("/reply goes to whoever wrote, whatever they are called now, and to nobody else", async () => {
  const [alice, bob, carol] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), carol.join()],
    bob.types("/nick bob", "/msg guest1 hello"),
    bob.types("/nick robert"),
    carol.types("/nick bob"),
    alice.types("/reply hi"),
    bob.types("/quit"),
    carol.types("/nick robert"),
    alice.types("/reply still there?"),
  );
  assertEquals(alice.talk, [
    "bob(2) to guest1: hello",
    "guest1(5) to robert: hi",
    "*** bob is gone.",
  ]);
  assertEquals(carol.talk, []);
});

Deno.test("/reply finds an account again on another connection", async () => {
  const [alice, bob, again] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), again.join()],
    // Who registers afterwards is the same person.
    bob.types("/nick bob", "/msg guest1 hello", "/register password"),
    again.types("/nick bob password"),
    alice.types("/reply hi"),
  );
  assert(again.talk.includes("guest1(4) to bob: hi"), again.talk.join("\n"));
});

Deno.test("whoever is asked for the password gets no further while a guess is looked at", async () => {
  const [alice] = people(1) as [Person];
  await runIn(
    { opens: (guess) => guess === "sesame" },
    [alice.join()],
    // Sent at once, which no reader does: each waits for the answer to the one before.
    alice.types("sesame", "sesame", "hello"),
    alice.types("here I am"),
  );
  assertEquals(alice.talk.slice(1), ["guest1(3): here I am"]);
});

Deno.test("what somebody asked for is their answer, and what others say to them is not", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join(), bob.join()], [
    ...alice.types("hello", "/who", "/msg guest2 psst"),
    ...bob.types("/history", "/nick bob"),
    alice.input({ kind: "reply", chunk: toChunk(Uint8Array.of(65, 10)) }),
  ]);
  const answers = (person: Person) =>
    person.answers.map((chunk) => new TextDecoder().decode(toBytes(chunk))).join("").split("\n")
      .filter((line) => !/Welcome|Type to talk/.test(line)).slice(0, -1);
  assertEquals(answers(alice), [
    "*** Here (2): guest1, guest2",
    "guest1(2) to guest2: psst",
    "A",
  ]);
  assertEquals(answers(bob), [
    "guest1(2): hello",
    "guest1(2) to guest2: psst",
    "*** So far in #lobby.",
  ]);
});

Deno.test("an awaited input is answered behind all that it brought forth", async () => {
  const [alice] = people(1) as [Person];
  const asks = (text: string) => alice.input({ kind: "text", text }, true);
  await runIn(
    { opens: (guess) => guess === "sesame" },
    [alice.join()],
    [asks("barley")],
    [asks("sesame")],
    [asks("hello"), alice.says("all well?")],
  );
  assert(alice.answered.length === 3);
  const heard = alice.answered.map((count) =>
    new TextDecoder().decode(toBytes(alice.chunks[count - 1]!)).split("\n").at(-2)
  );
  assertEquals(heard, [
    "*** That is not the password: type it again.",
    "*** Type to talk. /nick NAME changes your name, /help lists what else there is.",
    "guest1(4): hello",
  ]);
});
