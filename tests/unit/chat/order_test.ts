// What operators do, and that those whom they silence are not heard.

import fc from "fast-check";
import type { Event } from "../../../lib/chat/event.ts";
import type { AuditEntry } from "../../../lib/chat/effects.ts";
import { assert, assertEquals } from "../../assert.ts";
import {
  crowned,
  people,
  Person,
  Plain,
  promotes,
  run,
  runIn,
  TestHistory,
  TICK,
} from "./people.ts";

type Two = [Person, Person];
const PASSWORD = "password";
const MINUTE = 60_000;

Deno.test("commands for operators are for operators, and listed for them alone", async () => {
  const [alice, bob] = people(2) as Two;
  const names = ["kick", "mute", "unmute", "ban", "unban", "bans", "op", "deop", "announce"];
  await run([alice.join(), bob.join()], ...crowned(alice), [
    ...names.flatMap((name) => bob.types(`/${name} alice`)),
    ...alice.types("/help", ...names.filter((name) => name !== "bans").map((name) => `/${name}`)),
    ...bob.types("/help"),
  ]);
  assertEquals(bob.talk.slice(0, 9), names.map((name) => `*** /${name} is for operators.`));
  assert(!bob.talk.join().includes("/announce TEXT"));
  assert(alice.talk.includes("*** For operators:"));
  assertEquals(alice.talk.filter((line) => line.startsWith("*** Usage: ")).length, 8);
});

Deno.test("/kick ends a connection, and says who did it and why", async () => {
  const [alice, bob] = people(2) as Two;
  const audited: AuditEntry[] = [];
  await runIn({ audited }, [alice.join(), bob.join()], ...crowned(alice), [
    ...alice.types("/kick guest2 enough now", "/kick nobody"),
  ]);
  assertEquals(bob.ended, "kicked by alice: enough now");
  assertEquals(bob.heard.at(-1), "*** You were kicked by alice: enough now.");
  assert(alice.heard.includes("*** guest2 left: kicked by alice: enough now (1 here)"));
  assertEquals(alice.talk.slice(-2), ["*** guest2 is gone.", "*** Nobody here is called nobody."]);
  assertEquals(audited, [{ who: "alice", did: "kick", whom: "guest2", why: "enough now" }]);
});

Deno.test("who is muted is not heard in any way, until it is over", async () => {
  const [alice, bob] = people(2) as Two;
  const clock = (batch: number) => batch >= 7 ? 11 * MINUTE : batch;
  await runIn(
    { clock },
    [alice.join(), bob.join()],
    ...crowned(alice),
    bob.types("/nick bob"),
    alice.types("/mute bob 10m shouting"),
    bob.types("a", "/me b", "/msg alice c", "/topic d", "/nick e", "/away f", "/invite alice"),
    bob.types("heard again"),
  );
  const refused = "*** You are muted for 10 minutes: shouting. Nobody hears you.";
  assertEquals(bob.talk.slice(1), [...Array(7).fill(refused), "bob(660000): heard again"]);
  assertEquals(alice.talk.slice(-2), [
    "*** bob is muted for 10 minutes.",
    "bob(660000): heard again",
  ]);
  assertEquals(bob.talk[0], "*** You were muted by alice for 10 minutes: shouting.");
});

Deno.test("/unmute lets somebody be heard; a muted one's last word is not", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    ...crowned(alice),
    alice.types("/mute guest2", "/unmute guest2", "/unmute guest2"),
    bob.types("hello"),
    alice.types("/mute guest2"),
    bob.types("/quit you fools"),
  );
  assert(alice.talk.includes("guest2(5): hello"));
  assert(alice.talk.includes("*** guest2 is not muted."));
  assert(!alice.heard.join().includes("fools"));
});

Deno.test("/ban keeps a name out, /unban lets it in again", async () => {
  const [alice, bob, carol] = people(3) as [Person, Person, Person];
  await run(
    [alice.join(), bob.join(), carol.join()],
    ...crowned(alice),
    bob.types("/nick bob"),
    alice.types("/ban bob 2h spam", "/bans"),
    carol.types("/nick BOB", "/nick B0B"),
    alice.types("/unban bob", "/unban bob", "/bans"),
    carol.types("/nick bob"),
  );
  assertEquals(bob.ended, "banned for 2 hours by alice: spam");
  assertEquals(bob.heard.at(-1), "*** You were banned for 2 hours by alice: spam.");
  assertEquals(alice.talk.slice(-5), [
    "*** bob is banned for 2 hours. This ended 1 connection: bob.",
    "*** bob is banned by alice for 2 hours: spam",
    "*** bob is no longer banned.",
    "*** bob is not banned.",
    "*** Nobody is banned or muted.",
  ]);
  assert(carol.talk[0]?.startsWith("*** bob is banned for 2 hours: spam"), carol.talk[0]);
  assertEquals(carol.name, "bob");
});

Deno.test("/ban of an address or a range keeps them out on arrival", async () => {
  const [alice, bob, carol, dora] = people(4) as [Person, Person, Person, Person];
  bob.address = "10.1.2.3";
  carol.address = "10.1.2.99";
  dora.address = "10.1.3.1";
  await run(
    [alice.join(), bob.join()],
    ...crowned(alice),
    alice.types("/ban 10.1.2.0/24 1d", "/ban 2001:db8::/32", "/mute 10.1.2.3"),
    [carol.join(), dora.join()],
    alice.types("/unban 10.1.2.0/24"),
  );
  assertEquals(bob.ended, "banned for 1 day by alice");
  assertEquals(carol.heard, ["*** Your address is banned for 1 day."]);
  assertEquals(carol.ended, "banned");
  assert(dora.heard[0]?.startsWith("*** Welcome"), dora.heard[0]);
  assert(alice.talk.some((line) => line.startsWith("*** Usage: /mute")));
  assertEquals(alice.talk.at(-1), "*** 10.1.2.0/24 is no longer banned.");
});

Deno.test("/op and /deop are for registered names", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    ...crowned(alice),
    alice.types("/op guest2", "/op nobody"),
    bob.types("/nick bob", `/register ${PASSWORD}`),
    alice.types("/op bob", "/whois bob"),
    bob.types("/deop alice"),
    alice.types("/kick bob"),
  );
  assertEquals(alice.talk.slice(-6), [
    "*** guest2 is not registered.",
    "*** Nobody here is called nobody.",
    "*** bob is an operator now.",
    "*** bob is registered and identified, an operator, in #lobby, from 127.0.0.1.",
    "*** You are no longer an operator.",
    "*** /kick is for operators.",
  ]);
  assert(bob.talk.includes("*** You are an operator."));
});

Deno.test("/announce reaches every room", async () => {
  const [alice, bob] = people(2) as Two;
  await run([alice.join(), bob.join()], ...crowned(alice), bob.types("/join tea"), [
    ...alice.types("/announce tea is ready"),
  ]);
  for (const { talk } of [alice, bob]) {
    assertEquals(talk.at(-1), "*** alice announces: tea is ready");
  }
});

Deno.test("nobody who is ignored, muted or banned is ever heard", async () => {
  const entry = fc.oneof(
    fc.constantFrom("/mute bob", "/unmute bob", "/ban bob", "/unban bob"),
  );
  const word = fc.constantFrom("say", "/me", "/msg carol", "/topic", "/away", "/quit");
  const plan = fc.array(fc.oneof(entry, word, fc.constantFrom("/ignore bob", "/unignore bob")), {
    maxLength: 25,
  });
  await fc.assert(fc.asyncProperty(plan, async (moves) => {
    const alice = new Person(1, new Plain()), carol = new Person(2, new Plain());
    let bob = new Person(3, new Plain());
    let next = 4, secrets = 0, isMuted = false, isBanned = false, isIgnored = false, isHere = true;
    const unheard: string[] = [];
    const batches = [
      [alice.join(), carol.join(), bob.join()],
      ...crowned(alice),
      bob.types("/nick bob"),
    ];
    for (const move of moves) {
      if (!isHere) {
        bob = new Person(next++, new Plain());
        batches.push([bob.join()], bob.types("/nick bob"));
        isHere = true;
        // Whoever is banned bears another name now, and is another to everyone.
        if (isBanned) {
          batches.push([bob.leaves()]);
          isHere = false;
        }
      }
      if (move.endsWith("ignore bob")) {
        isIgnored = !move.startsWith("/un");
        batches.push(carol.types(move));
      } else if (move.endsWith(" bob")) {
        if (move.endsWith("mute bob")) isMuted = !move.startsWith("/un");
        else isBanned = !move.startsWith("/un");
        if (move === "/ban bob") isHere = false;
        batches.push(alice.types(move));
      } else if (isHere) {
        const secret = `word${secrets++}!`;
        if (isMuted || isIgnored) unheard.push(secret);
        batches.push(bob.types(move === "say" ? secret : `${move} ${secret}`));
        if (move === "/quit") isHere = false;
      }
    }
    await run(...batches);
    const heard = carol.heard.join("\n");
    for (const secret of unheard) assert(!heard.includes(secret), `${secret} in ${heard}`);
  }));
});

Deno.test("operators are told once when the history fails, and once when it is well again", async () => {
  class Failing extends TestHistory {
    declare trouble: undefined;
    times = 0;

    constructor() {
      super();
      const troubles = [undefined, "disk full", "disk full", undefined, undefined];
      Object.defineProperty(this, "trouble", { get: () => troubles[this.times++] });
    }
  }
  const [alice, bob] = people(2) as Two;
  const ticks = Array.from({ length: 4 }, (): Event[] => [TICK]);
  const history = new Failing();
  await runIn({ history }, [alice.join(), bob.join()], ...crowned(alice), ...ticks);
  assertEquals(alice.talk.slice(-2), [
    "*** The history cannot be saved at the moment (disk full): the chat goes on without it.",
    "*** The history is saved again.",
  ]);
  assertEquals(bob.talk, []);
});

Deno.test("operators are told once when the disk is nearly full, and once when it has room again", async () => {
  class Filling extends TestHistory {
    declare lowSpace: undefined;
    times = 0;

    constructor() {
      super();
      const rooms = [undefined, "99 MB", "42 MB", undefined, undefined];
      Object.defineProperty(this, "lowSpace", { get: () => rooms[this.times++] });
    }
  }
  const [alice, bob] = people(2) as Two;
  const ticks = Array.from({ length: 4 }, (): Event[] => [TICK]);
  const history = new Filling();
  await runIn({ history }, [alice.join(), bob.join()], ...crowned(alice), ...ticks);
  assertEquals(alice.talk.slice(-2), [
    "*** The disk of the history has only 99 MB left: make room before it is full.",
    "*** The disk of the history has room again.",
  ]);
  assertEquals(bob.talk, []);
});

Deno.test("what cannot be read is said to who asked, and to operators", async () => {
  const history = new TestHistory();
  const failing = { recallTrouble: "malformed", readTrouble: "malformed" };
  Object.entries(failing).forEach(([name, value]) =>
    Object.defineProperty(history, name, { value })
  );
  history.search = () => Promise.resolve({ messages: [], trouble: "malformed" });
  const [alice, bob] = people(2) as Two;
  await runIn(
    { history },
    [alice.join(), bob.join()],
    ...crowned(alice),
    bob.types("/search tea"),
    bob.types("/history"),
    [TICK],
    [TICK],
  );
  const sentence = "*** The history cannot be read at the moment: malformed.";
  assertEquals(bob.talk, [sentence, sentence, "*** So far in #lobby."]);
  assertEquals(alice.talk.filter((line) => line === sentence), [sentence]);
});

Deno.test("a clock that leaps lifts no ban, and makes none longer", async () => {
  const [alice, bob, carol] = people(3) as [Person, Person, Person];
  const DAY = 86_400_000;
  const clock = (batch: number) => batch === 5 || batch === 6 ? 40 * DAY : 1;
  await runIn(
    { clock, deadlines: () => 1 },
    [alice.join(), bob.join(), carol.join()],
    ...crowned(alice),
    alice.types("/ban eve 10m"),
    [TICK],
    [...bob.types("/nick eve"), ...alice.types("/ban mallory 10m")],
    carol.types("/nick mallory"),
  );
  assertEquals(bob.talk, ["*** eve is banned for 10 minutes."]);
  assertEquals(carol.talk, ["*** mallory is banned for 10 minutes."]);
});

Deno.test("an address with an interface, or one that is none, harms nobody", async () => {
  const [alice, bob] = people(2) as Two;
  bob.address = "fe80::1%eth0";
  await run(
    [alice.join()],
    ...crowned(alice),
    alice.types("/ban fe80::1%eth0", "/ban 10.0.0.0/99", "/ban 1.2.3.4/5/6", "/ban fe80::/10"),
    [bob.join()],
  );
  assertEquals(
    alice.talk.slice(1, 4),
    ["fe80::1%eth0", "10.0.0.0/99", "1.2.3.4/5/6"].map((text) =>
      `*** ${text} is no address, no range such as 10.1.2.0/24, and nobody's name.`
    ),
  );
  assertEquals(bob.heard, ["*** Your address is banned."]);
});

Deno.test("what another program changes takes back nothing that was just registered", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    [...alice.types("/nick alice", `/register ${PASSWORD}`), TICK],
    [promotes("alice"), ...bob.types("/nick alice")],
  );
  assert(bob.talk[0]?.startsWith("*** alice is registered"), bob.talk[0]);
});
