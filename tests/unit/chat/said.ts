// A message for tests, where most of it does not matter.

import type { Message } from "../../../lib/chat/message.ts";

/** Something that was said. */
export function said(what: Partial<Message>): Message {
  return { kind: "message", id: 1, at: 0, by: { member: 1 }, from: "x", text: "", ...what };
}
