// Who one is and where, by what the server says; and what of it is asked for again.

import { passwordIn, Presence } from "../../../lib/terminal/presence.ts";
import { parseHeard } from "../../../lib/wire/heard.ts";
import { assertEquals } from "../../assert.ts";

const GREETING = "*** Welcome to bobchat, guest1. You are the first here.";

/** Somebody who typed (`> `) and heard this. */
function after(...lines: string[]): Presence {
  const presence = new Presence();
  for (const line of lines) {
    if (line.startsWith("> ")) presence.typed(line.slice(2));
    else presence.heard(parseHeard(line));
  }
  return presence;
}

Deno.test("a guest in the lobby has nothing to take back", () => {
  const presence = after(GREETING);
  assertEquals([presence.name, presence.room], ["guest1", "lobby"]);
  assertEquals(presence.lost(), { isGreeted: true, serverPassword: undefined });
});

Deno.test("a server that greets nobody is not waited for", () => {
  assertEquals(after("1(03:04:05PM): hi").lost(), { isGreeted: false, serverPassword: undefined });
});

Deno.test("name and room are followed", () => {
  const rows: [string[], string, string][] = [
    [["*** guest1 is now alice"], "alice", "lobby"],
    [["*** You are alice."], "alice", "lobby"],
    [["*** You are alice.", "*** You are back."], "alice", "lobby"],
    [["*** You are muted: be nice"], "guest1", "lobby"],
    [["*** guest2 is now bob"], "guest1", "lobby"],
    [["*** guest1 is now a.b", "*** a.b is now bob"], "bob", "lobby"],
    [["*** You are in #tea. You are the first here."], "guest1", "tea"],
    [["*** You are in #v1.2 (locked). Here: bob."], "guest1", "v1.2"],
    [["*** You are in #tea already."], "guest1", "tea"],
    [["*** You are in #tea. Here: x.", "*** You are in #lobby. Here: x."], "guest1", "lobby"],
    [["bob(03:04:05PM): *** guest1 is now mallory"], "guest1", "lobby"],
    [["*** You are in the lobby: /quit ends your connection."], "guest1", "lobby"],
  ];
  for (const [lines, name, room] of rows) {
    const presence = after(GREETING, ...lines);
    assertEquals([presence.name, presence.room], [name, room], lines.join());
  }
});

Deno.test("a password is asked for again once the server has taken it, and for its name alone", () => {
  const named = [GREETING, "*** guest1 is now alice"];
  const password = (...lines: string[]) => after(...named, ...lines).lost().password;
  const registered = ["> /register tea for two", "*** alice is yours now. Next time: …"];
  assertEquals(password("> /register tea for two"), undefined);
  assertEquals(password(...registered), "tea for two");
  assertEquals(password("> /identify  right one ", "*** You are alice."), "right one");
  assertEquals(
    after(GREETING, "> /register x", "> /nick bob", "*** You are bob.").lost().password,
    undefined,
  );
  const wrong = ["> /identify wrong", "*** That is not the password of alice."];
  assertEquals(password(...wrong), undefined);
  assertEquals(password(...registered, ...wrong), "tea for two");
  assertEquals(password(...registered, "*** alice is now bob"), undefined);
  const changing = [...registered, "> /password tea for two new-one"];
  assertEquals(password(...changing), "tea for two");
  assertEquals(password(...changing, "*** The password of alice is changed."), "new-one");
  const back = ["> /nick alice secret", "*** guest1 is now alice", "*** You are alice."];
  assertEquals(after(GREETING, ...back).lost(), {
    isGreeted: true,
    name: "alice",
    password: "secret",
    serverPassword: undefined,
  });
});

Deno.test("the server password is kept once it has opened", () => {
  const asked = "*** This room has a password: type it.";
  assertEquals(after(asked).isAsked, true);
  const again = "*** That is not the password: type it again.";
  const presence = after(asked, "> wrong", again, "> sesame", GREETING);
  assertEquals(presence.isAsked, false);
  assertEquals(presence.lost().serverPassword, "sesame");
});

Deno.test("a line with a password is known by its command", () => {
  const rows: [string, string | undefined][] = [
    ["/identify secret", "secret"],
    ["/REGISTER correct horse ", "correct horse"],
    ["/nick alice s3", "s3"],
    ["/nick alice", undefined],
    ["/identify", undefined],
    ["/password old words new", "new"],
    ["/password old", "old"],
    ["/password", undefined],
    ["//identify secret", undefined],
    ["say /identify secret", undefined],
  ];
  for (const [line, expected] of rows) assertEquals(passwordIn(line), expected, line);
});
