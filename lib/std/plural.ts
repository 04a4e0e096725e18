// How many of something, as sentences say it.

/** `1 message`, `2 messages`: the noun by its number, and one whose plural is no plain s by its own. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}
