// Rooms that nobody is in: which of them stay, for how long, and what the history is told of them.

import type { Record, Saved, SavedRoom } from "../../../lib/chat/history.ts";
import type { AuditEntry } from "../../../lib/chat/effects.ts";
import { assertEquals } from "../../assert.ts";
import { people, type Person, promotes, runIn, TestHistory, TICK } from "./people.ts";

const DAY = 86_400_000;

/** A history that outlives the server, and shows what it is given. */
class Recorder extends TestHistory {
  readonly records: Record[] = [];
  readonly #rooms: readonly SavedRoom[];

  constructor(rooms: readonly SavedRoom[] = []) {
    super();
    (this as { lasts: boolean }).lasts = true;
    this.#rooms = rooms;
  }

  override load(): Saved {
    return { ...super.load(), lastRoom: 9, rooms: this.#rooms };
  }

  override commit(records: readonly Record[]): void {
    this.records.push(...records);
    super.commit(records);
  }

  /** What it was told of rooms, in order: `tea: topic`, `tea 10 empty` … */
  get rooms(): string[] {
    return this.records.flatMap((record) => {
      switch (record.kind) {
        case "room": {
          const { name, topic, emptySince } = record.room;
          return [
            `${name}: ${topic}${emptySince === undefined ? "" : ` (empty since ${emptySince})`}`,
          ];
        }
        case "room empty":
        case "room gone":
          return [`${record.kind} ${record.id}`];
        case "said":
          return [`said in ${record.message.room?.name}`];
      }
      return [];
    });
  }
}

/** What /rooms lists besides the lobby. */
function listed({ talk }: Person): string[] {
  return talk.filter((line) => /^\*\*\* #(?!lobby)/.test(line));
}

Deno.test("an empty room with a topic goes after so many days, if nobody comes meanwhile", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  const days = [0, 0, 0, 1, 29, 30, 31, 31, 58, 59, 61];
  await runIn(
    { keepRooms: 30, clock: (batch) => 1 + days[batch]! * DAY },
    [alice.join(), bob.join()],
    alice.types("/join tea", "/topic green", "/join den", "/topic dark", "/leave"),
    alice.types("/join tea", "/leave"),
    [...bob.types("/join den", "/leave"), TICK],
    [TICK, ...alice.types("/rooms")],
    [TICK, ...bob.types("/rooms")],
    [],
    bob.types("/join den", "/leave"),
    [TICK],
    [TICK, ...bob.types("/rooms")],
  );
  assertEquals(listed(alice), ["*** #tea (0 here): green", "*** #den (0 here): dark"]);
  assertEquals(listed(bob), ["*** #den (0 here): dark", "*** #den (0 here): dark"]);
});

Deno.test("with --keep-rooms 0 an empty room with a topic stays", async () => {
  const [alice] = people(1) as [Person];
  await runIn(
    { keepRooms: 0, clock: (batch) => batch * 1000 * DAY },
    [alice.join()],
    alice.types("/join tea", "/topic green", "/leave"),
    [TICK],
    [TICK, ...alice.types("/rooms")],
  );
  assertEquals(listed(alice), ["*** #tea (0 here): green"]);
});

Deno.test("of a room from before the start it is known since when nobody is in it", async () => {
  const room = { key: "", topic: "kept", isLocked: false, invited: [] };
  const history = new Recorder([
    { ...room, id: 2, name: "old", key: "old", emptySince: DAY },
    { ...room, id: 3, name: "new", key: "new", emptySince: 20 * DAY },
    { ...room, id: 4, name: "killed", key: "killed" },
    { ...room, id: 5, name: "future", key: "future", emptySince: 100 * DAY },
  ]);
  const [alice] = people(1) as [Person];
  const days = [0, 31, 31, 61];
  await runIn(
    { history, clock: (batch) => days[batch]! * DAY },
    [TICK],
    [alice.join(), ...alice.types("/rooms")],
    [TICK, ...alice.types("/rooms")],
  );
  assertEquals(listed(alice), [
    "*** #new (0 here): kept",
    "*** #killed (0 here): kept",
    "*** #future (0 here): kept",
  ]);
  assertEquals(history.rooms, [
    "old: ",
    "room empty 2",
    `killed: kept (empty since ${31 * DAY})`,
    `future: kept (empty since ${31 * DAY})`,
    ...["new: ", "room empty 3", "killed: ", "room empty 4", "future: ", "room empty 5"],
  ]);
});

Deno.test("a room in which nothing is said is never written; one in which something is, before that", async () => {
  const history = new Recorder();
  const [alice, bob] = people(2) as [Person, Person];
  await runIn(
    { history },
    [alice.join(), bob.join()],
    alice.types("/nick alice", "/register password"),
    [...alice.types("/join x1", "/leave", "/join x2", "/join x3"), ...bob.types("/join x3")],
    [...alice.types("/leave"), ...bob.types("/leave")],
    alice.types("/join tea", "hello", "again", "/leave"),
    alice.types("/join den", "/topic dark", "/leave", "/join den", "/topic -", "/leave"),
  );
  assertEquals(history.rooms, [
    ...["room gone 10", "room gone 11", "room gone 12"],
    ...["tea: ", "said in tea", "said in tea", "room empty 13"],
    ...["den: dark", "den: dark (empty since 6)", "den: dark", "den: ", "room empty 14"],
  ]);
  const seen = history.records.filter(({ kind }) => kind === "seen");
  const rooms = seen.map((record) =>
    record.kind === "seen" && "room" in record.mark && record.mark.room
  );
  assertEquals(new Set(rooms).size, 3);
});

Deno.test("a locked room goes with the guest who alone could enter it, wherever they were then", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await runIn(
    { history: new TestHistory() },
    [alice.join(), bob.join()],
    alice.types("/join den", "/topic mine", "/lock", "/leave"),
    bob.types("/rooms"),
    [alice.leaves()],
    bob.types("/rooms"),
  );
  assertEquals(listed(bob), ["*** #den (0 here, locked)"]);
});

Deno.test("a room's maker rules it until they are gone, also from another room", async () => {
  const [alice, bob] = people(2) as [Person, Person];
  await runIn(
    {},
    [alice.join(), bob.join()],
    [...alice.types("/join den"), ...bob.types("/join den"), ...alice.types("/leave")],
    bob.types("/lock"),
    [alice.leaves()],
    bob.types("/lock"),
  );
  assertEquals(bob.talk.slice(-2), [
    "*** Whoever made this room decides who enters.",
    "*** guest2 locked the room: /invite NAME lets others in",
  ]);
});

Deno.test("an operator closes a room: those in it go to the lobby and are told by whom and why", async () => {
  const [alice, bob, carol] = people(3) as [Person, Person, Person];
  const audited: AuditEntry[] = [];
  const history = new Recorder();
  await runIn(
    { history, audited },
    [alice.join(), bob.join(), carol.join()],
    alice.types("/nick alice", "/register password"),
    [promotes("alice")],
    [...bob.types("/join den", "/topic loud", "noise"), ...carol.types("/join den")],
    alice.types("/close #DEN  too loud", "/rooms"),
    bob.types("still here"),
    carol.types("/join den", "/topic", "/lock"),
    alice.types("/close", "/close lobby", "/close nowhere", "/close den"),
    bob.types("/close den"),
  );
  assertEquals(bob.talk.slice(-4), [
    "*** #den was closed by alice: too loud.",
    "*** You are in #lobby. Here: alice.",
    "guest2(6): still here",
    "*** /close is for operators.",
  ]);
  assertEquals(carol.talk.filter((line) => / closed|lobby/.test(line)), [
    "*** #den was closed by alice: too loud.",
    "*** You are in #lobby. Here: alice, guest2.",
    "*** #den was closed by alice.",
    "*** You are in #lobby. Here: alice, guest2.",
  ]);
  assertEquals(carol.talk.filter((line) => / topic/.test(line)), ["*** There is no topic."]);
  assertEquals(alice.talk.filter((line) => !/You are|yours/.test(line)), [
    "*** #den is closed.",
    "*** #lobby (3 here)",
    "guest2(6): still here",
    "*** Usage: /close ROOM [WHY] (for example /close #tea too loud)",
    "*** The lobby cannot be closed: everyone starts there.",
    "*** There is no room nowhere: /rooms lists them.",
    "*** #den is closed.",
  ]);
  assertEquals(audited, [
    { who: "alice", did: "close", whom: "#den", why: "too loud" },
    { who: "alice", did: "close", whom: "#den", why: "" },
  ]);
  // Open, it is found again with what was said there, without its topic; locked, it is gone.
  assertEquals(history.rooms, [
    ...["den: loud", "said in den", "den: ", "room empty 10"],
    ...["said in lobby", "den: ", "den: ", "room gone 10"],
  ]);
});

Deno.test("an operator closes a room that nobody is in, with its topic", async () => {
  const [alice] = people(1) as [Person];
  const history = new Recorder();
  await runIn(
    { history },
    [alice.join()],
    alice.types("/nick alice", "/register password"),
    [promotes("alice")],
    alice.types("/join den", "/topic dark", "/leave", "/close den", "/rooms", "/close den"),
  );
  assertEquals(listed(alice), ["*** #den is closed."]);
  assertEquals(alice.talk.at(-1), "*** There is no room den: /rooms lists them.");
  assertEquals(history.rooms.slice(-2), ["den: ", "room empty 10"]);
});

Deno.test("a kept room whose name is another's by now is not there, and the lobby has no owner or lock", async () => {
  const [alice] = people(1) as [Person];
  const kept = (id: number, name: string, topic: string) =>
    ({ id, name, key: `old ${name}`, topic, owner: 1, isLocked: true, invited: [] }) as const;
  const rooms = [kept(1, "lobby", "hello"), kept(4, "LOBBY", "a"), kept(5, "tea", "b")];
  const history = new Recorder([...rooms, kept(5, "cake", "c"), kept(6, "Tea", "d")]);
  await runIn({ history }, [alice.join()], alice.types("/rooms", "still here"));
  assertEquals(alice.talk.filter((line) => line.startsWith("*** #")), [
    "*** #lobby (1 here): hello",
    "*** #tea (0 here, locked)",
  ]);
  assertEquals(alice.talk.at(-1), "guest1(2): still here");
});

Deno.test("ten thousand empty rooms can be found again, and the history is told to drop none", async () => {
  const [alice] = people(1) as [Person];
  const rooms = Array.from({ length: 10_001 }, (_, i): SavedRoom => ({
    ...{ id: 10 + i, name: `r${i}`, key: `r${i}`, topic: "", isLocked: false, invited: [] },
    emptySince: i,
  }));
  const history = new Recorder(rooms);
  await runIn(
    { history },
    [alice.join()],
    alice.types("/join r1", "/topic one", "/join r0", "/topic zero"),
  );
  const ids = history.records.flatMap((record) =>
    record.kind === "room" && record.room.topic !== "" ? [[record.room.name, record.room.id]] : []
  );
  assertEquals(ids[0], ["r1", 11]);
  assertEquals(ids.at(-1), ["r0", 10_011]);
  assertEquals(history.rooms.filter((what) => what.startsWith("room gone")), []);
});
