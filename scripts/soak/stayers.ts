// Those who stay for the whole run: some of every protocol in every room. They talk in turns, whisper, and check
// that they hear everything once and in order, and how late.

import { Hearing, type Wrongs } from "./hearing.ts";
import { type Protocol, PROTOCOLS } from "./link.ts";
import { type Heard, Person } from "./person.ts";
import type { CrowdOptions, WindowReport } from "./orders.ts";
import { words } from "./words.ts";

/** Milliseconds between two messages of a room's stayers; and between two whispers. */
const TURN = 1000, WHISPER = 250;
/** The room in which is counted what is heard. */
const COUNTED = "counted";
/** In so many turns, each of those whose link is lost loses it once. */
const CUT_EVERY = 30;

const TEXT = /^~(\w+)\.(\w+)\.(\d+)\.(\d+) /;

/** By how many milliseconds timers of this process were late, at most. */
export const lag = {
  most: 0,
  take(): number {
    const { most } = lag;
    lag.most = 0;
    return Math.round(most);
  },
};

/** Those who stay. */
export class Stayers {
  readonly #people: Person[] = [];
  /** Those who lose their link now and then. */
  readonly #cuttable = new Set<Person>();
  readonly #hearings = new Map<string, Hearing>();
  readonly #options: CrowdOptions;
  readonly #numbers = new Map<string, number>();
  /** Whispers that were heard: the last number by their author and hearer. */
  readonly #whispers = new Map<string, number>();
  readonly #lastHeard = new Map<Person, number>();
  readonly #in = new Set<string>();
  #timers: ReturnType<typeof setInterval>[] = [];
  #isListening = false;
  #isOver = false;
  #turn = 0;
  #whispered = 0;
  #whispersHeard = 0;
  #delays: number[] = [];
  #silence = 0;
  #heard = 0;
  #counted = 0;
  #ended: string[] = [];
  #taken: Wrongs = { lost: 0, doubled: 0, misplaced: 0 };
  #wrongWhispers: Wrongs = { lost: 0, doubled: 0, misplaced: 0 };
  #links = { resumed: 0, restarted: 0 };

  constructor(options: CrowdOptions) {
    this.#options = options;
    for (let room = 0; room < options.rooms; room++) {
      const hearing = new Hearing();
      this.#hearings.set(`soak${room}`, hearing);
      // The apps among them are there twice: one of the two loses its link now and then.
      const all: Protocol[] = [...PROTOCOLS, "JSON lines", "WebSocket"];
      for (const [place, protocol] of all.entries()) {
        const number = this.#people.length + 1, name = `s${number}`;
        const person = new Person({
          ...{ target: options, protocol, name, room: `soak${room}` },
          address: `127.1.${number >> 8}.${number & 0xff}`,
          onHeard: (heard, by) => this.#hears(heard, by),
          onEnded: (_, why) => this.#ended.push(`${name}, ${protocol}: ${why}`),
        });
        this.#people.push(person);
        if (place >= PROTOCOLS.length) this.#cuttable.add(person);
      }
    }
    let due = performance.now() + 100;
    setInterval(() => {
      const now = performance.now();
      lag.most = Math.max(lag.most, now - due);
      due = now + 100;
    }, 100);
  }

  /** How many there are. */
  get count(): number {
    return this.#people.length;
  }

  /** The names of all. */
  get names(): string[] {
    return this.#people.map(({ options: { name } }) => name!);
  }

  /** Whether all are in; asks those who do not know it yet to say something. */
  get areIn(): boolean {
    return this.#everyHears("in");
  }

  /** From now on all is counted, and they talk. */
  begin(): void {
    for (const { options: { room, name } } of this.#people) this.#hearings.get(room)!.add(name!);
    this.#isListening = true;
    const now = performance.now();
    for (const person of this.#people) {
      if (!this.#cuttable.has(person)) this.#lastHeard.set(person, now);
    }
    this.#timers = [
      setInterval(() => this.#takeTurns(), TURN),
      setInterval(() => this.#whisper(), WHISPER),
    ];
  }

  /** They say nothing more. */
  hush(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Whether each has heard what any of the room has heard, and what was whispered, and all has been acknowledged. */
  get haveHeardAll(): boolean {
    return this.#whispered === this.#whispersHeard &&
      this.#people.every(({ unacknowledged }) => unacknowledged === 0) &&
      this.#hearings.values().every((each) => each.total === each.messages.length * each.hearers);
  }

  /** Checks that all was heard; returns the messages of each room. */
  close(): Record<string, string[]> {
    for (const hearing of this.#hearings.values()) hearing.close();
    this.#wrongWhispers.lost += this.#whispered - this.#whispersHeard;
    this.#isListening = false;
    this.#isOver = true;
    return Object.fromEntries([...this.#hearings].map(([room, { messages }]) => [room, messages]));
  }

  /** All go to one room of their own. */
  move(): void {
    this.#in.clear();
    for (const person of this.#people) person.enter(COUNTED);
  }

  /** Whether all are there. */
  get haveMoved(): boolean {
    return this.#everyHears("moved", COUNTED);
  }

  /** Messages heard in that room. */
  get heard(): number {
    return this.#counted;
  }

  /** Each says so many things there. */
  talk(each: number): void {
    for (const person of this.#people) {
      for (let i = 0; i < each; i++) person.say(this.#text(COUNTED, person.options.name!), COUNTED);
    }
  }

  /** All leave. */
  leave(): void {
    for (const person of this.#people) person.leave("quit");
  }

  /** What was noticed since the last time. */
  look(): WindowReport {
    const delays = this.#delays.sort((a, b) => a - b), now = performance.now();
    if (this.#isListening) {
      for (const last of this.#lastHeard.values()) {
        this.#silence = Math.max(this.#silence, now - last);
      }
    }
    const all = [...this.#hearings.values().map(({ wrongs }) => wrongs), this.#wrongWhispers];
    const total = (key: keyof Wrongs) => all.reduce((sum, wrongs) => sum + wrongs[key], 0);
    const wrongs = {
      lost: total("lost"),
      doubled: total("doubled"),
      misplaced: total("misplaced"),
    };
    const links = {
      resumed: this.#people.reduce((sum, { resumed }) => sum + resumed, 0),
      restarted: this.#people.reduce((sum, { restarted }) => sum + restarted, 0),
    };
    const at = (share: number) => Math.round(delays[Math.floor(delays.length * share)] ?? 0);
    const report: WindowReport = {
      heard: this.#heard,
      p50: at(0.5),
      p99: at(0.99),
      longest: Math.round(delays.at(-1) ?? 0),
      silence: Math.round(this.#silence),
      wrongs: {
        lost: wrongs.lost - this.#taken.lost,
        doubled: wrongs.doubled - this.#taken.doubled,
        misplaced: wrongs.misplaced - this.#taken.misplaced,
      },
      ended: this.#ended,
      resumed: links.resumed - this.#links.resumed,
      restarted: links.restarted - this.#links.restarted,
    };
    this.#taken = wrongs;
    this.#links = links;
    this.#delays = [];
    this.#ended = [];
    this.#heard = this.#silence = 0;
    return report;
  }

  /** A text that says who says it, which of theirs it is, and when. */
  #text(room: string, author: string): string {
    return text(room, { author, number: this.#next(author, room) });
  }

  #next(author: string, where: string): number {
    const key = `${author} ${where}`, number = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** Whether all have heard themselves say a word; those who have not say it. */
  #everyHears(word: string, room?: string): boolean {
    const late = this.#people.filter(({ options: { name } }) => !this.#in.has(name!));
    for (const person of late) person.say(`~${word} ${room ?? person.options.room}`, room);
    return late.length === 0;
  }

  #takeTurns(): void {
    const turn = this.#turn++;
    const perRoom = this.#people.length / this.#options.rooms;
    for (let room = 0; room < this.#options.rooms; room++) {
      const person = this.#people[room * perRoom + (turn + room) % perRoom]!;
      person.say(this.#text(person.options.room, person.options.name!));
    }
    const cut = [...this.#cuttable][turn % CUT_EVERY];
    cut?.cut(100 + Math.random() * 2000);
  }

  #whisper(): void {
    const { count } = this;
    const from = this.#people[Math.floor(Math.random() * count)]!.options.name!;
    const to = this.#people[Math.floor(Math.random() * count)]!.options.name!;
    if (from === to) return;
    const number = this.#next(from, to);
    this.#whispered++;
    this.#people[Number(from.slice(1)) - 1]!.command(
      "msg",
      `${to} ${text("w", { author: from, number })}`,
    );
  }

  #hears({ from, text, isPrivate }: Heard, person: Person): void {
    const name = person.options.name!;
    const [, room, author, number, at] = TEXT.exec(text) ?? [];
    if (room === undefined) {
      if (from === name && /^~(in|moved) /.test(text) && !this.#isListening) {
        if (this.#isOver === text.startsWith("~moved")) this.#in.add(name);
      }
      return;
    }
    if (room === COUNTED) this.#counted++;
    if (!this.#isListening) return;
    const now = performance.now();
    if (isPrivate) return this.#hearsWhisper(`${author} ${name}`, Number(number), from === author);
    if (room !== person.options.room) return;
    this.#heard++;
    if (!this.#cuttable.has(person)) {
      this.#silence = Math.max(this.#silence, now - this.#lastHeard.get(person)!);
      this.#lastHeard.set(person, now);
      this.#delays.push(now - Number(at));
    }
    this.#hearings.get(room)!.heard(name, { author: author!, number: Number(number) });
  }

  #hearsWhisper(key: string, number: number, isTrue: boolean): void {
    if (!isTrue) return;
    const last = this.#whispers.get(key) ?? 0;
    if (number <= last) this.#wrongWhispers.doubled++;
    else {
      this.#wrongWhispers.misplaced += number - last - 1;
      this.#whispersHeard++;
      this.#whispers.set(key, number);
    }
  }
}

/** A text of some length that says where it is said, who says it, which of theirs it is, and when. */
export function text(room: string, { author, number }: { author: string; number: number }): string {
  return `~${room}.${author}.${number}.${Math.round(performance.now())} ${words()}`;
}
