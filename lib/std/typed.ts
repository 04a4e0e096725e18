// Std's own names with their types: the npm package that carries std's code here has none. With a
// `jsr:` line in deno.json for each, this folder goes and its importers name std directly.

// @ts-types="./delay.d.ts"
export { delay } from "@std/async/delay";
// @ts-types="./parse_args.d.ts"
export { parseArgs } from "@std/cli/parse-args";
// @ts-types="./parse_toml.d.ts"
export { parse as parseToml } from "@std/toml/parse";
