// The commands, and what is said when one is not used as it should be.

import { assert, assertEquals } from "../../assert.ts";
import { people, type Person, run } from "./people.ts";

/** What alice is told when she types a command, with bob there too; and what bob hears of it. */
async function after(
  name: string,
  text = "",
): Promise<{ told: string[]; bob: Person; alice: Person }> {
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join(), bob.join()], [alice.orders(name, text)]);
  return { told: alice.heard.slice(3).filter((line) => !line.includes("closing")), bob, alice };
}

Deno.test("/nick renames, and everyone is told", async () => {
  const { told, bob, alice } = await after("nick", "alice");
  assertEquals(told, ["*** guest1 is now alice"]);
  assertEquals(bob.heard.at(-2), "*** guest1 is now alice");
  assertEquals(alice.name, "alice");
});

Deno.test("/nick says why it does not, to its sender alone", async () => {
  const rows = [
    ["", "*** Usage: /nick NAME [PASSWORD] (for example /nick alice)"],
    ["a/b", "*** A name is 1 to 20 letters, digits, dots, _ or -."],
    ["a b", "*** a is not registered: /nick a takes it, and no more words."],
    ["guest2", "*** Guest names are given at the door: choose another name."],
  ];
  for (const [text, answer] of rows) {
    const { told, bob } = await after("nick", text!);
    assertEquals(told, [answer]);
    assertEquals(bob.heard.length, 3);
  }
  const [alice, bob] = people(2) as [Person, Person];
  await run([alice.join(), bob.join(), alice.orders("nick", "al")], [bob.orders("nick", "AL")], [
    alice.orders("nick", "al"),
  ]);
  assertEquals(bob.heard.at(-2), "*** AL is taken, or looks like al: choose another name.");
  assertEquals(alice.heard.at(-2), "*** You are al already.");
});

Deno.test("/who lists who is here", async () => {
  assertEquals((await after("who")).told, ["*** Here (2): guest1, guest2"]);
  assertEquals((await after("who", "#lobby")).told, ["*** Here (2): guest1, guest2"]);
  assertEquals((await after("who", "else")).told, [
    "*** There is no room else: /rooms lists them.",
  ]);
});

Deno.test("/me is an action", async () => {
  const { told, bob } = await after("me", "waves");
  assertEquals(told, ["* guest1(2) waves"]);
  assertEquals(bob.heard.at(-2), "* guest1(2) waves");
  assertEquals((await after("me")).told, [
    "*** Usage: /me ACTION (for example /me waves)",
  ]);
});

Deno.test("/quit says goodbye, and the last word to the others", async () => {
  const { told, alice, bob } = await after("quit", "tea time");
  assertEquals(told, ["*** Goodbye."]);
  assertEquals(alice.ended, "quit");
  assertEquals(bob.heard.at(-2), "*** guest1 left: tea time (1 here)");
  assertEquals((await after("quit")).bob.heard.at(-2), "*** guest1 left (1 here)");
});

Deno.test("/help lists every command, and explains one", async () => {
  const { told } = await after("help");
  const names = told.map((line) => /^\*\*\* +(\/?[\w ]+)/.exec(line)?.[1]?.split(" ")[0]).join(" ");
  assertEquals(
    names,
    "Talking /me /msg /reply /history /search /echo /help /quit " +
      "Rooms /join /leave /rooms /topic /lock /unlock /invite " +
      "You /who /whois /ignore /unignore /away Your /nick /register /identify /unregister",
  );
  for (const name of ["me", "/me", "ME"]) {
    assertEquals((await after("help", name)).told, [
      "*** /me ACTION: do something instead of saying it. Example: /me waves",
    ]);
  }
});

Deno.test("an unknown command names the closest one, and how to say it all the same", async () => {
  for (const [name, text] of [["nik", ""], ["help", "nik"]]) {
    assertEquals((await after(name!, text)).told, [
      "*** There is no /nik: did you mean /nick? (//nik says /nik)",
    ]);
  }
  for (const [name, closest] of [["q", "quit"], ["h", "help"], ["n", "nick"]]) {
    const [told] = (await after(name!)).told;
    assert(told!.includes(`did you mean /${closest}?`), told);
  }
  const [told] = (await after("x".repeat(1000))).told;
  assert(told!.length < 150, told);
  assertEquals((await after("WHO")).told.length, 1);
});
