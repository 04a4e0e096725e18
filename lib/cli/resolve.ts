// Turns the texts of a command's options into values: parses each, and checks that they go together.

import { type Asked, type CommandName, rowOf } from "./commands.ts";
import { UsageError } from "../errors.ts";
import { flagOf, type OptionTable } from "./option.ts";

/** The text of an option, and the flag or variable that it came from. */
export interface Given {
  readonly text: string;
  readonly name: string;
}

/** The values of a command's options, by key. Throws a `UsageError` for the first mistake. */
export function resolve(
  name: CommandName,
  given: ReadonlyMap<string, Given>,
): Asked<CommandName>["options"] {
  for (const mistake of mistakesIn(name, given)) throw mistake;
  return valuesOf(name, given);
}

/** What is missing or does not go together. Throws a `UsageError` for a value that is wrong by itself. */
export function* mistakesIn(
  name: CommandName,
  given: ReadonlyMap<string, Given>,
): Generator<UsageError> {
  const { options, check } = rowOf(name);
  for (const [key, { required, argument }] of Object.entries(options)) {
    if (required === undefined || given.has(key)) continue;
    yield new UsageError(`${name} needs ${flagOf(key)} ${argument}: ${required}`);
  }
  for (const [key, from] of isClassic(options, given) ? given : []) {
    const { notClassic, needs = key } = options[key]!;
    const why = notClassic ?? options[needs]?.notClassic;
    if (why !== undefined) yield new UsageError(`${from.name} does not go with --classic: ${why}`);
  }
  const values = valuesOf(name, given);
  for (const [key, from] of given) {
    const { needs } = options[key]!;
    if (needs === undefined || given.has(needs)) continue;
    const argument = options[needs]?.argument;
    const wanted = argument === undefined ? flagOf(needs) : `${flagOf(needs)} ${argument}`;
    yield new UsageError(`${from.name} needs ${wanted} as well`);
  }
  if (check !== undefined) yield* check(values, (key) => given.get(key)?.name ?? flagOf(key));
}

function valuesOf(
  name: CommandName,
  given: ReadonlyMap<string, Given>,
): Asked<CommandName>["options"] {
  const { options } = rowOf(name);
  const isOld = isClassic(options, given);
  const values = Object.fromEntries<unknown>(
    Object.entries(options).map(([key, row]) => {
      const from = given.get(key);
      if (from !== undefined) return [key, row.parse(from.text, from.name)];
      return [key, isOld ? row.classic ?? row.fallback : row.fallback];
    }),
  );
  // The table's values have the types that the table says.
  return values as Asked<CommandName>["options"];
}

function isClassic({ classic }: OptionTable, given: ReadonlyMap<string, Given>): boolean {
  const from = given.get("classic");
  return from !== undefined && classic?.parse(from.text, from.name) === true;
}
