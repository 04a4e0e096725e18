// What is taken from a stream into which anybody may have written: events whose fields are of their types, and
// nothing else, so that the fold never throws.

import fc from "fast-check";
import { Chat } from "../../../lib/chat/chat.ts";
import { foldEnvelope } from "../../../lib/chat/envelope.ts";
import type { Join, SharedEvent } from "../../../lib/chat/event.ts";
import { NODE_SPAN, RULES } from "../../../lib/chat/node.ts";
import { isEventOfNode } from "../../../lib/chat/well_formed.ts";
import { assert, assertEquals } from "../../assert.ts";
import { HOSTILE_ENVELOPE } from "./hostile.ts";

/** A value that replaces another. */
const ANYTHING = fc.oneof(
  fc.constantFrom(null, true, "", "constructor", -1, 0.5, [], {}, [null], { kind: "text" }),
  fc.jsonValue({ maxDepth: 1 }),
);

/** A copy of a value in which a field somewhere is something else, or missing. */
function spoiled(value: unknown, [at, ...deeper]: readonly number[], by: unknown): unknown {
  if (typeof value !== "object" || value === null || at === undefined) return by;
  const fields = Object.entries(value);
  const [key, field] = fields[at % (fields.length || 1)] ?? [];
  if (key === undefined) return by;
  const put = deeper.length > 0 ? spoiled(field, deeper, by) : by;
  return Array.isArray(value)
    ? value.with(Number(key), put)
    : JSON.parse(JSON.stringify({ ...value, [key]: put }));
}

/** A chat in which a node has somebody who is in, and somebody who is asked for the password. */
function begun(): Chat {
  const chat = new Chat({ lasts: true, replay: 0, keepRooms: 30, editMinutes: 60, motd: [] });
  const head = { rules: RULES, epoch: 1, counter: 1 };
  const came = { kind: "node came", uuid: "other", name: "other", knows: RULES } as const;
  foldEnvelope(chat, { ...head, node: 0, events: [came] }, 1000);
  const join: Omit<Join, "id" | "isAsked"> = {
    ...{ kind: "join", speaks: "lines", address: "192.0.2.1", isPrivate: true, maxLine: 1024 },
    ...{ announceIn: 0, maxDevices: 10, browser: "browser" },
  };
  const events = [1, 2].map((n) => ({ ...join, id: NODE_SPAN + n, isAsked: n === 2 }));
  assert(foldEnvelope(chat, { ...head, node: 1, counter: 2, events }, 1000));
  return chat;
}

/** The same event, of one of the two. */
function ofTheirs(event: SharedEvent): SharedEvent {
  return "id" in event ? { ...event, id: NODE_SPAN + 1 + event.id % 2 } : event;
}

Deno.test("every event that a node sends is taken, and neither ticks nor a history's state are", () => {
  fc.assert(fc.property(HOSTILE_ENVELOPE, ({ events }) => {
    for (const event of events) {
      assertEquals(isEventOfNode(event), event.kind !== "tick" && event.kind !== "restored");
    }
  }));
});

Deno.test("an event of which a field is something else is left out, or folded all the same", () => {
  const where = fc.array(fc.nat(9), { minLength: 1, maxLength: 3 });
  const property = fc.property(HOSTILE_ENVELOPE, where, ANYTHING, ({ events }, path, by) => {
    for (const event of events) {
      const chat = begun();
      const broken = spoiled(ofTheirs(event), path, by);
      if (!isEventOfNode(broken)) continue;
      foldEnvelope(chat, { rules: RULES, node: 1, epoch: 1, counter: 3, events: [broken] }, 2000);
    }
  });
  fc.assert(property, { numRuns: 1000 });
});

Deno.test("what is no event is left out", () => {
  const all = [null, 1, "typed", [], {}, { kind: "typed" }, { kind: "__proto__", id: 1 }, {
    kind: "typed",
    id: NODE_SPAN + 1,
    input: { kind: "text", text: 5 },
  }, { kind: "administered", lastAccount: 1, changes: [null] }];
  for (const value of all) assert(!isEventOfNode(value), JSON.stringify(value));
});
