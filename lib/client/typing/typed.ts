// Parses what a person typed: each line is a text or a command, as in the line protocol. Pure.

import type { Conversation } from "../state/conversation.ts";
import type { Asked } from "../frames.ts";

/** A parsed line. */
export type Line =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "command"; readonly name: string; readonly text: string };

const COMMAND = /^\/([^\s/]\S*)\s*(.*)$/su;
const LINE_END = /\r\n?|[\n\u2028\u2029]/;
/** Control characters: the server removes them, and they make a frame long. */
const CONTROL = /\p{Cc}/gu;
/** Most bytes of a frame, and those of them that are not the text's. */
const FRAME = 4096, REST = 160;

/** The commands, for completion. */
export const COMMANDS = [
  ...["me", "msg", "reply", "edit", "delete", "history", "search", "echo", "help", "quit"],
  ...["join", "leave", "rooms", "topic", "lock", "unlock", "invite"],
  ...["who", "whois", "disconnect", "ignore", "unignore", "away"],
  ...["nick", "register", "identify", "password", "unregister"],
  ...["kick", "mute", "unmute", "ban", "unban", "bans", "close"],
  ...["op", "deop", "announce", "status"],
];

/** The commands that have nothing but passwords. */
const SECRET = ["register", "identify", "password"];

/** The lines of a text, without the empty ones. */
export function lines(text: string): string[] {
  return text.toWellFormed().split(LINE_END)
    .map((line) => line.replaceAll("\t", " ").replace(CONTROL, ""))
    .filter((line) => line.trim() !== "");
}

/** What a line means. */
export function read(line: string): Line {
  const [, name, rest = ""] = COMMAND.exec(line) ?? [];
  if (name !== undefined) return { kind: "command", name: name.toLowerCase(), text: rest.trim() };
  return { kind: "say", text: line.startsWith("//") ? line.slice(1) : line };
}

/** A line as it may be shown and recalled: without a password; empty if nothing is left. */
export function unveil(line: Line): string {
  if (line.kind === "say") return line.text.startsWith("/") ? `/${line.text}` : line.text;
  const { name, text } = line;
  if (SECRET.includes(name)) return "";
  return `/${name} ${name === "nick" ? text.replace(/\s.*$/su, "") : text}`.trim();
}

/** Whether there is a password in it. */
export function isSecret(line: Line): boolean {
  return line.kind === "command" && unveil(line) !== `/${line.name} ${line.text}`.trim();
}

/** Whether a text that was not sent yet has a password in it, or is about to. */
export function mayHaveSecret(text: string): boolean {
  return lines(text).some((line) => isSecret(read(line.trimStart())));
}

/** The frame for a line; in a private conversation a text goes to its person. */
export function toAsk(line: Line, { kind, name }: Conversation): Asked {
  const room = kind === "room" ? name : undefined;
  if (line.kind === "command") return { type: "command", name: line.name, text: line.text, room };
  if (room !== undefined) return { type: "say", room, text: line.text };
  return { type: "command", name: "msg", text: `${name} ${line.text}` };
}

/** The frame that puts a text in place of a message; it is one line. */
export function toEdit(message: number, text: string): Asked {
  return { type: "edit", message, text: lines(text).join(" ") };
}

/** Most characters of a message that are quoted. */
const QUOTED = 100;

/** The line that quotes a message in front of an answer. */
export function quote({ from, text }: { readonly from: string; readonly text: string }): string {
  const characters = [...text];
  const begun = characters.slice(0, QUOTED).join("");
  return `> ${from}: ${begun}${characters.length > QUOTED ? "…" : ""}`;
}

/** By how many bytes a line is too long for the server's limit; 0 if it fits. */
export function excess(asked: Asked, longest: number): number {
  const words = asked.type === "say" || asked.type === "edit"
    ? asked.text
    : asked.type === "command"
    ? asked.name + (asked.text ?? "")
    : "";
  return Math.max(bytes(words) - longest, bytes(JSON.stringify(asked)) - (FRAME - REST), 0);
}

const ENCODER = new TextEncoder();

function bytes(text: string): number {
  return ENCODER.encode(text).length;
}
