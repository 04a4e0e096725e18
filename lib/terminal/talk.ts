// A session at a terminal: keys in, which node:readline turns into lines with a history; lines out.

import { createInterface } from "node:readline";
import { Readable, Writable } from "node:stream";
import type { Heard } from "../wire/heard.ts";
import { StartError } from "../errors.ts";
import { complete, People, sharedStart } from "./complete.ts";
import type { Connection } from "./connection.ts";
import { Link } from "./link.ts";
import { isMention, type Look, paint } from "./paint.ts";
import type { Wanted } from "./presence.ts";
import { Screen } from "./screen.ts";
import { takeTerminal, TERMINAL } from "./terminal.ts";

/** Options of a talk. */
export interface TalkOptions {
  readonly wanted: Wanted;
  /** Connects again after a connection was lost. */
  readonly dial: () => Promise<Connection>;
  readonly colours: Look["colours"];
  /** Ends the process with an exit code. */
  readonly exit: (code: number) => void;
}

/** Most lines that the up arrow finds. */
const HISTORY = 500;
/** Milliseconds between two rings of the bell. */
const QUIET = 5000;

/** Talks until the user leaves. Throws a `StartError` if the server does not want them back. */
export async function talk(first: Connection, options: TalkOptions): Promise<void> {
  const { wanted, dial, colours, exit } = options;
  const people = new People();
  let rungAt = -Infinity;
  const show = (lines: readonly Heard[]): void => {
    for (const line of lines) people.heard(line);
    const self = link.presence.name, now = performance.now();
    const rings = now - rungAt > QUIET && lines.some((line) => isMention(line, self));
    if (rings) rungAt = now;
    screen.show(lines.map((line) => paint(line, { colours, self })), { rings });
  };
  const link = new Link({ dial, wanted, show });
  const input = Readable.from(Deno.stdin.readable, { objectMode: false });
  const editor = createInterface({
    input,
    // It only edits; the screen does the drawing.
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    terminal: true,
    historySize: HISTORY,
    completer: (line: string) => {
      const { word, choices } = complete(line, { people, self: link.presence.name });
      const isStuck = choices.length > 1 && sharedStart(choices).length <= word.length;
      const names = choices.map((choice) => choice.replace(/:? $/, ""));
      if (isStuck) show([{ kind: "other", text: names.join("  ") }]);
      return [choices, word];
    },
  });
  const screen = new Screen(TERMINAL, () => {
    const { line, cursor } = editor;
    const isHidden = link.presence.isAsked;
    return { prompt: link.prompt, line: isHidden ? "·".repeat(line.length) : line, cursor };
  });
  editor.on("line", (line) => {
    if (line.trim() !== "") link.say(line);
  });
  // The line enters the history before it is sent; `lines` is the history itself.
  editor.on("history", (lines) => {
    if (link.isSecret(lines[0] ?? "")) lines.shift();
  });
  editor.on("SIGINT", () => {
    if (editor.line === "") return link.leave();
    editor.write(null, { ctrl: true, name: "e" });
    editor.write(null, { ctrl: true, name: "u" });
  });
  // Ctrl-Z: by default readline would stop this program, which may not send signals.
  editor.on("SIGTSTP", () => undefined);
  editor.on("close", () => link.leave());
  // The terminal is gone, and with it the user.
  input.on("error", () => link.leave());
  let isDrawing = false;
  input.on("keypress", (_text, key: { name?: string; ctrl?: boolean }) => {
    if (key.ctrl && key.name === "l") screen.clear();
    // Above its oldest line readline's history has an empty one.
    const isUp = key.name === "up" || key.ctrl && key.name === "p";
    if (isUp && editor.line === "") editor.write(null, { name: "down" });
    // Pasted text comes as many keys: it is drawn once.
    if (isDrawing) return;
    isDrawing = true;
    queueMicrotask(() => {
      isDrawing = false;
      screen.refresh();
    });
  });
  const giveBack = takeTerminal({
    resized: () => screen.refresh(),
    leave: () => screen.end(),
    exit,
  });
  try {
    screen.refresh();
    if (await link.run(first)) return;
  } finally {
    giveBack();
  }
  throw new StartError("the server has ended the connection");
}
