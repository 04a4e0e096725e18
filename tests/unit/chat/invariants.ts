// What is so whatever has happened: for random logs.

import { browserOf, type Chat } from "../../../lib/chat/chat.ts";
import type { Connection, Member } from "../../../lib/chat/member.ts";
import { lookalikes } from "../../../lib/chat/names.ts";
import { assert, assertEquals } from "../../assert.ts";
import { plain, type Step } from "./logs.ts";

/** The connections in a room that are sent what it is sent: apps of who is in it, and lines that look at it. */
export function hearers(chat: Chat, room: number): [Member, Connection][] {
  return [...chat.members.values()].filter(({ rooms }) => [...rooms].some(({ id }) => id === room))
    .flatMap((member) =>
      member.connections.filter((each) =>
        each.hears && (each.speaks === "json" || each.room.id === room)
      )
        .map((connection): [Member, Connection] => [member, connection])
    );
}

/** Follows who is here and who hears which room, by the effects alone. */
export function follow(
  { effects }: Step,
  { here, hearing }: { here: Set<number>; hearing: Map<number, Set<number>> },
): void {
  for (const effect of effects) {
    switch (effect.kind) {
      case "named":
        here.add(effect.connection);
        break;
      case "end":
        here.delete(effect.connection);
        break;
      case "enter":
        hearing.set(effect.room, (hearing.get(effect.room) ?? new Set()).add(effect.connection));
        break;
      case "exit":
        hearing.get(effect.room)?.delete(effect.connection);
    }
  }
}

/** Checks that names are unique, by all their keys. */
export function checkNames(chat: Chat): void {
  const bearers = new Map<string, string>();
  for (const { id, name } of chat.members.values()) {
    assertEquals(chat.find(name)?.id, id, `${name} is found`);
    for (const key of lookalikes(name)) {
      assert(!bearers.has(key), `${name} looks like ${bearers.get(key)}`);
      bearers.set(key, name);
    }
  }
}

/** Checks who is in each room, and who hears it. */
export function checkRooms(chat: Chat, hearing: ReadonlyMap<number, ReadonlySet<number>>): void {
  const rooms = new Set(chat.rooms.all());
  for (const { rooms: own, connections } of chat.members.values()) {
    assert([...own].every((room) => rooms.has(room)), "each room of a member exists");
    assert(connections.every(({ room }) => own.has(room)), "a connection is in its member's room");
  }
  for (const room of rooms) {
    // A newcomer is in the lobby, and nobody knows.
    const inside = [...chat.members.values()].filter((member) =>
      member.rooms.has(room) && member.announceAt === undefined
    );
    assertEquals(new Set(room.members), new Set(inside), `#${room.name}`);
    const ids = hearers(chat, room.id).map(([, { id }]) => id);
    assertEquals(new Set(hearing.get(room.id)), new Set(ids), `who hears #${room.name}`);
  }
}

/** Checks that everyone is one person: their connections are theirs alone, an account's are one member's, and a browser's too. */
export function checkPeople(chat: Chat): void {
  const bearers = new Map<unknown, Member>();
  const check = (key: unknown, member: Member) => {
    assertEquals((bearers.get(key) ?? member).id, member.id, `${key} is one person's`);
    bearers.set(key, member);
  };
  const browsers = new Map<string, number>();
  for (const member of chat.members.values()) {
    const { account, connections, rooms, isLost } = member;
    assert(connections.length > 0, "who is here has a connection");
    if (account !== undefined) check(account.id, member);
    for (const connection of connections) {
      assertEquals(chat.connections.get(connection.id)?.id, member.id);
      const browser = browserOf(connection);
      if (browser === undefined) continue;
      check(browser, member);
      browsers.set(browser, member.id);
    }
    const numbers = connections.map(({ number }) => number);
    assertEquals(new Set(numbers).size, numbers.length, "each has a number of its own");
    const isEverywhere = connections.some(({ speaks }) => speaks === "json");
    const union = isEverywhere ? rooms : new Set(connections.map(({ room }) => room));
    assertEquals(
      new Set(rooms),
      new Set(union),
      "the rooms of a person are those of the connections",
    );
    assertEquals(isLost, connections.every(({ lostSince }) => lostSince !== undefined));
  }
  const known = new Map([...chat.browsers].map(([browser, { id }]) => [browser, id]));
  assertEquals(known, browsers);
}

/** Checks that a fold which begins with a snapshot of another, taken anywhere, goes on as that one. */
export function checkRestored<F extends { readonly state: string; restored(): F }, E>(
  one: F,
  { events, where, take }: {
    events: readonly E[];
    where: number;
    take: (fold: F, event: E) => unknown;
  },
): void {
  const at = where % (events.length || 1);
  for (const event of events.slice(0, at)) take(one, event);
  const other = one.restored();
  assertEquals(other.state, one.state);
  for (const event of events.slice(at)) {
    assertEquals(plain(take(other, event)), plain(take(one, event)));
  }
  assertEquals(other.state, one.state);
}
