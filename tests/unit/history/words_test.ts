// What a search finds: the same in memory and in a file, whatever was said and looked for.

import fc from "fast-check";
import { MemoryHistory } from "../../../lib/history/memory.ts";
import { matches, termsOf, termsWanted, toQuery, wordsOf } from "../../../lib/history/words.ts";
import { assert, assertEquals } from "../../assert.ts";
import { open, words } from "./file.ts";

/** What was said, what is looked for, and whether that finds it. */
const ROWS: [said: string, wanted: string, isFound: boolean][] = [
  ["重跑gen后", "gen", true],
  ["重跑gen后", "重跑", true],
  ["重跑gen后", "跑后", false],
  ["서버가 죽었다", "서버", true],
  ["서버가 죽었다", "버가", false],
  ["deno入門の本", "deno入門", true],
  ["deno 入門", "deno入門", true],
  ["入門deno", "deno入門", false],
  ["紅茶の時間", "紅茶　時間", true],
  ["紅茶　時間", "時間", true],
  ["a kettle", "kett", true],
  ["a kettle", "ettle", false],
  ["a kettle", "a kettles", false],
  ["ＡＢＣ", "abc", true],
  ["abc", "ＡＢＣ", true],
  ["un café", "cafe", true],
  ["un cafe", "CAFÉ", true],
  ["cafe\u0301", "café", true],
  ["Straße", "strasse", true],
  ["ΟΔΟΣ", "οδος", true],
  ["ΟΔΟΣΑ", "οδος", true],
  ["İstanbul", "istanbul", true],
  ["ещё", "еще", true],
  ["نَصّ", "نص", true],
  ["می‌خواهم", "میخواهم", true],
  ["がんばれ", "かん", false],
  ["ｶﾞﾝﾊﾞﾚ", "ガンバ", true],
  ["สวัสดีครับ", "ครับ", true],
  ["हिन्दी में", "हिन्दी", true],
  ["हिन्दी", "हन", false],
  ["приветworld", "world", true],
  ["version v2 is out", "v2", true],
  ["version v2 is out", "2", false],
  ["non\u00a0breaking", "breaking", true],
  ["C++ is not C", "c++", true],
  ["a cat", "c++", false],
  ["well done 👍🏽", "👍", true],
  ["well done👍", "👍🏽", true],
  ["❤️", "❤", true],
  ["🇫🇷🇩🇪", "🇩🇪", true],
  ["🇫🇷🇩🇪", "🇷🇩", false],
  ["👨‍👩‍👧", "👨‍👩‍👧", true],
  ["1️⃣2️⃣", "2️⃣", true],
  ["#️⃣", "#️⃣", true],
  ["‼️", "‼️", true],
  ["Foo™", "™", true],
  ["it's here", "it's", true],
  ["tea, and milk", "tea ?", true],
  ["tea, and milk", "?", false],
];

const typed = (text: string) => text.split(/\s+/u).filter((word) => word !== "");

Deno.test("words and their beginnings are found, whatever the script, case and accents", async () => {
  for (const [said, wanted, isFound] of ROWS) {
    const memory = new MemoryHistory();
    using opened = open();
    for (const history of [memory, opened.history]) {
      history.commit([words(1, said)]);
      const { messages } = await history.search({
        ...{ words: typed(wanted), reader: { member: 1 }, rooms: () => true, count: 9 },
      });
      const where = history === memory ? "memory" : "the file";
      assertEquals(messages.length, Number(isFound), `${wanted} in ${said}, in ${where}`);
    }
  }
});

/** Texts that have much in common, and anything at all. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 8 }).map((all) => all.replaceAll("\0", "")),
  fc.array(
    fc.constantFrom(..."aábBc1 重跑ガが서버กิन한Ωσς👍🏽👨‍👩é ．!+#️⃣🇩🇪", "gen", "kettle", "　"),
    { maxLength: 12 },
  ).map((parts) => parts.join("")),
);

Deno.test("memory and a file find the same messages, for any texts and queries", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 8 }), fc.array(text), async (said, queries) => {
      const memory = new MemoryHistory();
      using opened = open();
      const records = said.map((each, i) => words(i + 1, each));
      memory.commit(records);
      opened.history.commit(records);
      for (const wanted of [...queries, ...said, ...said.map((each) => each.slice(1, 4))]) {
        const search = {
          ...{ words: typed(wanted), reader: { member: 1 }, rooms: () => true, count: 99 },
        };
        const ids = async (history: MemoryHistory | typeof opened.history) =>
          (await history.search(search)).messages.map(({ id }) => id);
        assertEquals(await ids(opened.history), await ids(memory), JSON.stringify(wanted));
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("every text is found by itself, by its words, and by terms that the index has of it", () => {
  fc.assert(fc.property(text, (said) => {
    const query = toQuery(typed(said));
    assert(query.length === 0 || matches(said, query), said);
    const terms = termsOf(said);
    for (const term of termsWanted(query)) assert(terms.has(term), `${term} of ${said}`);
    for (const word of wordsOf(said)) assert(!/\s/.test(word), said);
  }));
});
