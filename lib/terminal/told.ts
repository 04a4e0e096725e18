// What a pipe writes of the server's frames: the lines that people see, as in lib/wire/README.md.

import type { Frame, Message } from "../client/frames.ts";
import { paint, type Shown } from "./paint.ts";

/** The lines for a frame; none for what is only for programs. */
export function toLines(frame: Frame): string[] {
  switch (frame.type) {
    case "message":
      return [line(said(frame))];
    case "notice":
    case "error":
      return [line({ kind: "notice", text: frame.text })];
    case "edited":
      return [line({ kind: "notice", text: `${frame.from} now says: ${frame.text}` })];
    case "deleted":
      return [line({ kind: "notice", text: `${frame.from} took a message back` })];
    case "history":
    case "found":
      return frame.messages.map((message) => line(said(message)));
    case "rooms":
      return frame.rooms.map(({ name, size, topic }) =>
        line({ kind: "notice", text: `#${name} ${size} ${topic}`.trimEnd() })
      );
    default:
      return [];
  }
}

function said({ kind, at, from, to, text, edited, deleted }: Message): Shown {
  const gone = deleted ? "message taken back" : undefined;
  return { kind, from, to, at: Date.parse(at), text, isEdited: edited, gone };
}

function line(shown: Shown): string {
  return paint(shown, {}).spans.map(({ text }) => text).join("");
}
