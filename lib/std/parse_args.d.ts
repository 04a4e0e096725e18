// The types of @std/cli/parse-args that bobchat uses; the npm package carries none.
export interface ParseArgsOptions {
  alias?: Record<string, string>;
  boolean?: string[];
  string?: string[];
  collect?: string[];
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
export declare function parseArgs(
  args: string[],
  options: ParseArgsOptions,
): { _: string[] } & Record<string, string | string[] | boolean | undefined>;
