// An option of a command: a row of the command's table.

import { anyText, type Parse, yesOrNo } from "./values.ts";

/** An option of a command. */
export interface Option<T> {
  readonly short?: string;
  /** What stands for the value in --help; a switch has none. */
  readonly argument?: string;
  readonly help: string;
  /** The default value, and how --help shows it. */
  readonly fallback: T;
  readonly shown?: string;
  /** What the option is, if the command requires it; its fallback is then never used. */
  readonly required?: string;
  /** The key of the option without which this one has no meaning. */
  readonly needs?: string;
  /** The default under --classic, if different: v0.1 knew no limits. */
  readonly classic?: T;
  /** Why it cannot be used with --classic; an option that needs another cannot for the same reason. */
  readonly notClassic?: string;
  readonly repeatable?: true;
  /** Whether SIGHUP changes it in a running server; "while set": to another value, but not from or to none. */
  readonly reloads?: "always" | "while set";
  readonly parse: Parse<T>;
}

/** A command's options. Keys are the flags' names in camel case: `maxLine` is `--max-line`. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The values of a table's options. */
export type Values<T extends OptionTable> = { readonly [K in keyof T]: T[K]["fallback"] };

/** Keeps the type of each row. */
export function option<T>(row: Option<T>): Option<T> {
  return row;
}

/** The row of a switch, which is off by default. */
export function toggle(row: Omit<Option<boolean>, "fallback" | "parse">): Option<boolean> {
  return { ...row, fallback: false, parse: yesOrNo };
}

/** The row of an option that is any text, such as a path; by default there is none. */
export function text(
  row: Omit<Option<string | undefined>, "fallback" | "parse">,
): Option<string | undefined> {
  return { ...row, fallback: undefined, parse: anyText };
}

/** An option's flag as it is typed: `--max-line` for `maxLine`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, "-$&").toLowerCase()}`;
}

/** An option's environment variable: `BOBCHAT_MAX_LINE` for `maxLine`. */
export function variableOf(key: string): string {
  return `BOBCHAT_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}
