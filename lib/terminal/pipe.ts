// Connects without a terminal: stdin goes to the server, and what the server says goes to stdout.

import { CLOCK } from "../client/clock.ts";
import type { Asked, Frame, Refusal } from "../client/frames.ts";
import { Link } from "../client/link/link.ts";
import { fold } from "../client/state/names.ts";
import { read } from "../client/typing/typed.ts";
import { StartError, unreadable, unwritable } from "../errors.ts";
import { LineSplitter } from "../wire/line_splitter.ts";
import type { Connection } from "./connection.ts";
import { LineSocket } from "./line_socket.ts";
import type { PlainLines } from "./plain.ts";
import { QUIT, type Wanted } from "./session.ts";
import { toLines } from "./told.ts";

/** Options of a pipe. */
export interface PipeOptions {
  /** What to ask the server for before stdin is sent. */
  readonly wanted: Wanted;
  /** Whether the server's frames are written as they are. */
  readonly json: boolean;
  /** The server's address, for errors. */
  readonly server: string;
}

/** Bytes of the longest line of stdin. */
const LONGEST = 64 * 1024;
/** The room that everyone is in. */
const LOBBY = "lobby";
/** Most lines that wait for the server's answer. */
const MOST_WAITING = 100;
/** Bytes that wait to be written; with more, nothing is read from the server until they are. */
const MOST_UNWRITTEN = 8 * 1024 * 1024;
/** Milliseconds of silence after the last command, whose answer may come after it was handled; and the longest. */
const SILENCE = 500, LONGEST_SILENCE = 10_000;

/** Says all of stdin, and writes what is told, over JSON lines or plain ones. Throws a `StartError`. */
export async function pipe(connection: Connection, options: PipeOptions): Promise<void> {
  const talk = new Pipe(connection, options);
  try {
    await talk.run();
  } catch (error) {
    // The reader of stdout has gone (`| head`).
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw error;
  }
}

/** Sends stdin as it is, and writes what comes. Throws a `StartError` if the server ends first. */
export async function pipePlainly(
  { connection, listen }: PlainLines,
  { server }: Pick<PipeOptions, "server">,
  out = new Output(),
): Promise<void> {
  let isSent = false;
  const feed = async () => {
    for await (const chunk of input()) await connection.send(chunk);
    isSent = true;
    connection.end();
  };
  const onLines = (lines: readonly string[]) => {
    out.write(lines);
    return out.room;
  };
  const heard = listen(onLines).then(() => out.done);
  try {
    await Promise.race([heard, out.failed, feed().then(() => heard)]);
    await out.done;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw error;
  }
  if (!isSent || connection.isBroken) throw new StartError(`${server} has ended the connection`);
}

/** One pipe to a server that may speak JSON. */
class Pipe {
  readonly #connection: Connection;
  readonly #options: PipeOptions;
  readonly #socket: LineSocket;
  readonly #link: Link;
  readonly #out = new Output();
  readonly #ready = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<void>();
  /** Called whenever something comes, or was handled. */
  #woken = () => {};
  #heardAt = 0;
  #plain: { onLines: (lines: readonly string[]) => void } = { onLines: () => {} };
  #isIn = false;
  /** Whether it is leaving: by itself, or because a line says so. */
  #isDone = false;
  #isQuitting = false;
  #lastWords = "";
  #reason = "";

  constructor(connection: Connection, options: PipeOptions) {
    this.#connection = connection;
    this.#options = options;
    // They are looked at when they are waited for.
    for (const { promise } of [this.#ready, this.#over]) promise.catch(() => undefined);
    const { name = "", key } = options.wanted;
    this.#socket = new LineSocket(Promise.resolve(connection), {
      onLines: (lines) => this.#plain.onLines(lines),
      onEnd: (reason) => this.#reason = reason,
      onJson: (line) => options.json && this.#out.write([line]),
      room: () => this.#out.room,
    });
    this.#link = new Link({
      ...CLOCK,
      open: () => this.#socket,
      claim: () => ({ name, password: "" }),
      key,
      isWary: true,
      onFrame: (frame) => this.#hear(frame),
      onChange: () => this.#changed(),
      onHeeded: ({ asked }) => {
        if (asked.type === "join" && asked.name !== undefined) this.#askRoom();
      },
      onRefused: (_name, refusal) => this.#refuse(refusal),
    });
  }

  async run(): Promise<void> {
    this.#link.open();
    const spoken = await this.#socket.spoken;
    if (spoken === "plain") return this.#runPlainly();
    if (spoken === "nothing") {
      this.#plain.onLines = (lines) => this.#out.write(lines);
      this.#socket.flush();
      await this.#out.done;
      throw new StartError(endedBefore(this.#connection, this.#options));
    }
    const said = this.#ready.promise.then(() => this.#feed());
    await Promise.race([this.#over.promise, this.#out.failed, said.then(() => this.#over.promise)]);
    await this.#out.done;
  }

  #runPlainly(): Promise<void> {
    this.#socket.keep();
    this.#link.leave();
    const { wanted, json, server } = this.#options;
    const { name, room, key } = wanted;
    const needs = {
      ...{ "--json": json, "--nick": name !== undefined, "--room": room !== undefined },
      "--password-file": key !== undefined,
    };
    const needing = Object.entries(needs).flatMap(([flag, isGiven]) => isGiven ? [flag] : []);
    if (needing.length > 0) {
      throw new StartError(
        `${server} does not speak JSON lines: leave out ${needing.join(", ")}`,
      );
    }
    const listen: PlainLines["listen"] = (onLines) => {
      this.#plain.onLines = onLines;
      this.#socket.flush();
      return this.#socket.ended;
    };
    return pipePlainly({ connection: this.#connection, listen }, { server }, this.#out);
  }

  #hear(frame: Frame): void {
    this.#heardAt = CLOCK.now();
    if (frame.type === "password") {
      this.#fail(`${this.#options.server} has a password: give --password-file a file with it`);
    }
    if (frame.type === "notice" || frame.type === "error") this.#lastWords = frame.text;
    if (frame.type === "error" && this.#link.state === "joining") {
      if (frame.code !== "wrong-password") this.#refuse(frame);
      else this.#fail(`the password in --password-file is not that of ${this.#options.server}`);
    }
    if (frame.type === "welcome") this.#isIn = true;
    const isGoodbye = this.#isDone && frame.type === "notice" && frame.room === undefined;
    // Before the welcome a server asks people to type its password, or says why they cannot come in: #fail does.
    const isShown = this.#isIn && !isGoodbye && !this.#isElsewhere(frame);
    if (!this.#options.json && isShown) this.#out.write(toLines(frame));
    if (frame.type === "welcome") this.#welcomed();
  }

  /** Whether a frame is of the lobby, which everyone stays in, and another room is wanted. */
  #isElsewhere(frame: Frame): boolean {
    const { room = LOBBY } = this.#options.wanted;
    return fold(room) !== LOBBY && "room" in frame && frame.room === LOBBY;
  }

  #welcomed(): void {
    const { name } = this.#options.wanted;
    if (name === undefined) return this.#askRoom();
    // Where a password had to come first, the name that came with the join was not heard.
    if (this.#link.enteredAs === "") this.#ask({ type: "nick", name }, () => this.#askRoom());
  }

  #askRoom(): void {
    const { room } = this.#options.wanted;
    if (room === undefined) return this.#ready.resolve();
    this.#ask({ type: "join", room }, () => this.#ready.resolve());
  }

  /** Asks for what the user wants before anything is said; without it there is nothing to do. */
  #ask(asked: Asked, then: () => void): void {
    const onDone = (refusal?: Refusal) => {
      if (refusal === undefined || refusal.code === "nothing-to-change") then();
      else this.#refuse(refusal);
    };
    this.#link.ask(asked, { onDone });
  }

  /** Says all of stdin, and leaves once all was answered. */
  async #feed(): Promise<void> {
    const splitter = new LineSplitter(LONGEST);
    let isCommand = false;
    const say = async (lines: readonly (string | undefined)[]) => {
      for (const text of lines) {
        if (text === undefined) throw new StartError("a line of stdin is too long");
        if (text.trim() === "") continue;
        await this.#until(() => this.#link.waiting.length < MOST_WAITING);
        const line = read(text);
        isCommand = line.kind === "command";
        if (line.kind === "command" && QUIT.includes(line.name)) this.#isQuitting = true;
        const asked: Asked = line.kind === "say"
          ? { type: "say", text: line.text }
          : { type: "command", name: line.name, text: line.text };
        this.#link.ask(asked, { isTyped: true, shown: text });
      }
    };
    for await (const chunk of input()) await say(splitter.split(chunk));
    await say(splitter.end());
    await this.#until(() => this.#link.waiting.length === 0);
    const since = CLOCK.now();
    if (isCommand) await this.#until(() => this.#isSilent(since));
    if (this.#isQuitting) return;
    this.#isDone = this.#isQuitting = true;
    this.#link.ask({ type: "command", name: "quit", text: "" });
  }

  #isSilent(since: number): boolean {
    const now = CLOCK.now();
    return now - Math.max(since, this.#heardAt) >= SILENCE || now - since >= LONGEST_SILENCE;
  }

  /** Waits until something is so, which is looked at whenever something comes, and from time to time. */
  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        const cancel = CLOCK.later(resolve, SILENCE);
        this.#woken = () => {
          cancel();
          resolve();
        };
      });
    }
  }

  #changed(): void {
    this.#woken();
    const { state, waiting } = this.#link;
    if (state !== "lost" && state !== "ended") return;
    const unsent = waiting.filter(({ isTyped }) => isTyped);
    this.#link.leave();
    if (this.#isQuitting && unsent.length === 0) return this.#over.resolve();
    const { server } = this.#options;
    const why = this.#reason || (state === "ended" ? this.#lastWords : "") ||
      `${server} has ended the connection`;
    const lines = unsent.length === 1 ? "the last line" : `the last ${unsent.length} lines`;
    this.#fail(unsent.length === 0 ? sentence(why) : `${sentence(why)}; ${lines} may not be said`);
  }

  #refuse({ text }: Refusal): void {
    this.#fail(sentence(text));
  }

  #fail(why: string): void {
    this.#over.reject(new StartError(why));
  }
}

/** What is written, in order. */
class Output {
  readonly #writer = Deno.stdout.writable.getWriter();
  readonly #failed = Promise.withResolvers<never>();
  #done: Promise<void> = Promise.resolve();
  /** Bytes that are not written yet. */
  #waiting = 0;

  constructor() {
    // It is looked at when it is waited for.
    this.#failed.promise.catch(() => undefined);
  }

  /** Rejects once something cannot be written. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Resolves once all so far is written. */
  get done(): Promise<void> {
    return this.#done;
  }

  /** Resolves once there is room for more. */
  get room(): Promise<void> {
    return this.#waiting > MOST_UNWRITTEN ? this.#done : Promise.resolve();
  }

  write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
    this.#waiting += text.length;
    this.#done = this.#done.then(() => this.#writer.write(text)).catch((error) => {
      this.#failed.reject(unwritable(error));
    }).then(() => {
      this.#waiting -= text.length;
    });
  }
}

/** Stdin, whose failures are not the connection's. */
async function* input(): AsyncGenerator<Uint8Array> {
  try {
    yield* Deno.stdin.readable;
  } catch (error) {
    throw unreadable(error);
  }
}

/** Why the connection may have ended before the server has answered. */
export function endedBefore(
  { isTls, isSecure }: Connection,
  { server }: { server: string },
): string {
  if (isTls) return `${server} speaks TLS: add --tls`;
  const hint = isSecure ? "" : ": if it speaks TLS, add --tls";
  return `${server} has ended the connection${hint}`;
}

function sentence(text: string): string {
  return text.replace(/\.$/, "");
}
