// A node that cannot keep up with the others of its network.

import { jetstream } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { Client, testWith } from "./bobchat.ts";
import { Nats } from "./nats.ts";
import { haveHeard, NEEDED, node } from "./nodes.ts";

/** More than a node may be behind. */
const MANY = 6000;

testWith(
  NEEDED,
  "a node that falls behind says so in its log, counts it, and holds up no other",
  async () => {
    await using nats = await Nats.start();
    await using one = await node(nats, "one");
    await using two = await node(nats, "two", "--log-level", "debug");
    using alice = await Client.join(one.port, "alice");
    using bob = await Client.join(two.port, "bob");
    await alice.until("bob joined");
    two.process.kill("SIGSTOP");
    const connection = await connect({ servers: nats.url });
    const stream = jetstream(connection);
    // Envelopes of nobody, as those of a node that is forgotten. They take a moment: a node that stood still for
    // seconds is behind by right.
    const envelope = JSON.stringify({ rules: 1, node: 999, epoch: 1, counter: 1, events: [] });
    for (let sent = 0; sent < MANY; sent += 500) {
      const some = Array.from(
        { length: 500 },
        () => stream.publish("bobchat.bobchat.1.999", envelope),
      );
      await Promise.all(some);
    }
    await connection.close();
    await alice.send("m0 alice\n");
    await alice.until(": m0 alice\r\n");
    two.process.kill("SIGCONT");
    await two.stderr.until(/ error "this bobchat is \d+ batches behind the others: /);
    await two.stderr.until(/ warning "this bobchat has caught up with the others"\n/);
    await haveHeard([alice, bob], [["m0 alice"]]);
    assertEquals([await one.stop(), await two.stop()], [0, 0]);
    assertMatch(two.stderr.text, /bobchat_network_behind_total: 1\b/);
    assert(!/behind the others/.test(one.stderr.text));
  },
);
