// Who is taken for gone: nodes that are silent while this one hears.

import { BEAT, GONE, type KnownNode, Membership } from "../../../lib/cluster/membership.ts";
import { assertEquals } from "../../assert.ts";

const OWN = 1, OTHER = 2;

function node(id: number, counter = 7, gone?: object): KnownNode {
  return { id, uuid: `${id}`, epoch: 1, counter, gone };
}

/** Own beats from one time to another; returns when and who was taken for gone. */
function beats(
  membership: Membership,
  { from, to, nodes = [node(OWN), node(OTHER)] }: { from: number; to: number; nodes?: KnownNode[] },
): [number, number][] {
  const found: [number, number][] = [];
  for (let at = from; at <= to; at += BEAT) {
    for (const { id } of membership.ownCame(at, OWN, nodes)) found.push([at, id]);
  }
  return found;
}

Deno.test("a node that is silent for 15 seconds is taken for gone, once", () => {
  const membership = new Membership();
  assertEquals(beats(membership, { from: 0, to: 3000 }), []);
  membership.heard(OTHER, 3000);
  assertEquals(beats(membership, { from: 6000, to: 60_000 }), [[3000 + GONE, OTHER]]);
});

Deno.test("a node that was never heard is given 15 seconds too", () => {
  assertEquals(beats(new Membership(), { from: 90_000, to: 120_000 }), [[90_000 + GONE, OTHER]]);
});

Deno.test("a node that spoke again is proposed anew when it falls silent again", () => {
  const membership = new Membership();
  assertEquals(beats(membership, { from: 0, to: 15_000 }).length, 1);
  membership.heard(OTHER, 16_000);
  const nodes = [node(OWN), node(OTHER, 8)];
  assertEquals(beats(membership, { from: 18_000, to: 60_000, nodes }), [[33_000, OTHER]]);
});

Deno.test("an outage in which own beats do not come back either ends nobody", () => {
  const membership = new Membership();
  membership.heard(OTHER, 0);
  assertEquals(beats(membership, { from: 0, to: 6000 }), []);
  // 60 s later, this node's beats come back first.
  assertEquals(beats(membership, { from: 66_000, to: 66_000 + GONE - BEAT }), []);
  assertEquals(beats(membership, { from: 66_000 + GONE, to: 66_000 + GONE }).length, 1);
});

Deno.test("a node that is gone already is not proposed, and neither is one's own", () => {
  const nodes = [node(OWN), node(OTHER, 7, {})];
  assertEquals(beats(new Membership(), { from: 0, to: 60_000, nodes }), []);
});
