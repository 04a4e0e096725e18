// The config file: what it sets, and the line and the words of each mistake.

import fc from "fast-check";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { nameOf, readConfig } from "../../../lib/cli/config.ts";
import { OPTIONS, type Options } from "../../../lib/cli/options.ts";
import { UsageError } from "../../../lib/errors.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";

/** The options of a command line, with this text in the file of --config. */
function parse(text: string, args: string[] = [], env: Record<string, string> = {}): Options {
  const request = parseCommandLine(["--config", "chat.toml", ...args], {
    env: (name) => env[name],
    read: (path) => path === "chat.toml" ? text : "",
  });
  assert(request.kind === "serve");
  return request.options;
}

/** Each mistake, with its line before it. */
function mistakes(text: string): string[] {
  return readConfig(text, "f").mistakes.map(({ line, text }) => `${line} ${text}`);
}

Deno.test("a flag goes before the environment, that before the file, and that before the default", () => {
  const text = "max-line = 64\nreplay = 5\nburst = 7\n";
  const options = parse(text, ["--max-line", "128"], {
    BOBCHAT_MAX_LINE: "256",
    BOBCHAT_REPLAY: "6",
  });
  const { maxLine, replay, burst, keepRooms } = options;
  assertEquals([maxLine, replay, burst, keepRooms], [128, 6, 7, 30]);
  assertEquals(parse(text, [], { BOBCHAT_MAX_LINE: "256" }).maxLine, 256);
});

Deno.test("the file can be named in the environment", () => {
  const env = (name: string) => name === "BOBCHAT_CONFIG" ? "chat.toml" : undefined;
  const request = parseCommandLine([], { env, read: () => "replay = 5" });
  assert(request.kind === "serve");
  assertEquals(request.options.replay, 5);
});

Deno.test("values are numbers, texts, switches and lists", () => {
  const options = parse(`
    # A comment.
    port = [7777, "7780-7781"]
    host = "127.0.0.1"          # one of several
    web-name = []
    max-pending = "2MiB"
    rate = 0.5
    'no-web' = true
    "quiet" = false
    history = """
chat.db"""
  `);
  const { port, host, webName, maxPending, rate, noWeb, quiet, history } = options;
  assertEquals([port, host, webName], [[7777, 7780, 7781], ["127.0.0.1"], []]);
  assertEquals([maxPending, rate, noWeb, quiet], [2 * 1024 * 1024, 0.5, true, false]);
  assertEquals(history, "chat.db");
});

Deno.test("every option but --config can be in the file", () => {
  for (const key of Object.keys(OPTIONS)) {
    const found = mistakes(`${nameOf(key)} = "nonsense"`).join();
    assertEquals(found.includes("no option"), false, found);
  }
  assertEquals(mistakes('config = "x"'), [
    "1 config is for the command line: leave its line out",
  ]);
});

Deno.test("each mistake has its line, and the nearest right name", () => {
  const rows: [string, string[]][] = [
    ["max-lin = 1", ["1 max-lin is no option: did you mean max-line?"]],
    ["\n\nmaxLine = 1", ["3 maxLine is no option: did you mean max-line?"]],
    ["--max_line = 1", ["1 --max_line is no option: did you mean max-line?"]],
    // A terminal would obey it.
    ['"\\u001b[2J" = 1', ['1 "\\u001b[2J" is no option: bobchat --help lists them']],
    ['"\\u001b" = 1\n"\\u001b" = 2', [
      '1 "\\u001b" is no option: bobchat --help lists them',
      '2 "\\u001b" is set in line 1 already',
    ]],
    ["xyzzy = 1", ["1 xyzzy is no option: bobchat --help lists them"]],
    [
      "# comment\nmax-line = 1",
      ['2 max-line takes a size from 16 to 65536 bytes, such as 65536 or 64KiB, not "1"'],
    ],
    ["history = ''", ["1 history has no value: leave its line out"]],
    ["motd = true", ["1 motd takes one value, not true"]],
    ["motd = ['a', 'b']", ['1 motd takes one value, not ["a","b"]']],
    ["motd = 2026-11-24", ["1 motd takes a number or a text in quotes"]],
    ["quiet = 3", ['1 quiet takes true or false, not "3"']],
    ["port = [[1]]", ["1 port takes a number or a text in quotes"]],
    ["[limits]\nrate = 1", ["1 limits is a table, and a config file has none: leave its line out"]],
    ["[limits]\n[others]\nrate = 1\nrate = 2\nrate", [
      "1 limits is a table, and a config file has none: leave its line out",
      "2 others is a table, and a config file has none: leave its line out",
      '5 this is not TOML: an option is a line such as max-line = 2048 or motd = "motd.txt"',
    ]],
    ["rate.a = 1\nrate.b = 2", ["1 rate takes one value, not a table"]],
    ["port = [\n  7777,\n  7778,\n]\nrate = -1", [
      '5 rate takes a number from 0 to 1000000, not "-1"',
    ]],
    ["web-port = 80", [
      "1 web-port is gone: the page is at every --port by default, so leave it out",
    ]],
    ["rate = 1\n\nrate = 2", ["3 rate is set in line 1 already"]],
    // It may have a password.
    ["nats = nats://bob:cake@nats1", ['1 a text stands in quotes: nats = "..."']],
    ["max-pending = 64k", ['1 a text stands in quotes: max-pending = "64k"']],
    ["rate = 1\nhost = 127.0.0.1 # here\n", ['2 a text stands in quotes: host = "127.0.0.1"']],
    [
      "hello\nburst = 0\n",
      [
        '1 this is not TOML: an option is a line such as max-line = 2048 or motd = "motd.txt"',
        '2 burst takes a whole number from 1 to 1000000, not "0"',
      ],
    ],
    [
      "burst = 0\nmax-pending = 64k\nreplya = 3",
      [
        '1 burst takes a whole number from 1 to 1000000, not "0"',
        '2 a text stands in quotes: max-pending = "64k"',
        "3 replya is no option: did you mean replay?",
      ],
    ],
  ];
  for (const [text, expected] of rows) {
    assertEquals(mistakes(text), expected, text);
    assertEquals(mistakes(text.replaceAll("\n", "\r\n")), expected, text);
  }
});

Deno.test("a line that only looks like an option, within a text, is none", () => {
  const text = 'history = """\nrate = 5\n"""\nrate = -1';
  assertEquals(mistakes(text).map((each) => each.split(" ")[0]), ["4"]);
});

Deno.test("a file of any text is read in time, and has mistakes or none", () => {
  assertEquals(mistakes("a = [\n".repeat(30_000)), ["1 it has more than 65536 characters"]);
  const keys = Array.from({ length: 8000 }, (_, i) => `a${i}=1\n`).join("");
  const list = `port = [\n${"1,\n".repeat(20_000)}]`;
  const texts = ["", "\0", "\uFEFFrate = 1", "a = [\n".repeat(300), "=\n".repeat(300), keys, list];
  // Each line may be the end of the first.
  for (const begin of ['a = """\n', 'a = ["\n']) texts.push(begin + "]\n".repeat(32_000));
  for (const text of texts) {
    const since = performance.now();
    mistakes(text);
    assert(performance.now() - since < 5000, text);
  }
  assertEquals(mistakes("\uFEFFrate = 1"), []);
});

Deno.test("whatever is in a file, each mistake is in one of its lines, and what is left is right", () => {
  const names = Object.keys(OPTIONS).map(nameOf);
  const statement = fc.tuple(
    fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 6 })),
    fc.constantFrom(" = ", "=", ".", " ", "\n"),
    fc.oneof(
      fc.constantFrom('"x"', "5", "true", "[1, 2]", "[", '"""', "64k", "{", "#"),
      fc.string(),
    ),
  ).map((parts) => parts.join(""));
  fc.assert(fc.property(fc.array(statement, { maxLength: 8 }), (statements) => {
    const text = statements.join("\n");
    const { given, mistakes } = readConfig(text, "f");
    const lines = text.split("\n").length;
    for (const { line } of mistakes) assert(line >= 1 && line <= lines, text);
    for (const [key, { text }] of given) OPTIONS[key as keyof Options].parse(text, key);
  }));
});

Deno.test("a server says the first mistake, and how many more there are", () => {
  const refused = (text: string, args: string[] = []) =>
    assertThrows(() => parse(text, args), UsageError).message;
  assertEquals(
    refused("rate = -1"),
    'chat.toml line 1: rate takes a number from 0 to 1000000, not "-1"',
  );
  assertEquals(
    refused("\nreplya = 3\nx = 1"),
    "chat.toml line 2: replya is no option: did you mean replay? " +
      "(bobchat check-config chat.toml lists 1 more)",
  );
  assertEquals(
    refused("\n\ntls-only = true"),
    "chat.toml line 3: tls-only needs --tls-cert FILE as well",
  );
  assertEquals(
    refused("replay = 3", ["--classic"]),
    "chat.toml line 1: replay does not go with --classic: v0.1 shows no earlier messages",
  );
});
