// A room: its conversation, its members and its topic.

import type { Change, Coming, Present } from "../frames.ts";
import { Comings } from "./comings.ts";
import { Conversation } from "./conversation.ts";
import { type Entry, NOTHING } from "./entry.ts";
import { compareNames } from "./names.ts";

/** A room that the client is in, or will enter again. */
export class Room extends Conversation {
  topic = "";
  isLocked = false;
  /** Whether the server has confirmed it in this session. */
  isIn = false;
  /** Its members by name: all, unless they are many. */
  members = new Map<string, Present>();
  size = 0;
  /** Whether many have come and gone since the members were listed. */
  isStale = false;

  constructor(name: string) {
    super({ kind: "room", name });
  }

  override get names(): string[] {
    return [...this.members.keys()].sort(compareNames);
  }

  /** Applies a change to the room. */
  change(frame: Change): void {
    switch (frame.type) {
      case "joined":
        return this.come(frame.name);
      case "left":
        return this.go(frame.name);
      case "away":
        return this.#set(frame.name, { away: frame.away });
      case "lost":
        return this.#set(frame.name, { lost: frame.lost });
      case "topic":
        this.topic = frame.topic;
        break;
      case "lock":
        this.isLocked = frame.locked;
        break;
      case "crowd":
        this.size = frame.size;
        this.isStale = true;
    }
  }

  /** Tells in the log who has come or left: in the last line, if that does so and is not a minute old. */
  tell(
    coming: Coming,
    { text: sentence, at, isSeen }: { text: string; at: number; isSeen: boolean },
  ): void {
    const last = this.entries.at(-1)?.comings;
    if (last?.covers(at)) return last.add(coming, sentence);
    const comings = new Comings(at);
    comings.add(coming, sentence);
    const entry: Entry = {
      ...{ kind: "notice", at, from: "", ...NOTHING, comings },
      get text() {
        return comings.text;
      },
    };
    this.add(entry, { isSeen });
  }

  come(name: string): void {
    if (!this.members.has(name)) this.size++;
    this.members.set(name, { name, away: false });
  }

  #set(name: string, change: Partial<Present>): void {
    this.members.set(name, { away: false, ...this.members.get(name), ...change, name });
  }

  go(name: string): void {
    if (this.members.delete(name)) this.size--;
  }

  rename(from: string, to: string): void {
    const member = this.members.get(from);
    if (member === undefined) return;
    this.members.delete(from);
    this.members.set(to, { ...member, name: to });
  }
}
