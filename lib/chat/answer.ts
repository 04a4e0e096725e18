// Local requests: each is answered in its place in the order, from the chat as it is there, and changes nothing
// that others see. They may have a password in them, which goes to a job and nowhere else.

import type { Asked } from "./admission.ts";
import type { Chat } from "./chat.ts";
import { answer as answerCommand } from "./commands/table.ts";
import type { LocalConnection } from "./connections.ts";
import type { Input, LocalRequest, Time, Typed } from "./event.ts";
import { begin, confirm } from "./fold.ts";
import { requestPage, unreadable } from "./history_page.ts";
import type { Found } from "./history.ts";
import type { JobResult } from "./job.ts";
import { type Connection, type Member, NO_FILTER, wantsAgain } from "./member.ts";
import { tooLong } from "./messages.ts";
import { type Room, roomOf } from "./room.ts";
import { look, refresh } from "./show.ts";
import { describe } from "./status.ts";
import { presenceOf } from "./whom.ts";

/** Whose request it is. */
interface Whose {
  readonly member: Member;
  readonly connection: Connection;
  readonly local: LocalConnection;
}

/** Answers a request of a connection of this process. */
export function answer(
  chat: Chat,
  event: LocalRequest,
  { local, time }: { local: LocalConnection; time: Time },
): void {
  begin(chat, event, time);
  const asked = chat.admission.get(event.id);
  const whose = chat.whose(event.id);
  if (asked !== undefined) {
    // Its verdict is the answer to a guess.
    if (answerAsked(chat, { asked, local }, event)) return;
  } else if (whose !== undefined) {
    if (event.kind === "job done") conclude(chat, whose.member, event.result);
    else answerInput(chat, { ...whose, local }, event);
  }
  if (event.isAwaited) chat.effects.push({ kind: "answered", connection: event.id });
}

/** Answers a connection that is asked for the password; returns whether it has guessed, or has a guess under way. */
function answerAsked(
  chat: Chat,
  { asked: { join }, local }: { asked: Asked; local: LocalConnection },
  event: LocalRequest,
): boolean {
  if (event.kind === "job done") {
    const text = "Too many on your network are trying passwords: type it again later.";
    chat.admission.tell(join, { code: "busy", text });
    return false;
  }
  // The reader waits for the answer to a guess; more arrives only as the server stops.
  if (local.isWaiting) return true;
  const { id, input, isAwaited } = event;
  if (input.kind === "reply") {
    chat.effects.push({ kind: "reply", connection: id, chunk: input.chunk });
    return false;
  }
  if (input.kind === (join.speaks === "json" ? "password" : "text")) {
    local.isWaiting = true;
    const job = { kind: "enter", password: input.text, address: join.address } as const;
    chat.effects.push({ kind: "job", connection: id, job, answers: chat.answering, isAwaited });
    return true;
  }
  if (input.kind === "receipt") {
    confirm(chat, id, input);
  } else if (join.speaks !== "json" || input.kind === "refresh") {
    chat.admission.ask(join);
  } else {
    const text = "This room has a password: send it first.";
    chat.admission.tell(join, { code: "server-password", text });
    confirm(chat, id, input);
  }
  return false;
}

function answerInput(
  chat: Chat,
  { member, connection, local }: Whose,
  { id, input }: Typed,
): void {
  switch (input.kind) {
    case "reply":
      return chat.effects.push({ kind: "reply", connection: id, chunk: input.chunk });
    case "receipt":
      return confirm(chat, id, input);
    case "refresh":
      return refresh(chat, member, connection);
    case "oversize":
      return chat.refuse(member, tooLong(input.limit));
    case "read":
      return confirm(chat, id, input);
    case "ask who":
      chat.effects.toConnection(id, {
        ...{ kind: "state", what: "person" },
        ...presenceOf(chat, input.person),
      });
      return confirm(chat, id, input);
    case "command":
    case "recall":
    case "look": {
      const room = roomOf(chat.rooms, { member, connection }, input);
      if ("code" in room) chat.refuse(member, room);
      else answerIn(room, { chat, member, connection, local, input });
      return confirm(chat, id, input);
    }
  }
}

/** Answers what a member asks in a room that it is in. */
function answerIn(
  room: Room,
  { chat, member, connection, local, input }: Whose & {
    chat: Chat;
    input: Extract<Input, { kind: "command" | "recall" | "look" }>;
  },
): void {
  switch (input.kind) {
    case "command":
      return answerCommand(input.name, { chat, member, connection, local, room, text: input.text });
    case "recall":
      return requestPage(chat, connection, {
        room: input.isPrivate ? undefined : room,
        isMine: input.isPrivate,
        range: input.range,
        answers: chat.answering,
      });
    case "look":
      return look(chat, connection, room);
  }
}

/** Takes the result of a job that changes nothing. */
function conclude(chat: Chat, member: Member, result: JobResult): void {
  switch (result.kind) {
    case "found":
      return tellFound(chat, member, result);
    case "status":
      return chat.tell(member, ...describe(result.status));
    case "busy":
      return chat.refuse(member, {
        code: "busy",
        text: "Too many requests at the moment: try again in a minute.",
      });
    case "later": {
      const minutes = Math.ceil(result.wait / 60_000);
      const when = minutes === 1 ? "a minute" : `${minutes} minutes`;
      return chat.refuse(member, {
        code: "limit",
        text: `Too many names were registered from your network: try again in ${when}.`,
      });
    }
  }
}

function tellFound(chat: Chat, member: Member, { messages, trouble }: Found): void {
  const wanted = messages.filter((message) => wantsAgain(member.filter ?? NO_FILTER, message));
  if (trouble !== undefined) chat.refuse(member, unreadable(trouble));
  if (trouble !== undefined && wanted.length === 0) return;
  chat.effects.toMember(member, { kind: "search results", messages: wanted });
}
