// The commands, and what is said when one is not used as it should be.

import { assert, assertEquals, assertMatch } from "../../assert.ts";
import { people, type Person, promotes, run } from "./people.ts";

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
    ["a b", "*** a is not registered: /nick a without a password takes it."],
    ["guest2", "*** Guest names are given by the server: choose another name."],
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
    "Talking /me /msg /reply /edit /delete /history /search /echo /help /quit " +
      "Rooms /join /leave /rooms /topic /lock /unlock /invite " +
      "You /who /whois /disconnect /ignore /unignore /away Your /nick /register /identify " +
      "/password /unregister",
  );
  for (const name of ["me", "/me", "ME"]) {
    assertEquals((await after("help", name)).told, [
      "*** /me ACTION: describe what you are doing. Example: /me waves",
    ]);
  }
});

Deno.test("an unknown command names the closest one, and how to say it all the same", async () => {
  for (const [name, text] of [["nik", ""], ["help", "nik"]]) {
    assertEquals((await after(name!, text)).told, [
      "*** There is no /nik: did you mean /nick? (//nik says /nik)",
    ]);
  }
  const near = ["h", "help"].concat(
    "n",
    "nick",
    "hlep",
    "help",
    "joni",
    "join",
    "serach",
    "search",
  );
  for (let i = 0; i < near.length; i += 2) {
    const [told] = (await after(near[i]!)).told;
    assert(told!.includes(`did you mean /${near[i + 1]}?`), told);
  }
  const [told] = (await after("x".repeat(1000))).told;
  assert(told!.length < 150, told);
  assertEquals((await after("WHO")).told.length, 1);
});

Deno.test("no command is suggested that is not near, ends something, or is not for one", async () => {
  // The last ones are operators' alone.
  const far = ["xyzzy", "foo", "z", "zz", "qit", "qui", "unregster", "unr", "bna", "kik"];
  for (const name of [...far, "announc", "unmut"]) {
    assertEquals((await after(name)).told, [
      `*** There is no /${name}: /help lists what there is. (//${name} says /${name})`,
    ]);
  }
  const [alice] = people(1) as [Person];
  await run(
    [alice.join(), alice.orders("nick", "al")],
    [alice.orders("register", "password")],
    [alice.orders("register", "password")],
    [promotes("al")],
    [alice.orders("announc"), alice.orders("bna")],
  );
  const told = alice.heard.filter((line) => line.includes("There is no"));
  assertMatch(told[0]!, /did you mean \/announce\?/);
  assertMatch(told[1]!, /\/help lists/);
});

Deno.test("what follows a command that there is not is repeated to nobody", async () => {
  const { told, bob } = await after("regsiter", "correct horse");
  assertEquals(told.length, 1);
  assert(!told[0]!.includes("horse"), told[0]);
  assert(!bob.heard.some((line) => line.includes("horse")));
});

Deno.test("what people type who come from elsewhere does what it does there", async () => {
  const rows: [string, string, string, string][] = [
    ["names", "", "who", ""],
    ["users", "", "who", ""],
    ["NAMES", "#lobby", "who", "#lobby"],
    ["list", "", "rooms", ""],
    ["channels", "", "rooms", ""],
    ...["whisper", "w", "query", "pm", "tell", "dm"].map((name) =>
      [name, "guest2 psst", "msg", "guest2 psst"] as [string, string, string, string]
    ),
    ["r", "psst", "reply", "psst"],
    ["j", "#tea", "join", "#tea"],
    ["part", "", "leave", ""],
    ["action", "waves", "me", "waves"],
    ["?", "nick", "help", "nick"],
    ["help", "part", "help", "leave"],
    ...["exit", "bye", "q"].map((name) =>
      [name, "", "quit", ""] as [string, string, string, string]
    ),
    ["query", "guest2", "msg", ""],
  ];
  for (const [alias, text, name, usual] of rows) {
    assertEquals((await after(alias, text)).told, (await after(name, usual)).told, alias);
  }
});

Deno.test("/part #ROOM leaves the room that one is in, and no other", async () => {
  const [alice] = people(1) as [Person];
  await run([alice.join()], [alice.orders("join", "#tea")], [
    alice.orders("part", "#coffee"),
    alice.orders("part", "#tea"),
  ]);
  assert(alice.heard.includes("*** You are not in #coffee."), alice.heard.join("\n"));
  assert(alice.heard.some((line) => line.startsWith("*** You are in #lobby.")));
});
