// Both histories: the one in memory and the one in a file remember the same.

import fc from "fast-check";
import type { History, Record } from "../../../lib/chat/history.ts";
import { MemoryHistory } from "../../../lib/history/memory.ts";
import { assertEquals } from "../../assert.ts";
import { LOBBY, MADE, mended, open, TEA, whisper, words } from "./file.ts";

/** Runs a test on each of them. */
function onBoth(name: string, test: (history: History) => Promise<void> | void): void {
  Deno.test(`${name}, in memory`, () => test(new MemoryHistory()));
  Deno.test(`${name}, in a file`, async () => {
    using opened = open();
    await test(opened.history);
  });
}

const texts = (messages: { text: string }[]) => messages.map(({ text }) => text);

onBoth("recall gives the last of a room, oldest first", (history) => {
  history.commit([MADE, words(1, "a"), words(2, "b", TEA), words(3, "c"), words(4, "d")]);
  const ask = (room: number, count: number, upTo = 99) =>
    texts(history.recall({ room, count, upTo }));
  assertEquals(ask(LOBBY.id, 2), ["c", "d"]);
  assertEquals(ask(LOBBY.id, 9, 3), ["a", "c"]);
  assertEquals(ask(TEA.id, 9), ["b"]);
  assertEquals(ask(7, 9), []);
});

onBoth("recall reads on from any message, in both directions", (history) => {
  history.commit([MADE, ...[1, 2, 4, 5].map((id) => words(id, `${id}`)), words(3, "tea", TEA)]);
  const ask = (extent: { after?: number; count: number; upTo: number }) =>
    texts(history.recall({ room: LOBBY.id, ...extent }));
  assertEquals(ask({ after: 0, count: 2, upTo: 99 }), ["1", "2"]);
  assertEquals(ask({ after: 2, count: 9, upTo: 99 }), ["4", "5"]);
  assertEquals(ask({ after: 2, count: 1, upTo: 4 }), ["4"]);
  assertEquals(ask({ after: 5, count: 9, upTo: 99 }), []);
  assertEquals(ask({ count: 9, upTo: 0 }), []);
});

onBoth("private messages are shown to those two alone", async (history) => {
  history.commit([words(1, "a"), whisper(2, 5, 6), whisper(3, 6, 7)]);
  const ask = (account: number) =>
    texts(
      history.recall({ room: LOBBY.id, count: 9, upTo: 9, reader: { member: 0, account } }),
    );
  const alone = (after: number) =>
    texts(history.recall({ count: 1, upTo: 9, after, reader: { member: 0, account: 6 } }));
  assertEquals([alone(0), alone(2), alone(3)], [["psst 2"], ["psst 3"], []]);
  assertEquals([ask(5), ask(6), ask(8)], [["a", "psst 2"], ["a", "psst 2", "psst 3"], ["a"]]);
  const find = async (account: number) =>
    texts(
      (await history.search({
        words: ["psst"],
        reader: { member: 0, account },
        rooms: () => true,
        count: 9,
      })).messages,
    );
  assertEquals([await find(6), await find(8)], [["psst 3", "psst 2"], []]);
});

onBoth("search finds all the words where one may read, newest first", async (history) => {
  history.commit([
    MADE,
    words(1, "Green tea"),
    words(2, "black TEA", TEA),
    words(3, "a green cup"),
  ]);
  const find = async (rooms: number[], ...wanted: string[]) =>
    texts(
      (await history.search({
        words: wanted,
        reader: { member: 1 },
        rooms: (id) => rooms.includes(id),
        count: 9,
      })).messages,
    );
  assertEquals(await find([1, 2], "tea"), ["black TEA", "Green tea"]);
  assertEquals(await find([1], "tea"), ["Green tea"]);
  assertEquals(await find([1, 2], "GREEN"), ["a green cup", "Green tea"]);
  assertEquals(await find([1, 2], "green", "tea"), ["Green tea"]);
  for (const odd of ['"', "*", "NEAR(", "(", "'", "\0"]) {
    assertEquals(await find([1, 2], odd), [], odd);
  }
});

onBoth("what was missed is counted from where somebody has read", (history) => {
  const missed = (after: number, most = 9) => history.countAfter(after, { room: LOBBY.id, most });
  history.commit([words(1, "a")]);
  assertEquals([missed(1), missed(0)], [0, 1]);
  history.commit([words(2, "b"), words(3, "c"), words(4, "d")]);
  assertEquals([missed(1), missed(1, 2), missed(3)], [3, 2, 1]);
});

onBoth("a room that is gone is gone", (history) => {
  history.commit([MADE, words(1, "secret", TEA), { kind: "room gone", id: TEA.id }]);
  assertEquals(history.recall({ room: TEA.id, count: 9, upTo: 9 }), []);
  assertEquals(history.load().rooms.find(({ key }) => key === "tea"), undefined);
});

onBoth("what was edited or taken back is recalled and found as it is now", async (history) => {
  const [one, two, three] = [words(1, "green tea"), words(2, "black tea"), whisper(3, 5, 6)];
  history.commit([one, two, three, mended(one, "coffee")]);
  history.commit([mended(two), mended(three, "psst, tea")]);
  const reader = { member: 0, account: 5 };
  const recalled = history.recall({ room: LOBBY.id, reader, count: 9, upTo: 9 });
  assertEquals(recalled.map(({ text, edited, deleted }) => [text, edited, deleted]), [
    ["coffee", true, undefined],
    ["", undefined, true],
    ["psst, tea", true, undefined],
  ]);
  const find = async (word: string) =>
    texts(
      (await history.search({ words: [word], reader, rooms: () => true, count: 9 })).messages,
    );
  assertEquals([await find("tea"), await find("coffee"), await find("black")], [
    ["psst, tea"],
    ["coffee"],
    [],
  ]);
});

Deno.test("what was mended while the disk fails is shown so, also if memory does not have the message", async () => {
  const { db, history: earlier, stop } = open();
  earlier.commit([whisper(1, 5, 6), whisper(2, 5, 6)]);
  stop();
  const reader = { member: 0, account: 6 };
  const recalled = (history: History) => texts(history.recall({ count: 9, upTo: 9, reader }));
  const { history, stop: stopAgain } = open({ db });
  history.load();
  db.exec("PRAGMA query_only = ON");
  history.commit([mended(whisper(1, 5, 6), "hush"), mended(whisper(2, 5, 6))]);
  const search = { words: ["psst"], reader, rooms: () => true, count: 9 };
  const { messages: found } = await history.search(search);
  assertEquals([recalled(history), found], [["hush", ""], []]);
  db.exec("PRAGMA query_only = OFF");
  stopAgain();
  using later = open({ db });
  later.history.load();
  assertEquals(recalled(later.history), ["hush", ""]);
});

onBoth("a message that is not there any more is not mended", (history) => {
  const [one] = [words(1, "hello")];
  history.commit([one, words(2, "well")]);
  history.commit([{ kind: "forgotten", whom: { name: "x" }, upTo: 2 }, mended(one, "back")]);
  assertEquals(history.recall({ room: LOBBY.id, count: 9, upTo: 9 }), []);
});

Deno.test("whatever was said and mended, both recall and find the same, also after a restart", async () => {
  const event = fc.oneof(
    fc.record({ room: fc.constantFrom(LOBBY, TEA), text: fc.string() }),
    fc.record({ from: fc.integer({ min: 5, max: 7 }), to: fc.integer({ min: 5, max: 7 }) }),
    fc.record({ back: fc.nat(9), now: fc.option(fc.constantFrom("tea", "psst", "x")) }),
  );
  const batches = fc.array(fc.array(event), { maxLength: 6 });
  await fc.assert(fc.asyncProperty(batches, async (batches) => {
    let id = 0;
    const said: Record[] = [];
    const records: Record[][] = batches.map((batch) =>
      batch.flatMap((each) => {
        if ("back" in each) {
          const before = said.at(-1 - each.back);
          return before === undefined ? [] : [mended(before, each.now ?? undefined)];
        }
        id++;
        said.push(
          "text" in each ? words(id, each.text, each.room) : whisper(id, each.from, each.to),
        );
        return [said.at(-1)!];
      })
    );
    const memory = new MemoryHistory();
    const { db, history, stop } = open();
    for (const batch of [[MADE], ...records]) {
      memory.commit(batch);
      history.commit(batch);
    }
    const ask = (of: History) =>
      [LOBBY, TEA].flatMap(({ id: room }) =>
        [5, 6, 8].map((account) =>
          of.recall({ room, reader: { member: 0, account }, count: 10, upTo: id })
            .map(({ id, text, edited, deleted }) => [id, text, edited, deleted])
        )
      );
    const find = async (of: History) => {
      const found = ["psst", "tea", "x"].map((word) =>
        of.search({
          ...{ words: [word], rooms: () => true, count: 20 },
          reader: { member: 0, account: 5 },
        })
      );
      return (await Promise.all(found)).map(({ messages }) =>
        messages.map(({ id, text }) => [id, text])
      );
    };
    assertEquals(ask(history), ask(memory));
    stop();
    using later = open({ db });
    assertEquals(ask(later.history), ask(memory));
    assertEquals(later.history.load().lastMessage, id);
    assertEquals(await find(later.history), await find(memory));
    assertEquals(ask(later.history), ask(memory));
  }));
});
