// A line client with editing, for servers that do not speak JSON: lines scroll up above the line that is being
// typed, and nothing of them is understood.

import { StartError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import { Editor } from "./editor.ts";
import { readKeys } from "./keyboard.ts";
import { type Key, PASTE_OFF, PASTE_ON } from "./keys.ts";
import { paint } from "./paint.ts";
import { Screen } from "./screen.ts";
import { takeTerminal, TERMINAL } from "./terminal.ts";

/** A connection over which plain lines go. */
export interface PlainLines {
  readonly connection: Connection;
  /** Calls a function with the lines that come, those that have come already first; resolves at the end. */
  readonly listen: (onLines: (lines: readonly string[]) => void | Promise<void>) => Promise<void>;
}

/** Options of a plain talk. */
export interface PlainOptions {
  /** The server's address, for errors. */
  readonly server: string;
  /** What to say at first; empty: nothing. */
  readonly notice: string;
  /** Ends the process with an exit code. */
  readonly exit: (code: number) => void;
}

/** Talks until the user leaves. Throws a `StartError` if the server ends the connection. */
export async function talkPlainly(
  { connection, listen }: PlainLines,
  { server, notice, exit }: PlainOptions,
): Promise<void> {
  const editor = new Editor();
  const screen = new Screen(TERMINAL, () => editor.input("> "));
  const left = Promise.withResolvers<true>();
  const show = (lines: readonly string[]) =>
    screen.show(lines.map((text) => paint({ kind: "other", text }, {})));
  const press = (key: Key) => {
    const pressed = editor.press(key);
    if (pressed?.kind === "entered" && pressed.text !== "") {
      const lines = pressed.text.split("\n");
      show(lines.map((line) => `> ${line}`));
      for (const line of lines) void connection.send(`${line}\n`);
      editor.remember(pressed.text);
    } else if (pressed?.kind === "other") {
      if (pressed.name === "leave") left.resolve(true);
      if (pressed.name === "ctrl-l") screen.clear();
    }
  };
  const giveBack = takeTerminal({
    resized: () => screen.refresh(),
    leave: () => {
      TERMINAL.write(PASTE_OFF);
      screen.end();
    },
    exit,
  });
  try {
    TERMINAL.write(PASTE_ON);
    if (notice !== "") show([`*** ${notice}`]);
    screen.refresh();
    const listening = listen(show);
    void readKeys({ press, changed: () => screen.refresh() }).then(() => left.resolve(true));
    const hasLeft = await Promise.race([left.promise, listening.then(() => false)]);
    if (hasLeft) return connection.end();
  } finally {
    giveBack();
  }
  throw new StartError(`${server} has ended the connection`);
}
