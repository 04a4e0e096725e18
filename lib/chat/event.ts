// What goes in: events, in the one order. Shared events change what others see; they are plain data that JSON
// can carry, and without secrets. The rest are local: they only concern the connection that asks (scope.ts).

import type { Chunk } from "./delivery.ts";
import type { Account, Ban, Forgotten, Saved } from "./history.ts";
import type { JobResult, Verdict } from "./job.ts";
import type { AccountId, ConnectionId } from "./message.ts";
import type { NodeId } from "./node.ts";

/** When the events of a batch happen: given from outside, with every batch. */
export interface Time {
  /** What messages are stamped with, in epoch milliseconds. */
  readonly at: number;
  /** The same for deadlines and ages: after a leap of the clock, the new time counts once it has held. */
  readonly dueAt: number;
}

/** An input that a client may number. */
interface Numbered {
  /** The client's own number for what it asks; a refusal repeats it. */
  readonly id?: number;
}

/** An input whose client may ask for a receipt. */
interface Received extends Numbered {
  /** The number to confirm once the input has been handled. */
  readonly receipt?: number;
}

/** Optional fields of an input. */
interface Asked extends Received {
  /** The room that it is about, by name; by default the one that the member entered last. */
  readonly room?: string;
}

/** What keeps a message from being said twice. */
export interface Once {
  /** A random text that the message is known by. */
  readonly nonce?: string;
  /** Whether it was sent before, maybe to a server that has ended since. */
  readonly again?: boolean;
}

/** One input that a protocol read from a connection. */
export type Input =
  | { readonly kind: "text"; readonly text: string } & Asked & Once
  | { readonly kind: "command"; readonly name: string; readonly text: string } & Asked & Once
  /** An app's user has read a room or, with `person`, the private talk with somebody, up to a message. */
  | { readonly kind: "read"; readonly person?: string; readonly upTo: number } & Asked
  /** Asks whether somebody is here. */
  | { readonly kind: "ask who"; readonly person: string } & Asked
  /** Puts a text in place of a message, by its number. */
  | { readonly kind: "edit"; readonly message: number; readonly text: string } & Received
  /** Takes a message back. */
  | { readonly kind: "delete"; readonly message: number } & Received
  /** Asks for earlier messages of a room, or for the member's private ones: see `Range`. */
  | { readonly kind: "recall"; readonly isPrivate: boolean; readonly range: Range } & Asked
  /** Asks who is in a room, and for its topic. */
  | { readonly kind: "look" } & Asked
  /** The server password from an app; on other protocols it is the first line. */
  | { readonly kind: "password"; readonly text: string } & Numbered
  /** An app has lost its state, and asks who and where it is. */
  | { readonly kind: "refresh" }
  /** A line of more than `limit` bytes, which was discarded. */
  | { readonly kind: "oversize"; readonly limit: number } & Numbered
  /** The first bytes belong to another protocol: no person is there to read the chat. */
  | { readonly kind: "stranger"; readonly speaks: "HTTP" | "TLS" | "JSON" | "PROXY" | "SSH" }
  /** A number to confirm once everything before it has been handled. */
  | { readonly kind: "receipt"; readonly receipt: number }
  /** The protocol owes its client an answer (to a telnet option, say). */
  | { readonly kind: "reply"; readonly chunk: Chunk };

/** The client's own number for an input, if it gave one. */
export function idOf(input: Input): number | undefined {
  return "id" in input ? input.id : undefined;
}

/**
 * Earlier messages: the `count` nearest before or after the message with a number; without a number, the
 * last `count`.
 */
export interface Range {
  readonly before?: number;
  readonly after?: number;
  readonly count: number;
}

/**
 * What a connection speaks: lines, an app's JSON, or v0.1's protocol. Apps are sent state changes and may be
 * in several rooms at once; v0.1's connections are sent nothing until they have spoken.
 */
export type Speaks = "lines" | "json" | "classic";

/** A connection opened. */
export interface Join {
  readonly kind: "join";
  readonly id: ConnectionId;
  readonly speaks: Speaks;
  /** Its IP address; and whether nobody on the way can read its traffic (TLS, or the same machine). */
  readonly address: string;
  readonly isPrivate: boolean;
  /** Whether it must send the server password before it is in. */
  readonly isAsked: boolean;
  /** Most bytes of a text that it sends. */
  readonly maxLine: number;
  /** Milliseconds of silence until the others are told that it is there; 0: they are told at once. */
  readonly announceIn: number;
  /** Most connections that its member may have. */
  readonly maxDevices: number;
  /** A hash of the secret that the tabs of one browser share: they are one person. */
  readonly browser?: string;
}

/** A connection ended: `why` is for the log, `said` for the other members (undefined: it just left). */
export interface Leave {
  readonly kind: "leave";
  readonly id: ConnectionId;
  readonly why: string;
  readonly said?: string;
}

/** A connection's app continues from another IP address. */
export interface Moved {
  readonly kind: "moved";
  readonly id: ConnectionId;
  readonly address: string;
}

/** The link of a connection's app has been lost for a while, or is back. */
export interface LinkChanged {
  readonly kind: "link";
  readonly id: ConnectionId;
  readonly isLost: boolean;
}

/** One input on a connection. */
export interface Typed<I = Input> {
  readonly kind: "typed";
  readonly id: ConnectionId;
  readonly input: I;
  /** Whether the reader waits for the answer before it passes on the next input. */
  readonly isAwaited?: true;
}

/** Some time has passed: periodic work is due. */
export interface Tick {
  readonly kind: "tick";
  /** Whether the time is certain enough to end bans and drop rooms by. */
  readonly isSure: boolean;
}

/** The result of a job: see job.ts. */
export interface JobDone<R = JobResult> {
  readonly kind: "job done";
  readonly id: ConnectionId;
  readonly result: R;
  /** The client's own number for the input that began it, if it gave one. */
  readonly answers?: number;
  /** Whether the reader waits for the answer. */
  readonly isAwaited?: true;
}

/** What the history kept, at the start. */
export interface Restored {
  readonly kind: "restored";
  readonly saved: Saved;
}

/** What another program has changed on disk: an admin command. */
export interface Administered {
  readonly kind: "administered";
  readonly changes: readonly Change[];
  /** The highest number given to an account so far. */
  readonly lastAccount: AccountId;
  /** Whether records are kept of the changes, for the files of other servers. */
  readonly isKept?: true;
}

/** One such change. */
export type Change =
  | { readonly kind: "account"; readonly account: Account }
  | { readonly kind: "account gone"; readonly id: AccountId }
  | { readonly kind: "ban"; readonly ban: Ban }
  | { readonly kind: "unban"; readonly ban: Pick<Ban, "kind" | "subject"> }
  /** Somebody's messages were deleted. */
  | { readonly kind: "forgotten"; readonly whom: Forgotten };

/** A bobchat joins the network: it is given the next number. `knows` are the newest rules it can fold by. */
export interface NodeCame {
  readonly kind: "node came";
  /** The process, by a random number. */
  readonly uuid: string;
  readonly name: string;
  readonly knows: number;
}

/** A node stops: its people leave with it. */
export interface NodeLeft {
  readonly kind: "node left";
  readonly node: NodeId;
}

/** A node is taken for gone: its people leave, if this is still the epoch and counter of its last envelope. */
export interface NodeGone {
  readonly kind: "node gone";
  readonly node: NodeId;
  readonly epoch: number;
  readonly counter: number;
}

/** A node that was taken for gone is here after all, and so are its people. It begins this epoch. */
export interface NodeBack {
  readonly kind: "node back";
  readonly node: NodeId;
  readonly epoch: number;
}

/** New rules of the fold begin, if all nodes know them. */
export interface NewRules {
  readonly kind: "rules";
  readonly rules: number;
}

/** How the network is: its people are told that this node has lost or found it, its operators what is wrong. */
export type NetworkNotice =
  & { readonly kind: "network" }
  & ({ readonly isLost: boolean } | { readonly alarm: string });

/** An input that others see, or whose outcome they see. */
export type SharedInput = Extract<
  Input,
  { kind: "text" | "command" | "edit" | "delete" | "read" | "oversize" | "stranger" }
>;

/** What changes what others see. */
export type SharedEvent =
  | Join
  | Leave
  | Moved
  | LinkChanged
  | Typed<SharedInput>
  | Tick
  | JobDone<Verdict>
  | Restored
  | Administered
  | NodeCame
  | NodeLeft
  | NodeGone
  | NodeBack
  | NewRules;

/** What is answered to its connection alone, and changes nothing that others see. */
export type LocalRequest = Typed | JobDone;

/** What the queue carries. */
export type Event = SharedEvent | LocalRequest | NetworkNotice;
