// What a person typed, done: most of it is asked of the server, and a few things the page does itself.

import type { State } from "./state/state.ts";
import type { Link } from "./link/link.ts";
import { Room, type Talk } from "./state/talk.ts";
import { keyOf } from "./state/talks.ts";
import { excess, isSecret, type Line, lines, read, toAsk, unveil } from "./typing/typed.ts";

/** What the actions are given. */
export interface ActionsOptions {
  readonly state: State;
  readonly link: Link;
  /** Brings it to the front. */
  readonly show: (talk: Talk) => void;
  /** A conversation that is to be shown as soon as it is there. */
  readonly expect: (key: string) => void;
  /** It is not expected any more. */
  readonly giveUp: (key: string) => void;
  readonly claim: (name: string, password: string) => void;
  /** Lists the rooms there are. */
  readonly openRooms: () => void;
}

/** Characters of a line by which it is told from others. */
const SHOWN = 30;

/** What can be typed. */
export class Actions {
  readonly #options: ActionsOptions;

  constructor(options: ActionsOptions) {
    this.#options = options;
  }

  /** Why a text cannot be sent, as a sentence; empty where it can. */
  problem(text: string): string {
    const { active } = this.#options.state.talks;
    for (const line of lines(text)) {
      const over = excess(toAsk(read(line), active), this.#options.state.maxLine);
      if (over === 0) continue;
      const begun = `${[...line].slice(0, SHOWN).join("")}…`;
      return `“${begun}” is ${over} bytes too long for one message: break it into shorter lines.`;
    }
    return "";
  }

  /** Sends a text, a message a line. Returns what may be recalled of it; nothing where it was not taken. */
  send(text: string): string | undefined {
    const { state } = this.#options;
    const { active } = state.talks;
    const typed = lines(text).map(read);
    // Before any of it is sent, since all of it stays where it was typed.
    if (typed.some((line) => state.isMe(hearerOf(line, active)))) {
      state.complain("You cannot write to yourself: choose somebody else.");
      return undefined;
    }
    if (typed.length === 0 || !typed.every((line) => this.#do(line, active))) return undefined;
    return typed.map(unveil).filter((line) => line !== "").join("\n");
  }

  /** Goes to a room; calls once one is there. */
  join(name: string, onEntered?: () => void): void {
    const { state, link, show } = this.#options;
    const room = state.talks.room(name);
    if (room?.isIn) {
      onEntered?.();
      return show(room);
    }
    const heed = this.#expect(keyOf({ kind: "room", name }));
    const onDone = (refusal: string | undefined) => {
      heed(refusal);
      if (refusal === undefined) onEntered?.();
      const entered = state.talks.room(name);
      if (entered?.isIn === false) state.talks.close(entered);
    };
    link.ask({ type: "command", name: "join", text: name }, { isTyped: true, onDone });
  }

  /** Leaves a room, or closes a private conversation. */
  leave(talk: Talk): void {
    const { state, link } = this.#options;
    if (!(talk instanceof Room) || !talk.isIn) state.talks.close(talk);
    else link.ask({ type: "leave", room: talk.name });
  }

  #do(line: Line, talk: Talk): boolean {
    if (line.kind === "command" && this.#doHere(line, talk)) return true;
    const { link, state } = this.#options;
    const onDone = line.kind === "command" && line.name === "msg" && line.text !== ""
      ? this.#expect(keyOf({ kind: "person", name: hearerOf(line, talk) }))
      : undefined;
    const how = { isSecret: isSecret(line), where: keyOf(talk), shown: unveil(line), onDone };
    if (link.ask(toAsk(line, talk), { isTyped: true, ...how })) return true;
    state.complain("Too many messages are waiting to be sent.");
    return false;
  }

  /**
   * Shows a conversation as soon as it is there. Returns what is told of the server's answer: where it
   * refuses, that will not be.
   */
  #expect(key: string): (refusal: string | undefined) => void {
    const { expect, giveUp } = this.#options;
    expect(key);
    return (refusal: string | undefined) => {
      if (refusal !== undefined) giveUp(key);
    };
  }

  /** Does what the page does itself; false where the server is to be asked. */
  #doHere({ name, text }: Extract<Line, { kind: "command" }>, talk: Talk): boolean {
    const { state, show, claim, openRooms } = this.#options;
    const [first = "", second] = text.split(/\s+/u, 2);
    switch (name) {
      case "join":
        if (text === "" || second !== undefined) return false;
        this.join(text);
        return true;
      case "leave":
        if (talk.kind === "room") return false;
        this.leave(talk);
        return true;
      case "rooms":
        openRooms();
        return true;
      case "me":
        if (talk.kind === "room") return false;
        state.complain("/me works only in rooms.");
        return true;
      case "msg":
        if (first === "" || second !== undefined) return false;
        show(state.talks.person(first));
        return true;
      case "nick":
        if (first === "") return false;
        claim(first, text.slice(first.length).trim());
        return true;
    }
    return false;
  }
}

/** Who alone is to hear a line; empty where that is nobody, or the room. */
function hearerOf(line: Line, { kind, name }: Talk): string {
  if (line.kind === "say") return kind === "person" ? name : "";
  return line.name === "msg" ? line.text.replace(/\s.*$/su, "") : "";
}
