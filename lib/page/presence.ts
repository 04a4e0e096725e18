// Who the page's person is, and where: in a new session the name and the rooms are asked for again.

import type { Room } from "./state/talk.ts";
import type { Account } from "./state/account.ts";
import type { State } from "./state/state.ts";
import type { Link } from "./link/link.ts";
import type { Frame } from "./frames.ts";
import { fold, isGuest } from "./state/names.ts";
import { lastVisit, rememberVisit } from "./remembered.ts";

/** What presence is given. */
export interface PresenceOptions {
  readonly account: Account;
  readonly state: State;
  readonly link: Link;
  /** The session in which the page that was here before was. */
  readonly token: string | undefined;
  /** The name could not be had again. */
  readonly onRefused: (name: string, refusal: string) => void;
}

/** The person. */
export class Presence {
  readonly #options: PresenceOptions;
  /** The session that was last welcomed to. */
  #token: string | undefined;
  #isFirst = true;
  /** The password of the name that is wanted: kept as long as the page is there, and nowhere else. */
  #password = "";

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#token = options.token;
    options.state.wanted = lastVisit().name;
  }

  /** Wants to be called so; a registered name has its password. */
  claim(name: string, password: string): void {
    this.#options.state.wanted = name;
    this.#password = password;
    if (this.#options.link.state === "open") this.#askName();
  }

  /** One bears another name now; whether it is the one that was wanted. */
  renamed(): boolean {
    const { state } = this.#options;
    const isWanted = fold(state.me) === fold(state.wanted);
    if (!isWanted) this.#password = "";
    state.wanted = state.me;
    rememberVisit({ name: state.me });
    return isWanted;
  }

  /** The server has said who one is: in a new session a guest, in the lobby. */
  welcome({ token, name }: Extract<Frame, { type: "welcome" }>): void {
    const { account, state } = this.#options;
    const isFirst = this.#isFirst, isNew = token !== this.#token;
    this.#token = token;
    this.#isFirst = false;
    if (!isNew) return;
    account.forget();
    const { onRefused } = this.#options;
    if (state.wanted !== "" && state.wanted !== name) this.#askName(onRefused);
    const { talks } = state;
    const rooms = isFirst ? lastVisit().rooms.map((room) => talks.roomAt(room)) : talks.rooms;
    for (const room of rooms) {
      if (room !== talks.lobby) this.#askRoom(room);
    }
  }

  /** The rooms are entered again the next time. */
  remember(): void {
    rememberVisit({ rooms: this.#options.state.talks.rooms.map(({ name }) => name) });
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
    // A room that has been locked meanwhile, say.
    const onDone = () => {
      if (!room.isIn) state.talks.close(room);
    };
    link.ask({ type: "join", room: room.name }, { onDone });
  }
}
