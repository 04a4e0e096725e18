// Lines that a hostile server makes: however long, they cost no more than their length.

import { Arrival } from "../../../lib/terminal/arrival.ts";
import { People } from "../../../lib/terminal/complete.ts";
import { layOut } from "../../../lib/terminal/layout.ts";
import { isMention, paint } from "../../../lib/terminal/paint.ts";
import { passwordIn, Presence } from "../../../lib/terminal/presence.ts";
import { parseHeard } from "../../../lib/wire/heard.ts";
import { assertEquals, assertLess } from "../../assert.ts";

/** Characters: far more than are held of a line, so that what grows with their square is seen. */
const SIZE = 512 * 1024;

/** A line of that length. */
function long(head: string, part: string, tail = ""): string {
  return head + part.repeat(Math.ceil(SIZE / part.length)) + tail;
}

/** Does it, in a second; a slow machine takes a tenth of that. */
function soon(what: string, work: () => void): void {
  const since = performance.now();
  work();
  assertLess(performance.now() - since, 1000, what.slice(0, 60));
}

const LINES = [
  long("*** a", " joined: x", " (x here)"),
  long("*** a", " joined: x", " (1 here)"),
  long("*** a", " left", " (1 here)"),
  long("*** a", " (1 here)", "!"),
  long("*** a (", "1", " here)"),
  long("***", ". Here: ", "!"),
  long("***", ". In #x (1): "),
  long("*** Here: ", "a (away), "),
  long("*** Here: a", " and 1", "x"),
  long("*** You are ", "."),
  long("*** You are in #", "x. ", "already"),
  long("*** ", "a", " is now b c"),
  long("*** ", "a", " is takenx"),
  long("*** ", " "),
  long("", "a(", "03:04:05PM"),
  long("", "a", "(03:04:05PM) to b : x"),
  long("a(03:04:05PM): ", "@me...", "x"),
];
const GREETING = "*** Welcome to bobchat, me. You are the first here.";

Deno.test("a long line is taken apart in no time, whoever looks at it", () => {
  for (const line of LINES) {
    const heard = parseHeard(line);
    soon(line, () => parseHeard(line));
    soon(line, () => new People().heard(heard));
    soon(line, () => {
      const presence = new Presence();
      for (const each of [parseHeard(GREETING), heard]) presence.heard(each);
    });
    for (const before of [[], [GREETING], [GREETING, "*** You are me."]]) {
      const wanted = { isGreeted: true, name: "me", room: "tea", password: "secret" };
      const arrival = new Arrival(wanted);
      for (const each of before) arrival.heard(parseHeard(each));
      soon(line, () => void arrival.heard(heard));
    }
    soon(line, () => void isMention(heard, "me"));
  }
});

Deno.test("a line full of one's own name is drawn in no time", () => {
  const line = parseHeard(long("a(03:04:05PM): ", "me ").slice(0, SIZE / 4));
  soon("draw", () => layOut(paint(line, { colours: [1], self: "me" }), 80));
});

Deno.test("a name as long as a line is none", () => {
  const presence = new Presence();
  const name = long("", ",");
  presence.heard(parseHeard(`*** Welcome to bobchat, ${name}. You are the first here.`));
  assertEquals(presence.name, undefined);
  presence.heard(parseHeard(GREETING));
  presence.heard(parseHeard(`*** me is now ${name}`));
  assertEquals(presence.name, "me");
});

Deno.test("a password that is pasted with blanks is found in no time", () => {
  const blanks = long("", " ");
  soon("password", () => {
    assertEquals(passwordIn(`/identify a${blanks}b${blanks}`), `a${blanks}b`);
    assertEquals(passwordIn(`/nick ${blanks}ann`), undefined);
  });
});
