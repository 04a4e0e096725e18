// The types of @std/yaml/parse that the tests use; the npm package carries none.
export declare function parse(yaml: string): unknown;
