// All commands by name. A new one is a file in this folder and a word here.

import { type Call, find, noSuch, type Table } from "./command.ts";
import { announce } from "./announce.ts";
import { away } from "./away.ts";
import { ban } from "./ban.ts";
import { bans } from "./bans.ts";
import { close } from "./close.ts";
import { deop } from "./deop.ts";
import { echo } from "./echo.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { identify } from "./identify.ts";
import { ignore } from "./ignore.ts";
import { invite } from "./invite.ts";
import { join } from "./join.ts";
import { kick } from "./kick.ts";
import { leave } from "./leave.ts";
import { lock } from "./lock.ts";
import { me } from "./me.ts";
import { msg } from "./msg.ts";
import { mute } from "./mute.ts";
import { nick } from "./nick.ts";
import { op } from "./op.ts";
import { quit } from "./quit.ts";
import { register } from "./register.ts";
import { reply } from "./reply.ts";
import { rooms } from "./rooms.ts";
import { search } from "./search.ts";
import { topic } from "./topic.ts";
import { unban } from "./unban.ts";
import { unignore } from "./unignore.ts";
import { unlock } from "./unlock.ts";
import { unmute } from "./unmute.ts";
import { unregister } from "./unregister.ts";
import { who } from "./who.ts";
import { whois } from "./whois.ts";

/** Every command, in the order that /help lists them. */
export const TABLE: Table = new Map(Object.entries({
  ...{ me, msg, reply, history, search, echo, help, quit },
  ...{ join, leave, rooms, topic, lock, unlock, invite },
  ...{ who, whois, ignore, unignore, away },
  ...{ nick, register, identify, unregister },
  ...{ kick, mute, unmute, ban, unban, bans, close, op, deop, announce },
}));

/** Runs the command of that name, or tells the member what is wrong with it. */
export function run(name: string, call: Omit<Call, "table">): void {
  const { chat, member } = call;
  const command = find(TABLE, name);
  if (command === undefined) return chat.refuse(member, noSuch(TABLE, name, member));
  if (command.group === "For operators" && !member.account?.isOperator) {
    return chat.refuse(member, `/${name.toLowerCase()} is for operators.`);
  }
  const outcome = command.run({ ...call, table: TABLE });
  if (outcome === false) {
    chat.refuse(member, `Usage: /${command.usage} (for example ${command.example})`);
  }
}
