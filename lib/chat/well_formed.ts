// Whether something that another node has sent is an event of a network, field by field: what the fold is given is
// of the types that event.ts says, whoever wrote it into the stream. All nodes must find the same.

import type { Change, SharedEvent, SharedInput } from "./event.ts";
import type { Account, Ban } from "./history.ts";
import type { Verdict } from "./job.ts";

/** Something of which only the fields' names are hoped for. */
type Loose<T> = { readonly [K in T extends unknown ? keyof T : never]?: unknown };

/** Whether a value is an event that a node may send. */
export function isEventOfNode(value: unknown): value is SharedEvent {
  if (!isObject<SharedEvent>(value)) return false;
  const { kind, id } = value;
  switch (kind) {
    case "typed":
      return isNumber(id) && isMaybe(value.isAwaited, isFlag) && isInput(value.input);
    case "join":
      return isNumber(id) && isOneOf(value.speaks, ["lines", "json", "classic"]) &&
        isText(value.address) && isFlag(value.isPrivate) && isFlag(value.isAsked) &&
        isNumber(value.maxLine) && isNumber(value.announceIn) && isNumber(value.maxDevices) &&
        isMaybe(value.browser, isText);
    case "leave":
      return isNumber(id) && isText(value.why) && isMaybe(value.said, isText);
    case "moved":
      return isNumber(id) && isText(value.address);
    case "link":
      return isNumber(id) && isFlag(value.isLost);
    case "job done":
      return isNumber(id) && isMaybe(value.answers, isNumber) &&
        isMaybe(value.isAwaited, isFlag) && isVerdict(value.result);
    case "administered":
      return isNumber(value.lastAccount) && isMaybe(value.isKept, isFlag) &&
        isArray(value.changes, isChange);
    case "node came":
      return isText(value.uuid) && isText(value.name) && isNumber(value.knows);
    case "node left":
      return isNumber(value.node);
    case "node gone":
      return isNumber(value.node) && isNumber(value.epoch) && isNumber(value.counter);
    case "node back":
      return isNumber(value.node) && isNumber(value.epoch);
    case "rules":
      return isNumber(value.rules);
    default:
      // No node sends a tick, or what a history has.
      return false;
  }
}

function isInput(value: unknown): boolean {
  if (!isObject<SharedInput>(value)) return false;
  const { kind, text, id, message } = value;
  if (!isMaybe(id, isNumber)) return false;
  if (kind === "oversize") return isNumber(value.limit);
  if (kind === "read") {
    return isMaybe(value.person, isText) && isNumber(value.upTo) && isMaybe(value.room, isText) &&
      isMaybe(value.receipt, isNumber);
  }
  if (kind === "stranger") return isOneOf(value.speaks, ["HTTP", "TLS", "JSON", "PROXY", "SSH"]);
  if (!isMaybe(value.receipt, isNumber)) return false;
  if (kind === "edit") return isNumber(message) && isText(text);
  if (kind === "delete") return isNumber(message);
  return (kind === "text" || kind === "command" && isText(value.name)) && isText(text) &&
    isMaybe(value.room, isText) && isMaybe(value.nonce, isText) && isMaybe(value.again, isFlag);
}

function isVerdict(value: unknown): boolean {
  if (!isObject<Verdict>(value)) return false;
  const { kind, name, hash, isRight } = value;
  if (kind === "entered") return isFlag(isRight);
  if (kind === "handed over") return isNumber(value.account) && isNumber(value.upTo);
  if (!isText(name) || !isText(hash)) return false;
  return kind === "hashed" || kind === "verified" && isNumber(value.account) && isFlag(isRight) ||
    kind === "changed" && isNumber(value.account) && isMaybe(value.next, isText);
}

function isChange(value: unknown): boolean {
  if (!isObject<Change>(value)) return false;
  switch (value.kind) {
    case "account":
      return isAccount(value.account);
    case "account gone":
      return isNumber(value.id);
    case "ban":
      return isBan(value.ban);
    case "unban":
      return isObject<Ban>(value.ban) && isSubject(value.ban);
    case "forgotten":
      return isObject<{ name: unknown; account?: unknown }>(value.whom) &&
        isText(value.whom.name) && isMaybe(value.whom.account, isNumber);
    default:
      return false;
  }
}

function isAccount(value: unknown): boolean {
  return isObject<Account>(value) && isNumber(value.id) && isText(value.name) &&
    isText(value.key) && isText(value.hash) && isFlag(value.isOperator);
}

function isBan(value: unknown): boolean {
  return isObject<Ban>(value) && isSubject(value) && isText(value.shown) &&
    isFlag(value.isAddress) && isText(value.why) && isText(value.by) &&
    isMaybe(value.until, Number.isFinite);
}

function isSubject({ kind, subject }: Loose<Ban>): boolean {
  return isOneOf(kind, ["ban", "mute"]) && isText(subject);
}

function isObject<T>(value: unknown): value is Loose<T> {
  return typeof value === "object" && value !== null;
}

function isArray(value: unknown, is: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

function isMaybe(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || is(value);
}

function isOneOf(value: unknown, all: readonly string[]): boolean {
  return isText(value) && all.includes(value);
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isFlag(value: unknown): boolean {
  return typeof value === "boolean";
}
