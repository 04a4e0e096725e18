// A count and its noun, as sentences have them.

/** `1 message`, `2 messages`; give the plural if it is not the noun with an s. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}
