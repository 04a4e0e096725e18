// The table of commands: the words and options of each, and its --help. A new command is a row here and a
// case in main.ts.

import { checkSpan, EXPORT_OPTIONS, FILE_OPTIONS, NETWORK_OPTIONS } from "./admin_options.ts";
import { checkConnect, CONNECT_OPTIONS } from "./connect_options.ts";
import type { OptionTable, Values } from "./option.ts";
import { OPTIONS, REMOVED } from "./options.ts";
import { checkTogether } from "./together.ts";

/** A command. */
export interface Command<T extends OptionTable> {
  /** What it does. */
  readonly help: string;
  /**
   * The words after its name, a string for each form: capitals stand for any text, and words in brackets are
   * optional.
   */
  readonly forms: readonly string[];
  /** Whether it cannot be undone: such a command is never suggested for a mistyped one. */
  readonly isDrastic?: true;
  readonly options: T;
  /** Options that it had before, by key, and what to do instead. */
  readonly removed?: Readonly<Record<string, string>>;
  /** The last lines of --help. */
  readonly notes?: readonly string[];
  /** What does not go together, a sentence each; `nameOf` gives the flag, variable or line of an option. */
  check?(values: Values<T>, nameOf: (key: string) => string): string[];
}

/** Keeps the type of each row. */
function command<T extends OptionTable>(row: Command<T>): Command<T> {
  return row;
}

/** The command if none is named. */
export const DEFAULT = "serve";

/** Every command, by its name. */
export const COMMANDS = {
  serve: command({
    help: "a chat room in one file",
    forms: [""],
    options: OPTIONS,
    removed: REMOVED,
    check: checkTogether,
  }),
  connect: command({
    help: "join a room from this terminal",
    forms: ["[HOST[:PORT]]"],
    options: CONNECT_OPTIONS,
    check: checkConnect,
    notes: [
      "HOST is this machine by default, and PORT is 7777. If stdin or stdout is not a terminal, connect",
      "sends the lines of stdin and writes the incoming ones to stdout.",
    ],
  }),
  operator: command({
    help: "make a registered name an operator, or undo that",
    forms: ["add NAME", "remove NAME", "list"],
    options: FILE_OPTIONS,
  }),
  password: command({
    help: "give a registered name a new password",
    forms: ["NAME"],
    options: FILE_OPTIONS,
    notes: [
      "You are asked for the password twice, and it is not shown. If stdin is not a terminal, its first",
      "line is the password.",
    ],
  }),
  forget: command({
    help: "delete a registered name and all its messages",
    isDrastic: true,
    forms: ["NAME"],
    options: FILE_OPTIONS,
  }),
  bans: command({
    help: "list who is banned or muted",
    forms: [""],
    options: FILE_OPTIONS,
  }),
  unban: command({
    help: "lift the ban and the mute of a name or an address",
    forms: ["NAME|ADDRESS"],
    options: FILE_OPTIONS,
  }),
  rooms: command({
    help: "list the rooms in the file",
    forms: [""],
    options: FILE_OPTIONS,
  }),
  accounts: command({
    help: "list the registered names",
    forms: [""],
    options: FILE_OPTIONS,
  }),
  backup: command({
    help: "copy the file, even while a server runs on it",
    forms: ["TO"],
    options: FILE_OPTIONS,
    notes: [
      "TO is the path of the copy, which only you can read. If it exists, it is replaced once everything is",
      "copied.",
    ],
  }),
  export: command({
    help: "write the messages of all rooms to stdout",
    forms: [""],
    options: EXPORT_OPTIONS,
    check: checkSpan,
    notes: [
      "T is a date or a time, in the time zone of this machine unless it names another: 2026-11-24,",
      "2026-11-24T10:00, 2026-11-24T09:00Z. With --until, a date includes that day.",
      "If FILE exists, it is replaced once everything is written.",
    ],
  }),
  import: command({
    help: "read messages from stdin, as export --format jsonl writes them",
    isDrastic: true,
    forms: [""],
    options: FILE_OPTIONS,
    notes: [
      "If a line is wrong, nothing is imported. Messages that the file already has are skipped. Messages of",
      "a locked room stay locked. If the file does not exist, it is made.",
    ],
  }),
  network: command({
    help: "begin a network on NATS anew, when its stream is lost or damaged",
    isDrastic: true,
    forms: ["new"],
    options: NETWORK_OPTIONS,
    notes: [
      "The network goes on from its newest snapshot. What was said after that is lost, except in history",
      "files. Start every server of the network again afterwards.",
    ],
  }),
  "check-config": command({
    help: "list the mistakes in a file for --config",
    forms: ["FILE"],
    options: {},
  }),
  completions: command({
    help: "print a script that completes commands in your shell",
    forms: ["bash", "zsh", "fish"],
    options: {},
    notes: [
      'bash: put this line into ~/.bashrc: eval "$(bobchat completions bash)"',
      "zsh:  put this line into ~/.zshrc, after compinit: source <(bobchat completions zsh)",
      "fish: bobchat completions fish > ~/.config/fish/completions/bobchat.fish",
    ],
  }),
};

/** A command's name. */
export type CommandName = keyof typeof COMMANDS;

/** A command with its words and options. */
export type Asked<Name extends CommandName> = {
  readonly [N in Name]: {
    readonly kind: N;
    readonly words: readonly string[];
    readonly options: Values<(typeof COMMANDS)[N]["options"]>;
  };
}[Name];

/** Whether a word is a command's name. */
export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

/** The row of any command. */
export function rowOf(name: CommandName): Command<OptionTable> {
  return COMMANDS[name] as Command<OptionTable>;
}
