// The chat: members, names, rooms, and the effects and records of the events handled. The writer owns it and
// alone calls it; commands act through it.

import { Accounts } from "./accounts.ts";
import { Bans, modernize } from "./bans.ts";
import { Admission } from "./admission.ts";
import type { Chunk, Join, Notice, Range } from "./event.ts";
import type { MemberId } from "./message.ts";
import type { Job } from "./job.ts";
import type { Account, History, Record } from "./history.ts";
import { Ignorers } from "./ignorers.ts";
import { type Member, newMember, NO_FILTER, pending } from "./member.ts";
import { Names } from "./names.ts";
import type { Refusal } from "./refusals.ts";
import { author, NAMES_GREETED, type Room } from "./room.ts";
import { Rooms } from "./rooms.ts";
import type { StateChange } from "./state_change.ts";
import { Effects } from "./effects.ts";
import { silenced } from "./messages.ts";
import { tellJoined, tellLeft, tellRenamed } from "./traffic.ts";

/** What an operator did, for the log. */
export interface AuditEntry {
  readonly who: string;
  readonly did: string;
  readonly whom: string;
  readonly why: string;
}

/** Options of the chat. */
export interface ChatOptions {
  readonly history: History;
  /** How many earlier messages a new member is sent. */
  readonly replay: number;
  /** Days that a topic keeps an empty room; 0: for good. */
  readonly keepRooms: number;
  /** Most bytes of a message. */
  readonly maxLine: number;
  /** Counts a text that was refused for its length. */
  readonly countOversize: () => void;
  /** Most characters of earlier messages in one page. */
  readonly mostRecalled: number;
  /** Lines that every new member is sent. */
  readonly motd: readonly string[];
  /** Whether the server has a password; a job checks it. */
  readonly asksPassword: boolean;
  /** Logs what an operator did. */
  readonly audit: (entry: AuditEntry) => void;
}

/** Which earlier messages to send: of a room, of the member's private ones, or of both. */
export interface HistoryRequest {
  readonly room?: Room;
  readonly isMine?: boolean;
  readonly range: Range;
  /** The client's own number for the request, if it gave one. */
  readonly answers?: number;
}

const DAY = 86_400_000; // milliseconds

/** All chat state, and the effects and records that were not taken yet. */
export class Chat {
  readonly options: ChatOptions;
  readonly members = new Map<MemberId, Member>();
  readonly names = new Names();
  readonly rooms: Rooms;
  readonly admission = new Admission(this);
  accounts: Accounts;
  bans: Bans;
  /** When the batch being handled was taken, in epoch milliseconds. */
  at = 0;
  /** The same for deadlines and ages: after a leap of the clock, the new time counts once it has held. */
  dueAt = 0;
  /** Whether `dueAt` is certain enough to delete by. */
  isSureOfTime = true;
  /** The client's own number for the input being handled, if it gave one; refusals repeat it. */
  answering: number | undefined;
  /** The operators who know that the history cannot be written, and that it cannot be read. */
  readonly toldOfTrouble = { kept: new WeakSet<Member>(), read: new WeakSet<Member>() };
  /** The number of the last message. */
  #lastMessage: number;
  readonly effects = new Effects();
  readonly ignorers = new Ignorers(this.effects);
  #records: Record[] = [];

  constructor(options: ChatOptions) {
    this.options = options;
    const { history } = options;
    const saved = history.load();
    this.#lastMessage = saved.lastMessage;
    this.accounts = new Accounts(saved.accounts, saved.lastAccount);
    this.bans = new Bans(saved.bans.flatMap((ban) => modernize(ban) ?? []));
    for (const ban of saved.bans) {
      const today = modernize(ban);
      if (today?.subject === ban.subject) continue;
      this.keep({ kind: "unban", ban });
      if (today !== undefined) this.keep({ kind: "ban", ban: today });
    }
    this.rooms = new Rooms({
      history,
      saved,
      keepFor: options.keepRooms * DAY,
      now: () => this.dueAt,
      isRegistered: (id) => this.accounts.get(id) !== undefined,
      keep: (record) => this.keep(record),
    });
  }

  /** The member with this name. */
  find(name: string): Member | undefined {
    const id = this.names.bearer(name);
    return id === undefined ? undefined : this.members.get(id);
  }

  /** The member with this name or one that looks like it. */
  lookalike(name: string): Member | undefined {
    const id = this.names.rival(name);
    return id === undefined ? undefined : this.members.get(id);
  }

  /** Identifies a member for another account, or for none; what it has in rooms follows the person. */
  identify(member: Member, account: Account | undefined): void {
    const before = member.account?.id;
    member.account = account;
    for (const { lastFrom } of this.members.values()) {
      if (lastFrom?.member === member.id) lastFrom.account ??= account?.id;
    }
    this.rooms.follow(member, before);
  }

  /** Gives a member a free name, and tells its rooms. */
  name(member: Member, name: string): void {
    const before = member.name;
    this.names.give(member.id, name);
    member.name = name;
    member.outbox.named(name);
    this.ignorers.recognize(member);
    if (before !== name) tellRenamed(this, member, before);
  }

  /** Makes a member of a connection: gives it a name, and sends it earlier messages and a greeting. */
  admit(join: Join): void {
    const room = this.rooms.lobby;
    const name = this.names.guest(join.id);
    const member = newMember(join, { name, room });
    member.outbox.named(name);
    const others = room.names(NAMES_GREETED);
    this.members.set(member.id, member);
    this.welcome(member);
    this.enter(member, room);
    this.tell(
      member,
      ...this.options.motd,
      ...(room.topic ? [`Topic: ${room.topic}`] : []),
      `Welcome to bobchat, ${name}. ${others ? `Here: ${others}.` : "You are the first here."}`,
      "Type to talk. /nick NAME changes your name, /help lists what else there is.",
    );
  }

  /** Puts a member into a room, and sends it the room's last messages. */
  enter(member: Member, room: Room): void {
    room.members.add(member);
    member.rooms.add(room);
    member.room = room;
    this.rooms.occupy(room);
    tellJoined(this, { member, room });
    this.#show(member, room);
    if (member.hears) this.effects.push({ kind: "enter", room, member });
  }

  /** Takes a member out of a room. A room that is closing is not told, and is dropped when empty. */
  exit(
    member: Member,
    room: Room,
    { said, isGone = false, isClosing = false }: {
      said?: string;
      isGone?: boolean;
      isClosing?: boolean;
    } = {},
  ): void {
    room.members.delete(member);
    member.rooms.delete(room);
    member.room = [...member.rooms].at(-1) ?? room;
    this.effects.push({ kind: "exit", room, member });
    this.#noteSeen(member, room);
    if (!isClosing) {
      const isSilenced = silenced(this, member) !== undefined;
      tellLeft(this, { member, room, said: isSilenced ? undefined : said });
      this.rooms.vacate(room);
    }
    if (!isGone) this.change(member, { kind: "state", what: "parted", room });
  }

  /** Takes a member out of the chat, tells its rooms, and ends its connection. */
  leave(member: Member, { why, said }: { why: string; said?: string }): void {
    this.members.delete(member.id);
    for (const room of [...member.rooms]) this.exit(member, room, { said, isGone: true });
    this.rooms.disown(member);
    this.names.release(member.id);
    this.ignorers.remove(member);
    this.effects.push({ kind: "end", member, why });
  }

  /** Sends notices to one member, one a line. */
  tell(member: Member, ...lines: string[]): void {
    for (const text of lines) this.effects.toMember(member, { kind: "notice", text, at: this.at });
  }

  /** Tells a member why something that it asked for was not done. */
  refuse(member: Member, { code, text }: Refusal): void {
    const { at, answering: answers } = this;
    this.effects.toMember(member, { kind: "notice", code, answers, text, at });
  }

  /** Sends a notice to everyone in a room; `by` is the member whose words are in it. */
  announce(room: Room, text: string, by?: MemberId): void {
    const notice: Notice = { kind: "notice", text, at: this.at, room, by };
    this.effects.toRoom(room, notice);
  }

  /** Tells an app who it is. */
  welcome(member: Member): void {
    if (!member.isApp) return;
    const { name, token } = member;
    const { maxLine } = this.options;
    const delivery = { kind: "state", what: "welcome", name, token, maxLine } as const;
    this.effects.push({ kind: "welcome", member, delivery });
  }

  /** Tells an app who and where it is, as if it had just joined. */
  refresh(member: Member): void {
    this.welcome(member);
    for (const room of member.rooms) this.#show(member, room);
  }

  /** Tells an app who is in a room, and its topic. */
  look(member: Member, room: Room): void {
    if (member.isApp) this.effects.toMember(member, room.state());
  }

  /** Sends a state change to an app. */
  change(member: Member, change: StateChange): void {
    if (member.isApp) this.effects.toMember(member, change);
  }

  /** Sends a member's client what its protocol owes it, in order with the rest. */
  reply(member: Member, chunk: Chunk): void {
    this.effects.push({ kind: "reply", member, chunk });
  }

  /** Sends a page of history to a member. */
  recall(member: Member, { room, isMine = false, range, answers }: HistoryRequest): void {
    const { before = Infinity, after, count } = range;
    const upTo = Math.min(this.#lastMessage, before - 1);
    const reader = isMine ? author(member) : undefined;
    const wanted = { room: room?.id, reader, upTo, after, count };
    const filter = member.filter ?? NO_FILTER;
    this.effects.push({ kind: "recall", member, room, wanted, filter, answers });
  }

  /** Starts a job for a member, which can have one at a time. */
  send(member: Member, job: Job): void {
    const state = pending(member);
    if (state.isWaiting) {
      return this.refuse(member, {
        code: "busy",
        text: "Wait for the answer to your last command.",
      });
    }
    state.isWaiting = true;
    state.answers = this.answering;
    this.effects.push({ kind: "job", id: member.id, job });
  }

  /** Sends everyone a last notice, then ends their connections. */
  close(text: string): void {
    for (const room of this.rooms.all()) this.announce(room, text);
    for (const member of this.members.values()) {
      for (const room of member.rooms) this.#noteSeen(member, room);
      this.effects.push({ kind: "end", member, why: "server closed" });
    }
    this.members.clear();
  }

  /** The next message's number. */
  nextMessage(): number {
    return ++this.#lastMessage;
  }

  /** Has a record kept. */
  keep(record: Record): void {
    this.#records.push(record);
  }

  /** Returns the records to keep, and forgets them. */
  takeRecords(): Record[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  /** Sends a new member the last messages of a room. */
  #show(member: Member, room: Room): void {
    const { replay: count } = this.options;
    if (count > 0 && member.hears) this.recall(member, { room, range: { count } });
    this.look(member, room);
  }

  /** Notes how far a member has read a room, for "you missed" when it comes back. */
  #noteSeen({ account }: Member, room: Room): void {
    if (account === undefined || !room.isKept) return;
    this.keep({ kind: "seen", account: account.id, room: room.id, id: this.#lastMessage });
  }
}
