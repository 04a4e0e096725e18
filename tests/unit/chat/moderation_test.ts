// Moderation is of the person: whatever name they take, and whatever else they say or do.

import type { Event } from "../../../lib/chat/event.ts";
import type { Record, Saved } from "../../../lib/chat/history.ts";
import { nameKey } from "../../../lib/chat/names.ts";
import { assert, assertEquals } from "../../assert.ts";
import {
  changed,
  crowned,
  people,
  type Person,
  registers,
  run,
  runIn,
  TestHistory,
} from "./people.ts";

type Two = [Person, Person];
type Three = [Person, Person, Person];
const PASSWORD = "password";

/** A history that shows what it was given to keep. */
class Records extends TestHistory {
  readonly records: Record[] = [];
  readonly saved: Partial<Saved>;

  constructor(saved: Partial<Saved> = {}) {
    super();
    this.saved = saved;
  }

  override load(): Saved {
    return { ...super.load(), ...this.saved };
  }

  override commit(records: readonly Record[]): void {
    this.records.push(...records);
    super.commit(records);
  }

  /** Those of bans and accounts. */
  get moderation(): Record[] {
    return this.records.filter(({ kind }) => /ban|account/.test(kind));
  }
}

const REFUSED = "*** You are muted. Nobody hears you.";

Deno.test("a look-alike of one's own name escapes no /deop, /mute, /kick, /whois or /ban", async () => {
  for (const order of ["/deop carol", "/mute carol", "/kick carol", "/ban carol"]) {
    const [alice, carol, dan] = people(3) as Three;
    await run(
      [alice.join(), carol.join(), dan.join()],
      ...crowned(alice),
      ...registers(carol, "carol"),
      alice.types("/op carol"),
      carol.types("/nick caroI", "/nick caro1"),
      alice.types("/whois carol", order),
      carol.types("/bans", "can you hear me?"),
    );
    assert(alice.talk.some((line) => line.startsWith("*** caro1 is registered and identified as")));
    if (order === "/deop carol") {
      assert(carol.talk.includes("*** You are no longer an operator."));
      assert(carol.talk.includes("*** /bans is for operators."), carol.talk.join("\n"));
    } else if (order === "/mute carol") {
      assert(!alice.talk.join().includes("can you hear"));
    } else assert(carol.ended?.startsWith(order === "/kick carol" ? "kicked" : "banned"));
  }
});

Deno.test("the look-alike's own name means the person too, by every order", async () => {
  const [alice, carol] = people(2) as Two;
  await run(
    [alice.join(), carol.join()],
    ...crowned(alice),
    ...registers(carol, "carol"),
    carol.types("/nick caroI"),
    alice.types("/mute caroI", "/unmute CAROL", "/op caroI", "/deop carol", "/ban caroI"),
  );
  assertEquals(alice.talk.slice(1), [
    "*** carol is muted until you change that.",
    "*** carol is no longer muted.",
    "*** carol is an operator now.",
    "*** carol is no operator now.",
    "*** carol is banned until you change that. This ended 1 connection: caroI.",
  ]);
  assert(carol.talk.includes("*** alice has unmuted you: others hear you again."));
});

Deno.test("nobody is made an operator for looking like the one who is meant", async () => {
  const [alice, eve] = people(2) as Two;
  await run([alice.join(), eve.join()], ...crowned(alice), ...registers(eve, "caroI"), [
    ...alice.types("/op carol"),
  ]);
  assertEquals(alice.talk.at(-1), "*** Nobody here is called carol.");
});

Deno.test("a banned name is kept out in whatever way it is written", async () => {
  const [alice, bob, eve] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), eve.join()],
    ...crowned(alice),
    ...registers(bob, "lena"),
    alice.types("/ban lena"),
    eve.types("/nick Iena", "/nick LENA", "/nick 1ena", `/nick lena ${PASSWORD}`),
  );
  assertEquals(eve.talk, Array(4).fill("*** lena is banned."));
  assertEquals(eve.name, "guest3");
});

Deno.test("a mute of a guest is of the connection: it is kept nowhere, and ends with it", async () => {
  const [alice, guest, later] = people(3) as Three;
  const history = new Records();
  await runIn(
    { history },
    [alice.join(), guest.join()],
    ...crowned(alice),
    alice.types("/mute guest2 1h", "/bans"),
    guest.types("a", "/nick bob", "/msg alice x", "/quit"),
    alice.types("/bans", "/mute guest2", "/ban guest77", "/ban guestl"),
    [later.join()],
  );
  assertEquals(
    guest.talk.slice(1, 4),
    Array(3).fill(`*** You are muted for 1 hour. Nobody hears you.`),
  );
  assertEquals(alice.talk.slice(1), [
    "*** guest2 is muted for 1 hour, or until they leave: they have no registered name.",
    "*** guest2 is muted by alice for 1 hour",
    "*** Nobody is banned or muted.",
    "*** Nobody here is called guest2. Guest names are given to others later.",
    "*** Nobody here is called guest77. Guest names are given to others later.",
    "*** Nobody here is called guestl. Guest names are given to others later.",
  ]);
  assertEquals(history.moderation.map(({ kind }) => kind), ["account new"]);
});

Deno.test("a ban of a guest ends the connection, and says what keeps them out", async () => {
  const [alice, far, near] = people(3) as Three;
  far.address = "2001:db8::7";
  const history = new Records();
  await runIn({ history }, [alice.join(), far.join(), near.join()], ...crowned(alice), [
    ...alice.types("/ban guest2 7d spam", "/ban guest3", "/bans"),
  ]);
  assertEquals([far.ended, near.ended], ["kicked by alice: spam", "kicked by alice"]);
  const gone = "is gone, but can come back, since guest names are given to others";
  assertEquals(alice.talk.slice(1), [
    `*** guest2 ${gone}: /ban 2001:db8::/64 keeps their address out.`,
    `*** guest3 ${gone}.`,
    "*** Nobody is banned or muted.",
  ]);
  assertEquals(history.moderation.length, 1);
});

Deno.test("bans that an earlier version kept are brought to today's form, those of guests dropped", async () => {
  const [alice, bob] = people(2) as Two;
  bob.address = "10.1.2.99";
  const ban = (kind: "ban" | "mute", subject: string, isAddress: boolean) =>
    ({ kind, subject, shown: subject, isAddress, why: "", by: "zoe" }) as const;
  const history = new Records({
    bans: [ban("ban", "10.1.2.3/24", true), ban("mute", "guest2", false), ban("ban", "x", false)],
  });
  await runIn({ history }, [bob.join()], [alice.join()], alice.types("can you hear me?"));
  assertEquals(bob.heard, ["*** Your address is banned."]);
  assertEquals(alice.talk, ["guest1(3): can you hear me?"]);
  assertEquals(history.moderation.map((record) => "ban" in record && record.ban.subject), [
    "10.1.2.3/24",
    "10.1.2.0/24",
    "guest2",
  ]);
});

Deno.test("another program's changes are in force before a command acts, and are not undone", async () => {
  const [alice, bob] = people(2) as Two;
  const history = new Records();
  const account = (id: number, name: string, isOperator: boolean) => ({
    id,
    name,
    key: nameKey(name),
    hash: "new",
    isOperator,
  });
  const [op] = alice.types("/op bob"), [deop] = alice.types("/deop bob");
  await runIn(
    { history },
    [alice.join(), bob.join()],
    ...crowned(alice),
    ...registers(bob, "bob"),
    [changed(op!, account(1, "alice", true), account(2, "bob", false))],
    [changed(deop!, account(1, "alice", false), account(2, "bob", true))],
  );
  // The hash, which is another one by now, is not written back.
  assertEquals(history.moderation.slice(2), [
    { kind: "account operator", id: 2, isOperator: true },
  ]);
  assertEquals(alice.talk.at(-1), "*** /deop is for operators.");
});

Deno.test("an account that is forgotten meanwhile is nobody's", async () => {
  const [alice, bob] = people(2) as Two;
  const history = new Records();
  const [op] = alice.types("/op bob");
  await runIn(
    { history },
    [alice.join(), bob.join()],
    ...crowned(alice),
    ...registers(bob, "bob"),
    [
      changed(op!, { id: 1, name: "alice", key: "alice", hash: "new", isOperator: true }),
    ],
  );
  assertEquals(alice.talk.at(-1), "*** bob is not registered.");
});

Deno.test("who is muted is heard by no lock, no room's name, no name, no announcement, no away text", async () => {
  const [alice, bob, carol] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), carol.join()],
    ...crowned(alice),
    ...registers(carol, "carol"),
    carol.types("/nick zoe"),
    ...registers(bob, "bob"),
    alice.types("/op bob"),
    bob.types("/away you fools", "/join tea"),
    alice.types("/mute bob"),
    bob.types("/lock", "/unlock", "/join #you-fools", "/announce fools", "/kick zoe fools"),
    bob.types("/mute zoe fools", "/ban zoe fools", "/nick fools", `/nick carol ${PASSWORD}`),
    bob.types("/nick carol", `/identify ${PASSWORD}`, "fools"),
    carol.types("/rooms", "/whois bob", "/msg bob hello"),
  );
  assertEquals(bob.talk.filter((line) => line === REFUSED).length, 10);
  const heard = [...carol.heard, ...alice.heard.slice(6)].join("\n");
  assert(!heard.includes("fools"), heard);
  assert(carol.talk.includes("*** bob is away."), heard);
});

Deno.test("a mute or a ban that comes while somebody identifies holds", async () => {
  for (
    const [order, told] of [["/mute", "You are muted. Nobody hears"], ["/ban", "carol is banned"]]
  ) {
    const [alice, carol, again] = people(3) as Three;
    await run(
      [alice.join(), carol.join(), again.join()],
      ...crowned(alice),
      ...registers(carol, "carol"),
      [carol.leaves()],
      // The job is under way when the order comes.
      [
        ...again.types(`/nick carol ${PASSWORD}`),
        ...alice.types(`${order} guest3`, `${order} carol`),
      ],
      again.types("you fools"),
    );
    const heard = alice.heard.join("\n");
    assert(!heard.includes("fools"), heard);
    if (order === "/ban") assertEquals(again.ended, "kicked by alice");
    else assert(again.talk.join().includes(told!), again.talk.join("\n"));
  }
});

Deno.test("a ban of a name holds for an /identify that was under way", async () => {
  const [alice, carol, again] = people(3) as Three;
  await run(
    [alice.join(), carol.join(), again.join()],
    ...crowned(alice),
    ...registers(carol, "carol"),
    [carol.leaves()],
    [...again.types(`/nick carol ${PASSWORD}`), ...alice.types("/ban carol 1h spam")],
  );
  assertEquals(again.talk, ["*** carol is banned for 1 hour: spam."]);
  assertEquals(again.name, "guest3");
});

Deno.test("an account's mute holds on every connection that identifies for it", async () => {
  const [alice, carol, again] = people(3) as Three;
  await run(
    [alice.join(), carol.join(), again.join()],
    ...crowned(alice),
    ...registers(carol, "carol"),
    carol.types("/nick caroI"),
    alice.types("/mute caroI"),
    carol.types("/unregister caroI"),
    carol.types("fools"),
    [carol.leaves()],
    again.types("/nick Carol", "fools"),
  );
  assert(!alice.heard.join().includes("fools"));
});

Deno.test("whoever waits at the password's prompt is turned away by a ban, and is counted", async () => {
  const [alice, bob, carol, dan] = people(4) as [Person, Person, Person, Person];
  bob.address = carol.address = "10.1.2.3";
  dan.address = "10.1.2.4";
  await runIn(
    { opens: (guess) => guess === "sesame" },
    [alice.join()],
    alice.types("sesame"),
    ...crowned(alice),
    [bob.join(), carol.join(), dan.join()],
    dan.types("sesame"),
    alice.types("/ban 10.1.2.0/24 1d spam"),
    bob.types("sesame"),
  );
  for (const { heard, ended } of [bob, carol]) {
    assertEquals(heard.at(-1), "*** Your address is banned for 1 day: spam.");
    assertEquals(ended, "banned");
  }
  assertEquals(
    alice.talk.at(-1),
    "*** 10.1.2.0/24 is banned for 1 day. This ended 3 connections: guest2 and 2 more.",
  );
});

Deno.test("an app that goes on from a banned address is put out; another is known by its new one", async () => {
  const [alice, bob, carol] = people(3) as Three;
  bob.address = carol.address = "192.0.2.1";
  const moves = (id: number, address: string): Event => ({ kind: "moved", id, address });
  await run(
    [alice.join(), bob.join(), carol.join()],
    ...crowned(alice),
    alice.types("/ban 10.1.2.3"),
    [moves(2, "10.1.2.3"), moves(3, "10.1.2.4")],
    alice.types("/whois guest3", "/ban 192.0.2.1", "/ban 10.1.2.4"),
  );
  assertEquals(bob.heard.at(-1), "*** Your address is banned.");
  assertEquals(bob.ended, "banned");
  assertEquals(alice.talk.slice(-3), [
    "*** guest3 is not registered, in #lobby, from 10.1.2.4.",
    "*** 192.0.2.1 is banned until you change that. Nobody here comes from there.",
    "*** 10.1.2.4 is banned until you change that. This ended 1 connection: guest3.",
  ]);
});

Deno.test("an app that is asked for the password, and goes on from a banned address, is turned away", async () => {
  const [alice, bob] = people(2) as Two;
  bob.address = "192.0.2.1";
  await runIn(
    { opens: (guess) => guess === "sesame" },
    [alice.join()],
    alice.types("sesame"),
    ...crowned(alice),
    alice.types("/ban 10.1.2.3"),
    [bob.join()],
    [{ kind: "moved", id: 2, address: "10.1.2.3" }],
  );
  assertEquals([bob.heard.at(-1), bob.ended], ["*** Your address is banned.", "banned"]);
});

Deno.test("whoever is ignored is heard by no name, topic, lock or away text", async () => {
  const [alice, bob, carol] = people(3) as Three;
  await run(
    [alice.join(), bob.join(), carol.join()],
    [bob, carol].flatMap((each) => each.types("/join tea")),
    carol.types("/ignore guest2"),
    bob.types("/nick fools", "/topic you fools", "/lock", "/unlock", "/away fools", "/me fools"),
    bob.types("/join #fools", "/join tea", "/invite guest3"),
    carol.types("/msg fools hello"),
    bob.types("/quit fools"),
  );
  const after = carol.heard.slice(
    carol.heard.indexOf("*** You do not hear guest2 any more: /unignore guest2 changes that.") + 1,
  );
  assertEquals(after.slice(0, 2), ["guest3(6) to fools: hello", "*** fools is away."]);
  assertEquals(after.length, 3);
});

Deno.test("whoever is ignored is not heard by a look-alike of their name, now, later or in the history", async () => {
  for (const isGone of [false, true]) {
    const [alice, bob, other] = people(3) as Three;
    await run(
      [alice.join(), bob.join(), other.join()],
      ...registers(bob, "carol"),
      bob.types("/nick caroI"),
      isGone ? bob.types("/quit") : [],
      alice.types("/ignore сarol", "/ignore"),
      bob.types("one", "/msg guest1 two"),
      other.types(`/nick carol ${PASSWORD}`),
      other.types("/nick caro1", "three", "/me four"),
      alice.types("/history", "/search three"),
      alice.types("/unignore CAROI", "/ignore"),
      other.types("five"),
    );
    assertEquals(alice.talk, [
      "*** You do not hear сarol any more: /unignore сarol changes that.",
      "*** You ignore сarol.",
      "*** So far in #lobby.",
      "found nothing",
      "*** You hear CAROI again.",
      "*** You ignore nobody.",
      "caro1(11): five",
    ]);
  }
});

Deno.test("nobody ignores themselves by a look-alike of their own name", async () => {
  const [alice] = people(1) as [Person];
  await run([alice.join()], ...registers(alice, "alice"), alice.types("/ignore aIice"));
  assertEquals(alice.talk.at(-1), "*** That is you.");
});
