// The types of @std/text/closest-string that bobchat uses; the npm package carries none.
export declare function closestString(givenWord: string, possibleWords: readonly string[]): string;
