// The laws of a network's fold, for random logs of several nodes: all nodes have the same state whatever happens
// to any of them, and no node touches the people of another.

import fc from "fast-check";
import type { Chat } from "../../../lib/chat/chat.ts";
import type { Member } from "../../../lib/chat/member.ts";
import { stateOfMember } from "../../../lib/chat/member_state.ts";
import { nodeOf } from "../../../lib/chat/node.ts";
import { assert, assertEquals } from "../../assert.ts";
import { HOSTILE_ENVELOPE } from "./hostile.ts";
import { checkNames, checkPeople, checkRestored, checkRooms, follow } from "./invariants.ts";
import { plain } from "./logs.ts";
import { NetworkFold, type NetworkLog, networkLogs, type Sent } from "./network_logs.ts";

/** Checks a law for many random logs. */
function holds(law: (log: NetworkLog) => void, numRuns = 300): void {
  fc.assert(fc.property(networkLogs(), law), { numRuns });
}

Deno.test("two nodes that fold one stream, which JSON has carried, have the same state and effects", () => {
  holds((log) => {
    const one = NetworkFold.begin(log), other = NetworkFold.begin(log);
    for (const sent of log.events) {
      const carried: Sent = JSON.parse(JSON.stringify(sent));
      assertEquals(plain(other.take(carried)), plain(one.take(sent)));
    }
    assertEquals(other.state, one.state);
  });
});

Deno.test("what a node is started with, other than the network's settings, changes nothing in the state", () => {
  holds((log) => {
    const one = NetworkFold.begin(log);
    const { replay, motd } = log.options;
    const options = { ...log.options, replay: 7 - replay, motd: [...motd, "Be kind here, too."] };
    const other = NetworkFold.begin({ ...log, options });
    for (const sent of log.events) {
      assertEquals(plain(other.take(sent).records), plain(one.take(sent).records));
    }
    assertEquals(other.state, one.state);
  });
});

Deno.test("a node that begins with a snapshot taken anywhere in the stream goes on as the others", () => {
  fc.assert(
    fc.property(networkLogs(), fc.nat(), (log, where) => {
      const take = (fold: NetworkFold, sent: Sent) => fold.take(sent);
      checkRestored(NetworkFold.begin(log), { ...log, where, take });
    }),
    { numRuns: 300 },
  );
});

Deno.test("an envelope that does not count changes nothing, and none counts twice", () => {
  holds((log) => {
    const fold = NetworkFold.begin(log);
    for (const sent of log.events) {
      const before = fold.state;
      const { isAccepted, effects, records } = fold.take(sent);
      if (isAccepted) assertEquals(fold.take(sent).isAccepted, false);
      else assertEquals([fold.state, plain(effects), plain(records)], [before, "[]", "[]"]);
    }
  });
});

Deno.test("whatever becomes of the nodes, names are unique and rooms have who is in them", () => {
  holds((log) => {
    const fold = NetworkFold.begin(log), { chat } = fold;
    const here = new Set<number>(), hearing = new Map<number, Set<number>>();
    let lastAt = 0;
    for (const sent of log.events) {
      const step = fold.take(sent);
      follow({ ...step, isShared: true }, { here, hearing });
      checkNames(chat);
      checkRooms(chat, hearing);
      checkPeople(chat);
      checkConnections(chat);
      assert(chat.lastAt >= lastAt, "the time does not go back");
      lastAt = chat.lastAt;
    }
  });
});

/** Checks that each connection is on a node that is here, and is one member's or asked for the password. */
function checkConnections(chat: Chat): void {
  const own = [...chat.members.values()].flatMap((member) => member.connections);
  assertEquals(new Set(own.map(({ id }) => id)), new Set(chat.connections.keys()));
  assertEquals(own.length, chat.connections.size);
  const asked = Array.from(chat.admission.all(), ({ join }) => join.id);
  for (const id of [...chat.connections.keys(), ...asked]) {
    const node = chat.nodes.get(nodeOf(id));
    assert(node !== undefined && node.gone === undefined, `${id} is on a node that is here`);
  }
}

Deno.test("a node that leaves, is gone or is back touches no connection on another, and nobody without one on it", () => {
  const has = ({ connections }: Member, node: number) =>
    connections.some(({ id }) => nodeOf(id) === node);
  const others = ({ members }: Chat, ids: ReadonlySet<number>) =>
    [...members.values()].filter(({ id }) => ids.has(id))
      .map(stateOfMember)
      // Whom an ignored name means changes with who bears it.
      .map(({ ignores, ...rest }) => ({ ...rest, ignores: ignores?.names }));
  const elsewhere = ({ members }: Chat, node: number) =>
    [...members.values()].flatMap(({ id: member, connections }) =>
      connections.filter(({ id }) => nodeOf(id) !== node)
        .map((each) => ({ ...each, member, room: each.speaks === "json" ? 0 : each.room.id }))
    );
  holds((log) => {
    const fold = NetworkFold.begin(log), { chat } = fold;
    for (const [at, envelope] of log.events) {
      const [event] = envelope.events;
      const isOfNode = event?.kind === "node gone" || event?.kind === "node left" ||
        event?.kind === "node back";
      if (!isOfNode || envelope.events.length > 1) {
        fold.take([at, envelope]);
        continue;
      }
      // What a tick does is another matter.
      fold.take([at, { ...envelope, node: 0, events: [] }]);
      const ids = new Set(
        [...chat.members.values()].filter((each) => !has(each, event.node)).map(({ id }) => id),
      );
      const snapshot = fold.restored().chat, { lastTick } = chat;
      const { effects } = fold.take([at, envelope]);
      if (chat.lastTick === lastTick) {
        for (const each of chat.members.values()) if (has(each, event.node)) ids.delete(each.id);
        assertEquals(plain(others(chat, ids)), plain(others(snapshot, ids)));
        assertEquals(
          plain(elsewhere(chat, event.node)),
          plain(elsewhere(snapshot, event.node)),
        );
      }
      const ended = effects.flatMap((each) => each.kind === "end" ? [each.connection] : []);
      assertEquals(new Set(ended).size, ended.length, "each is ended once");
      if (chat.lastTick === lastTick) {
        assert(ended.every((id) => nodeOf(id) === event.node), "only connections of the node");
      }
    }
  });
});

Deno.test("only a node itself says what happens on its connections", () => {
  holds((log) => {
    const fold = NetworkFold.begin(log), { chat } = fold;
    for (const [at, envelope] of log.events) {
      const theirs = envelope.events.filter((each) =>
        "id" in each && nodeOf(each.id) !== envelope.node
      );
      if (theirs.length === 0 || theirs.length < envelope.events.length) {
        fold.take([at, envelope]);
        continue;
      }
      const copy = fold.restored();
      const { effects } = fold.take([at, envelope]);
      // The same envelope without them.
      assertEquals(plain(effects), plain(copy.take([at, { ...envelope, events: [] }]).effects));
      assertEquals(plain(stateOf(chat)), plain(stateOf(copy.chat)));
    }
  });
});

function stateOf(chat: Chat): unknown {
  return [...chat.members.values()].map(stateOfMember);
}

Deno.test("who is back has their connection, number and rooms, and their name unless it was taken", () => {
  let isSeen = false, isJoined = false;
  holds((log) => {
    const fold = NetworkFold.begin(log), { chat } = fold;
    for (const [at, envelope] of log.events) {
      const [event] = envelope.events;
      const gone = event?.kind === "node back" ? chat.nodes.get(event.node)?.gone : undefined;
      const before = new Set(chat.members.keys());
      const { isAccepted } = fold.take([at, envelope]);
      if (!isAccepted || gone === undefined || chat.nodes.get(envelope.node)?.gone) continue;
      for (const { id, name, connections, rooms } of gone.people) {
        const member = chat.members.get(id);
        if (member === undefined) continue;
        const ids = member.connections.map(({ id }) => id);
        // Whoever was here by other connections has their limit, and may be called otherwise by now.
        const wasHere = before.has(id);
        if (wasHere && !connections.some((each) => ids.includes(each.id))) continue;
        if (wasHere) isJoined = true;
        else isSeen = true;
        assert(connections.every((each) => ids.includes(each.id)), "their connections");
        assert(wasHere || [name, `guest${id}`].includes(member.name), member.name);
        const still = rooms.filter((each) => chat.rooms.get(each)?.isLocked === false);
        const now = [...member.rooms].map(({ id }) => id);
        assert(now.length >= 20 || still.every((each) => now.includes(each)), "its rooms");
      }
    }
  });
  assert(isSeen, "somebody came back");
  assert(isJoined, "somebody was here by other connections");
});

Deno.test("no envelope throws, whatever is in it, and the state can be written and read", () => {
  const property = fc.property(
    networkLogs({ moves: 30 }),
    fc.array(fc.tuple(fc.maxSafeInteger(), HOSTILE_ENVELOPE), { minLength: 10, maxLength: 60 }),
    (log, hostile) => {
      const fold = NetworkFold.begin(log), { chat } = fold;
      for (const sent of log.events) fold.take(sent);
      for (const [at, envelope] of hostile) {
        const { node: id } = envelope, node = chat.nodes.get(id);
        // Most would not count as they are.
        const { epoch, counter } = node ?? envelope;
        fold.take([at, at % 4 ? { ...envelope, rules: 1, epoch, counter: counter + 1 } : envelope]);
        checkConnections(chat);
      }
      assertEquals(fold.restored().state, fold.state);
    },
  );
  fc.assert(property, { numRuns: 300 });
});

Deno.test("the random logs have what becomes of nodes, and envelopes that do not count", () => {
  const seen = new Set<string>();
  for (const log of fc.sample(networkLogs(), { seed: 1, numRuns: 500 })) {
    const fold = NetworkFold.begin(log), { chat } = fold;
    for (const sent of log.events) {
      const before = [...chat.nodes.all()].map((node) => ({ ...node }));
      const { isAccepted, effects } = fold.take(sent);
      seen.add(isAccepted ? "counts" : "does not count");
      for (const node of before) {
        const now = chat.nodes.get(node.id);
        if (now === undefined) seen.add(node.gone === undefined ? "left" : "forgotten");
        else if (node.gone === undefined && now.gone !== undefined) seen.add("gone");
        else if (node.gone !== undefined && now.gone === undefined) seen.add("back");
        if (now?.gone !== undefined && now.gone.people.length > 0) seen.add("gone with people");
      }
      for (const effect of effects) {
        for (const each of "deliveries" in effect ? effect.deliveries : []) {
          if (each.kind !== "notice") continue;
          if (each.text.includes("was taken while this server was away")) seen.add("renamed");
          if (sent[1].events[0]?.kind === "node back" && / is banned/.test(each.text)) {
            seen.add("banned");
          }
        }
      }
    }
  }
  const wanted = ["counts", "does not count", "left", "forgotten", "gone", "back"];
  wanted.push("gone with people", "renamed", "banned");
  assertEquals(wanted.filter((each) => !seen.has(each)), []);
});
