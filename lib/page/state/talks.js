// The page's conversations: which there are, and which of them is in front and looked at.

import { fold } from "./names.js";
import { Past } from "./past.js";
import { Room, Talk } from "./talk.js";

/** The room that everyone is in, and cannot leave. */
const LOBBY = "lobby";

/** All conversations. */
export class Talks {
  /** How far back private messages are known, whoever they are with. */
  privatePast = new Past();
  /** Whether the one in front is being looked at. */
  isWatched = true;
  /** @type {Map<string, Talk>} */
  #byKey = new Map();
  lobby = this.roomAt(LOBBY);
  #active = /** @type {Talk} */ (this.lobby);

  /** The one in front. */
  get active() {
    return this.#active;
  }

  /**
   * Whether one is in front, and looked at.
   * @param {Talk} talk
   */
  isSeen(talk) {
    return this.isWatched && talk === this.#active;
  }

  /** All of them: the rooms, in the order in which they were entered, and the private ones. */
  get all() {
    return [...this.rooms, ...this.people];
  }

  get rooms() {
    return [...this.#byKey.values()].filter((talk) => talk instanceof Room);
  }

  get people() {
    return [...this.#byKey.values()].filter(({ kind }) => kind === "person");
  }

  /** How often the page's person was called and has not looked. */
  get calls() {
    return this.all.reduce((sum, { unread }) => sum + unread.calls, 0);
  }

  /** @param {string} name */
  room(name) {
    const talk = this.#byKey.get(roomKey(name));
    return talk instanceof Room ? talk : undefined;
  }

  /**
   * The room of that name, made if need be.
   * @param {string} name
   */
  roomAt(name) {
    const room = this.room(name) ?? new Room(name);
    this.#byKey.set(roomKey(name), room);
    return room;
  }

  /**
   * The private conversation with somebody, begun if need be.
   * @param {string} name
   */
  person(name) {
    const talk = this.#byKey.get(personKey(name)) ??
      new Talk({ kind: "person", name, past: this.privatePast });
    this.#byKey.set(personKey(name), talk);
    return talk;
  }

  /** @param {string} key as `keyOf` has it */
  get(key) {
    return this.#byKey.get(key);
  }

  /**
   * Brings one to the front.
   * @param {Talk} talk
   */
  show(talk) {
    if (talk !== this.#active) this.#active.firstNew = undefined;
    this.#active = talk;
    talk.open();
  }

  /**
   * The page is looked at, or not.
   * @param {boolean} isWatched
   */
  watch(isWatched) {
    this.isWatched = isWatched;
    if (isWatched) this.#active.open();
  }

  /**
   * Lets go of one.
   * @param {Talk} talk
   */
  close(talk) {
    if (talk === this.lobby) return;
    this.#byKey.delete(keyOf(talk));
    if (talk === this.#active) this.show(this.lobby);
  }

  /**
   * Somebody has another name; who bears that already keeps their conversation.
   * @param {string} from
   * @param {string} to
   */
  rename(from, to) {
    const talk = this.#byKey.get(personKey(from));
    const isBorne = personKey(to) !== personKey(from) && this.#byKey.has(personKey(to));
    if (talk === undefined || isBorne) return;
    this.#byKey.delete(personKey(from));
    talk.name = to;
    this.#byKey.set(personKey(to), talk);
  }
}

/**
 * By what a conversation is found again.
 * @param {Pick<Talk, "kind" | "name">} talk
 */
export function keyOf({ kind, name }) {
  return kind === "room" ? roomKey(name) : personKey(name);
}

/** @param {string} name */
function roomKey(name) {
  return `#${fold(name.replace(/^#/, ""))}`;
}

/** @param {string} name */
function personKey(name) {
  return `@${fold(name)}`;
}
