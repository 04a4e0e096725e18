// The tables of options of the commands that look after the file that a server keeps.

import { option } from "./option.ts";
import * as value from "./values.ts";

const history = option<string>({
  argument: "PATH",
  help: "the file that the server keeps",
  fallback: "",
  required: "the file that the server keeps",
  parse: value.databasePath,
});

/** Options of `bobchat operator`. */
export const OPERATOR_OPTIONS = { history };

/** Options of `bobchat password`. */
export const PASSWORD_OPTIONS = { history };

/** Options of `bobchat forget`. */
export const FORGET_OPTIONS = { history };

/** Options of `bobchat import`. */
export const IMPORT_OPTIONS = { history };

/** Options of `bobchat export`; times in epoch milliseconds, `until` the first one too late. */
export const EXPORT_OPTIONS = {
  history,
  room: option<string | undefined>({
    argument: "R",
    help: "what was said in this room alone",
    fallback: undefined,
    shown: "all",
    parse: value.anyText,
  }),
  since: option<number | undefined>({
    argument: "T",
    help: "what was said from then on",
    fallback: undefined,
    parse: value.time({ bareDate: "begins" }),
  }),
  until: option<number | undefined>({
    argument: "T",
    help: "what was said before then",
    fallback: undefined,
    parse: value.time({ bareDate: "ends" }),
  }),
  format: option<"text" | "jsonl">({
    argument: "FORMAT",
    help: "text | jsonl",
    fallback: "text",
    parse: value.oneOf("text", "jsonl"),
  }),
  output: option<string | undefined>({
    argument: "FILE",
    help: "write to this file, which only you may read",
    fallback: undefined,
    shown: "stdout",
    parse: value.anyText,
  }),
};
