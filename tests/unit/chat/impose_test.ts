// Bans and mutes as operators type them: of whom, of which addresses, and for how long.

import { assertEquals } from "../../assert.ts";
import { crowned, people, type Person, promotes, run } from "./people.ts";

type Two = [Person, Person];
const PASSWORD = "password";
const REFUSED = "*** You are muted. Nobody hears you.";

Deno.test("an operator cannot put themselves out, or all", async () => {
  const [alice, bob] = people(2) as Two;
  alice.address = "10.1.2.3";
  await run(
    [alice.join(), bob.join()],
    [...alice.types("/nick alice", `/register ${PASSWORD}`, `/register ${PASSWORD}`)],
    [promotes("alice")],
    alice.types("/nick aIice", "/ban alice", "/ban aIice", "/mute ALICE", "/kick alice"),
    alice.types("/ban 10.1.2.3", "/ban 10.1.0.0/16", "/ban ::ffff:10.1.2.3", "/ban 0.0.0.0/0"),
    alice.types("/ban ::/0", "/ban 127.0.0.1", "/ban 127.8.0.0/16", "/ban ::1", "/ban 126.0.0.0/8"),
    alice.types("/deop alice", "/bans"),
  );
  const own = "*** You connect from 10.1.2.3 yourself: this would ban you, too.";
  const wide = "is too wide: a range is /8 at the widest, of IPv6 addresses /10.";
  const here = "is this machine itself, which cannot be banned.";
  assertEquals(alice.talk.slice(2), [
    "*** You cannot ban yourself.",
    "*** You cannot ban yourself.",
    "*** You cannot mute yourself.",
    "*** That is you: /quit leaves.",
    ...Array(3).fill(own),
    `*** 0.0.0.0/0 ${wide}`,
    `*** ::/0 ${wide}`,
    `*** 127.0.0.1 ${here}`,
    `*** 127.8.0.0/16 ${here}`,
    `*** ::1 ${here}`,
    "*** 126.0.0.0/8 is banned until you change that. Nobody here comes from there.",
    "*** You are the only operator: /op somebody else first.",
    "*** 126.0.0.0/8 is banned by aIice",
  ]);
});

Deno.test("an address is banned in one form, and lifted by any", async () => {
  const [alice] = people(1) as [Person];
  await run(
    [alice.join()],
    ...crowned(alice),
    alice.types("/ban 10.1.2.3/24", "/ban FE80:0:0::1", "/ban ::ffff:1.2.3.4", "/bans"),
    alice.types(
      "/unban 10.1.2.7",
      "/unban 10.1.2.99/24",
      "/unban fe80::1",
      "/unban 1.2.3.4/32",
      "/bans",
    ),
  );
  assertEquals(alice.talk.slice(4), [
    "*** 10.1.2.0/24 is banned by alice",
    "*** fe80::1 is banned by alice",
    "*** 1.2.3.4 is banned by alice",
    "*** 10.1.2.7 is not banned, but 10.1.2.0/24 is, and 10.1.2.7 with it.",
    "*** 10.1.2.0/24 is no longer banned.",
    "*** fe80::1 is no longer banned.",
    "*** 1.2.3.4 is no longer banned.",
    "*** Nobody is banned or muted.",
  ]);
});

Deno.test("what is neither a name nor an address is not banned as one, nor is a number for ever", async () => {
  const [alice] = people(1) as [Person];
  const none = [
    "10.1.2.300",
    "１２７.0.0.1",
    "10.1.2",
    "1.2.3.4.5",
    "10.1.2.0/33",
    "::12345",
    "fe80::1%eth0",
  ];
  const forever = ["5x", "0m", "-5m", "5minutesxyz", "3 strikes"];
  await run([alice.join()], ...crowned(alice), [
    ...none.flatMap((text) => alice.types(`/ban ${text}`)),
    ...forever.flatMap((text) => alice.types(`/ban bob ${text}`, `/mute bob ${text}`)),
    ...alice.types("/bans", "/nick 10.1.2.3"),
  ]);
  assertEquals(
    alice.talk.slice(1, 8).map((line) => / is no address, /.test(line)),
    Array(7).fill(true),
  );
  assertEquals(
    alice.talk.slice(8, 18).map((line) => / is not a duration: /.test(line)),
    Array(10).fill(true),
  );
  assertEquals(alice.talk.slice(18), [
    "*** Nobody is banned or muted.",
    "*** A name is not an address: choose another name.",
  ]);
});

Deno.test("/ban and /mute of somebody who is not here say so, and hold", async () => {
  const [alice, bob] = people(2) as Two;
  await run([alice.join(), bob.join()], ...crowned(alice), [
    ...alice.types("/ban ghost 5 minutes to cool down", "/mute phantom", "/bans"),
    ...bob.types("/nick ghost", "/nick phantom", "fools"),
  ]);
  assertEquals(alice.talk.slice(1), [
    "*** ghost is banned for 5 minutes. Nobody here is called ghost.",
    "*** phantom is muted until you change that. Nobody here is called phantom.",
    "*** ghost is banned by alice for 5 minutes: to cool down",
    "*** phantom is muted by alice",
  ]);
  assertEquals(bob.talk, ["*** ghost is banned for 5 minutes: to cool down.", REFUSED]);
});
