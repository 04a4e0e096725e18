// The writers of a network's nodes: one order on all of them, each node's own requests in their place, and what
// people notice when a node is taken for gone, comes back or stops.

import { type Batch, ClusterError } from "../../../lib/chat/batch.ts";
import type { Envelope } from "../../../lib/chat/envelope.ts";
import type { SharedEvent } from "../../../lib/chat/event.ts";
import { NODE_SPAN, RULES } from "../../../lib/chat/node.ts";
import { takeSnapshot } from "../../../lib/chat/snapshot.ts";
import { nameKey } from "../../../lib/chat/names.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { App } from "./app.ts";
import { plain } from "./logs.ts";
import { Network, Node, SequenceHistory } from "./network.ts";
import { type Person, TestHistory } from "./people.ts";

/** Two nodes with somebody on each. */
async function two(): Promise<{ network: Network; a: Node; b: Node; alice: Person; bob: Person }> {
  const network = new Network();
  const a = await network.start(), b = await network.start();
  const alice = a.person(), bob = b.person();
  await a.send(alice.join(), ...alice.types("/nick alice"));
  await b.send(bob.join(), ...bob.types("/nick bob"));
  return { network, a, b, alice, bob };
}

/** Takes a node for gone, as the others see it. */
async function lose(by: Node, node: Node): Promise<void> {
  const { id, epoch, counter } = by.chat.nodes.get(node.id)!;
  await by.send({ kind: "node gone", node: id, epoch, counter });
}

/** What somebody was sent since. */
function since({ heard }: Person, count: number): string[] {
  return heard.slice(count);
}

Deno.test("people on two nodes are one chat: names, order, numbers and times are the same", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  const [from, other] = [alice.heard.length, bob.heard.length];
  await a.send(alice.says("one"));
  await b.send(bob.says("two"), ...bob.types("/msg alice psst"));
  await a.send(...alice.types("/nick bob", "three"));
  const taken = "*** bob is taken: choose another name.";
  const said = ["alice(10000): one", "bob(10000): two"];
  assertEquals(since(alice, from), [...said, since(alice, from)[2]!, taken, "alice(10000): three"]);
  assertEquals(since(bob, other), [...said, since(bob, other)[2]!, "alice(10000): three"]);
  assertEquals(since(alice, from)[2], since(bob, other)[2]);
  assertEquals(plain(takeSnapshot(a.chat)), plain(takeSnapshot(b.chat)));
  assertEquals([...a.chat.members.keys()], [1, 2]);
  assertEquals([...a.chat.connections.keys()], [NODE_SPAN + 1, 2 * NODE_SPAN + 1]);
});

Deno.test("a local request is answered in its place, and no other node hears of it", async () => {
  const { network, a, alice, bob } = await two();
  await using _ = network;
  const from = alice.heard.length;
  await a.send(alice.says("before"), ...alice.types("/who"), alice.says("after"));
  assertEquals(since(alice, from), [
    "alice(10000): before",
    "*** Here (2): alice, bob",
    "alice(10000): after",
  ]);
  assert(!bob.heard.some((line) => line.includes("Here (2)")));
  assert(!JSON.stringify(network.envelopes).includes("who"));
});

Deno.test("a local request alone is answered without an envelope", async () => {
  const { network, a, alice } = await two();
  await using _ = network;
  await a.local(...alice.types("/who"));
  assertEquals(alice.heard.at(-1), "*** Here (2): alice, bob");
});

Deno.test("an envelope of one's own that does not count is not handled at all", async () => {
  const { network, a, alice } = await two();
  await using _ = network;
  const from = alice.heard.length;
  const events = [...alice.types("lost"), ...alice.types("/who")];
  const batch: Batch = { events, local: new Set([events[1]!]) };
  const envelope: Envelope = {
    ...{ rules: RULES, node: a.id, epoch: 1, counter: a.counter },
    events: [events[0] as SharedEvent],
  };
  await network.deliver(envelope, { node: a, batch });
  assertEquals(since(alice, from), []);
  assertEquals(a.told.at(-1), false);
});

Deno.test("a name is registered on any node, once, and its password works on the others", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/register password"));
  assertEquals(alice.heard.at(-1), "*** alice is yours now. Next time: /nick alice PASSWORD");
  await b.send(...bob.types("/nick alice password"));
  assertEquals([alice.ended, bob.ended], [undefined, undefined]);
  assertEquals([alice.name, bob.name], ["alice", "alice"]);
  assertEquals(alice.heard.at(-1), "*** bob left (1 here)");
  // The job is done on its node: the next one may start.
  await b.send(...bob.types("/unregister alice", "/register password"));
  assertEquals(bob.heard.at(-1), "*** alice is yours now. Next time: /nick alice PASSWORD");
  assert(!JSON.stringify(network.envelopes).includes('"password"'));
});

Deno.test("what may be the server password is not published, though its join is on its way", async () => {
  const network = new Network();
  await using _ = network;
  const a = await network.start({ opens: (guess) => guess === "sesame" });
  const alice = a.person();
  const join = { ...alice.join(), isAsked: true };
  a.connections.add(alice.id, alice.carrier());
  await a.send(join, alice.says("sesame"));
  assertEquals(alice.name, "guest1");
  assert(!JSON.stringify(network.envelopes).includes("sesame"));
  await a.send(alice.says("hello"));
  assertEquals(alice.heard.at(-1), "guest1(10000): hello");
});

Deno.test("people of a node that is gone have left, once, and their names are free", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  a.isFrozen = true;
  await lose(b, a);
  await lose(b, a);
  assertEquals(bob.talk.length, 0);
  assertEquals(bob.heard.filter((line) => line.includes("alice left")), [
    "*** alice left: connection lost (1 here)",
  ]);
  await b.send(...bob.types("/nick alice"));
  assertEquals(bob.name, "alice");
  assertEquals(alice.ended, undefined);
});

Deno.test("a node that was only frozen comes back: its people notice nothing and miss nothing", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  const app = new App(a.id * NODE_SPAN + 99);
  await a.send(app.join(), ...app.types("/nick anna"));
  const from = alice.heard.length, signals = app.signals.length;
  a.isFrozen = true;
  await lose(b, a);
  await b.send(bob.says("is anybody there?"));
  await a.thaw();
  assertEquals(a.published, [{ kind: "node back", node: a.id, epoch: 2 }]);
  await a.sendPublished();
  await a.send(alice.says("yes"));
  assertEquals(since(alice, from), ["bob(10000): is anybody there?", "alice(10000): yes"]);
  assertEquals([alice.ended, app.ended], [undefined, undefined]);
  const talk = bob.heard.slice(bob.heard.indexOf("*** alice left: connection lost (2 here)"));
  assertEquals(talk.slice(0, 6), [
    "*** alice left: connection lost (2 here)",
    "*** anna left: connection lost (1 here)",
    "bob(10000): is anybody there?",
    "*** alice joined (2 here)",
    "*** anna joined (3 here)",
    "alice(10000): yes",
  ]);
  // An app is told who is there now.
  const news = app.signals.slice(signals);
  assertEquals(news.length, 1);
  assert(JSON.stringify(news).includes("alice"), JSON.stringify(news));
  assertEquals(plain(takeSnapshot(a.chat)), plain(takeSnapshot(b.chat)));
});

Deno.test("people of a crowd do not notice either that their node was taken for gone", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  const crowd = Array.from({ length: 60 }, () => a.person());
  const others = Array.from({ length: 60 }, () => b.person());
  await a.send(...crowd.map((person) => person.join()));
  await b.send(...others.map((person) => person.join()));
  network.at += 2000;
  await b.send();
  const from = alice.heard.length, other = bob.heard.length;
  a.isFrozen = true;
  await lose(b, a);
  await a.thaw();
  network.at += 2000;
  await b.send();
  await a.sendPublished();
  network.at += 2000;
  await b.send();
  assertEquals(since(alice, from), []);
  assertEquals(since(bob, other), [
    "*** alice, guest3, guest4, guest5, guest6 and 56 more left (61 here)",
    "*** alice, guest3, guest4, guest5, guest6 and 56 more joined (122 here)",
  ]);
});

Deno.test("who comes back to a name that was taken is a guest, and is told", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  const from = alice.heard.length;
  a.isFrozen = true;
  await lose(b, a);
  await b.send(...bob.types("/nick alice"));
  await a.thaw();
  await a.sendPublished();
  assertEquals(since(alice, from).slice(1), [
    "*** alice was taken while this server was away: you are guest1 now.",
  ]);
  assertEquals(alice.name, "guest1");
  assert(bob.heard.includes("*** guest1 joined (2 here)"));
});

Deno.test("who comes back to a name that somebody with a name like it has is a guest, and not identified", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/register password"));
  // From an earlier version, which let two names look alike.
  const account = { id: 2, name: "aIice", key: nameKey("aIice"), hash: "hash of other" };
  const change = { kind: "account", account: { ...account, isOperator: false } } as const;
  await b.send({ kind: "administered", changes: [change], lastAccount: 2 });
  a.isFrozen = true;
  await lose(b, a);
  await b.send(...bob.types("/nick aIice other"));
  await a.thaw();
  await a.sendPublished();
  const people = [...b.chat.members.values()].map(({ name, account }) => [name, account?.id]);
  assertEquals(people, [["aIice", 2], ["guest1", undefined]]);
  assertEquals(alice.name, "guest1");
});

Deno.test("who has come back elsewhere meanwhile is one person, with both connections", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/register password"));
  a.isFrozen = true;
  await lose(b, a);
  await b.send(...bob.types("/nick alice password"));
  await a.thaw();
  await a.sendPublished();
  await b.send(bob.says("I am here, too"));
  await a.send(alice.says("and so am I"));
  assertEquals([alice.ended, bob.ended], [undefined, undefined]);
  for (const { heard } of [alice, bob]) {
    assertEquals(heard.slice(-2), ["alice(10000): I am here, too", "alice(10000): and so am I"]);
  }
});

Deno.test("a node that is gone takes only its connections, which are the person's again once it is back", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/register password"));
  const phone = b.person();
  await b.send(phone.join(), ...phone.types("/nick alice password"));
  const from = bob.heard.length;
  a.isFrozen = true;
  await lose(b, a);
  await b.send(phone.says("still here"));
  await a.thaw();
  await a.sendPublished();
  await a.send(alice.says("me too"));
  assertEquals(since(bob, from), ["alice(10000): still here", "alice(10000): me too"]);
  assertEquals(since(phone, phone.heard.length - 2), since(bob, from));
  assertEquals(since(alice, alice.heard.length - 2), since(bob, from));
  assertEquals(plain(takeSnapshot(a.chat)), plain(takeSnapshot(b.chat)));
});

Deno.test("a tab that is back in a browser which is a guest's by now is ended, and told why", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/register password"));
  const phone = b.person(), tab = a.person(), later = b.person();
  for (const each of [tab, later]) each.browser = "secret";
  await b.send(phone.join(), ...phone.types("/nick alice password"));
  await a.send(tab.join(), ...tab.types("/nick alice password"));
  a.isFrozen = true;
  await lose(b, a);
  await b.send(later.join());
  assertEquals(b.chat.members.size, 3);
  await a.thaw();
  await a.sendPublished();
  assertEquals(
    tab.heard.at(-1),
    "*** In this browser you are somebody else by now: that tab goes on.",
  );
  assertEquals([tab.ended, later.ended], ["browser taken", undefined]);
  const people = [...b.chat.members.values()].map(({ connections }) => connections.length);
  assertEquals(people.sort(), [1, 1, 2]);
  assertEquals([alice.ended, bob.ended, phone.ended], [undefined, undefined, undefined]);
});

Deno.test("private words of somebody whose other node was gone are shown there once it is back", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/register password"));
  const phone = b.person();
  const app = new App(a.id * NODE_SPAN + 99);
  await b.send(phone.join(), ...phone.types("/nick alice password"));
  await a.send(app.join(), ...app.types("/nick alice password"));
  await b.send(...bob.types("/msg alice before"));
  const from = alice.heard.length;
  a.isFrozen = true;
  await lose(b, a);
  await b.send(...bob.types("/msg alice psst"), ...phone.types("/msg bob hush"));
  await a.thaw();
  await a.sendPublished();
  assertEquals(since(alice, from), ["bob(10000) to alice: psst", "alice(10000) to bob: hush"]);
  // An app is shown the last ones, some of which it may have: it knows them by their numbers.
  assertEquals(app.recalled, [[[1, 2, 3], undefined]]);
  assertEquals(plain(takeSnapshot(a.chat)), plain(takeSnapshot(b.chat)));
});

Deno.test("/kick also ends the connections that somebody has on a node that is gone", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/register password"));
  const phone = b.person();
  await b.send(phone.join(), ...phone.types("/nick alice password"));
  await b.send(...bob.types("/register password"));
  a.isFrozen = true;
  await lose(b, a);
  await b.send({
    kind: "administered",
    lastAccount: 2,
    changes: [{ kind: "account", account: { ...b.chat.accounts.get(2)!, isOperator: true } }],
  });
  await b.send(...bob.types("/kick alice enough"));
  assertEquals(phone.ended, "kicked by bob: enough");
  await a.thaw();
  await a.sendPublished();
  assertEquals(alice.ended, "kicked by bob: enough");
  assertEquals(alice.heard.at(-1), "*** You were kicked by bob: enough.");
  assertEquals([...b.chat.members.values()].map(({ name }) => name), ["bob"]);
});

Deno.test("a room stays its people's while their node is gone: locked, with its owner", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/join tea", "/lock", "secret"));
  a.isFrozen = true;
  await lose(b, a);
  await b.send(...bob.types("/join tea"));
  assertEquals(bob.heard.at(-1), "*** #tea is locked: someone in it has to /invite you.");
  await a.thaw();
  await a.sendPublished();
  await a.send(...alice.types("/invite bob"));
  await b.send(...bob.types("/join tea", "thanks"));
  assertEquals(alice.heard.at(-1), "bob(10000): thanks");
});

Deno.test("who comes back to a room that was locked meanwhile is in the lobby, and hears the room no more", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await b.send(...bob.types("/join tea"));
  await a.send(...alice.types("/join tea"));
  a.isFrozen = true;
  await lose(b, a);
  await b.send(...bob.types("/lock"));
  await a.thaw();
  await a.sendPublished();
  assertEquals(alice.heard.at(-1), "*** You are in #lobby. You are the first here.");
  const from = alice.heard.length;
  await b.send(bob.says("secret"));
  assertEquals(since(alice, from), []);
  assertEquals(bob.heard.at(-1), "bob(10000): secret");
});

Deno.test("who is back ignores whom they ignored, also those who come later", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/ignore carol"));
  a.isFrozen = true;
  await lose(b, a);
  await a.thaw();
  await a.sendPublished();
  const from = alice.heard.length;
  await b.send(...bob.types("/nick carol", "can you hear me?"));
  assertEquals(since(alice, from).filter((line) => line.includes("hear me")), []);
});

Deno.test("whoever is asked for the server password stays asked, unless their address was banned", async () => {
  const network = new Network();
  await using _ = network;
  const a = await network.start({ opens: (guess) => guess === "sesame" });
  const b = await network.start();
  const [alice, anna] = [a.person(), a.person()];
  anna.address = "10.1.2.3";
  for (const person of [alice, anna]) {
    const join = { ...person.join(), isAsked: true };
    a.connections.add(person.id, person.carrier());
    await a.send(join);
  }
  a.isFrozen = true;
  await lose(b, a);
  const ban = { kind: "ban", subject: "10.1.2.3", shown: "10.1.2.3", isAddress: true } as const;
  await b.send({
    kind: "administered",
    changes: [{ kind: "ban", ban: { ...ban, why: "", by: "host" } }],
    lastAccount: 0,
  });
  await a.thaw();
  await a.sendPublished();
  assertEquals([alice.ended, anna.ended], [undefined, "banned"]);
  await a.send(alice.says("sesame"));
  assertEquals(alice.name, "guest1");
});

Deno.test("a node that has sent its last says no more, also in the same envelope", async () => {
  const { network, a, b } = await two();
  await using _ = network;
  const anna = a.person();
  const counter = a.counter + 1;
  await a.send({ kind: "node gone", node: a.id, epoch: 1, counter }, anna.join());
  assertEquals([...b.chat.members.values()].map(({ name }) => name), ["bob"]);
});

Deno.test("a node that is gone for an hour is forgotten, with its people's rooms, and must end", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  const anna = a.person();
  await a.send(...alice.types("/join tea"), anna.join(), ...anna.types("/join cake"));
  await b.send(...bob.types("/join cake"));
  a.isFrozen = true;
  await lose(b, a);
  network.at += 3_599_000;
  await b.send(...bob.types("/lock"));
  assertEquals(bob.heard.at(-1), "*** Whoever made this room decides who enters.");
  assert(b.chat.rooms.find("tea") !== undefined);
  network.at += 2000;
  await b.send(...bob.types("/lock"));
  assertEquals(bob.heard.at(-1), "*** bob locked the room: /invite NAME lets others in");
  assertEquals(b.chat.rooms.find("tea"), undefined);
  assertEquals([...b.chat.nodes.all()].map(({ id }) => id), [b.id]);
  await a.thaw();
  await assertRejects(() => a.written, ClusterError, "its network has forgotten it");
});

Deno.test("a node that stops tells its own people goodbye, and the others that they left", async () => {
  const { network, a, alice, bob } = await two();
  await using _ = network;
  const from = alice.heard.length;
  await a.send({ kind: "node left", node: a.id });
  await a.stop();
  assertEquals(since(alice, from), ["*** The room is closing: goodbye"]);
  assertEquals(alice.ended, "server closed");
  assertEquals(bob.heard.at(-1), "*** alice left (1 here)");
});

Deno.test("people are told once that their server has lost the others, and has found them", async () => {
  const { network, a, alice, bob } = await two();
  await using _ = network;
  const anna = a.person();
  await a.send(anna.join(), ...anna.types("/join tea"));
  const from = alice.heard.length, other = bob.heard.length;
  await a.local({ kind: "network", isLost: true });
  await a.local({ kind: "network", isLost: false });
  const told = [
    "*** This server has lost the others: what you say is sent when they are back",
    "*** This server has found the others again",
  ];
  assertEquals(since(alice, from), told);
  assertEquals(anna.heard.slice(-2), told);
  assertEquals(since(bob, other), []);
});

Deno.test("what is wrong with the network is told to the operators on this node", async () => {
  const { network, a, b, alice, bob } = await two();
  await using _ = network;
  await a.send(...alice.types("/register password"));
  await a.send({
    ...{ kind: "administered", lastAccount: 1 },
    changes: [{ kind: "account", account: { ...a.chat.accounts.get(1)!, isOperator: true } }],
  });
  const anna = a.person();
  await a.send(anna.join());
  const counts = [alice, anna, bob].map(({ heard }) => heard.length);
  for (const node of [a, b]) await node.local({ kind: "network", alarm: "NATS has no room left." });
  assertEquals(alice.heard.slice(counts[0]), ["*** NATS has no room left."]);
  assertEquals([anna, bob].map(({ heard }) => heard.length), counts.slice(1));
});

Deno.test("what an admin command changes is published once, and holds when it comes back", async () => {
  const network = new Network();
  await using _ = network;
  const history = new TestHistory();
  const a = await network.start({ history }), b = await network.start();
  const alice = a.person();
  await a.send(alice.join(), ...alice.types("/nick alice"));
  await a.send(...alice.types("/register password"));
  history.next = PROMOTED;
  network.at += 2000;
  await a.send();
  assertEquals(a.published.map(({ kind }) => kind), ["administered"]);
  // It is on its way: it is not published again, and holds nowhere.
  history.next = PROMOTED;
  network.at += 2000;
  await a.send();
  assertEquals(a.published.length, 1);
  assertEquals(isOperator(a), false);
  await a.sendPublished();
  assertEquals([isOperator(a), isOperator(b)], [true, true]);
  // A node that is taken for gone is no judge of what others know.
  a.isFrozen = true;
  network.at += 2000;
  await lose(b, a);
  history.next = { accounts: [], bans: [], lastAccount: 1 };
  network.at += 2000;
  await b.send({ kind: "administered", changes: [], lastAccount: 1 });
  await a.thaw();
  assertEquals(a.published.map(({ kind }) => kind), ["node back"]);
  await a.sendPublished();
  history.next = undefined;
  // What is on disk is as the chat knows it.
  network.at += 2000;
  await a.send();
  assertEquals(a.published, []);
});

/** What is on disk once an admin command has made alice an operator. */
const PROMOTED: TestHistory["next"] = {
  accounts: [{ id: 1, name: "alice", key: "alice", hash: "hash of password", isOperator: true }],
  ...{ bans: [], lastAccount: 1 },
};

function isOperator({ chat }: Node): boolean | undefined {
  return chat.accounts.get(1)?.isOperator;
}

Deno.test("what more is coming is kept and sent together", async () => {
  const network = new Network();
  await using _ = network;
  const history = new SequenceHistory();
  const a = await network.start({ history });
  const alice = a.person();
  await a.send(alice.join());
  const { commits } = history, before = commits.length;
  const heard = alice.heard.length;
  for (const [i, text] of ["one", "two", "three"].entries()) {
    const events = [alice.says(text) as SharedEvent];
    const envelope = { rules: RULES, node: a.id, epoch: 1, counter: ++a.counter, events };
    await a.take({ ...{ events, envelope, sequence: 70 + i, at: 10_000 }, isMoreComing: i < 2 });
    assertEquals(alice.heard.length, i < 2 ? heard : heard + 3);
  }
  assertEquals(commits.slice(before), [72]);
  // A node that begins may have some of it already, so each has its own place.
  const late = new SequenceHistory();
  const node = new Node(network, { name: "late", start: Network.start, history: late });
  const came = { kind: "node came", uuid: a.uuid, name: "node-a", knows: RULES } as const;
  const envelope = { rules: RULES, node: 0, epoch: 1, counter: 1, events: [came] };
  for (const sequence of [1, 2]) {
    await node.take({ events: [came], envelope, sequence, at: 1, isMoreComing: true });
  }
  assertEquals(late.commits, [1, 2]);
  await node.stop();
});

Deno.test("/whois says which node somebody is on", async () => {
  const { network, a, alice } = await two();
  await using _ = network;
  await a.local(...alice.types("/whois bob"));
  assertEquals(alice.heard.at(-1), "*** bob is not registered, in #lobby, on node-b.");
});

Deno.test("new rules begin once all nodes know them; a node that does not know them must end", async () => {
  const { network, a, b } = await two();
  await using _ = network;
  await a.send({ kind: "rules", rules: RULES + 1 });
  assertEquals([a.chat.rules, b.chat.rules], [RULES, RULES]);
  const c = await network.start({ knows: RULES + 1 });
  await a.send({ kind: "node left", node: a.id });
  await b.send({ kind: "node left", node: b.id });
  await c.send({ kind: "rules", rules: RULES + 1 });
  await assertRejects(() => c.written, ClusterError, "newer rules");
});

Deno.test("a node that cannot read the network's snapshot says so, and ends", async () => {
  for (const newer of [{ version: 2 as 1 }, { rules: RULES + 1 }]) {
    const network = new Network(), start = { ...Network.start, ...newer };
    const node = new Node(network, { name: "old", start });
    await assertRejects(() => node.written, ClusterError, "start the version of bobchat that");
  }
});

Deno.test("ticks come by the time of the stream, which does not go back", async () => {
  const { network, a, b, bob } = await two();
  await using _ = network;
  const anna = a.person();
  anna.announceIn = 5000;
  network.at = 20_000;
  await a.send(anna.join());
  network.at = 5000;
  await b.send(bob.says("when?"));
  assertEquals(bob.heard.at(-1), "bob(20000): when?");
  network.at = 25_000;
  await a.send();
  assertEquals(bob.heard.at(-1), "*** guest3 joined (3 here)");
});
