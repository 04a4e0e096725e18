// Passwords that people type: what can be told at once is, and the rest is a job's work. A password arrives with
// a local request and leaves with a job; it is kept nowhere, and in no shared event. Verdicts: identity.ts.

import type { Account } from "./history.ts";
import type { Request } from "./commands/command.ts";
import { allowedName, looksLike, nameBanned } from "./identity.ts";
import type { Job } from "./job.ts";
import { silenced } from "./messages.ts";
import { checkName } from "./names.ts";
import type { Refusal } from "./refusals.ts";

/** Least and most characters of a password. */
export const LEAST = 8, MOST = 200;

/** Claims a registered name by its password: `/nick NAME PASSWORD`. */
export function claim(
  request: Request,
  { wanted, password }: { wanted: string; password: string },
): void {
  const { chat, member } = request;
  const name = allowedName(chat, member, wanted);
  if (typeof name !== "string") return chat.refuse(member, name);
  const account = chat.accounts.rival(name);
  if (account === undefined) {
    return chat.refuse(member, {
      code: "not-registered",
      text: `${name} is not registered: /nick ${name} without a password takes it.`,
    });
  }
  if (chat.accounts.find(name) !== account) {
    return chat.refuse(member, looksLike(name, account));
  }
  prove(request, account, password);
}

/** Proves, by its password, that the name that a member claims or has is its own. */
export function identify(request: Request, password: string): void {
  const { chat, member } = request;
  const wanted = member.claims || member.name;
  const account = chat.accounts.find(wanted);
  if (account === undefined) {
    return chat.refuse(member, {
      code: "not-registered",
      text: `${wanted} is not registered: take your name with /nick NAME first.`,
    });
  }
  if (member.account?.id === account.id) {
    return chat.refuse(member, {
      code: "nothing-to-change",
      text: `You are ${account.name} already.`,
    });
  }
  const refusal = silenced(chat, member) ?? nameBanned(chat, account.name);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  prove(request, account, password);
}

/** Registers the name that a member has. */
export function register(request: Request, password: string): void {
  const { chat, member, connection } = request;
  const { name } = member;
  if (member.account !== undefined) {
    return chat.refuse(member, { code: "nothing-to-change", text: `${name} is yours already.` });
  }
  if ("refused" in checkName(name)) {
    return chat.refuse(member, {
      code: "guest-name",
      text: "A guest name cannot be registered: /nick NAME first.",
    });
  }
  const refusal = unfit(request, password);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  startJob(request, { kind: "hash", name, password, address: connection.address });
}

/** Changes the password of a member's account. */
export function changePassword(
  request: Request,
  { old: password, next }: { old: string; next: string },
): void {
  const { chat, member, connection: { address } } = request;
  if (member.account === undefined) {
    const text = "You have not identified: /identify PASSWORD or /register PASSWORD first.";
    return chat.refuse(member, { code: "not-registered", text });
  }
  const refusal = unfit(request, next);
  if (refusal !== undefined) return chat.refuse(member, refusal);
  const { id: account, name, hash } = member.account;
  startJob(request, { kind: "change", name, account, password, next, hash, address });
}

/** Why a new password cannot be taken, or not yet. */
function unfit({ connection, local }: Request, password: string): Refusal | undefined {
  if (password.length < LEAST || password.length > MOST) {
    return { code: "password-invalid", text: `A password has ${LEAST} to ${MOST} characters.` };
  }
  if (connection.isPrivate || local.isWarned) return undefined;
  local.isWarned = true;
  return {
    code: "not-encrypted",
    text: "This connection is not encrypted: others may be able to read your password. " +
      "Use one that you use nowhere else, and type the command again to go on.",
  };
}

/** Starts a job for a connection, which can have one at a time. */
export function startJob({ chat, member, connection: { id }, local }: Request, job: Job): void {
  if (local.isWaiting) {
    return chat.refuse(member, { code: "busy", text: "Wait for the answer to your last command." });
  }
  local.isWaiting = true;
  const { answering: answers } = chat;
  chat.effects.push({ kind: "job", connection: id, job, answers, isAwaited: undefined });
}

function prove(request: Request, { id, name, hash }: Account, password: string): void {
  const { address } = request.connection;
  startJob(request, { kind: "verify", name, account: id, password, hash, address });
}
