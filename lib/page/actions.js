// What a person typed, done: most of it is asked of the server, and a few things the page does itself.

/** @import { Line } from "./typing/typed.js" */
/** @import { Link } from "./link/link.js" */
/** @import { State } from "./state/state.js" */
/** @import { Talk } from "./state/talk.js" */
import { Room } from "./state/talk.js";
import { keyOf } from "./state/talks.js";
import { excess, isSecret, lines, read, toAsk, unveil } from "./typing/typed.js";

/**
 * @typedef {object} ActionsOptions
 * @property {State} state
 * @property {Link} link
 * @property {(talk: Talk) => void} show Brings it to the front.
 * @property {(key: string) => void} expect A conversation that is to be shown as soon as it is there.
 * @property {(key: string) => void} giveUp It is not expected any more.
 * @property {(name: string, password: string) => void} claim
 * @property {() => void} openRooms Lists the rooms there are.
 */

/** Characters of a line by which it is told from others. */
const SHOWN = 30;

/** What can be typed. */
export class Actions {
  #options;

  /** @param {ActionsOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Why a text cannot be sent, as a sentence; empty where it can.
   * @param {string} text
   */
  problem(text) {
    const { active } = this.#options.state.talks;
    for (const line of lines(text)) {
      const over = excess(toAsk(read(line), active), this.#options.state.maxLine);
      if (over === 0) continue;
      const begun = `${[...line].slice(0, SHOWN).join("")}…`;
      return `“${begun}” is ${over} bytes too long for one message: break it into shorter lines.`;
    }
    return "";
  }

  /**
   * Sends a text, a message a line. Returns what may be recalled of it; nothing where it was not taken.
   * @param {string} text
   */
  send(text) {
    const { active } = this.#options.state.talks;
    const typed = lines(text).map(read);
    if (typed.length === 0 || !typed.every((line) => this.#do(line, active))) return undefined;
    return typed.map(unveil).filter((line) => line !== "").join("\n");
  }

  /**
   * Goes to a room.
   * @param {string} name
   */
  join(name) {
    const { state, link, show } = this.#options;
    const room = state.talks.room(name);
    if (room?.isIn) return show(room);
    const heed = this.#expect(keyOf({ kind: "room", name }));
    const onDone = (/** @type {string | undefined} */ refusal) => {
      heed(refusal);
      const entered = state.talks.room(name);
      if (entered?.isIn === false) state.talks.close(entered);
    };
    link.ask({ type: "command", name: "join", text: name }, { isTyped: true, onDone });
  }

  /**
   * Leaves a room, or closes a private conversation.
   * @param {Talk} talk
   */
  leave(talk) {
    const { state, link } = this.#options;
    if (!(talk instanceof Room) || !talk.isIn) state.talks.close(talk);
    else link.ask({ type: "leave", room: talk.name });
  }

  /**
   * @param {Line} line
   * @param {Talk} talk
   */
  #do(line, talk) {
    if (line.kind === "command" && this.#doHere(line, talk)) return true;
    const { link, state } = this.#options;
    const onDone = line.kind === "command" && line.name === "msg" && line.text !== ""
      ? this.#expect(keyOf({ kind: "person", name: line.text.replace(/\s.*$/su, "") }))
      : undefined;
    const how = { isSecret: isSecret(line), where: keyOf(talk), shown: unveil(line), onDone };
    if (link.ask(toAsk(line, talk), { isTyped: true, ...how })) return true;
    state.complain("Too much is waiting to be sent already.");
    return false;
  }

  /**
   * Shows a conversation as soon as it is there. Returns what is told of the server's answer: where it
   * refuses, that will not be.
   * @param {string} key
   */
  #expect(key) {
    const { expect, giveUp } = this.#options;
    expect(key);
    return (/** @type {string | undefined} */ refusal) => {
      if (refusal !== undefined) giveUp(key);
    };
  }

  /**
   * Does what the page does itself; false where the server is to be asked.
   * @param {Extract<Line, { kind: "command" }>} line
   * @param {Talk} talk
   */
  #doHere({ name, text }, talk) {
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
        state.complain("/me is for rooms: here only one person would see it.");
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
