// What an app was sent and may not have.

import fc from "fast-check";
import { ReplayBuffer } from "../../../../lib/net/web/replay_buffer.ts";
import { decodeFrames, encodeFrames, WEBSOCKET } from "../../../../lib/wire/websocket_frame.ts";
import { LINES } from "../../../../lib/wire/line_frame.ts";
import { assertEquals } from "../../../assert.ts";

const MOST = 1000;
const texts = (chunks: Uint8Array[] | undefined) => chunks?.flatMap(decodeFrames);

Deno.test("what comes behind so many frames begins with the very next one", () => {
  const kept = new ReplayBuffer(WEBSOCKET);
  kept.push(encodeFrames(["a", "b"]), MOST);
  kept.push(encodeFrames(["c", "d"]), MOST);
  assertEquals(texts(kept.behind(0)), ["a", "b", "c", "d"]);
  assertEquals(texts(kept.behind(1)), ["b", "c", "d"]);
  assertEquals(texts(kept.behind(4)), []);
  assertEquals(kept.behind(5), undefined);
});

Deno.test("what has arrived is kept no more, and frames are still counted from the first", () => {
  const kept = new ReplayBuffer(WEBSOCKET);
  const first = encodeFrames(["a", "b"]), second = encodeFrames(["c"]);
  kept.push(first, MOST);
  kept.push(second, MOST);
  kept.arrived(first.length - 1);
  assertEquals(kept.size, first.length + second.length);
  kept.arrived(first.length);
  assertEquals([kept.size, kept.written], [second.length, first.length + second.length]);
  assertEquals([texts(kept.behind(2)), kept.behind(1)], [["c"], undefined]);
  kept.clear();
  kept.push(encodeFrames(["d"]), MOST);
  assertEquals(texts(kept.behind(0)), ["d"]);
});

Deno.test("no more is kept than so many bytes, and whoever lacks what is gone cannot go on", () => {
  const kept = new ReplayBuffer(WEBSOCKET);
  const frames = ["a", "b", "c"].map((text) => encodeFrames([text]));
  for (const frame of frames) kept.push(frame, 7);
  assertEquals([kept.size, texts(kept.behind(1)), kept.behind(0)], [6, ["b", "c"], undefined]);
});

Deno.test("whatever is written and arrives, an app that comes back gets all it has not had, once", () => {
  const text = fc.string().map((each) => JSON.stringify(each));
  const step = fc.oneof(
    fc.record({ write: fc.array(text, { minLength: 1, maxLength: 3 }) }),
    fc.record({ lose: fc.boolean() }),
    fc.record({ acknowledge: fc.boolean() }),
  );
  const framings = fc.constantFrom(WEBSOCKET, LINES);
  fc.assert(fc.property(fc.array(step), framings, (steps, framing) => {
    const kept = new ReplayBuffer(framing);
    const sent: string[] = [], had: string[] = [];
    // On its way: what the app has not had yet.
    let under: string[] = [], told = 0;
    for (const what of steps) {
      if ("write" in what) {
        kept.push(framing.encode(what.write), MOST);
        sent.push(...what.write);
        under.push(...what.write);
      } else if ("acknowledge" in what) {
        had.push(...under.splice(0));
        told = kept.written;
        if (what.acknowledge) kept.arrived(told);
      } else {
        if (what.lose) had.push(...under.slice(0, under.length >> 1));
        under = kept.behind(had.length)!.flatMap((chunk) => framing.decode(chunk));
      }
    }
    assertEquals([...had, ...under], sent);
  }));
});
