// Who the page's person is, and where: in a new session the name and the rooms are asked for again.

/** @import { Frame } from "./frames.ts" */
/** @import { Link } from "./link/link.js" */
/** @import { State } from "./state/state.js" */
/** @import { Room } from "./state/talk.js" */
import { fold, isGuest } from "./state/names.js";
import { lastVisit, rememberVisit } from "./remembered.js";

/**
 * @typedef {object} PresenceOptions
 * @property {State} state
 * @property {Link} link
 * @property {string | undefined} token The session in which the page that was here before was.
 * @property {(name: string, refusal: string) => void} onRefused The name could not be had again.
 */

/** The person. */
export class Presence {
  #options;
  /** The session that was last welcomed to. */
  #token;
  #isFirst = true;
  /** The password of the name that is wanted: kept as long as the page is there, and nowhere else. */
  #password = "";

  /** @param {PresenceOptions} options */
  constructor(options) {
    this.#options = options;
    this.#token = options.token;
    options.state.wanted = lastVisit().name;
  }

  /**
   * Wants to be called so.
   * @param {string} name
   * @param {string} password of a registered name
   */
  claim(name, password) {
    this.#options.state.wanted = name;
    this.#password = password;
    if (this.#options.link.state === "open") this.#askName();
  }

  /** One bears another name now; whether it is the one that was wanted. */
  renamed() {
    const { state } = this.#options;
    const isWanted = fold(state.me) === fold(state.wanted);
    if (!isWanted) this.#password = "";
    state.wanted = state.me;
    rememberVisit({ name: state.me });
    return isWanted;
  }

  /**
   * The server has said who one is: in a new session a guest, in the lobby.
   * @param {Extract<Frame, { type: "welcome" }>} frame
   */
  welcome({ token, name }) {
    const { state } = this.#options;
    const isFirst = this.#isFirst, isNew = token !== this.#token;
    this.#token = token;
    this.#isFirst = false;
    if (!isNew) return;
    const { onRefused } = this.#options;
    if (state.wanted !== "" && state.wanted !== name) this.#askName(onRefused);
    const { talks } = state;
    const rooms = isFirst ? lastVisit().rooms.map((room) => talks.roomAt(room)) : talks.rooms;
    for (const room of rooms) {
      if (room !== talks.lobby) this.#askRoom(room);
    }
  }

  /** The rooms are entered again the next time. */
  remember() {
    rememberVisit({ rooms: this.#options.state.talks.rooms.map(({ name }) => name) });
  }

  /** @param {(name: string, refusal: string) => void} [onRefused] */
  #askName(onRefused) {
    const { link, state } = this.#options;
    const name = state.wanted;
    const password = this.#password || undefined;
    const onDone = (/** @type {string | undefined} */ refusal) => {
      if (refusal === undefined || fold(state.me) === fold(name)) return;
      if (state.wanted === name) state.wanted = isGuest(state.me) ? "" : state.me;
      this.#password = "";
      onRefused?.(name, refusal);
    };
    link.ask({ type: "nick", name, password }, { isSecret: password !== undefined, onDone });
  }

  /** @param {Room} room */
  #askRoom(room) {
    const { link, state } = this.#options;
    // A room that has been locked meanwhile, say.
    const onDone = () => {
      if (!room.isIn) state.talks.close(room);
    };
    link.ask({ type: "join", room: room.name }, { onDone });
  }
}
