// What is due as time passes: newcomers are announced, crowds are told who joined and left, and rooms, bans and
// gone nodes that are over are dropped.

import type { Chat } from "./chat.ts";
import type { Tick } from "./event.ts";
import { forgetGone } from "./membership.ts";
import { dropOld } from "./mend.ts";
import { announceDue } from "./newcomers.ts";
import { tellTraffic } from "./traffic.ts";
import { readAlong } from "./visit.ts";

/** Does what is due every few seconds. */
export function tick(chat: Chat, { isSure }: Tick): void {
  forgetGone(chat);
  dropOld(chat);
  announceDue(chat);
  readAlong(chat);
  for (const room of chat.rooms.all()) tellTraffic(chat, room);
  if (!isSure) return;
  chat.rooms.expire();
  for (const { kind, subject } of chat.bans.takeExpired(chat.dueAt)) {
    chat.keep({ kind: "unban", ban: { kind, subject } });
  }
}
