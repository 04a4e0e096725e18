// One port, whoever comes: the programs that people have, and bots, all in one room. They are shown the same,
// in the same order.

import { assert, assertEquals, assertMatch } from "../assert.ts";
import { App } from "./app.ts";
import { command, type Incoming, Program } from "./bobchat.ts";
import { testPage } from "./chromium.ts";
import { TestServer } from "./listeners.ts";

const GREETED = "/help lists what else there is.";
/** How much each program says, and each page: with 12 and 2 of them, 1,000 in all. */
const EACH = 70, EACH_PAGE = 80;
/** What the server is asked to take for a proxy: a second address of this machine. */
const PROXY = "127.0.0.2", BEHIND_PROXY = "198.51.100.7";

/** telnet at a terminal of its own, here and away from the home of whoever runs the test. */
const TERMINAL = "exec env TERM=dumb HOME=/nonexistent script -qfc";

/** Each program as a person starts it, by the name under which it speaks. */
function commands(port: number, cert: string): Record<string, [string, string[]]> {
  const at = `127.0.0.1 ${port}`, address = `127.0.0.1:${port}`;
  const shell = (line: string): [string, string[]] => ["sh", ["-c", line]];
  return {
    ncat: shell(`exec ncat --ssl ${at}`),
    openssl: shell(`exec openssl s_client -quiet -connect ${address} 2>&1`),
    "connect-tls": command(["connect", address, "--tls", "--ca", cert]),
    nc: shell(`exec nc ${at}`),
    // The terminal's echo of what is typed goes elsewhere: it may come in the middle of another line.
    telnet: shell(`exec 3>&1; ${TERMINAL} 'telnet ${at} >&3' /dev/null >/dev/null`),
    "telnet-keys": shell(`${TERMINAL} 'telnet ${at}' /dev/null`),
    "plink-raw": shell(`exec plink -raw -P ${port} 127.0.0.1`),
    "plink-telnet": shell(`exec plink -telnet -P ${port} 127.0.0.1`),
    connect: command(["connect", address]),
    jq: shell(`
      { echo '{"type":"join"}'
        jq -Rc --unbuffered 'if . == "/quit" then { type: "command", name: "quit", text: "" }
          else { type: "say", text: . } end'; } | nc -N ${at} |
      jq -r --unbuffered 'if .type == "welcome" then "/help lists what else there is."
        elif .type == "message" then "\\(.from)(\\(.time)): \\(.text)" else empty end'`),
    proxied: shell(`{ printf 'PROXY TCP4 ${BEHIND_PROXY} 192.0.2.1 5 6\\r\\n'; cat; } |
      nc -N -s ${PROXY} ${at}`),
  };
}

/** What was said, in the order in which it is shown. */
function said({ bytes }: Incoming): string[] {
  return [...bytes.matchAll(/^\w+\([^)]*\): (\S+ \d+)\r?$/gm)].map(([, text]) => text!);
}

/** A page of text, fetched as it is. */
async function fetchPage(address: string): Promise<void> {
  await using curl = new Program(["curl", ["-sS", "--insecure", address]]);
  assertEquals(await curl.end(), 0, curl.stderr.text);
  assertMatch(curl.stdout.text, /^<!doctype html>[^]*<\/html>\s*$/i);
}

testPage(
  ["nc", "telnet", "script", "plink", "ncat", "openssl", "curl", "jq"],
  "at one port nc, telnet, PuTTY, TLS, browsers, bobchat connect, bots and whoever a proxy passes on " +
    "see the same 1,000 messages in the same order",
  async (visits) => {
    const proxied = ["--proxy-protocol", "--trusted-proxy", PROXY];
    await using server = await TestServer.open(["--rate", "0", "--replay", "0", ...proxied]);
    const { bobchat, port, cert } = server;
    const addresses = ["http", "https"].map((scheme) => `${scheme}://127.0.0.1:${port}/`);
    for (const address of addresses) await fetchPage(address);
    await using all = new AsyncDisposableStack();
    const programs = new Map<string, Program>();
    for (const [name, started] of Object.entries(commands(port, cert))) {
      const program = all.use(new Program(started));
      programs.set(name, program);
      // A hello that comes after half a second is late, and so it would where everything starts at once.
      if (/ssl|tls|ncat/.test(name)) await program.stdout.until(GREETED);
    }
    const bot = all.use(await App.join(port));
    const pages = await Promise.all(
      (["http", "https"] as const).map((scheme) => visits.open({ port, scheme }, { name: scheme })),
    );
    for (const { stdout } of programs.values()) await stdout.until(GREETED);
    const keys = programs.get("telnet-keys")!;
    await keys.type("\x1d");
    await keys.stdout.until("telnet> ");
    await keys.type("mode character\r");
    await bobchat.stderr.until(` from "${BEHIND_PROXY}:5 by ${PROXY}:`);

    // All talk at once: the programs line by line, the pages in paragraphs, each line of which is a message.
    const speak = async () => {
      for (let n = 0; n < EACH; n++) {
        const say = ([name, program]: [string, Program]) =>
          program.type(`${name} ${n}${name.startsWith("telnet") ? "\r" : "\n"}`);
        await Promise.all([
          ...[...programs].map(say),
          bot.send({ type: "say", text: `bot ${n}` }),
        ]);
      }
    };
    const write = async () => {
      for (let n = 0; n < EACH_PAGE; n += 20) {
        for (const [i, page] of pages.entries()) {
          const lines = Array.from({ length: 20 }, (_, k) => `page${i} ${n + k}`);
          await page.say(lines.join("\n"));
        }
      }
    };
    await Promise.all([speak(), write(), ...addresses.map(fetchPage)]);

    const total = EACH * (programs.size + 1) + EACH_PAGE * pages.length;
    for (const [name, { stdout }] of programs) {
      await stdout.when(() => said(stdout).length === total, `all that was said, by ${name}`);
    }
    const first = said(programs.get("nc")!.stdout);
    assertEquals([total, new Set(first).size], [1000, 1000]);
    for (const [name, { stdout }] of programs) assertEquals(said(stdout), first, name);
    await bot.untilSaid(first.at(-1)!);
    assertEquals(bot.texts, first);
    await programs.get("jq")!.type("/quit\n");
    for (const page of pages) {
      await page.sees(first.at(-1)!);
      // It shows 1,000 lines at once, those about who came among them.
      const shown = await page.said();
      assert(shown.length > total - 2 * programs.size, `${shown.length}`);
      assertEquals(shown, first.slice(-shown.length));
    }
    assert(!/^\S+ \S+ \S+ (warning|error|fatal) /m.test(bobchat.stderr.text), bobchat.stderr.text);
  },
);
