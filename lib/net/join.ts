// Joins the chunks that wait in an outbox. Most outboxes of a room join the same ones, so they share the result.

let lastParts: readonly Uint8Array[] = [];
let lastJoined: Uint8Array = new Uint8Array(0);

/** Joins chunks, which must not be changed any more. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === lastParts.length && parts.every((part, i) => part === lastParts[i])) {
    return lastJoined;
  }
  const joined = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  lastParts = parts;
  lastJoined = joined;
  return joined;
}
