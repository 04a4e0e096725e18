// The user's name and rooms: in a new session the page asks for them again.

import type { Room } from "./state/conversation.ts";
import type { Account } from "./state/account.ts";
import type { State } from "./state/state.ts";
import type { Link } from "./link/link.ts";
import type { Frame } from "./frames.ts";
import { fold, isGuest } from "./state/names.ts";
import { lastVisit, rememberVisit } from "./remembered.ts";

/** Options of presence. */
export interface PresenceOptions {
  readonly account: Account;
  readonly state: State;
  readonly link: Link;
  /** The session of the page before. */
  readonly token: string | undefined;
  /** Called when the name could not be taken again. */
  readonly onRefused: (name: string, refusal: string) => void;
}

/** The user's presence. */
export class Presence {
  readonly #options: PresenceOptions;
  /** The session of the last welcome. */
  #token: string | undefined;
  #isFirst = true;
  /** The password of the wanted name; kept only while the page is open, and nowhere else. */
  #password = "";

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#token = options.token;
    options.state.wanted = lastVisit().name;
  }

  /** Asks for a name, with its password if it is registered. */
  claim(name: string, password: string): void {
    this.#options.state.wanted = name;
    this.#password = password;
    if (this.#options.link.state === "open") this.#askName();
  }

  /** The user has another name now; returns whether it is the wanted one. */
  renamed(): boolean {
    const { state } = this.#options;
    const isWanted = fold(state.me) === fold(state.wanted);
    if (!isWanted) this.#password = "";
    state.wanted = state.me;
    rememberVisit({ name: state.me });
    return isWanted;
  }

  /** The server has welcomed the user: in a new session as a guest, in the lobby. */
  welcome({ token, name }: Extract<Frame, { type: "welcome" }>): void {
    const { account, state } = this.#options;
    const isFirst = this.#isFirst, isNew = token !== this.#token;
    this.#token = token;
    this.#isFirst = false;
    if (!isNew) return;
    account.forget();
    const { onRefused } = this.#options;
    if (state.wanted !== "" && state.wanted !== name) this.#askName(onRefused);
    const { conversations } = state;
    const rooms = isFirst
      ? lastVisit().rooms.map((room) => conversations.roomAt(room))
      : conversations.rooms;
    for (const room of rooms) {
      if (room !== conversations.lobby) this.#askRoom(room);
    }
  }

  /** Remembers the rooms, to enter them again next time. */
  remember(): void {
    rememberVisit({ rooms: this.#options.state.conversations.rooms.map(({ name }) => name) });
  }

  #askName(onRefused?: (name: string, refusal: string) => void): void {
    const { link, state } = this.#options;
    const name = state.wanted;
    const password = this.#password || undefined;
    const onDone = (refusal: string | undefined) => {
      if (refusal === undefined || fold(state.me) === fold(name)) return;
      if (state.wanted === name) state.wanted = isGuest(state.me) ? "" : state.me;
      this.#password = "";
      onRefused?.(name, refusal);
    };
    link.ask({ type: "nick", name, password }, { isSecret: password !== undefined, onDone });
  }

  #askRoom(room: Room): void {
    const { link, state } = this.#options;
    // The room may have been locked meanwhile, say.
    const onDone = () => {
      if (!room.isIn) state.conversations.close(room);
    };
    link.ask({ type: "join", room: room.name }, { onDone });
  }
}
