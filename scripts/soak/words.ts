// What people talk about: words to say, and to search for.

const WORDS =
  ("tea rain bridge river lamp window garden paper stone winter market violin harbour ladder " +
    "mountain candle letter orchard train pepper island feather kettle meadow compass blanket")
    .split(" ");

/** One word. */
export function word(): string {
  return WORDS[Math.floor(Math.random() * WORDS.length)]!;
}

/** One to forty words: most texts are short. */
export function words(): string {
  const count = 1 + Math.floor(40 * Math.random() ** 3);
  return Array.from({ length: count }, word).join(" ");
}
