// The command line: what is given, what that becomes, and the sentence for what is wrong.

import { UsageError } from "../../../lib/errors.ts";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { helpText } from "../../../lib/cli/help.ts";
import { OPTIONS, type Options } from "../../../lib/cli/options.ts";
import { assert, assertEquals, assertMatch, assertThrows } from "../../assert.ts";

function parse(args: string[], env: Record<string, string> = {}): Options {
  const request = parseCommandLine(args, { env: (name) => env[name] });
  assert(request.kind === "serve");
  return request.options;
}

/** The sentence that this command line gets. */
function refused(args: string[], env: Record<string, string> = {}): string {
  return assertThrows(() => parse(args, env), UsageError).message;
}

Deno.test("without options everything has its default", () => {
  assertEquals(parse([]), {
    port: [7777],
    host: [],
    classic: false,
    maxLine: 1024,
    maxClients: 10000,
    maxPerAddress: 0,
    maxDevices: 10,
    maxPending: 1024 * 1024,
    writeTimeout: 30_000,
    rate: 10,
    burst: 40,
    idleTimeout: 0,
    history: undefined,
    keepDays: 0,
    keepRooms: 30,
    editMinutes: 60,
    replay: 20,
    motd: undefined,
    passwordFile: undefined,
    tlsCert: undefined,
    tlsKey: undefined,
    tlsOnly: false,
    noWeb: false,
    webName: [],
    webOrigin: [],
    trustedProxy: [],
    proxyProtocol: false,
    nats: [],
    natsCreds: undefined,
    natsCa: undefined,
    network: "bobchat",
    node: undefined,
    natsRequired: false,
    statusPort: undefined,
    statusHost: ["127.0.0.1"],
    quiet: false,
    config: undefined,
    logLevel: "info",
    logFormat: "text",
    logFile: undefined,
  });
  assertEquals(parse(["serve"]), parse([]));
});

Deno.test("flags in every form", () => {
  assertEquals(parse(["-p", "1", "--port=2", "-p3-4"]).port, [1, 2, 3, 4]);
  assertEquals(parse(["-H", "::1", "--host", "127.0.0.1"]).host, ["::1", "127.0.0.1"]);
  assertEquals(parse(["--max-line", "64", "--max-line", "128"]).maxLine, 128);
  assertEquals(parse(["serve", "--rate", "0.5", "--log-level=DEBUG"]).rate, 0.5);
  assertEquals(parse(["--log-file", "a b.log"]).logFile, "a b.log");
});

Deno.test("each option has its variable, and a flag wins over it", () => {
  const env = { BOBCHAT_MAX_LINE: "64", BOBCHAT_PORT: "1-3,9", BOBCHAT_CLASSIC: "no" };
  assertEquals(parse([], env).maxLine, 64);
  assertEquals(parse([], env).port, [1, 2, 3, 9]);
  assertEquals(parse(["--max-line", "32", "-p", "5"], env).maxLine, 32);
  assertEquals(parse(["--max-line", "32", "-p", "5"], env).port, [5]);
  assert(parse([], { BOBCHAT_CLASSIC: "1" }).classic);
  assertEquals(parse([], { BOBCHAT_MAX_LINE: "" }).maxLine, 1024);
  for (const key of Object.keys(OPTIONS)) {
    const name = `BOBCHAT_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
    const asked: string[] = [];
    parseCommandLine([], { env: (variable) => void asked.push(variable) });
    assert(asked.includes(name), name);
  }
});

Deno.test("under --classic limits apply only where they are given", () => {
  const { maxClients, rate, writeTimeout, maxPerAddress, idleTimeout } = parse(["--classic"]);
  assertEquals([maxClients, rate, writeTimeout, maxPerAddress, idleTimeout], [
    Infinity,
    0,
    0,
    0,
    0,
  ]);
  const given = parse(["--classic", "--max-clients", "5", "--rate", "3", "--write-timeout", "1"]);
  assertEquals([given.maxClients, given.rate, given.writeTimeout], [5, 3, 1000]);
});

Deno.test("what is wrong is named, with the nearest right one", () => {
  const rows: [string[], string][] = [
    [["--prot", "1"], "there is no option --prot: did you mean --port?"],
    [["--maxline=5"], "there is no option --maxline: did you mean --max-line?"],
    [["-x"], "there is no option -x: see bobchat --help"],
    [["-v"], "there is no option -v: did you mean -V?"],
    [["-port", "7777"], "there is no option -port: did you mean --port?"],
    [["-history", "chat.db"], "there is no option -history: did you mean --history?"],
    [["--", "--quiet"], "--quiet stands after --, where no options are: leave out the --"],
    [["--xyzzy"], "there is no option --xyzzy: see bobchat --help"],
    [["xyzzy"], '"xyzzy" is not a command of bobchat: see bobchat --help'],
    [["foo"], '"foo" is not a command of bobchat: see bobchat --help'],
    // Near, but not to be typed because it was suggested.
    [["forgt"], '"forgt" is not a command of bobchat: see bobchat --help'],
    [["imports"], '"imports" is not a command of bobchat: see bobchat --help'],
    [["sreve"], '"sreve" is not a command of bobchat: did you mean serve?'],
    [["7777"], '"7777" is not a command of bobchat: did you mean --port 7777?'],
    [["serve", "now"], '"now" is one word too many: serve takes options alone, see bobchat --help'],
    [["--port"], "--port needs a value: --port PORT|FROM-TO"],
    [["--max-line", "--classic"], "--max-line needs a value: --max-line BYTES"],
    [["--rate", "-1"], '--rate takes a number from 0 to 1000000, not "-1"'],
    [["-p", "-1"], '--port takes a port from 0 to 65535 or a range such as 7777-7780, not "-1"'],
    [["exprot"], '"exprot" is not a command of bobchat: did you mean export?'],
    [["--replay", "1001"], '--replay takes a whole number from 0 to 1000, not "1001"'],
    [["--room", "tea"], "there is no option --room: see bobchat --help"],
    [["help"], '"help" is not a command of bobchat: did you mean --help?'],
    [["--classic=yes"], "--classic is given alone, without a value"],
    [
      ["--port", "70000"],
      '--port takes a port from 0 to 65535 or a range such as 7777-7780, not "70000"',
    ],
    [["--rate", "ten"], '--rate takes a number from 0 to 1000000, not "ten"'],
    [["--max-clients", "0"], '--max-clients takes a whole number from 1 to 1000000, not "0"'],
    [
      ["--log-level", "inf"],
      '--log-level is debug, info, warning or error, not "inf": did you mean info?',
    ],
    [
      ["--max-pending", "4KiB", "--max-line", "2KiB"],
      "--max-pending must be at least four times --max-line: 8192 bytes or more",
    ],
  ];
  for (const [args, expected] of rows) assertEquals(refused(args), expected);
  assertMatch(refused([], { BOBCHAT_RATE: "x" }), /^BOBCHAT_RATE takes a number/);
  assertMatch(refused([], { BOBCHAT_CLASSIC: "x" }), /^BOBCHAT_CLASSIC takes true or false/);
});

Deno.test("what v0.1 cannot honour is refused beside --classic, wherever it was given", () => {
  const sentence = " does not go with --classic: v0.1 has no lines, it reads 1024 bytes at a time";
  assertEquals(refused(["--classic", "--max-line", "64"]), `--max-line${sentence}`);
  assertEquals(refused(["--classic"], { BOBCHAT_MAX_LINE: "64" }), `BOBCHAT_MAX_LINE${sentence}`);
  for (
    const flag of [
      "--history",
      "--keep-days",
      "--keep-rooms",
      "--replay",
      "--motd",
      "--password-file",
    ]
  ) {
    const words = refused(["--classic", flag, "1"]);
    assertMatch(words, new RegExp(`^${flag} does not go with --classic: v0.1 `));
  }
  assertEquals(parse(["--replay", "5"], { BOBCHAT_CLASSIC: "no" }).replay, 5);
});

Deno.test("an option that means nothing without another is refused without it", () => {
  const sentence = " needs --history PATH as well";
  assertEquals(refused(["--keep-days", "7"]), `--keep-days${sentence}`);
  assertEquals(refused([], { BOBCHAT_KEEP_DAYS: "7" }), `BOBCHAT_KEEP_DAYS${sentence}`);
  assertEquals(parse(["--keep-days", "7", "--history", "chat.db"]).keepDays, 7);
  assertEquals(parse(["--keep-days", "7"], { BOBCHAT_HISTORY: "chat.db" }).history, "chat.db");
});

Deno.test("--help and --version, in short as well", () => {
  for (const args of [["--help"], ["-h"], ["serve", "--help"]]) {
    assertEquals(parseCommandLine(args, { env: () => undefined }), {
      kind: "help",
      command: "serve",
    });
  }
  for (const args of [["--version"], ["-V"]]) {
    assertEquals(parseCommandLine(args, { env: () => undefined }), { kind: "version" });
  }
  assertThrows(
    () => parseCommandLine(["--version", "--prot"], { env: () => undefined }),
    UsageError,
  );
});

Deno.test("--help shows every option with its default, in a terminal's width", () => {
  const text = helpText("1.2.3");
  assertMatch(text, /^bobchat 1\.2\.3: /);
  for (const key of Object.keys(OPTIONS)) {
    assertMatch(text, new RegExp(` --${key.replace(/[A-Z]/g, "-$&").toLowerCase()}\\b`));
  }
  assertMatch(text, /--max-pending BYTES .*\(1 MiB\)$/m);
  assertMatch(text, /-p, --port PORT\|FROM-TO .*\(7777\)$/m);
  for (const line of text.split("\n")) assert(line.length <= 100, line);
});

Deno.test("TLS, the web and proxies are told what they cannot do without", () => {
  const pair = ["--tls-cert", "c", "--tls-key", "k"];
  const { tlsCert, tlsKey, tlsOnly } = parse([...pair, "--tls-only"]);
  assertEquals([tlsCert, tlsKey, tlsOnly], ["c", "k", true]);
  assertEquals(parse(["--web-name", "Chat.Example", "--web-name", "b,c"]).webName, [
    "chat.example",
    "b",
    "c",
  ]);
  assert(parse(["--trusted-proxy", "10.0.0.0/8", "--proxy-protocol"]).proxyProtocol);
  const rows: [string[], RegExp][] = [
    [["--tls-cert", "c"], /^--tls-cert needs --tls-key FILE as well$/],
    [["--tls-only"], /^--tls-only needs --tls-cert FILE as well$/],
    [["--proxy-protocol"], /^--proxy-protocol needs --trusted-proxy ADDR as well$/],
    [["--no-web", "--web-name", "a"], /^--web-name does not go with --no-web: leave one of them/],
    [["--no-web", "--web-origin", "https://a"], /^--web-origin does not go with --no-web: /],
    [["--web-name", "http://a"], /^--web-name takes a host name such as chat\.example, not /],
    [["--classic", "--no-web"], /^--no-web does not go with --classic: /],
    [["--classic", ...pair], /^--tls-cert does not go with --classic: /],
  ];
  for (const [args, sentence] of rows) assertMatch(refused(args), sentence, args.join(" "));
});

Deno.test("options of earlier versions say what to do instead, as variables too", () => {
  const rows: [string[], string, string, string][] = [
    [["--web-port", "8080"], "BOBCHAT_WEB_PORT", "--web-port", "the page is at every --port by"],
    [["--web-port=8080"], "BOBCHAT_WEB_PORT", "--web-port", "the page is at every --port by"],
    [["--web-host", "::1"], "BOBCHAT_WEB_HOST", "--web-host", "the page is at every --host, so"],
    [["--web-tls"], "BOBCHAT_WEB_TLS", "--web-tls", "with --tls-cert and --tls-key every --port"],
    [["--tls-port", "1"], "BOBCHAT_TLS_PORT", "--tls-port", "--tls-cert and --tls-key turn TLS on"],
  ];
  for (const [args, variable, flag, instead] of rows) {
    assert(refused(args).startsWith(`${flag} is gone: ${instead}`), refused(args));
    const sentence = refused([], { [variable]: "1" });
    assert(sentence.startsWith(`${variable} is gone: ${instead}`), sentence);
  }
});
