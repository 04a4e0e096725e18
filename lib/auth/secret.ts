// The server password, which everyone must send to join.

import { createHash, timingSafeEqual } from "node:crypto";

/** Makes the check of a secret; it takes as long for a near miss as for a far one, whatever its length. */
export function createSecret(secret: string): (guess: string) => boolean {
  const right = digest(secret);
  return (guess) => timingSafeEqual(digest(guess), right);
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text.normalize("NFKC")).digest();
}
