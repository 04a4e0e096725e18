// Shared events that are well-typed and otherwise anything: from a server that is broken, late or hostile.

import fc from "fast-check";
import type { Envelope } from "../../../lib/chat/envelope.ts";
import type { Change, SharedEvent, SharedInput } from "../../../lib/chat/event.ts";
import type {
  Account,
  Ban,
  Saved,
  SavedRoom,
  SavedVisit,
  Waiting,
} from "../../../lib/chat/history.ts";
import type { Verdict } from "../../../lib/chat/job.ts";
import type { ReadMark } from "../../../lib/chat/history.ts";
import { nameKey } from "../../../lib/chat/names.ts";
import { NODE_SPAN } from "../../../lib/chat/node.ts";
import type { Timed } from "./logs.ts";
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

const ID = fc.integer({ min: 1, max: 9 });
const NUMBER = fc.oneof(ID, fc.integer(), fc.maxSafeInteger());
const WORD = fc.constantFrom(...NAMES, ...ROOMS, ...NETWORKS, ...TERMS, ...TEXTS, ...ADDRESSES);
const TEXT = fc.oneof(
  { weight: 6, arbitrary: WORD },
  {
    weight: 3,
    arbitrary: fc.array(WORD, { minLength: 2, maxLength: 3 }).map((all) => all.join(" ")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);
const FLAG = fc.boolean();
const COMMAND = fc.constantFrom(...[...COMMANDS, ...ORDERS].map(([name]) => name));

/** A record of these fields, in which those that may be missing sometimes are. */
function record<T, K extends keyof T>(
  fields: { [F in keyof T]: fc.Arbitrary<T[F]> },
  ...optional: K[]
) {
  const requiredKeys = (Object.keys(fields) as (keyof T)[])
    .filter((key) => !optional.includes(key as K));
  return fc.record(fields, { requiredKeys }) as fc.Arbitrary<Omit<T, K> & Partial<Pick<T, K>>>;
}

function is<K extends string>(kind: K): fc.Arbitrary<K> {
  return fc.constant(kind);
}

const ASKED = { id: NUMBER, receipt: NUMBER, room: TEXT };
const INPUT: fc.Arbitrary<SharedInput> = fc.oneof(
  record({ kind: is("text"), text: TEXT, ...ASKED }, "id", "receipt", "room"),
  record({ kind: is("command"), name: COMMAND, text: TEXT, ...ASKED }, "id", "receipt", "room"),
  record({ kind: is("command"), name: TEXT, text: TEXT, ...ASKED }, "id", "receipt", "room"),
  record(
    { kind: is("read"), upTo: NUMBER, person: TEXT, ...ASKED },
    ...["person", "id", "receipt", "room"] as const,
  ),
  record(
    { kind: is("edit"), message: NUMBER, text: TEXT, id: NUMBER, receipt: NUMBER },
    "id",
    "receipt",
  ),
  record({ kind: is("delete"), message: NUMBER, id: NUMBER, receipt: NUMBER }, "id", "receipt"),
  record({ kind: is("oversize"), limit: NUMBER, id: NUMBER }, "id"),
  fc.record({ kind: is("stranger"), speaks: fc.constantFrom("HTTP" as const, "TLS" as const) }),
);

const HASH = fc.constantFrom(...PASSWORDS.map((_, i) => `hash${i}`));
const VERDICT: fc.Arbitrary<Verdict> = fc.oneof(
  fc.record({ kind: is("entered"), isRight: FLAG }),
  fc.record({ kind: is("hashed"), name: TEXT, hash: HASH }),
  fc.record({ kind: is("verified"), name: TEXT, account: NUMBER, hash: HASH, isRight: FLAG }),
  record({ kind: is("changed"), name: TEXT, account: NUMBER, hash: HASH, next: HASH }, "next"),
  fc.record({ kind: is("handed over"), account: NUMBER, upTo: NUMBER }),
);

/** Its key is the name's: a file has no other. */
const ACCOUNT: fc.Arbitrary<Account> = fc.record({
  ...{ id: ID, name: TEXT, hash: HASH, isOperator: FLAG },
}).map((account) => ({ ...account, key: nameKey(account.name) }));
const BAN: fc.Arbitrary<Ban> = record({
  kind: fc.constantFrom("ban" as const, "mute" as const),
  ...{ subject: TEXT, shown: TEXT, isAddress: FLAG, why: TEXT, by: TEXT, until: NUMBER },
}, "until");
const ROOM: fc.Arbitrary<SavedRoom> = record(
  {
    ...{ id: ID, name: TEXT, key: TEXT, topic: TEXT, owner: ID, isLocked: FLAG },
    ...{ invited: fc.array(ID), emptySince: NUMBER },
  },
  "owner",
  "emptySince",
);
const MARK: fc.Arbitrary<ReadMark> = fc.oneof(
  fc.record({ room: ID, upTo: NUMBER }),
  fc.record({ person: TEXT, upTo: NUMBER }),
);
const VISIT: fc.Arbitrary<SavedVisit> = fc.record({
  ...{ account: ID, ignored: fc.array(TEXT), rooms: fc.array(TEXT), marks: fc.array(MARK) },
});
const AUTHOR = record({ member: ID, account: ID }, "account");
const WAITING: fc.Arbitrary<Waiting> = fc.record({
  account: ID,
  network: TEXT,
  message: fc.record({
    ...{ kind: is("private"), id: NUMBER, at: NUMBER, by: AUTHOR, from: TEXT, text: TEXT },
    to: AUTHOR.map((author) => ({ ...author, name: "bob" })),
  }),
});
const SAVED: fc.Arbitrary<Saved> = fc.record({
  ...{ lastMessage: NUMBER, lastRoom: NUMBER, lastAccount: NUMBER },
  ...{ accounts: fc.array(ACCOUNT), bans: fc.array(BAN), rooms: fc.array(ROOM) },
  visits: fc.array(VISIT),
  waiting: fc.array(WAITING),
});
const CHANGE: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: is("account"), account: ACCOUNT }),
  fc.record({ kind: is("account gone"), id: ID }),
  fc.record({ kind: is("ban"), ban: BAN }),
  fc.record({ kind: is("unban"), ban: BAN }),
  fc.record({ kind: is("forgotten"), whom: record({ name: TEXT, account: ID }, "account") }),
);

const NODE = fc.integer({ min: 0, max: 4 });
const NODE_EVENT: fc.Arbitrary<SharedEvent> = fc.oneof(
  fc.record({ kind: is("node came"), uuid: WORD, name: TEXT, knows: NUMBER }),
  fc.record({ kind: is("node left"), node: NODE }),
  fc.record({ kind: is("node gone"), node: NODE, epoch: NODE, counter: NODE }),
  fc.record({ kind: is("node back"), node: NODE, epoch: NODE }),
);
const EVENT: fc.Arbitrary<SharedEvent> = fc.oneof(
  { weight: 3, arbitrary: NODE_EVENT },
  fc.record({
    kind: is("join"),
    id: ID,
    speaks: fc.constantFrom("lines" as const, "json" as const, "classic" as const),
    ...{ address: TEXT, isPrivate: FLAG, isAsked: FLAG, maxLine: NUMBER, announceIn: fc.nat(9) },
    maxDevices: fc.integer({ min: -1, max: 3 }),
    browser: fc.constantFrom(undefined, "a", "b"),
  }),
  record({ kind: is("leave"), id: ID, why: TEXT, said: TEXT }, "said"),
  fc.record({ kind: is("moved"), id: ID, address: TEXT }),
  fc.record({ kind: is("link"), id: ID, isLost: FLAG }),
  fc.record({ kind: is("tick"), isSure: FLAG }),
  {
    weight: 6,
    arbitrary: record({
      ...{ kind: is("typed"), id: ID, input: INPUT, isAwaited: fc.constant(true as const) },
    }, "isAwaited"),
  },
  record({ kind: is("job done"), id: ID, result: VERDICT, answers: NUMBER }, "answers"),
  fc.record({ kind: is("restored"), saved: SAVED }),
  record({
    ...{ kind: is("administered"), changes: fc.array(CHANGE), lastAccount: NUMBER },
    isKept: fc.constant(true as const),
  }, "isKept"),
);

/** Any envelope, as JSON has carried it. */
export const HOSTILE_ENVELOPE: fc.Arbitrary<Envelope> = fc.record({
  ...{ rules: fc.integer({ min: 0, max: 2 }), node: NODE, epoch: NODE, counter: NODE },
  events: fc.array(fc.oneof(EVENT, EVENT.map(onNode)), { maxLength: 4 }),
}).map((envelope) => JSON.parse(JSON.stringify(envelope)));

/** An event of a connection on a node of a network. */
function onNode(event: SharedEvent): SharedEvent {
  return "id" in event ? { ...event, id: event.id + (1 + event.id % 3) * NODE_SPAN } : event;
}

/** Any shared event, at any time, as JSON has carried it. */
export const HOSTILE: fc.Arbitrary<Timed<SharedEvent>> = fc.tuple(NUMBER, NUMBER, EVENT)
  .map((timed) => JSON.parse(JSON.stringify(timed)));
