// The user's name and rooms: in a new session the client asks for them again. It enters under the name if there
// is one; if that is refused, it leaves again until the user has chosen another.

import type { Room } from "./state/room.ts";
import type { Account } from "./state/account.ts";
import type { State } from "./state/state.ts";
import type { Claim } from "./link/entry.ts";
import type { Link } from "./link/link.ts";
import type { Frame, Refusal } from "./frames.ts";
import { fold, isGuest } from "./state/names.ts";

/** What is remembered between visits. */
export interface Visit {
  readonly name: string;
  readonly rooms: readonly string[];
}

/** Where it is remembered. */
export interface Visits {
  last(): Visit;
  remember(changes: Partial<Visit>): void;
}

/** Options of presence. */
export interface PresenceOptions {
  readonly account: Account;
  readonly state: State;
  readonly link: Link;
  readonly visits: Visits;
  /** The session of the page before. */
  readonly token: string | undefined;
  /** Called when the name could not be taken again. */
  readonly onRefused: (name: string, refusal: Refusal) => void;
}

/** The user's presence. */
export class Presence {
  readonly #options: PresenceOptions;
  /** Whether the user has not been in yet, under their name or as a guest. */
  isEntering: boolean;
  /** The session of the last welcome. */
  #token: string | undefined;
  #isFirst = true;
  /** The rooms to enter once the user has their name. */
  #due: readonly Room[] = [];
  /** The password of the wanted name; kept only while the client runs, and nowhere else. */
  #password = "";

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#token = options.token;
    this.isEntering = options.token === undefined;
    options.state.wanted = options.visits.last().name;
  }

  /** The name to enter a new session with, and its password. */
  get claimed(): Claim {
    return { name: this.#options.state.wanted, password: this.#password };
  }

  /** Asks for a name, with its password if it is registered. */
  claim(name: string, password: string): void {
    this.#options.state.wanted = name;
    this.#password = password;
    if (this.#options.link.state === "open") this.#askName();
  }

  /** The user has proved with this password that their name is theirs. */
  prove(password: string): void {
    this.#password = password;
  }

  /** The user has another name now; returns whether it is the wanted one. */
  renamed(): boolean {
    const { state, link } = this.#options;
    const isWanted = fold(state.me) === fold(state.wanted);
    this.#options.visits.remember({ name: state.me });
    this.#enter();
    // Another name may have been chosen since this one was asked for.
    if (!isWanted && link.waiting.some(({ asked }) => asked.type === "nick")) return false;
    if (!isWanted) this.#password = "";
    state.wanted = state.me;
    return isWanted;
  }

  /** The server has welcomed the user, in a new session to the lobby; returns whether under the wanted name. */
  welcome({ token, name }: Extract<Frame, { type: "welcome" }>): boolean {
    const { account, state, link } = this.#options;
    const { conversations, wanted } = state;
    const isFirst = this.#isFirst, isNew = token !== this.#token;
    this.#token = token;
    this.#isFirst = false;
    if (!isNew) return false;
    account.forget();
    const isNamed = wanted === name;
    if (wanted !== "" && !isNamed && wanted !== link.enteredAs) {
      this.#askName((refused, refusal) => {
        if (this.isEntering) this.refused(refused, refusal);
        else this.#options.onRefused(refused, refusal);
      });
    }
    const rooms = isFirst
      ? this.#options.visits.last().rooms.map((room) => conversations.roomAt(room))
      : conversations.rooms;
    this.#due = rooms.filter((room) => room !== conversations.lobby);
    // Nobody is to see a guest there first; but what was typed during an outage goes to these rooms at once.
    if (wanted === "" || isNamed || !this.isEntering) this.#enter();
    if (isNamed) this.#options.visits.remember({ name });
    return isNamed;
  }

  /** The name to enter with was refused: the user is out again until they choose another. */
  refused(name: string, refusal: Refusal): void {
    const { state, link, onRefused } = this.#options;
    this.#giveUp(name);
    this.#isFirst ||= this.isEntering;
    this.isEntering = true;
    link.leave();
    state.leave();
    onRefused(name, refusal);
  }

  /** Remembers the rooms, to enter them again next time. */
  remember(): void {
    this.#options.visits.remember({
      rooms: this.#options.state.conversations.rooms.map(({ name }) => name),
    });
  }

  /** The user is in. */
  #enter(): void {
    this.isEntering = false;
    for (const room of this.#due) this.#askRoom(room);
    this.#due = [];
  }

  #askName(onRefused?: (name: string, refusal: Refusal) => void): void {
    const { link, state } = this.#options;
    const name = state.wanted;
    const password = this.#password || undefined;
    const onDone = (refusal: Refusal | undefined) => {
      if (refusal === undefined || fold(state.me) === fold(name)) return;
      this.#giveUp(name);
      onRefused?.(name, refusal);
    };
    link.ask({ type: "nick", name, password }, { isSecret: password !== undefined, onDone });
  }

  /** The name is not to be had. */
  #giveUp(name: string): void {
    const { state } = this.#options;
    if (state.wanted === name) state.wanted = isGuest(state.me) ? "" : state.me;
    this.#password = "";
  }

  #askRoom(room: Room): void {
    const { link, state } = this.#options;
    const onDone = (refusal: Refusal | undefined) => {
      // The server may have brought the user there already.
      if (refusal?.code === "nothing-to-change") state.notices.takeBack(refusal);
      // The room may have been locked meanwhile, say.
      if (!room.isIn) state.conversations.close(room);
    };
    link.ask({ type: "join", room: room.name }, { onDone });
  }
}
