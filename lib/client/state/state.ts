// What the client knows, as a fold of the frames that it is sent: the user's name, the rooms and their members,
// the messages. No DOM, no socket.

import type { Asked, Change, Frame, Message } from "../frames.ts";
import { fold } from "./names.ts";
import { askFor, askPresence, askUnread, askWho, FILL, PAGE } from "./asks.ts";
import type { Conversation } from "./conversation.ts";
import type { Entry } from "./entry.ts";
import { Conversations } from "./conversations.ts";
import { Notices } from "./notices.ts";
import { mentions } from "./text.ts";

/** Most bytes of a message until the server has said how many. */
const MAX_LINE = 1024;
/** What stands in place of a message that was taken back. */
const TAKEN_BACK = "message taken back";
/** Milliseconds of a minute. */
const MINUTE = 60_000;

/** A notice from the server. */
type Notice = Extract<Frame, { type: "notice" }>;

/** What is told in a line that grows. */
const FOLDED: readonly (string | undefined)[] = ["joined", "left", "crowd"];

/** A mention or private message that the user has not seen. */
export interface Call {
  readonly conversation: Conversation;
  readonly entry: Entry;
}

/** All that the client knows. */
export class State {
  readonly conversations = new Conversations();
  readonly notices = new Notices(this.conversations);
  /** The user's name; empty before they have joined. */
  me = "";
  /** The name that the user has asked for. */
  wanted = "";
  /** Most bytes of a message. */
  maxLine = MAX_LINE;
  /** For how many minutes a message can be changed, until the server has said so. */
  editMinutes = 60;
  /** The notice about what the next frame says. */
  #notice: Notice | undefined;
  /** All names that the user has had, folded. */
  readonly #mine = new Set<string>();

  /** The same, for a page that is loaded again. */
  get mine(): string[] {
    return [...this.#mine];
  }

  /** The names that count as mentions. */
  get names(): string[] {
    return [this.me, this.wanted].filter((name) => name !== "");
  }

  /** Whether the user has this name. */
  isMe(name: string): boolean {
    return fold(name) === fold(this.me);
  }

  remember(names: readonly string[]): void {
    for (const name of names) this.#mine.add(fold(name));
  }

  /** Whether the user may change a message at this time (epoch ms): the server decides. */
  mayChange({ isMine, id, gone, at }: Entry, now: number): boolean {
    return isMine && id !== undefined && gone === undefined &&
      now - at < this.editMinutes * MINUTE;
  }

  /** The user's last message in a conversation, if they may change it. */
  lastOwn({ entries }: Conversation, now: number): Entry | undefined {
    return entries.findLast((entry) => this.mayChange(entry, now));
  }

  /** The conversation that an earlier message belongs to. */
  conversationOf(message: Message): Conversation {
    return this.#conversationOf(message, this.#wasMine(message));
  }

  /** Takes a frame. Returns what to ask for because of it, and a mention if there is one. */
  apply(frame: Frame): { asks: readonly Asked[]; call?: Call } {
    const notice = this.#notice;
    this.#notice = undefined;
    if (notice !== undefined && notice.about !== frame.type) this.notices.tell(notice);
    switch (frame.type) {
      case "welcome":
        return { asks: this.#welcome(frame) };
      case "message":
        return { asks: this.#askIfGone(frame), call: this.#hear(frame) };
      case "edited":
      case "deleted":
        this.#mend(frame);
        return { asks: [] };
      case "ack":
        this.notices.greeted();
        return { asks: [] };
      case "notice":
        if (FOLDED.includes(frame.about)) this.#notice = frame;
        else this.notices.tell(frame);
        return { asks: [] };
      case "error":
        this.notices.tell(frame);
        return { asks: [] };
      case "history":
        return { asks: this.#recall(frame) };
      case "members":
        this.#enter(frame);
        return { asks: [] };
      case "parted":
        this.conversations.close(this.conversations.roomAt(frame.room));
        return { asks: [] };
      case "renamed":
        return { asks: [...this.#rename(frame), ...this.#askAgain(frame.from, frame.to)] };
      case "read":
        return { asks: frame.marks.flatMap((mark) => askUnread(this.conversations.mark(mark))) };
      case "person":
        this.conversations.person(frame.name).presence = frame.presence;
        return { asks: [] };
      case "joined":
      case "left":
      case "crowd":
      case "away":
      case "lost":
      case "topic":
      case "lock":
        return { asks: this.#change(frame, notice) };
    }
    return { asks: [] };
  }

  /** Shows the client's own notice on why something is not done. */
  complain(text: string): void {
    this.notices.tell({ type: "error", text, at: new Date().toISOString() });
  }

  /** The user's name has turned out to be theirs: so are the messages under it that came before. */
  claim(): void {
    for (const room of this.conversations.rooms) room.claim(this.me);
  }

  /** The session is over, and another one will begin as if this one had not been. */
  leave(): void {
    this.me = "";
    this.notices.removeGreeting();
  }

  #welcome({ name, maxLine, editMinutes }: Extract<Frame, { type: "welcome" }>): readonly Asked[] {
    this.maxLine = maxLine;
    this.editMinutes = editMinutes;
    this.me = name;
    this.notices.begin();
    this.remember([name]);
    for (const room of this.conversations.rooms) {
      room.isIn = false;
      room.past.begin(room.newest);
    }
    this.conversations.forgetMarks();
    return [...this.#recallPrivate(), ...askPresence(this.conversations.active)];
  }

  #recallPrivate(): readonly Asked[] {
    const newest = this.conversations.people.flatMap((conversation) => conversation.newest ?? []);
    this.conversations.privatePast.begin(newest.sort((one, other) => one.at - other.at).at(-1));
    this.conversations.privatePast.ask();
    return [{ type: "history", private: true, count: PAGE }];
  }

  #hear(message: Message): Call | undefined {
    const isMine = message.from === this.me;
    const entry = this.#entry(message, { isMine, isEarlier: false });
    const conversation = this.#conversationOf(message, isMine);
    const isSeen = this.conversations.isSeen(conversation);
    if (!conversation.add(entry, { isSeen }) || isSeen || entry.isMine) return undefined;
    return entry.isMention || entry.kind === "private" ? { conversation, entry } : undefined;
  }

  #recall({ room: name, messages, next }: Extract<Frame, { type: "history" }>): readonly Asked[] {
    const room = name === undefined ? undefined : this.conversations.roomAt(name);
    const past = room?.past ?? this.conversations.privatePast;
    const { since } = past;
    let hasKnown = false;
    for (
      const [conversation, said] of Map.groupBy(messages, (message) => this.conversationOf(message))
    ) {
      const entries = said.map((message) =>
        this.#entry(message, { isMine: this.#wasMine(message), isEarlier: true })
      );
      if (conversation.merge(entries, { since })) hasKnown = true;
      if (this.conversations.isSeen(conversation)) conversation.markRead();
    }
    const first = messages[0] && Date.parse(messages[0].at);
    const before = past.heed({ first, count: messages.length, next, hasKnown });
    return before === undefined ? askUnread(room) : [askFor(room, { before, count: FILL })];
  }

  #enter({ room: name, topic, locked, size, members }: Extract<Frame, { type: "members" }>): void {
    const room = this.conversations.roomAt(name);
    Object.assign(room, { topic, size, isLocked: locked, isIn: true, isStale: false });
    room.members = new Map(members.map((member) => [member.name, member]));
  }

  #rename({ room, from, to }: Extract<Frame, { type: "renamed" }>): readonly Asked[] {
    this.conversations.room(room)?.rename(from, to);
    if (from !== this.me) {
      this.conversations.rename(from, to);
      return [];
    }
    this.me = to;
    this.remember([to]);
    // Somebody may have had this name before.
    this.conversations.privatePast.change();
    return this.#recallPrivate();
  }

  /** A room's state has changed; the notice before may have been about it. */
  #change(frame: Change, notice: Notice | undefined): readonly Asked[] {
    const room = this.conversations.room(frame.room);
    if (room === undefined) return [];
    room.change(frame);
    const again = "name" in frame ? this.#askAgain(frame.name) : [];
    if (frame.type !== "joined" && frame.type !== "left" && frame.type !== "crowd") return again;
    if (notice?.at !== undefined) {
      const at = Date.parse(notice.at), isSeen = this.conversations.isSeen(room);
      room.tell(frame, { text: notice.text, at, isSeen });
    }
    return frame.type === "crowd" ? askWho(this.conversations.active) : again;
  }

  /** Asks again whether somebody is here from whom a message comes. */
  #askIfGone({ kind, from }: Message): readonly Asked[] {
    const { presence = "here" } = this.conversations.active;
    return kind === "private" && presence !== "here" ? this.#askAgain(from) : [];
  }

  /** Asks again whether somebody is here, if they are whom the conversation in front is with. */
  #askAgain(...names: string[]): readonly Asked[] {
    const { active } = this.conversations;
    return names.some((name) => fold(name) === fold(active.name)) ? askPresence(active) : [];
  }

  /** A message was edited or taken back. */
  #mend(frame: Extract<Frame, { type: "edited" | "deleted" }>): void {
    const { room, id, from } = frame;
    const places = room === undefined
      ? this.conversations.people
      : [this.conversations.room(room)].filter((each) => each !== undefined);
    const change = frame.type === "edited"
      ? { text: frame.text, isEdited: true }
      : { text: "", gone: frame.by === from ? TAKEN_BACK : `${TAKEN_BACK} by ${frame.by}` };
    for (const place of places) if (place.mend({ id, from }, change) !== undefined) return;
  }

  #entry(
    { kind, id, at, from, text, edited: isEdited, deleted }: Message,
    { isMine, isEarlier }: { isMine: boolean; isEarlier: boolean },
  ): Entry {
    const isMention = !isMine && mentions(text, this.names);
    const gone = deleted ? TAKEN_BACK : undefined;
    const when = Date.parse(at);
    return { kind, id, at: when, from, text, isMine, isMention, isEarlier, isEdited, gone };
  }

  /** Whether an earlier message is the user's. (Others who had the name before cannot be told apart.) */
  #wasMine({ from }: Message): boolean {
    return this.#mine.has(fold(from));
  }

  #conversationOf({ room, from, to }: Message, isMine: boolean): Conversation {
    if (room !== undefined) return this.conversations.roomAt(room);
    return this.conversations.person(to !== undefined && isMine ? to : from);
  }
}
