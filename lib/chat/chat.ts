// The chat: members, names, rooms, and what is to be sent and kept because of the events handled. The
// writer owns it and alone calls it; commands see it as the place where they act.

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

/** What the chat is given. */
export interface ChatOptions {
  readonly history: History;
  /** How many messages a newcomer is shown. */
  readonly replay: number;
  /** Days that a topic keeps a room that nobody is in; 0: for good. */
  readonly keepRooms: number;
  /** Bytes that a message may have. */
  readonly maxLine: number;
  /** Counts a text that had more, and was refused. */
  readonly countOversize: () => void;
  /** Characters of earlier messages that one may be sent at once. */
  readonly mostRecalled: number;
  /** Lines for every newcomer. */
  readonly motd: readonly string[];
  /** Whether everyone must know a password to come in: a job finds out who does. */
  readonly asksPassword: boolean;
  /** The ports where what does not belong on a line is spoken. */
  readonly elsewhere: { readonly [protocol in "HTTP" | "TLS"]: number | undefined };
  /** Takes what operators did, for the log. */
  readonly audit: (entry: AuditEntry) => void;
}

/** What somebody is to be shown again: of a room, or their private messages, or of both together. */
export interface HistoryRequest {
  readonly room?: Room;
  readonly isMine?: boolean;
  readonly range: Range;
  /** The client's own number for this, if it asked for it and gave one. */
  readonly answers?: number;
}

const DAY = 86_400_000; // milliseconds

/** All chat state, and the effects and records it has asked for since they were last taken. */
export class Chat {
  readonly options: ChatOptions;
  readonly members = new Map<MemberId, Member>();
  readonly names = new Names();
  readonly rooms: Rooms;
  readonly admission = new Admission(this);
  accounts: Accounts;
  bans: Bans;
  /** Epoch milliseconds of the batch that is being handled. */
  at = 0;
  /** The same for what has an end, or begins an age: a clock that leaps counts here once it has held. */
  dueAt = 0;
  /** Whether that is sure enough to delete by. */
  isSureOfTime = true;
  /** The client's own number for what is being handled, if it gave one: refusals name it. */
  answering: number | undefined;
  /** The operators who were told that the history cannot be kept, and that it cannot be read. */
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

  /** The member that bears this name. */
  find(name: string): Member | undefined {
    const id = this.names.bearer(name);
    return id === undefined ? undefined : this.members.get(id);
  }

  /** The member that bears this name or one that looks like it. */
  lookalike(name: string): Member | undefined {
    const id = this.names.rival(name);
    return id === undefined ? undefined : this.members.get(id);
  }

  /** A member is identified for another account, or for none: what it has of rooms follows the person. */
  identify(member: Member, account: Account | undefined): void {
    const before = member.account?.id;
    member.account = account;
    for (const { lastFrom } of this.members.values()) {
      if (lastFrom?.member === member.id) lastFrom.account ??= account?.id;
    }
    this.rooms.follow(member, before);
  }

  /** Gives a member a name that is free, and tells its rooms. */
  name(member: Member, name: string): void {
    const before = member.name;
    this.names.give(member.id, name);
    member.name = name;
    member.outbox.named(name);
    this.ignorers.recognize(member);
    if (before !== name) tellRenamed(this, member, before);
  }

  /** Makes a member of a connection: it gets a name, what was said before, and a greeting. */
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

  /** Puts a member into a room, and shows it what was said there. */
  enter(member: Member, room: Room): void {
    room.members.add(member);
    member.rooms.add(room);
    member.room = room;
    this.rooms.occupy(room);
    tellJoined(this, { member, room });
    this.#show(member, room);
    if (member.hears) this.effects.push({ kind: "enter", room, member });
  }

  /** Takes a member out of a room; one that is closing is told of nobody, and goes when all are out. */
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

  /** Takes a member out of the chat, tells the others, and ends its connection. */
  leave(member: Member, { why, said }: { why: string; said?: string }): void {
    this.members.delete(member.id);
    for (const room of [...member.rooms]) this.exit(member, room, { said, isGone: true });
    this.rooms.disown(member);
    this.names.release(member.id);
    this.ignorers.remove(member);
    this.effects.push({ kind: "end", member, why });
  }

  /** The server's word to one member, a line each. */
  tell(member: Member, ...lines: string[]): void {
    for (const text of lines) this.effects.toMember(member, { kind: "notice", text, at: this.at });
  }

  /** Says to a member why something that it wanted was not done. */
  refuse(member: Member, { code, text }: Refusal): void {
    const { at, answering: answers } = this;
    this.effects.toMember(member, { kind: "notice", code, answers, text, at });
  }

  /** The server's word to everyone in a room; `by` whose words are in it. */
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

  /** Tells an app who and where it is, as if it had just come. */
  refresh(member: Member): void {
    this.welcome(member);
    for (const room of member.rooms) this.#show(member, room);
  }

  /** Tells an app who is in a room, and what it is about. */
  look(member: Member, room: Room): void {
    if (member.isApp) this.effects.toMember(member, room.state());
  }

  /** Tells an app what it shows besides words. */
  change(member: Member, change: StateChange): void {
    if (member.isApp) this.effects.toMember(member, change);
  }

  /** What a member's protocol owes its client, in its place among the rest. */
  reply(member: Member, chunk: Chunk): void {
    this.effects.push({ kind: "reply", member, chunk });
  }

  /** Shows a member what was said before. */
  recall(member: Member, { room, isMine = false, range, answers }: HistoryRequest): void {
    const { before = Infinity, after, count } = range;
    const upTo = Math.min(this.#lastMessage, before - 1);
    const reader = isMine ? author(member) : undefined;
    const wanted = { room: room?.id, reader, upTo, after, count };
    const filter = member.filter ?? NO_FILTER;
    this.effects.push({ kind: "recall", member, room, wanted, filter, answers });
  }

  /** Has something done that takes time; a member has one such job at once. */
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

  /** The last word to everyone: told, then their connections end. */
  close(text: string): void {
    for (const room of this.rooms.all()) this.announce(room, text);
    for (const member of this.members.values()) {
      for (const room of member.rooms) this.#noteSeen(member, room);
      this.effects.push({ kind: "end", member, why: "server closed" });
    }
    this.members.clear();
  }

  /** Numbers a message. */
  nextMessage(): number {
    return ++this.#lastMessage;
  }

  /** Has something kept. */
  keep(record: Record): void {
    this.#records.push(record);
  }

  /** Hands over what is to be kept, and forgets it. */
  takeRecords(): Record[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  /** What a newcomer is shown of a room. */
  #show(member: Member, room: Room): void {
    const { replay: count } = this.options;
    if (count > 0 && member.hears) this.recall(member, { room, range: { count } });
    this.look(member, room);
  }

  /** What a member knows who comes back: for "you missed". */
  #noteSeen({ account }: Member, room: Room): void {
    if (account === undefined || !room.isKept) return;
    this.keep({ kind: "seen", account: account.id, room: room.id, id: this.#lastMessage });
  }
}
