// Finds the word that somebody may have meant who typed another, if one is near. (std's closestString always
// finds one, however far, and counts two swapped letters as two slips.)

/** Most letters that are compared. */
const LONGEST = 30;

/** The word that begins like what was typed, or else differs by a slip or two; undefined if none is near. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  if (typed === "" || typed.length > LONGEST) return;
  const longer = words.filter((word) => word.startsWith(typed));
  if (longer.length > 0) return longer.reduce((a, b) => b.length < a.length ? b : a);
  // In a word of two letters, a single slip is too much.
  let most = typed.length < 3 ? 0 : typed.length < 5 ? 1 : 2;
  let near: string | undefined;
  for (const word of words) {
    if (Math.abs(word.length - typed.length) > most) continue;
    const slips = countSlips(typed, word);
    if (slips > most) continue;
    near = word;
    most = slips - 1;
  }
  return near;
}

/** How many letters were left out, added, mistaken, or swapped with the next one. */
function countSlips(typed: string, word: string): number {
  let before: number[] = [], last = Array.from({ length: word.length + 1 }, (_, i) => i);
  for (let i = 1; i <= typed.length; i++) {
    const row = [i];
    for (let j = 1; j <= word.length; j++) {
      const isSame = typed[i - 1] === word[j - 1];
      const isSwapped = typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1];
      row.push(Math.min(
        row[j - 1]! + 1,
        last[j]! + 1,
        last[j - 1]! + (isSame ? 0 : 1),
        isSwapped ? before[j - 2]! + 1 : Infinity,
      ));
    }
    [before, last] = [last, row];
  }
  return last[word.length]!;
}
