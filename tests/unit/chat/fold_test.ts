// The laws of the fold, for random logs: the same events give the same state, records and effects, on every
// machine, and what is local changes nothing that is shared.

import fc from "fast-check";
import type { Change } from "../../../lib/chat/event.ts";
import { REFUSALS } from "../../../lib/chat/refusals.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { logs } from "./folds.ts";
import { HOSTILE } from "./hostile.ts";
import { Fold, type Log, OPTIONS, plain, print, type Step, type Timed } from "./logs.ts";
import { SECRET } from "./vocabulary.ts";

/** Checks a law for many random logs. */
function holds(law: (log: Log) => void, numRuns = 500): void {
  fc.assert(fc.property(logs(), law), { numRuns });
}

/** Steps as text, one a line. */
function text(steps: readonly Step[]): string {
  return steps.map(plain).join("\n");
}

Deno.test("two folds of one log give the same state, records and effects", () => {
  holds((log) => {
    const [one, other] = [Fold.of(log), Fold.of(log)];
    assertEquals(text(one.run(log.events)), text(other.run(log.events)));
    assertEquals(one.state, other.state);
  });
});

Deno.test("local requests mixed in anywhere change nothing shared", () => {
  holds((log) => {
    const mixed = Fold.of(log), alone = Fold.of(log);
    const steps = mixed.run(log.events);
    const events = log.events.filter((_, i) => steps[i]!.isShared);
    assertEquals(text(alone.run(events)), text(steps.filter(({ isShared }) => isShared)));
    assertEquals(alone.state, mixed.state);
    steps.forEach(({ isShared, effects, records }, i) => {
      if (isShared) return;
      const event = log.events[i]![2];
      assertEquals(records, []);
      // What is local is for its asker alone.
      assert(effects.every((each) => "connection" in each && each.connection === idOf(event)));
    });
  });
});

Deno.test("every shared event survives JSON: it folds to the same", () => {
  holds((log) => {
    const one = Fold.of(log), other = Fold.of(log);
    const steps = one.run(log.events);
    const carried = log.events.map((timed, i): Timed =>
      steps[i]!.isShared ? JSON.parse(JSON.stringify(timed)) : timed
    );
    assertEquals(text(other.run(carried)), text(steps));
    assertEquals(other.state, one.state);
  });
});

Deno.test("effects and records are plain data, and nothing that happens later changes them", () => {
  holds((log) => {
    const fold = Fold.of(log);
    const steps = log.events.map((timed) => {
      const step = fold.step(timed);
      return { step, was: plain(step) };
    });
    for (const { step, was } of steps) assertEquals(plain(step), was);
  });
});

Deno.test("no password is in a shared event, a record, the state, a log entry or what others are sent", () => {
  holds((log) => {
    const fold = Fold.of(log);
    for (const timed of log.events) {
      const [, , event] = timed;
      const { isShared, effects, records } = fold.step(timed);
      if (isShared) assert(!plain(event).includes(SECRET), plain(event));
      assert(!plain(records).includes(SECRET));
      // A job has it.
      const others = effects.filter(({ kind }) => kind !== "job");
      assert(!plain(others).includes(SECRET), plain(others));
    }
    assert(!fold.state.includes(SECRET));
  });
});

function idOf(event: Timed[2]): number | undefined {
  return "id" in event ? event.id : undefined;
}

Deno.test("no shared event throws, whatever is in it, and the state can be written and read", () => {
  const property = fc.property(logs({ moves: 20 }), fc.array(HOSTILE), (log, hostile) => {
    const fold = Fold.of(log);
    fold.run(log.events);
    for (const timed of hostile) fold.share(timed);
    assertEquals(fold.restored().state, fold.state);
  });
  fc.assert(property, { numRuns: 500 });
});

Deno.test("the random logs lead to every refusal, effect, state change and order of operators", () => {
  const seen = new Set<string>();
  for (const log of fc.sample(logs(), { seed: 1, numRuns: 1600 })) {
    for (const { effects } of Fold.of(log).run(log.events)) {
      for (const effect of effects) {
        seen.add(effect.kind);
        if (effect.kind === "job") seen.add(effect.job.kind);
        if (effect.kind === "audit") seen.add(`/${effect.entry.did.split(" ")[0]}`);
        for (const each of "deliveries" in effect ? effect.deliveries : []) {
          if (each.kind === "notice" && each.code !== undefined) seen.add(each.code);
          if (each.kind === "state") seen.add(each.what);
          if (each.kind === "mended") seen.add(each.message.deleted ? "deleted" : "edited");
        }
      }
    }
  }
  // What is malformed becomes no event.
  const { malformed: _, ...codes } = REFUSALS;
  const wanted = [
    ...Object.keys(codes),
    ...["room", "connection", "recall", "missed", "welcome", "named", "ignore", "echo", "reply"],
    ...["enter", "hash", "verify", "change", "search", "hand over", "read", "person"],
    ...["answered", "enter", "exit", "job", "audit", "oversize", "end", "password", "members"],
    ...["parted", "joined", "left", "crowd", "renamed", "away", "topic", "lock", "rooms", "lost"],
    ...["edited", "deleted", "/delete"],
    ...["/ban", "/unban", "/mute", "/unmute", "/kick", "/close", "/op", "/deop", "/announce"],
  ];
  assertEquals(wanted.filter((each) => !seen.has(each)), []);
});

Deno.test("a failing log is printed as a test can take it", () => {
  const isQuiet = (log: Log) => {
    const steps = Fold.of(log).run(log.events);
    return !steps.some(({ records }) => records.some(({ kind }) => kind === "account new"));
  };
  const { message } = assertThrows(() => holds((log) => assert(isQuiet(log))), Error);
  const [printed = ""] = /\{"options"[^]*\n\]\}/.exec(message) ?? [];
  const log: Log = JSON.parse(printed);
  assert(!isQuiet(log), "it fails again");
  assertEquals(print(log), printed);
});

Deno.test("a connection that joins twice is one", () => {
  const fold = Fold.of({ options: OPTIONS });
  const join = {
    kind: "join",
    id: 1,
    speaks: "lines",
    address: "",
    isPrivate: true,
    isAsked: false,
    maxLine: 1024,
    announceIn: 0,
    maxDevices: 10,
  } as const;
  fold.step([1, 1, join]);
  const before = fold.state;
  assertEquals(fold.step([2, 2, join]).effects, []);
  assertEquals(fold.state, before);
});

Deno.test("who is identified for an account that has another name now is so no longer", () => {
  const fold = Fold.of({ options: OPTIONS });
  const join = {
    kind: "join",
    id: 1,
    speaks: "lines",
    address: "",
    isPrivate: true,
    isAsked: false,
    maxLine: 1024,
    announceIn: 0,
    maxDevices: 10,
  } as const;
  const input = { kind: "command", name: "nick", text: "bob" } as const;
  const result = { kind: "hashed", name: "bob", hash: "" } as const;
  const account = { id: 1, name: "carol", key: "carol", hash: "", isOperator: false };
  fold.run([
    [1, 1, join],
    [1, 1, { kind: "typed", id: 1, input }],
    [1, 1, { kind: "job done", id: 1, result }],
  ]);
  assertEquals(fold.chat.members.get(1)?.account?.name, "bob");
  const changes = [{ kind: "account", account }] as const;
  fold.step([1, 1, { kind: "administered", changes, lastAccount: 1 }]);
  assertEquals(fold.chat.members.get(1)?.account, undefined);
});

Deno.test("other servers keep what an admin command has changed on one server's file", () => {
  const fold = Fold.of({ options: OPTIONS });
  const account = { id: 1, name: "bob", key: "bob", hash: "old", isOperator: false };
  const ban = { kind: "ban", subject: "eve", shown: "eve", isAddress: false, why: "", by: "" };
  const kept = {
    lastMessage: 7,
    lastRoom: 1,
    lastAccount: 1,
    rooms: [],
    bans: [],
    visits: [],
    waiting: [],
  };
  fold.step([1, 1, { kind: "restored", saved: { ...kept, accounts: [account] } }]);
  const now = { ...account, hash: "new" }, whom = { name: "bob", account: 1 };
  const others: Exclude<Change, { kind: "account" | "forgotten" }>[] = [
    { kind: "ban", ban: { ...ban, kind: "ban" } },
    { kind: "account gone", id: 1 },
  ];
  const changes: Change[] = [
    { kind: "account", account: now },
    ...others,
    { kind: "forgotten", whom },
  ];
  const event = { kind: "administered", changes, lastAccount: 1 } as const;
  const { records } = fold.step([2, 2, { ...event, isKept: true }]);
  assertEquals(records, [
    { kind: "account", account: now, before: account },
    ...others,
    { kind: "forgotten", whom, upTo: 7 },
  ]);
  // A server on its own has it in its file.
  assertEquals(fold.step([3, 3, event]).records, []);
});
