// Turns the texts of a command's options into values: parses each, and checks that they go together.

import { type Asked, type CommandName, rowOf } from "./commands.ts";
import { UsageError } from "../errors.ts";
import { flagOf } from "./option.ts";

/** The text of an option, and the flag or variable that it came from. */
export interface Given {
  readonly text: string;
  readonly name: string;
}

/** The values of a command's options, by key. Throws a `UsageError` for the first that is wrong. */
export function resolve(
  name: CommandName,
  given: ReadonlyMap<string, Given>,
): Asked<CommandName>["options"] {
  const { values, conflicts } = resolveAll(name, given);
  if (conflicts[0] !== undefined) throw new UsageError(conflicts[0]);
  return values;
}

/** The values, and what does not go together, a sentence each. Throws a `UsageError` for a value that is wrong. */
export function resolveAll(
  name: CommandName,
  given: ReadonlyMap<string, Given>,
): { values: Asked<CommandName>["options"]; conflicts: string[] } {
  const { options, check } = rowOf(name);
  const rows = Object.entries(options);
  for (const [key, { required, argument }] of rows) {
    if (required === undefined || given.has(key)) continue;
    throw new UsageError(`${name} needs ${flagOf(key)} ${argument}: ${required}`);
  }
  const classic = given.get("classic");
  const isClassic = classic !== undefined &&
    options.classic?.parse(classic.text, classic.name) === true;
  const conflicts: string[] = [];
  for (const [key, from] of isClassic ? given : []) {
    const { notClassic, needs = key } = options[key]!;
    const why = notClassic ?? options[needs]?.notClassic;
    if (why === undefined) continue;
    conflicts.push(`${from.name} does not go with --classic: ${why}`);
  }
  const values = Object.fromEntries<unknown>(rows.map(([key, row]) => {
    const from = given.get(key);
    if (from !== undefined) return [key, row.parse(from.text, from.name)];
    return [key, isClassic ? row.classic ?? row.fallback : row.fallback];
  }));
  for (const [key, from] of given) {
    const { needs } = options[key]!;
    if (needs === undefined || given.has(needs)) continue;
    const argument = options[needs]?.argument;
    const wanted = argument === undefined ? flagOf(needs) : `${flagOf(needs)} ${argument}`;
    conflicts.push(`${from.name} needs ${wanted} as well`);
  }
  conflicts.push(...check?.(values, (key) => given.get(key)?.name ?? flagOf(key)) ?? []);
  // The table's values have the types that the table says.
  return { values: values as Asked<CommandName>["options"], conflicts };
}
