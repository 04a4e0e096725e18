// The state of the chat, which is a function of the events folded so far, with their times; and the effects and
// records that were not taken yet. fold.ts changes it, answer.ts reads it; commands act through it.

import { Accounts } from "./accounts.ts";
import { Admission } from "./admission.ts";
import { Bans } from "./bans.ts";
import type { Notice } from "./delivery.ts";
import { Effects } from "./effects.ts";
import type { Record } from "./history.ts";
import { Ignorers } from "./ignorers.ts";
import { Kept } from "./kept.ts";
import { LastSaid, MOST_WHISPERED } from "./last_said.ts";
import type { Connection, Member } from "./member.ts";
import type { ConnectionId, MemberId } from "./message.ts";
import { Names } from "./names.ts";
import { RULES } from "./node.ts";
import { Nodes } from "./nodes.ts";
import type { Refusal } from "./refusals.ts";
import type { Room } from "./room.ts";
import { Rooms } from "./rooms.ts";
import { WaitingMessages } from "./waiting.ts";

/** Options of the chat. */
export interface ChatOptions {
  /** Whether the history outlives the server: then empty rooms are found again. */
  readonly lasts: boolean;
  /** How many earlier messages a new member is sent. */
  readonly replay: number;
  /** Days that a topic keeps an empty room; 0: for good. */
  readonly keepRooms: number;
  /** For how many minutes people may change their messages; 0: never. */
  readonly editMinutes: number;
  /** Lines that every new member is sent. */
  readonly motd: readonly string[];
}

const DAY = 86_400_000; // milliseconds

/** All chat state, and the effects and records that were not taken yet. */
export class Chat {
  readonly options: ChatOptions;
  readonly effects = new Effects();
  readonly members = new Map<MemberId, Member>();
  /** Those of them of whom the others know nothing yet, in the order in which they came. */
  readonly newcomers = new Set<Member>();
  /** Whose each connection is, and who is here from each browser: see `browserOf`. */
  readonly connections = new Map<ConnectionId, Member>();
  readonly browsers = new Map<string, Member>();
  readonly names = new Names();
  readonly ignorers = new Ignorers(this.effects);
  readonly admission = new Admission(this);
  readonly rooms: Rooms;
  /** The last private messages, which their authors may change. */
  readonly whispered = new LastSaid(MOST_WHISPERED);
  readonly accounts = new Accounts();
  readonly bans = new Bans();
  readonly kept = new Kept((record) => this.keep(record));
  readonly waiting = new WaitingMessages((record) => this.keep(record));
  /** The bobchats of a network; of one on its own, none. */
  readonly nodes = new Nodes();
  /** Of a network: the rules by which events are folded; the time of the last envelope and tick (epoch ms). */
  rules = RULES;
  lastAt = 0;
  lastTick = 0;
  /** The numbers of the last message, and of whoever came last. */
  lastMessage = 0;
  lastMember: MemberId = 0;
  /** The time of the event being handled: see `Time` in event.ts. */
  at = 0;
  dueAt = 0;
  /** The client's own number for the input being handled, if it gave one; refusals repeat it. */
  answering: number | undefined;
  /** The random text that a message of this input is known by. */
  nonce: string | undefined;
  #records: Record[] = [];

  constructor(options: ChatOptions) {
    this.options = options;
    this.rooms = new Rooms({
      lasts: options.lasts,
      keepFor: options.keepRooms * DAY,
      now: () => this.dueAt,
      isRegistered: (id) => this.accounts.get(id) !== undefined,
      isHeld: (room) => this.nodes.hold(room),
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

  /** The other members with this name or one that looks like it: there may be one for each of its keys. */
  rivals(name: string, { id }: Member): Member[] {
    return this.names.rivals(name, id).flatMap((each) => this.members.get(each) ?? []);
  }

  /** A member and their connection, by the connection's number. */
  whose(id: ConnectionId): { member: Member; connection: Connection } | undefined {
    const member = this.connections.get(id);
    const connection = member?.connections.find((each) => each.id === id);
    return member && connection && { member, connection };
  }

  /** Notes that a connection is a member's, which has it already. */
  connect(member: Member, connection: Connection): void {
    this.connections.set(connection.id, member);
    const browser = browserOf(connection);
    if (browser !== undefined) this.browsers.set(browser, member);
  }

  /** Forgets a connection of a member. */
  disconnect(member: Member, { id, ...rest }: Connection): void {
    this.connections.delete(id);
    const browser = browserOf(rest);
    if (browser === undefined) return;
    const isLast = !member.connections.some((each) =>
      this.connections.get(each.id) === member && browserOf(each) === browser
    );
    if (isLast) this.browsers.delete(browser);
  }

  /** Sends notices to one connection, one a line. */
  tellAt({ id }: Connection, ...lines: string[]): void {
    for (const text of lines) {
      this.effects.toConnection(id, { kind: "notice", text, at: this.at });
    }
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
    const notice: Notice = { kind: "notice", text, at: this.at, room: room.tag, by };
    this.effects.toRoom(room, notice);
  }

  /** The next message's number. */
  nextMessage(): number {
    return ++this.lastMessage;
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
}

/** What the connections of one browser have in common; those that others can read are not one with those that are private. */
export function browserOf(
  { browser, isPrivate }: { readonly browser?: string; readonly isPrivate: boolean },
): string | undefined {
  return browser === undefined ? undefined : `${isPrivate ? "private" : "open"} ${browser}`;
}
