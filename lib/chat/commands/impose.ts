// Bans, mutes and ended connections, for the operators' commands; each is logged. A ban or mute is of a
// person, by their registered or present name and all that look like it; of an address; or of one guest's
// connection, since guest names are used again.

import { plural } from "../../std/plural.ts";
import { isLoopback, networkOf, Networks, parseNetwork } from "../address.ts";
import { isInForce, type Subject, subjectOf } from "../bans.ts";
import type { Ban } from "../history.ts";
import type { Chat } from "../chat.ts";
import type { AuditEntry } from "../effects.ts";
import type { Member } from "../member.ts";
import { isGuestName, isName, NAME_RULE, nameKey } from "../names.ts";
import type { Refusal } from "../refusals.ts";
import { muteOf, silenced } from "../messages.ts";
import { leave } from "../presence.ts";
import { readTerm, remaining } from "../term.ts";
import { isPerson, nobody, whom } from "../whom.ts";
import { firstWord } from "./command.ts";

/** Most bans and mutes at once. */
const MOST = 10_000;
/** Bits of the widest range that can be banned, so that a slip of the finger does not empty the room. */
const WIDEST = { ipv4: 8, ipv6: 10 };
/** How many names of those that a ban removed the operator is told. */
const NAMES_TOLD = 20;

/** A ban or mute to impose. */
interface Order {
  readonly kind: Ban["kind"];
  readonly subject: Subject;
  /** The members whom it hits. */
  readonly hits: readonly Member[];
}

/** Logs what an operator did. */
export function audit(chat: Chat, member: Member, entry: Omit<AuditEntry, "who">): void {
  chat.effects.push({ kind: "audit", entry: { who: member.name, ...entry } });
}

/** Ends all connections of a member, and says who did it and why. */
export function dismiss(
  chat: Chat,
  member: Member,
  { by, did, why }: { by: string; did: string; why: string },
): void {
  const said = `${did} by ${by}${why && `: ${why}`}`;
  chat.tell(member, `You were ${said}.`);
  chat.nodes.dismiss(member.id, said);
  leave(chat, member, { why: said, said });
}

/** Bans or mutes: `NAME [FOR] [WHY]`. */
export function impose(
  chat: Chat,
  member: Member,
  { kind, text }: { kind: Ban["kind"]; text: string },
): void | false {
  const [word, words] = firstWord(text);
  if (word === "") return false;
  const order = parseNetwork(word) === undefined
    ? orderOnName(chat, member, { kind, name: word })
    : kind === "ban" && orderOnAddress(chat, member, word);
  if (order === false) return false;
  const refusal = silenced(chat, member);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  if ("code" in order) return chat.refuse(member, order);
  const term = readTerm(words);
  if (typeof term === "string") return chat.refuse(member, { code: "time-invalid", text: term });
  if (chat.bans.inForce(chat.dueAt).length >= MOST) {
    return chat.refuse(member, {
      code: "limit",
      text: `There are ${MOST} bans and mutes: /unban some first.`,
    });
  }
  const until = term.lasts === undefined ? undefined : chat.dueAt + term.lasts;
  const ban: Ban = { kind, ...order.subject, why: term.rest, by: member.name, until };
  const did = kind === "ban" && isOfGuest(ban) ? "kick" : kind + remaining(ban, chat.dueAt);
  audit(chat, member, { did, whom: ban.shown, why: ban.why });
  if (kind === "ban") banish(chat, member, { ban, hits: order.hits });
  else silence(chat, member, { ban, hits: order.hits });
}

/** Lifts a ban or mute. */
export function lift(
  chat: Chat,
  member: Member,
  { kind, text }: { kind: Ban["kind"]; text: string },
): void | false {
  if (text === "" || text.includes(" ")) return false;
  const did = kind === "ban" ? "banned" : "muted";
  const person = parseNetwork(text) === undefined ? whom(chat, text, "alike") : undefined;
  const other = person?.member;
  const found = chat.bans.get({ kind, ...subjectOf(text) }) ??
    chat.bans.ofName(kind, person?.name ?? text, chat.dueAt);
  const isOwn = kind === "mute" && other?.mute !== undefined && isInForce(other.mute, chat.dueAt);
  if (found === undefined && !isOwn) {
    const range = kind === "ban" ? chat.bans.ofAddress(text, chat.dueAt) : undefined;
    const where = range && `, but ${range.shown} is, and ${text} with it`;
    return chat.refuse(member, {
      code: "nothing-to-change",
      text: `${text} is not ${did}${where ?? ""}.`,
    });
  }
  if (found !== undefined) {
    chat.bans.remove(found);
    chat.keep({ kind: "unban", ban: { kind, subject: found.subject } });
  }
  const shown = found?.shown ?? person?.name ?? text;
  if (kind === "mute" && other !== undefined) {
    other.mute = undefined;
    const isHeard = muteOf(chat, other) === undefined;
    if (isHeard) chat.tell(other, `${member.name} has unmuted you: others hear you again.`);
  }
  chat.tell(member, `${shown} is no longer ${did}.`);
  audit(chat, member, { did: `un${kind}`, whom: shown, why: "" });
}

/** Whom a ban or mute of a name hits, or why it cannot be imposed. */
function orderOnName(
  chat: Chat,
  member: Member,
  { kind, name }: { kind: Ban["kind"]; name: string },
): Order | Refusal {
  const person = whom(chat, name, "alike");
  if (person !== undefined) {
    if (isPerson(member, person)) return notAllowed(`You cannot ${kind} yourself.`);
    const hits = person.member === undefined ? [] : [person.member];
    return { kind, subject: subjectOfName(person.name), hits };
  }
  // It may have been meant as an address, but is none as it is written.
  if (/^[\d.]*\.[\d.]*$|[:/%]/.test(name.normalize("NFKC"))) {
    const short = name.slice(0, 50).toWellFormed();
    const text = `${short} is no address, no range such as 10.1.2.0/24, and nobody's name.`;
    return { code: "no-such-person", text };
  }
  if (!isName(name, 20)) return { code: "name-invalid", text: `A name is ${NAME_RULE}.` };
  if (isGuestName(name)) {
    const text = `${nobody(name)} Guest names are given to others later.`;
    return { code: "no-such-person", text };
  }
  // If a ban of a name that looks like this one is in force, that is the ban meant.
  const shown = chat.bans.ofName(kind, name, chat.dueAt)?.shown ?? name;
  return { kind, subject: subjectOfName(shown), hits: [] };
}

function notAllowed(text: string): Refusal {
  return { code: "not-allowed", text };
}

function subjectOfName(name: string): Subject {
  return { subject: nameKey(name), shown: name, isAddress: false };
}

function isOfGuest({ isAddress, shown }: Subject): boolean {
  return !isAddress && isGuestName(shown);
}

/** Whom a ban of an address hits, or why it cannot be imposed. */
function orderOnAddress(chat: Chat, member: Member, text: string): Order | Refusal {
  const subject = subjectOf(text);
  const { shown } = subject;
  const [base = "", bits] = shown.split("/");
  const networks = new Networks([shown]);
  if (bits !== undefined && Number(bits) < (base.includes(":") ? WIDEST.ipv6 : WIDEST.ipv4)) {
    const { ipv4, ipv6 } = WIDEST;
    return notAllowed(
      `${shown} is too wide: a range is /${ipv4} at the widest, of IPv6 addresses /${ipv6}.`,
    );
  }
  if (isLoopback(base) || networks.has("127.0.0.1") || networks.has("::1")) {
    return notAllowed(`${shown} is this machine itself, which cannot be banned.`);
  }
  const from = ({ connections }: Member) => connections.find((each) => networks.has(each.address));
  const hits = [...chat.members.values()].filter((each) => from(each) !== undefined);
  const self = { name: "", member, account: member.account };
  const own = hits.find((each) => isPerson(each, self));
  if (own !== undefined) {
    return notAllowed(`You connect from ${from(own)?.address} yourself: this would ban you, too.`);
  }
  return { kind: "ban", subject, hits };
}

/** Bans, and ends the connections of those whom the ban hits. */
function banish(
  chat: Chat,
  member: Member,
  { ban, hits }: { ban: Ban; hits: readonly Member[] },
): void {
  const [guest] = hits;
  if (guest !== undefined && isOfGuest(ban)) {
    dismiss(chat, guest, { by: member.name, did: "kicked", why: ban.why });
    const network = networkOf(guest.connections[0]!.address);
    const isBannable = parseNetwork(network) !== undefined &&
      !("code" in orderOnAddress(chat, member, network));
    return chat.tell(
      member,
      `${guest.name} is gone, but can come back, since guest names are given to others` +
        `${isBannable ? `: /ban ${network} keeps their address out` : ""}.`,
    );
  }
  chat.bans.add(ban);
  chat.keep({ kind: "ban", ban });
  const length = remaining(ban, chat.dueAt);
  for (const other of hits) {
    dismiss(chat, other, { by: member.name, did: `banned${length}`, why: ban.why });
  }
  const asked = ban.isAddress ? chat.admission.expel(new Networks([ban.subject])) : 0;
  chat.tell(
    member,
    `${ban.shown} is banned${length || " until you change that"}. ${told({ ban, hits, asked })}`,
  );
}

/** Whom a ban removed, as a sentence. */
function told(
  { ban, hits, asked }: { ban: Ban; hits: readonly Member[]; asked: number },
): string {
  const count = hits.length + asked;
  const ended = hits.reduce((sum, { connections }) => sum + connections.length, asked);
  if (count === 0) return ban.isAddress ? "Nobody here comes from there." : nobody(ban.shown);
  const names = hits.slice(0, NAMES_TOLD).map(({ name }) => name).join(", ");
  const more = count - Math.min(hits.length, NAMES_TOLD);
  const others = more === 0
    ? ""
    : `${names && " and "}${more} ${names ? "more" : "who had not joined"}`;
  return `This ended ${plural(ended, "connection")}: ${names}${others}.`;
}

/** Mutes a name, or a guest's connection. */
function silence(
  chat: Chat,
  member: Member,
  { ban, hits }: { ban: Ban; hits: readonly Member[] },
): void {
  const [other] = hits;
  const isGuest = isOfGuest(ban);
  if (!isGuest) {
    chat.bans.add(ban);
    chat.keep({ kind: "ban", ban });
  } else if (other !== undefined) other.mute = ban;
  const length = remaining(ban, chat.dueAt);
  if (other !== undefined) {
    const why = ban.why && `: ${ban.why}`;
    chat.tell(other, `You were muted by ${member.name}${length}${why}.`);
  }
  const lasts = isGuest
    ? `${length && `${length}, or`} until they leave: they have no registered name.`
    : `${length || " until you change that"}.`;
  const absent = other === undefined ? ` ${nobody(ban.shown)}` : "";
  chat.tell(member, `${ban.shown} is muted${lasts}${absent}`);
}
