// What apps may do at once, and how much the server keeps for whoever does more.

import { assert, assertEquals } from "../assert.ts";
import { App } from "./app.ts";
import { Bobchat, needsNetwork } from "./bobchat.ts";
import { LinesApp } from "./lines_app.ts";

/** Masked control frames: a ping of four bytes, with a mask of zeros. */
function pings(count: number): Uint8Array {
  const bytes = Array.from({ length: count }, (_, i) => [0x89, 0x84, 0, 0, 0, 0, ...digits(i)]);
  return Uint8Array.from(bytes.flat());
}

function digits(number: number): number[] {
  return [...`${number}`.padStart(4, "0")].map((digit) => digit.charCodeAt(0));
}

Deno.test(
  "an app that says far more at once than its rate allows is heard in full, over either link",
  needsNetwork,
  async () => {
    // For longer than it takes to find a link lost (20 s).
    await using bobchat = await Bobchat.start(["--rate", "20"]);
    using web = await App.join(bobchat.port, { name: "web" });
    using lines = await LinesApp.join(bobchat.port, { name: "lines" });
    const texts = Array.from({ length: 600 }, (_, i) => `say ${i}`);
    for (const text of texts) await web.send({ type: "say", text });
    await lines.write(texts.map((text) => `${JSON.stringify({ type: "say", text })}\n`).join(""));
    const saidBy = (name: string) =>
      web.frames.filter(({ type, from }) => type === "message" && from === name);
    // Neither may be given up: the wait for a frame has a shorter limit than this takes.
    for (let count = 0; count < 600; count += 100) {
      await web.until(() => saidBy("web").length >= count + 100);
      await web.until(() => saidBy("lines").length >= count + 100);
    }
    for (const name of ["web", "lines"]) {
      assertEquals(saidBy(name).map(({ text }) => text), texts, name);
    }
    await lines.send({ type: "say", text: "done", id: 1 });
    await lines.until(({ type }) => type === "ack");
    assertEquals([web.closedWith, lines.frames.some(({ type }) => type === "closed")], [
      undefined,
      false,
    ]);
  },
);

Deno.test("61 pings in one write, or a thousand, end nobody's link", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--rate", "1000"]);
  for (const count of [61, 1000]) {
    using app = await App.join(bobchat.port);
    await app.write(pings(count));
    await app.send({ type: "say", text: "still here" });
    await app.untilSaid("still here");
    assertEquals(app.closedWith, undefined);
    // The newest is answered, and with it all before it.
    assert(app.pongs.length <= count);
    assertEquals(app.pongs.at(-1), `${count - 1}`.padStart(4, "0"));
  }
});

Deno.test(
  "pings before a join are counted, and a link that sends too many is told so",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using app = await App.open(bobchat.port);
    await app.write(pings(61));
    await app.end();
    assertEquals(app.closedWith, 1008);
  },
);
