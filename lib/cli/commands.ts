// The table of commands: what each is told, by words and by options, and what --help says of it. A new
// one is a row here and a case in main.ts.

import {
  EXPORT_OPTIONS,
  FORGET_OPTIONS,
  IMPORT_OPTIONS,
  OPERATOR_OPTIONS,
  PASSWORD_OPTIONS,
} from "./admin_options.ts";
import { checkTrust, CONNECT_OPTIONS } from "./connect_options.ts";
import type { OptionTable, Values } from "./option.ts";
import { checkTogether, OPTIONS } from "./options.ts";

/** A command. */
export interface Command<T extends OptionTable> {
  /** What it does. */
  readonly help: string;
  /**
   * The words behind its name, each way that it goes: what is in capitals stands for any text, and what
   * is in brackets can be left out.
   */
  readonly forms: readonly string[];
  /** It changes what cannot be changed back: nobody is to type it because it was suggested. */
  readonly isDrastic?: true;
  readonly options: T;
  /** Lines that --help ends with. */
  readonly notes?: readonly string[];
  /** Throws a `UsageError` for values that are wrong only beside each other. */
  check?(values: Values<T>): void;
}

/** Lets each row have a type of its own. */
function command<T extends OptionTable>(row: Command<T>): Command<T> {
  return row;
}

/** The command where none is given. */
export const DEFAULT = "serve";

/** Every command, by its name. */
export const COMMANDS = {
  serve: command({
    help: "a chat room in one file",
    forms: [""],
    options: OPTIONS,
    check: checkTogether,
  }),
  connect: command({
    help: "join a room from this terminal",
    forms: ["[HOST[:PORT]]"],
    options: CONNECT_OPTIONS,
    check: checkTrust,
    notes: [
      "Without HOST it is this machine, without PORT 7777, or 7778 with --tls. Where stdin or stdout is",
      "no terminal, the lines of stdin are sent, and what comes in is written to stdout.",
    ],
  }),
  operator: command({
    help: "make a registered name an operator, or no longer one",
    forms: ["add NAME", "remove NAME", "list"],
    options: OPERATOR_OPTIONS,
  }),
  password: command({
    help: "give a registered name a new password",
    forms: ["NAME"],
    options: PASSWORD_OPTIONS,
    notes: [
      "It is asked for twice, and not shown; where stdin is no terminal, it is its first line.",
    ],
  }),
  forget: command({
    help: "remove somebody's name, and all they said",
    isDrastic: true,
    forms: ["NAME"],
    options: FORGET_OPTIONS,
  }),
  export: command({
    help: "write what was said to stdout",
    forms: [""],
    options: EXPORT_OPTIONS,
    notes: [
      "T is a date or a time, this machine's unless it says otherwise: 2026-11-24, 2026-11-24T10:00,",
      "2026-11-24T09:00Z. A date is --since its first moment, and --until its last.",
      "A FILE that is there already is replaced once all is written.",
    ],
  }),
  import: command({
    help: "read what was said from stdin, as export --format jsonl wrote it",
    isDrastic: true,
    forms: [""],
    options: IMPORT_OPTIONS,
    notes: [
      "All of it is taken, or, where a line is wrong, nothing; the file is made if need be. What is there",
      "already is left out. What was said in a locked room stays behind a lock.",
    ],
  }),
};

/** A command's name. */
export type CommandName = keyof typeof COMMANDS;

/** A command with what it was told. */
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

/** A command's row, whichever it is. */
export function rowOf(name: CommandName): Command<OptionTable> {
  return COMMANDS[name] as Command<OptionTable>;
}
