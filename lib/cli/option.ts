// What an option of a command is: a row of that command's table.

import type { Parse } from "./values.ts";

/** An option of a command. */
export interface Option<T> {
  readonly short?: string;
  /** What stands for the value in --help; none: a switch. */
  readonly argument?: string;
  readonly help: string;
  /** The value when nothing is given, and how --help shows it. */
  readonly fallback: T;
  readonly shown?: string;
  /** What it is, where the command cannot do without it: its fallback is never used then. */
  readonly required?: string;
  /** The option, by its key, without which this one means nothing. */
  readonly needs?: string;
  /** The value under --classic when nothing is given, where it differs: v0.1 knew no limits. */
  readonly classic?: T;
  /** Why it does not go with --classic. */
  readonly notClassic?: string;
  readonly repeatable?: true;
  readonly parse: Parse<T>;
}

/** A command's options. Keys are the flags' names in camel case: `maxLine` is `--max-line`. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What a table's options come to. */
export type Values<T extends OptionTable> = { readonly [K in keyof T]: T[K]["fallback"] };

/** Lets each row have a type of its own. */
export function option<T>(row: Option<T>): Option<T> {
  return row;
}

/** An option's flag as it is typed: `--max-line` for `maxLine`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, "-$&").toLowerCase()}`;
}

/** An option's environment variable: `BOBCHAT_MAX_LINE` for `maxLine`. */
export function variableOf(key: string): string {
  return `BOBCHAT_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}
