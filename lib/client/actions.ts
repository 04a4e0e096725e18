// Does what a person types: most of it is a request to the server, and a few things the client does itself.

import type { Refusal } from "./frames.ts";
import type { State } from "./state/state.ts";
import type { Link } from "./link/link.ts";
import type { Request } from "./link/outgoing.ts";
import type { Conversation } from "./state/conversation.ts";
import { Room } from "./state/room.ts";
import type { Entry } from "./state/entry.ts";
import { keyOf } from "./state/conversations.ts";
import { excess, isSecret, type Line, lines, read, toAsk, toEdit, unveil } from "./typing/typed.ts";

/** Options of the actions. */
export interface ActionsOptions {
  readonly state: State;
  readonly link: Link;
  /** Brings a conversation to the front. */
  readonly show: (conversation: Conversation) => void;
  /** Shows the conversation with this key as soon as it exists. */
  readonly expect: (key: string) => void;
  /** Stops expecting it. */
  readonly giveUp: (key: string) => void;
  readonly claim: (name: string, password: string) => void;
  /** Lists the rooms that exist. */
  readonly openRooms: () => void;
}

/** Characters of a line that are shown, to tell it from others. */
const SHOWN = 30;

/** What a person can do by typing. */
export class Actions {
  readonly #options: ActionsOptions;

  constructor(options: ActionsOptions) {
    this.#options = options;
  }

  /** Why a text cannot be sent, as a sentence; empty if it can. */
  problem(text: string): string {
    const { active } = this.#options.state.conversations;
    for (const line of lines(text)) {
      const over = excess(toAsk(read(line), active), this.#options.state.maxLine);
      if (over === 0) continue;
      const begun = `${[...line].slice(0, SHOWN).join("")}…`;
      return `“${begun}” is ${over} bytes too long for one message: break it into shorter lines.`;
    }
    return "";
  }

  /** Why a text cannot take the place of a message, as a sentence; empty if it can. */
  problemOfEdit(message: number, text: string): string {
    if (text.trim() === "") return "Type the new text, or take the message back in its menu.";
    const over = excess(toEdit(message, text), this.#options.state.maxLine);
    return over === 0 ? "" : `That is ${over} bytes too long for one message: make it shorter.`;
  }

  /** Puts a text in place of a message. Returns whether that was asked for, or not needed. */
  edit({ id, text: before }: Entry, text: string): boolean {
    const { link } = this.#options;
    const asked = id === undefined ? undefined : toEdit(id, text);
    if (asked?.type !== "edit" || asked.text === "") return false;
    return asked.text === before || link.ask(asked);
  }

  /** Takes a message back. */
  takeBack({ id }: Entry): void {
    if (id !== undefined) this.#options.link.ask({ type: "delete", message: id });
  }

  /** Sends a text, a message a line. Returns what may be recalled of it; undefined if it was not taken. */
  send(text: string): string | undefined {
    const { state } = this.#options;
    const { active } = state.conversations;
    const typed = lines(text).map(read);
    // Checked before any of it is sent, since all of it stays in the composer.
    if (typed.some((line) => state.isMe(hearerOf(line, active)))) {
      state.complain("You cannot write to yourself: choose somebody else.");
      return undefined;
    }
    if (typed.length === 0 || !typed.every((line) => this.#do(line, active))) return undefined;
    return typed.map(unveil).filter((line) => line !== "").join("\n");
  }

  /** A request was refused: a private message comes back to where it was typed. */
  refused({ asked, where, shown = "" }: Request): void {
    const isPrivate = asked.type === "command" && asked.name === "msg" && asked.text !== "";
    if (isPrivate && where !== undefined && shown !== "") {
      this.#options.state.conversations.giveBack(where, shown);
    }
  }

  /** Goes to a room; calls `onEntered` once there. */
  join(name: string, onEntered?: () => void): void {
    const { state, link, show } = this.#options;
    const room = state.conversations.room(name);
    if (room?.isIn) {
      onEntered?.();
      return show(room);
    }
    const heed = this.#expect(keyOf({ kind: "room", name }));
    const onDone = (refusal: Refusal | undefined) => {
      heed(refusal);
      if (refusal === undefined) onEntered?.();
      const entered = state.conversations.room(name);
      if (entered?.isIn === false) state.conversations.close(entered);
    };
    const how = { isTyped: true, shown: `/join ${name}`, onDone };
    link.ask({ type: "command", name: "join", text: name }, how);
  }

  /** Leaves a room, or closes a private conversation. */
  leave(conversation: Conversation): void {
    const { state, link } = this.#options;
    if (!(conversation instanceof Room) || !conversation.isIn) {
      state.conversations.close(conversation);
    } else link.ask({ type: "leave", room: conversation.name });
  }

  #do(line: Line, conversation: Conversation): boolean {
    if (line.kind === "command" && this.#doHere(line, conversation)) return true;
    const { link, state } = this.#options;
    const onDone = line.kind === "command" && line.name === "msg" && line.text !== ""
      ? this.#expect(keyOf({ kind: "person", name: hearerOf(line, conversation) }))
      : undefined;
    const how = {
      isSecret: isSecret(line),
      where: keyOf(conversation),
      shown: unveil(line),
      onDone,
    };
    if (link.ask(toAsk(line, conversation), { isTyped: true, ...how })) return true;
    state.complain("Too many messages are waiting to be sent.");
    return false;
  }

  /**
   * Shows a conversation as soon as it exists. Returns what to call with the server's answer: after a refusal
   * the conversation is not expected any more.
   */
  #expect(key: string): (refusal: Refusal | undefined) => void {
    const { expect, giveUp } = this.#options;
    expect(key);
    return (refusal: Refusal | undefined) => {
      if (refusal !== undefined) giveUp(key);
    };
  }

  /** Does what the client does itself; false if the server must be asked. */
  #doHere({ name, text }: Extract<Line, { kind: "command" }>, conversation: Conversation): boolean {
    const { state, show, claim, openRooms } = this.#options;
    const [first = "", second] = text.split(/\s+/u, 2);
    switch (name) {
      case "join":
        if (text === "" || second !== undefined) return false;
        this.join(text);
        return true;
      case "leave":
        if (conversation.kind === "room") return false;
        this.leave(conversation);
        return true;
      case "rooms":
        openRooms();
        return true;
      case "me":
        if (conversation.kind === "room") return false;
        state.complain("/me works only in rooms.");
        return true;
      case "msg":
        if (first === "" || second !== undefined) return false;
        show(state.conversations.person(first));
        return true;
      case "nick":
        if (first === "") return false;
        claim(first, text.slice(first.length).trim());
        return true;
    }
    return false;
  }
}

/** The one person that a line is for; empty if there is none, or it is for the room. */
function hearerOf(line: Line, { kind, name }: Conversation): string {
  if (line.kind === "say") return kind === "person" ? name : "";
  return line.name === "msg" ? line.text.replace(/\s.*$/su, "") : "";
}
