// The commands besides serve: their words, their options, their --help, and what is wrong with them.

import { type Asked, type CommandName, COMMANDS, rowOf } from "../../../lib/cli/commands.ts";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { UsageError } from "../../../lib/errors.ts";
import { helpText } from "../../../lib/cli/help.ts";
import { flagOf } from "../../../lib/cli/option.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "../../assert.ts";

const NAMES = Object.keys(COMMANDS) as CommandName[];
const KEPT = ["--history", "chat.db"];

function ask(args: string[], env: Record<string, string> = {}): Asked<CommandName> {
  const request = parseCommandLine(args, { env: (name) => env[name] });
  assert(request.kind !== "help" && request.kind !== "version");
  return request;
}

/** The sentence that this command line gets. */
function refused(args: string[]): string {
  return assertThrows(() => ask(args), UsageError).message;
}

Deno.test("each command has its words and its options, in any order", () => {
  const options = { history: "chat.db" };
  const rows: [string[], string, string[]][] = [
    [["operator", "add", "alice", ...KEPT], "operator", ["add", "alice"]],
    [["operator", ...KEPT, "remove", "7777"], "operator", ["remove", "7777"]],
    [[...KEPT, "operator", "list"], "operator", ["list"]],
    [["password", "serve", "--history=chat.db"], "password", ["serve"]],
    [["forget", ...KEPT, "--", "-1"], "forget", ["-1"]],
    [["import", ...KEPT], "import", []],
  ];
  for (const [args, kind, words] of rows) {
    assertEquals<unknown>(ask(args), { kind, words, options }, args.join(" "));
  }
});

Deno.test("connect's one word can be left out", () => {
  const options = {
    nick: undefined,
    room: undefined,
    passwordFile: undefined,
    json: false,
    plain: false,
    tls: false,
    ca: undefined,
    insecure: false,
  };
  assertEquals<unknown>(ask(["connect"]), { kind: "connect", words: [], options });
  assertEquals<unknown>(
    ask(["connect", "[::1]:7000", "--nick", "Zoë", "--room", "#tea", "--json"]),
    {
      kind: "connect",
      words: ["[::1]:7000"],
      options: { ...options, nick: "Zoë", room: "tea", json: true },
    },
  );
  assertEquals<unknown>(ask(["connect", "host", "--insecure"], { BOBCHAT_TLS: "yes" }), {
    kind: "connect",
    words: ["host"],
    options: { ...options, tls: true, insecure: true },
  });
});

Deno.test("export's options, and their variables", () => {
  const asked = ask(["export", "--format", "JSONL", "--since", "2026-11-24T09:00Z"], {
    BOBCHAT_HISTORY: "kept.db",
    BOBCHAT_ROOM: "#tea",
  });
  assertEquals<unknown>(asked, {
    kind: "export",
    words: [],
    options: {
      history: "kept.db",
      room: "#tea",
      since: Date.UTC(2026, 10, 24, 9),
      until: undefined,
      format: "jsonl",
      output: undefined,
    },
  });
});

Deno.test("what is wrong with a command is one sentence of its own", () => {
  const rows: [string[], string][] = [
    [["operator", "list"], "operator needs --history PATH: the history file of the server"],
    [["export"], "export needs --history PATH: the history file of the server"],
    [["forget", "bob", "--history"], "--history needs a value: --history PATH"],
    [["export", "--rom", "tea"], "export has no option --rom: did you mean --room?"],
    [["operator", "list", "-x"], "operator has no option -x: see bobchat operator --help"],
    [
      ["operator"],
      "a word is missing: use operator add NAME, operator remove NAME or operator list, " +
      "see bobchat operator --help",
    ],
    [
      ["operator", "add", ...KEPT],
      "a word is missing: use operator add NAME, see bobchat operator --help",
    ],
    [
      ["export", ...KEPT, "--since", "2026-11-25", "--until", "2026-11-24"],
      "--until is not after --since, so there is nothing between them: give another time",
    ],
    [
      ["forget", "", ...KEPT],
      'forget does not take "": it takes NAME, see bobchat forget --help',
    ],
    [["backup", ""], 'backup does not take "": it takes TO, see bobchat backup --help'],
    [["password"], "a word is missing: use password NAME, see bobchat password --help"],
    [["operator", "ad", "bob"], 'operator does not take "ad": did you mean add?'],
    [
      ["operator", "xyzzy"],
      'operator does not take "xyzzy": it takes add NAME, remove NAME or list, ' +
      "see bobchat operator --help",
    ],
    [
      ["operator", "list", "bob"],
      '"bob" is one word too many: operator takes add NAME, remove NAME or list, ' +
      "see bobchat operator --help",
    ],
    [
      ["import", "chat.jsonl"],
      '"chat.jsonl" is one word too many: import takes options alone, see bobchat import --help',
    ],
    [
      ["connect", "host", "7777"],
      '"7777" is one word too many: did you mean connect host:7777?',
    ],
    [
      ["connect", "::1", "7777"],
      '"7777" is one word too many: did you mean connect [::1]:7777?',
    ],
    [
      ["connect", "host", "tea"],
      '"tea" is one word too many: connect takes [HOST[:PORT]], see bobchat connect --help',
    ],
    [["connect", "--ca", "cert.pem"], "--ca needs --tls as well"],
    [["connect", "--insecure"], "--insecure needs --tls as well"],
    [
      ["connect", "--plain", "--nick", "ann"],
      "--plain and --nick do not go together: leave one of them out",
    ],
    [
      ["connect", "--tls", "--insecure", "--ca", "cert.pem"],
      "--ca and --insecure do not go together: leave one of them out",
    ],
    [
      ["connect", "--nick", "b\u200cob"],
      '--nick cannot be "b\u200cob": a name is 1 to 20 letters, digits, dots, _ or -' +
      ": leave out U+200C, which cannot be seen",
    ],
    [
      ["connect", "--nick", "two words"],
      '--nick cannot be "two words": a name is 1 to 20 letters, digits, dots, _ or -',
    ],
    [
      ["connect", "--room", "#"],
      '--room takes 1 to 30 letters, digits, dots, _ or -, as in #tea, not "#"',
    ],
    [
      ["export", ...KEPT, "--since", "yesterday"],
      '--since takes a date or a time such as 2026-11-24 or 2026-11-24T10:00, not "yesterday"',
    ],
    [
      ["export", ...KEPT, "--format", "json"],
      '--format is text or jsonl, not "json": did you mean jsonl?',
    ],
  ];
  for (const [args, expected] of rows) assertEquals(refused(args), expected);
});

Deno.test("--help and --version work for every command, whatever is missing", () => {
  const none = () => undefined;
  for (const command of NAMES) {
    assertEquals(parseCommandLine([command, "--help"], { env: none }), { kind: "help", command });
    assertEquals(parseCommandLine(["-h", command], { env: none }), { kind: "help", command });
    assertEquals(parseCommandLine([command, "--version"], { env: none }), { kind: "version" });
  }
});

Deno.test("each --help shows the command's words and options, in a terminal's width", () => {
  for (const command of NAMES) {
    const text = helpText("1.2.3", command);
    for (const key of Object.keys(rowOf(command).options)) assertStringIncludes(text, flagOf(key));
    for (const line of text.split("\n")) assert(line.length <= 100, line);
    if (command !== "serve") assertMatch(helpText("1.2.3"), new RegExp(`^  ${command} `, "m"));
  }
  const text = helpText("1.2.3", "operator");
  assertMatch(text, /^bobchat 1\.2\.3 operator: make /);
  assertMatch(text, /^Usage: bobchat operator add NAME --history PATH$/m);
  assertMatch(text, /^ {7}bobchat operator list --history PATH$/m);
  assertMatch(
    helpText("1.2.3", "connect"),
    /^Usage: bobchat connect \[HOST\[:PORT\]\] \[options\]$/m,
  );
  assertMatch(helpText("1.2.3", "export"), /^Usage: bobchat export --history PATH \[options\]$/m);
});

Deno.test("a flag takes a value in every command or in none", () => {
  // The command is found before it is known whose flags they are.
  const kinds = new Map<string, boolean>();
  for (const command of NAMES) {
    for (const [key, { argument, short }] of Object.entries(rowOf(command).options)) {
      for (const flag of short ? [key, short] : [key]) {
        const isValued = argument !== undefined;
        assertEquals(kinds.get(flag) ?? isValued, isValued, flag);
        kinds.set(flag, isValued);
      }
    }
  }
});
