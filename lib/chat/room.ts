// A room: who is in it. Who *hears* it is kept apart, since the writer changes that only as it fans
// out, so that everyone is sent exactly what was said while they were in.

import type { Member } from "./member.ts";

/** A room and the members in it. */
export class Room {
  /** Those in the room, by the events handled so far. */
  readonly members = new Set<Member>();
  /** Those who are sent what is said, by what was fanned out so far. */
  readonly hearers = new Set<Member>();
}
