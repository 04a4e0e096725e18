// The last messages of a room: which are there, whatever was added, changed and dropped.

import fc from "fast-check";
import { LastSaid, says } from "../../../lib/chat/last_said.ts";
import { assert, assertEquals } from "../../assert.ts";
import { said } from "./said.ts";

const MOST = 5;

Deno.test("the last ones are there, as they are now, also from a snapshot and whatever their length", () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom("", "a", "b", "c".repeat(1024), "d".repeat(2000)) },
    fc.record({ back: fc.nat(9), text: fc.constantFrom("", "e", "f".repeat(3000)) }),
    fc.record({ forget: fc.nat(9) }),
    fc.record({ before: fc.nat(40) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const last = new LastSaid(MOST);
    let wanted: ReturnType<typeof said>[] = [], id = 0;
    for (const step of steps) {
      if (typeof step === "string") {
        const message = said({ id: ++id, at: id, text: step });
        last.add(message);
        wanted = [...wanted, message].slice(-MOST);
      } else if ("back" in step) {
        const message = said({ id: id - step.back, at: id - step.back, text: step.text });
        last.replace(message);
        wanted = wanted.map((each) => each.id === message.id ? message : each);
      } else if ("forget" in step) {
        last.keepOnly((each) => each.id !== id - step.forget);
        wanted = wanted.filter((each) => each.id !== id - step.forget);
      } else {
        last.dropBefore(step.before);
        wanted = wanted.filter(({ at }) => at >= step.before);
      }
    }
    const other = new LastSaid(MOST);
    other.restore(JSON.parse(JSON.stringify(last.state())));
    for (const each of [last, other]) {
      for (let at = 0; at <= id; at++) {
        const head = each.find(at), message = wanted.find((each) => each.id === at);
        assertEquals(head?.id, message?.id);
        if (head === undefined || message === undefined) continue;
        assert(says(head, message.text) && !says(head, `${message.text}x`));
      }
      assertEquals(each.last(() => true)?.id, wanted.at(-1)?.id);
    }
    assertEquals(other.state(), last.state());
  }));
});
