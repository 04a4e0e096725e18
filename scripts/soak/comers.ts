// Those who come, stay a while and go: each over some protocol, to some room, and with an end of some kind.

import net from "node:net";
import type { Burst, ComersReport, CrowdOptions } from "./orders.ts";
import { PROTOCOLS } from "./link.ts";
import { Person } from "./person.ts";
import { type Stayers, text } from "./stayers.ts";
import { word } from "./words.ts";

/** How a stay ends, and how many of a thousand end so. */
const ENDS = {
  "quit": 411,
  "end": 240,
  "reset": 250,
  /** Stops reading until the server evicts them; the system keeps megabytes for each meanwhile, so only a few. */
  "stall": 4,
  /** Loses the link three times, comes back each time, and quits. */
  "return": 80,
  /** Loses the link for good. */
  "vanish": 15,
} as const;
type End = keyof typeof ENDS;

/** What is done besides saying something, and how often a second. */
const OFTEN = { whisper: 4, search: 2, history: 1, page: 2, "half request": 1 } as const;
/** Milliseconds between two looks at what is due; and after which a stalled person is gone. */
const LOOK = 50, STALLED_FOR = 30_000;
/** Milliseconds for which half a request is left at that. */
const HALF_FOR = 4000;
/** Messages of one flood. */
const FLOOD = 150;

/** Somebody who comes and goes. */
interface Comer {
  readonly person: Person;
  readonly name: string;
  readonly end: End;
  /** When they go, in milliseconds. */
  until: number;
  said: number;
  cuts: number;
}

/** Those who come and go. */
export class Comers {
  readonly #options: CrowdOptions;
  readonly #stayers: Stayers;
  readonly #here = new Set<Comer>();
  readonly #did: Record<string, number> = {};
  #ended: Record<string, number> = {};
  readonly #due: Record<string, number> = {};
  #count = 0;
  #stalled = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: CrowdOptions, stayers: Stayers) {
    this.#options = options;
    this.#stayers = stayers;
  }

  /** They begin to come. */
  begin(): void {
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now(), seconds = (now - last) / 1000;
      last = now;
      this.#look(now, seconds);
    }, LOOK);
  }

  /** All leave, and nobody comes any more. */
  leave(): void {
    clearInterval(this.#timer);
    for (const comer of this.#here) comer.person.leave("quit");
    this.#here.clear();
  }

  /** Whether all are gone. */
  get areGone(): boolean {
    return this.#here.size === 0;
  }

  /** What they have done so far, and what became of them since the last time. */
  look(): ComersReport {
    const ended = this.#ended;
    this.#ended = {};
    return { here: this.#here.size, did: this.#did, ended };
  }

  /** Many do something at once. */
  burst(burst: Burst, count: number): void {
    if (burst === "half requests") {
      for (let i = 0; i < count; i++) this.#askHalf();
      return;
    }
    const willing = [...this.#here].filter(({ person }) => burst !== "lost links" || person.isApp);
    for (const comer of willing.slice(0, count)) {
      if (burst === "resets") this.#go(comer, "reset");
      else if (burst === "stalls") this.#go(comer, "stall");
      else if (burst === "lost links") this.#cut(comer);
      else for (let i = 0; i < FLOOD; i++) this.#say(comer);
    }
    this.#note(burst, Math.min(willing.length, count));
  }

  #look(now: number, seconds: number): void {
    const { people, arrivals, rate } = this.#options;
    const places = people - this.#stayers.count - this.#stalled;
    for (let n = this.#times("arrival", arrivals, seconds); n > 0; n--) {
      if (this.#here.size < places) this.#come(now);
    }
    for (const comer of this.#here) {
      if (now >= comer.until) this.#go(comer, comer.end);
    }
    const all = [...this.#here];
    const any = () => all[Math.floor(Math.random() * all.length)];
    const each = (what: string, often: number, act: (comer: Comer) => void) => {
      for (let n = this.#times(what, often, seconds); n > 0; n--) {
        const comer = any();
        if (comer === undefined || !this.#here.has(comer)) continue;
        this.#note(what);
        act(comer);
      }
    };
    each("message", rate, (comer) => this.#say(comer));
    const { names } = this.#stayers;
    each("whisper", OFTEN.whisper, ({ person, name }) => {
      const to = names[Math.floor(Math.random() * names.length)]!;
      person.command("msg", `${to} ~from ${name} ${word()}`);
    });
    each("search", OFTEN.search, ({ person }) => person.command("search", word()));
    each("history", OFTEN.history, ({ person }) => person.command("history", "50"));
    for (let n = this.#times("page", OFTEN.page, seconds); n > 0; n--) this.#fetchPage();
    for (let n = this.#times("half request", OFTEN["half request"], seconds); n > 0; n--) {
      this.#note("half request");
      this.#askHalf();
    }
  }

  /** How many times something that happens so often a second is due. */
  #times(what: string, often: number, seconds: number): number {
    const due = (this.#due[what] ?? 0) + often * seconds;
    this.#due[what] = due % 1;
    return Math.floor(due);
  }

  #note(what: string, count = 1): void {
    this.#did[what] = (this.#did[what] ?? 0) + count;
  }

  #come(now: number): void {
    const number = ++this.#count, name = `c${number}`;
    const protocol = PROTOCOLS[Math.floor(Math.random() * PROTOCOLS.length)]!;
    const person = new Person({
      ...{ target: this.#options, protocol, room: `soak${number % this.#options.rooms}` },
      address: address(number),
      // A third of them stay guests.
      ...(number % 3 === 0 ? {} : { name }),
      onEnded: (_, why) => {
        this.#here.delete(comer);
        this.#ended[why] = (this.#ended[why] ?? 0) + 1;
      },
    });
    const stay = Math.min(4, -Math.log(1 - Math.random())) * this.#options.stay * 1000;
    let end = pick();
    if (!person.isApp && (end === "return" || end === "vanish")) end = "end";
    // An app that was reset stays for five minutes: not too many of these.
    if (person.isApp && end === "reset" && Math.random() < 0.8) end = "quit";
    const comer: Comer = { person, name, end, until: now + 2000 + stay, said: 0, cuts: 0 };
    this.#here.add(comer);
    this.#note(`came over ${protocol}`);
  }

  #say(comer: Comer): void {
    const { person, name } = comer;
    person.say(text(person.options.room, { author: name, number: ++comer.said }));
  }

  #go(comer: Comer, end: End): void {
    const { person } = comer;
    if (end === "return" && comer.cuts < 3) return this.#cut(comer);
    this.#here.delete(comer);
    this.#note(`went by ${end}`);
    if (end === "vanish") person.cut();
    else if (end === "stall") {
      this.#stalled++;
      person.stall();
      setTimeout(() => {
        this.#stalled--;
        person.leave("reset");
      }, STALLED_FOR);
    } else person.leave(end === "return" ? "quit" : end);
    this.#note("greeted as a person at a terminal, being too late", person.late);
  }

  /** An app loses its link, and comes back soon. */
  #cut(comer: Comer): void {
    comer.cuts++;
    this.#note("lost link");
    comer.person.cut(100 + Math.random() * 3000);
    comer.until = performance.now() + 5000 + Math.random() * 10_000;
  }

  #fetchPage(): void {
    const { port } = this.#options;
    const socket = net.connect({ host: "127.0.0.1", port, localAddress: "127.3.0.1" });
    let got = "";
    socket.on("data", (bytes) => got ||= bytes.subarray(0, 12).toString());
    socket.on("close", () => {
      this.#note(got.startsWith("HTTP/1.1 200") ? "page fetched" : "page not fetched");
    });
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.destroy());
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  }

  /** Half a request, a TLS hello or an object, and then nothing. */
  #askHalf(): void {
    const number = ++this.#count;
    const socket = net.connect({
      host: "127.0.0.1",
      port: this.#options.port,
      localAddress: address(number),
    });
    const half = ["GET / HT", "\x16\x03", '{"type":"jo', ""][number % 4]!;
    socket.on("error", () => socket.destroy());
    socket.write(half, "latin1");
    setTimeout(() => socket.destroyed || socket.resetAndDestroy(), HALF_FOR);
  }
}

/** An address of this machine for each, so that each is a network of its own. */
function address(number: number): string {
  return `127.${16 + (number >> 16) % 200}.${number >> 8 & 0xff}.${number & 0xff}`;
}

function pick(): End {
  let at = Math.random() * 1000;
  for (const [end, share] of Object.entries(ENDS)) {
    if ((at -= share) < 0) return end as End;
  }
  return "quit";
}
