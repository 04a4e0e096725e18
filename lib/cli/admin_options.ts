// The option tables of the commands that work on a server's history file.

import { NATS_OPTIONS } from "./nats_options.ts";
import { option, text, type Values } from "./option.ts";
import * as value from "./values.ts";

const history = option<string>({
  argument: "PATH",
  help: "the history file of the server",
  fallback: "",
  required: "the history file of the server",
  parse: value.databasePath,
});

/** Options of the commands that take no others. */
export const FILE_OPTIONS = { history };

const { nats, natsCreds, natsCa, network } = NATS_OPTIONS;
/** Options of `bobchat network`. */
export const NETWORK_OPTIONS = {
  nats: { ...nats, help: "the NATS of the network, repeatable", required: "where NATS is" },
  ...{ natsCreds, natsCa, network },
  history: option<string | undefined>({
    argument: "PATH",
    help: "begin with what this history file has",
    fallback: undefined,
    shown: "a snapshot in NATS",
    parse: value.databasePath,
  }),
};

/** Options of `bobchat export`; times in epoch milliseconds, `until` is exclusive. */
export const EXPORT_OPTIONS = {
  history,
  room: text({ argument: "R", help: "only messages of this room", shown: "all" }),
  since: option<number | undefined>({
    argument: "T",
    help: "only messages from this time on",
    fallback: undefined,
    parse: value.time({ bareDate: "begins" }),
  }),
  until: option<number | undefined>({
    argument: "T",
    help: "only messages before this time",
    fallback: undefined,
    parse: value.time({ bareDate: "ends" }),
  }),
  format: option<"text" | "jsonl">({
    argument: "FORMAT",
    help: "text | jsonl",
    fallback: "text",
    parse: value.oneOf("text", "jsonl"),
  }),
  output: text({
    argument: "FILE",
    help: "write to this file, which only you can read",
    shown: "stdout",
  }),
};

/** What does not go together, as a sentence. */
export function checkSpan({ since, until }: Values<typeof EXPORT_OPTIONS>): string[] {
  if (since === undefined || until === undefined || since < until) return [];
  return ["--until is not after --since, so there is nothing between them: give another time"];
}
