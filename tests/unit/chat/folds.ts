// Random logs of events, hostile ones among them. A log is made of moves; each move looks at the chat as it is
// by then, so that names, rooms and passwords are often those that matter.

import { STATUS } from "./people.ts";
import fc from "fast-check";
import type { ChatOptions } from "../../../lib/chat/chat.ts";
import type { Chunk } from "../../../lib/chat/delivery.ts";
import type { JobOrder } from "../../../lib/chat/effects.ts";
import type { Change, Input, Speaks } from "../../../lib/chat/event.ts";
import type { Account, Ban } from "../../../lib/chat/history.ts";
import type { JobResult } from "../../../lib/chat/job.ts";
import type { Message } from "../../../lib/chat/message.ts";
import { nameKey } from "../../../lib/chat/names.ts";
import { Fold, type Log, type LogEvent, printable, type Step, type Timed } from "./logs.ts";
import {
  ADDRESSES,
  COMMANDS,
  NAMES,
  NETWORKS,
  ORDERS,
  PASSWORDS,
  ROOMS,
  TERMS,
  TEXTS,
} from "./vocabulary.ts";

/** Kinds of moves, the frequent ones several times. */
const KINDS = [
  ...["join", "join", "join", "leave", "moved", "text", "text", "text", "text", "mend"] as const,
  ...["command", "command", "command", "command", "command", "command", "command"] as const,
  ...["order", "order", "order", "order", "order", "attach", "attach", "attach", "link"] as const,
  ...["register", "register", "crown", "finish", "finish", "finish", "tick", "time"] as const,
  ...[
    "administered",
    "local",
    "local",
    "odd",
    "read",
    "return",
    "doubled",
    "crowd",
    "fill",
    "lock",
    "lock",
  ] as const,
];

/** What happens next: a kind, and choices of what is there by then. */
export interface Move {
  readonly kind: typeof KINDS[number];
  readonly who: number;
  readonly what: number;
  readonly how: number;
  readonly text: string;
}

export const MOVE: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.nat(999),
  what: fc.nat(9999),
  how: fc.nat(999),
  text: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...TEXTS) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  ),
});

/** Three people come, and the first two are an operator and a registered member. */
export const OPENING: readonly Move[] = [
  ...[0, 1, 6].map((how): Move => ({ kind: "join", who: 0, what: how, how, text: "" })),
  { kind: "crown", who: 1, what: 0, how: 1, text: "" },
  { kind: "register", who: 3, what: 1, how: 1, text: "" },
];

export const OPTIONS: fc.Arbitrary<ChatOptions> = fc.record({
  lasts: fc.boolean(),
  replay: fc.constantFrom(0, 5),
  keepRooms: fc.constantFrom(0, 1, 30),
  editMinutes: fc.constantFrom(0, 1, 60),
  motd: fc.constantFrom([], ["Be kind."]),
});

/** Random logs; in one of eight everyone speaks v0.1's protocol. */
export function logs({ moves = 60 } = {}): fc.Arbitrary<Log> {
  // Without a bias towards small numbers, which would choose the first of every list.
  return fc.noBias(fc.record({
    options: OPTIONS,
    isClassic: fc.nat(7).map((nat) => nat === 7),
    isAsked: fc.nat(5).map((nat) => nat === 5),
    begins: fc.constantFrom([], OPENING, OPENING),
    moves: fc.array(MOVE, { maxLength: moves, size: "max" }),
  })).map(({ options, begins, moves, ...kind }) => {
    const writer = new LogWriter(options, kind);
    for (const move of [...begins, ...moves]) writer.make(move);
    return printable({ options, events: writer.events });
  });
}

/** A stand-in for a password's hash, which does not have the password in it. */
function hashOf(password: string): string {
  return `hash${PASSWORDS.indexOf(password)}`;
}

/** What is the same throughout a log: whether all speak v0.1's protocol, and whether there is a server password. */
export interface Kind {
  readonly isClassic: boolean;
  readonly isAsked: boolean;
}

/** Makes a log of moves, and folds it meanwhile. */
export class LogWriter {
  readonly events: Timed[] = [];
  protected readonly fold: Fold;
  readonly #isClassic: boolean;
  readonly #isAsked: boolean;
  readonly #jobs: JobOrder[] = [];
  readonly #said: Message[] = [];
  protected at = 1_000_000;
  #dueAt = 1_000_000;
  #lastConnection = 0;
  #marks = 0;
  #isOver = false;

  constructor(options: ChatOptions, { isClassic, isAsked }: Kind) {
    this.fold = Fold.of({ options });
    this.#isClassic = isClassic;
    this.#isAsked = isAsked;
    const saved = {
      lastMessage: 7,
      lastRoom: 3,
      lastAccount: 0,
      accounts: [],
      bans: [],
      visits: [],
      waiting: [],
    };
    const room = { id: 3, name: "cake", key: "cake", topic: "", isLocked: false, invited: [] };
    const said: Message = {
      ...{ kind: "message", id: 6, at: 999_000, by: { member: 0, account: 1 }, from: "alice" },
      ...{ text: "earlier", room: { id: 1, name: "lobby" } },
    };
    this.add({ kind: "restored", saved: { ...saved, rooms: [room], said: [said] } });
  }

  make({ kind, who, what, how, text }: Move): void {
    const { chat } = this.fold;
    const id = this.someone(who);
    switch (kind) {
      case "join":
        return void this.#join(what, how);
      case "leave":
        return this.add({ kind: "leave", id, why: "left", said: how % 2 ? text : undefined });
      case "moved":
        return this.add({ kind: "moved", id, address: pick(ADDRESSES, what) });
      case "text":
        return this.#type(id, { kind: "text", text: this.#marked(text) }, how);
      case "mend":
        return this.#mend(id, { what, how, text });
      case "command":
        return this.#command(id, pick(COMMANDS, what), { what, how, text });
      case "attach":
        return this.#attach(id, { what, how });
      case "link":
        return this.add({ kind: "link", id, isLost: how % 3 > 0 });
      case "order": {
        const operators = chat.members.values().filter(({ account }) => account?.isOperator);
        const operator = how % 8 === 0 ? undefined : pick([...operators], who);
        return this.#command(operator?.connections[0]?.id ?? id, pick(ORDERS, what), {
          what,
          how,
          text,
        });
      }
      case "register":
      case "crown":
        return this.#register(id, { what, isOperator: kind === "crown" });
      case "finish":
        return this.#finish(what, how);
      case "tick":
        return this.add({ kind: "tick", isSure: how % 4 > 0 });
      case "time": {
        const past = pick([1, 1000, 60_000, 86_400_000, 31 * 86_400_000, -5000], what);
        this.at += past;
        if (how % 4 > 0) this.#dueAt = this.at;
        return;
      }
      case "administered":
        return this.#administer(what, how);
      case "local":
        return this.#type(id, this.#local(what, how, text), how);
      case "odd": {
        const inputs: readonly Input[] = [
          { kind: "oversize", limit: 64 },
          { kind: "oversize", limit: 64, id: how },
          { kind: "stranger", speaks: how % 2 ? "HTTP" : "TLS" },
        ];
        return this.#type(id, pick(inputs, what), how);
      }
      case "read": {
        const person = how % 2 ? pick(NAMES, what) : undefined;
        const upTo = how % 3 ? chat.lastMessage - what % 4 : what;
        return this.#type(id, { kind: "read", person, upTo }, how);
      }
      case "return":
        return this.#return(what, how);
      case "doubled": {
        const last = this.events.at(-1)![2];
        if (last.kind !== "restored") this.add(last);
        return;
      }
      case "crowd":
        // One of many such moves is enough, and they cost time.
        if (how < 150) { for (let i = 0; i < 52; i++) this.#join(0, i); }
        return;
      case "lock": {
        const name = pick(ROOMS.slice(0, 5), what);
        this.#type(id, command("join", name), 1);
        if (how % 3 > 0) this.#type(id, command("topic", this.#marked(text)), 1);
        return this.#type(id, command("lock", ""), 1);
      }
      case "fill":
        for (let i = 0; i < 11; i++) this.#type(id, command("join", `room${what % 50}${i}`), how);
    }
  }

  protected add(event: LogEvent): void {
    if (this.#isOver) return;
    const timed: Timed = [this.at, this.#dueAt, event];
    this.events.push(timed);
    this.note(this.#step(timed));
  }

  /** Notes the jobs that were started, and what was said. */
  protected note({ effects, records }: Pick<Step, "effects" | "records">): void {
    for (const effect of effects) if (effect.kind === "job") this.#jobs.push(effect);
    for (const record of records) if (record.kind === "said") this.#said.push(record.message);
  }

  /** The number of the connection that comes next. */
  protected idOf(count: number, _how: number): number {
    return count;
  }

  /** Folds an event. If that throws, the log ends there: whoever folds it sees it too. */
  #step(timed: Timed): Pick<Step, "effects" | "records"> {
    try {
      return this.fold.step(timed);
    } catch {
      this.#isOver = true;
      return { effects: [], records: [] };
    }
  }

  /** Has somebody come; returns the number of the connection. */
  #join(what: number, how: number): number {
    const speaks: Speaks = this.#isClassic ? "classic" : how % 3 === 0 ? "json" : "lines";
    const address = pick(ADDRESSES, what);
    const id = this.idOf(++this.#lastConnection, how);
    this.add({
      kind: "join",
      id,
      speaks,
      address,
      isPrivate: how % 2 === 0,
      isAsked: this.#isAsked,
      maxLine: how % 5 === 4 ? 64 : 1024,
      announceIn: how % 3 === 1 ? 5000 : 0,
      maxDevices: how % 7 === 6 ? 2 : 10,
      ...(speaks === "json" && how % 2 === 0 ? { browser: pick(["one", "two"], how / 6 | 0) } : {}),
    });
    const isAsked = this.fold.chat.admission.get(id) !== undefined;
    if (!isAsked || how % 4 === 0) return id;
    this.#type(id, { kind: speaks === "json" ? "password" : "text", text: pick(PASSWORDS, 0) }, 1);
    this.#finish(-1, 0);
    return id;
  }

  #type(id: number, input: Input, how: number): void {
    const isAwaited = how % 5 === 0 ? true : undefined;
    const rooms = Array.from(this.fold.chat.rooms.all(), ({ name }) => name);
    const extra = {
      ...(how % 3 === 0 ? { id: how } : {}),
      ...(how % 7 === 0 ? { receipt: how } : {}),
      ...(how % 11 === 0 ? { room: pick([...rooms, ...rooms, ...ROOMS], how) } : {}),
    };
    const isPlain = ["reply", "stranger", "refresh", "receipt"].includes(input.kind);
    this.add({ kind: "typed", id, input: isPlain ? input : { ...input, ...extra }, isAwaited });
  }

  #command(
    id: number,
    [name, ...takes]: readonly [name: string, ...takes: readonly string[]],
    { what, how, text }: Pick<Move, "what" | "how" | "text">,
  ): void {
    const { chat } = this.fold;
    const names = [
      ...chat.members.values().map(({ name }) => name),
      ...Array.from(chat.accounts.all(), ({ name }) => name),
    ];
    if (name.startsWith("un")) names.push(...Array.from(chat.bans.all(), ({ shown }) => shown));
    const rooms = Array.from(chat.rooms.all(), ({ name }) => name);
    const parts = takes.map((take, index) => {
      const n = Math.floor(what / 40) + 7 * how + index;
      const isKnown = n % 3 > 0;
      switch (take) {
        case "name":
          // Without a name, the password would be taken for one.
          return pick(isKnown && name !== "nick" ? names : NAMES, n) || "x";
        case "network":
          return pick(NETWORKS, n);
        case "room":
          return pick(isKnown ? rooms : ROOMS, n);
        case "number":
          return String(n % 4);
        case "term":
          return pick(TERMS, n);
        case "words":
          return this.#marked(text);
        case "password":
          return pick(PASSWORDS, n);
        case "text":
          return text;
        case "own":
          return chat.connections.get(id)?.name ?? "";
      }
      return "";
    });
    this.#type(id, command(name, parts.filter((part) => part !== "").join(" ")), how);
  }

  /** Somebody proves to be an account's owner, who is here already if anybody with an account is. */
  #attach(id: number, { what, how }: Pick<Move, "what" | "how">): void {
    const { chat } = this.fold;
    const here = [...chat.members.values()].flatMap(({ account }) => account ?? []);
    const account = pick(here.length > 0 && how % 5 > 0 ? here : [...chat.accounts.all()], what);
    if (account === undefined) return;
    const { id: number, name, hash } = account;
    const result = { kind: "verified", name, account: number, hash, isRight: how % 7 > 0 } as const;
    this.add({ kind: "job done", id, result });
  }

  /** Somebody changes a message or takes it back: mostly a late one of their own. */
  #mend(id: number, { what, how, text }: Pick<Move, "what" | "how" | "text">): void {
    const member = this.fold.chat.whose(id)?.member.id;
    const late = this.#said.slice(-20);
    const own = late.filter(({ by }) => by.member === member);
    const said = pick(what % 4 === 0 ? this.#said : what % 4 === 1 ? late : own, how);
    const message = said?.id ?? how;
    if (what % 3 === 0) return this.#type(id, { kind: "delete", message }, how);
    const again = what % 7 === 1 ? said?.text ?? "" : this.#marked(text);
    this.#type(id, { kind: "edit", message, text: what % 7 === 2 ? text : again }, how);
  }

  /** Has somebody take a name and register it, and perhaps be made an operator. */
  #register(id: number, { what, isOperator }: { what: number; isOperator: boolean }): void {
    const { chat } = this.fold;
    if (chat.whose(id)?.member.account === undefined) {
      this.#type(id, command("nick", pick(NAMES.slice(0, 11), what)), 1);
      const register = command("register", pick(PASSWORDS, what));
      for (let i = 0; i < 2; i++) this.#type(id, register, 1);
      this.#finish(-1, 0);
    }
    const account = chat.whose(id)?.member.account;
    if (isOperator && account !== undefined) this.#change({ ...account, isOperator });
  }

  /** Has somebody with an account leave, get words while they are away, and come back. */
  #return(what: number, how: number): void {
    const { chat } = this.fold;
    const account = pick([...chat.accounts.all()], what);
    if (account === undefined) return;
    const members = chat.members.values().filter((member) => member.account?.id === account.id);
    for (const { connections } of [...members]) {
      this.add({ kind: "leave", id: connections[0]!.id, why: "left" });
    }
    for (let i = 0; i < how % 3; i++) {
      const words = `${account.name} ${this.#marked("while you were away")}`;
      this.#type(this.someone(how + i), command("msg", words), 1);
    }
    const id = this.#join(what, how);
    const password = PASSWORDS.find((each) => hashOf(each) === account.hash) ?? "";
    this.#type(id, command("nick", `${account.name} ${password}`), 1);
    for (let i = 0; i < 2; i++) this.#finish(-1, how % 7 === 6 ? 7 : 0);
  }

  #change(account: Account): void {
    this.add({
      kind: "administered",
      changes: [{ kind: "account", account }],
      lastAccount: account.id,
    });
  }

  /** Has a job's result come back: the right one, a wrong one, one for another connection, or the same twice. */
  #finish(which: number, how: number): void {
    const order = this.#jobs.at(which < 0 ? which : which % (this.#jobs.length || 1));
    if (order === undefined) return;
    // A result may come late: the order stays now and then, and has another result.
    if (how % 6 > 0 || which < 0) this.#jobs.splice(this.#jobs.indexOf(order), 1);
    const { connection, answers, isAwaited } = order;
    const id = how % 9 === 8 ? this.someone(how) : connection;
    const result = this.#result(order, how);
    for (let i = 0; i < (how % 8 === 7 ? 2 : 1); i++) {
      this.add({ kind: "job done", id, result, answers, isAwaited });
    }
  }

  #result({ job }: JobOrder, how: number): JobResult {
    if (how % 7 === 6) return how % 2 ? { kind: "busy" } : { kind: "later", wait: how * 1000 };
    switch (job.kind) {
      case "search":
        return {
          kind: "found",
          messages: this.#said.slice(-5).reverse(),
          trouble: how % 4 ? undefined : "malformed",
        };
      case "status":
        return { kind: "status", status: STATUS };
      case "enter":
        return { kind: "entered", isRight: how % 5 < 4 && job.password === PASSWORDS[0] };
      case "hash":
        return { kind: "hashed", name: job.name, hash: hashOf(job.password) };
      case "verify": {
        const { name, account, hash } = job;
        const isRight = hash === hashOf(job.password) || how % 5 === 4;
        return { kind: "verified", name, account, hash, isRight };
      }
      case "change": {
        const { name, account, hash } = job;
        const isRight = hash === hashOf(job.password) || how % 5 === 4;
        return { kind: "changed", name, account, hash, ...isRight && { next: hashOf(job.next) } };
      }
      case "hand over":
        return { ...job, kind: "handed over" };
    }
  }

  #administer(what: number, how: number): void {
    const { chat } = this.fold;
    const accounts = [...chat.accounts.all()], bans = [...chat.bans.all()];
    const account = pick(accounts, what);
    const name = pick(NAMES.slice(0, 11), how);
    const isAddress = how % 3 === 0;
    const shown = isAddress ? pick(NETWORKS, what) : name;
    const ban: Ban = {
      ...{ kind: isAddress || how % 2 ? "ban" : "mute", isAddress, shown },
      ...{ subject: isAddress ? shown : nameKey(name), why: "because", by: "host" },
      until: how % 4 ? this.#dueAt + how * 1000 : undefined,
    };
    const gone = pick(bans, how);
    const id = chat.accounts.lastId + 1;
    const changes: (Change | undefined)[] = [
      account && { kind: "account", account: { ...account, isOperator: how % 2 === 0 } },
      account && { kind: "account", account: { ...account, hash: hashOf(pick(PASSWORDS, how)) } },
      account && { kind: "account", account: { ...account, name, key: nameKey(name) } },
      account && { kind: "account gone", id: account.id },
      {
        kind: "account",
        account: { id, name, key: nameKey(name), hash: "hash0", isOperator: how % 5 === 0 },
      },
      { kind: "ban", ban },
      gone && { kind: "unban", ban: { kind: gone.kind, subject: gone.subject } },
    ];
    const change = pick(changes, what);
    const lastAccount = chat.accounts.lastId + (what % 7 === 4 ? 1 : 0);
    const forgotten: Change = { kind: "forgotten", whom: { name, account: account?.id } };
    const isKept = how % 2 === 0 || undefined;
    if (change === undefined) return;
    this.add({ kind: "administered", changes: [change, forgotten], lastAccount, isKept });
  }

  #local(what: number, how: number, text: string): Input {
    return pick<Input>([
      { kind: "recall", isPrivate: how % 2 === 0, range: { count: how % 50 } },
      { kind: "recall", isPrivate: how % 2 === 0, range: { before: how, count: 5 } },
      { kind: "look" },
      { kind: "password", text: pick(PASSWORDS, how) },
      { kind: "refresh" },
      { kind: "receipt", receipt: how },
      { kind: "reply", chunk: { bytes: text } as unknown as Chunk },
      command("help", text),
      command("search", `tea ${text}`),
      command("echo", how % 2 ? "on" : "off"),
      command("identify", pick(PASSWORDS, how)),
      { kind: "ask who", person: pick(NAMES, how) },
    ], what);
  }

  /** A connection's number: mostly of one that is here, now and then of one that is gone or never was. */
  protected someone(who: number): number {
    if (who % 20 === 19) return 1 + who % (this.#lastConnection + 2);
    const here = [...this.fold.chat.connections.keys()];
    const asked = Array.from(this.fold.chat.admission.all(), ({ join }) => join.id);
    // Those who came first are chosen most, so that they get somewhere.
    const few = here.slice(0, who % 2 ? 3 : Infinity);
    return pick([...few, ...asked], Math.floor(who / 2)) ?? 1;
  }

  #marked(text: string): string {
    return `m${++this.#marks}m ${text}`;
  }
}

function command(name: string, text: string): Extract<Input, { kind: "command" }> {
  return { kind: "command", name, text };
}

/** An entry of a list, by any number. */
export function pick<T>(list: readonly T[], which: number): T {
  return list[which % (list.length || 1)]!;
}
