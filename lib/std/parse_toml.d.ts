// The types of @std/toml/parse that bobchat uses; the npm package carries none.
export declare function parse(toml: string): Record<string, unknown>;
