// The programs that people join with: nc, telnet and ncat, as they are installed.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, needsNetwork, Program, testWith } from "./bobchat.ts";

const GREETED = "/help lists what else there is.";

/** Starts telnet at a terminal of its own: what is typed there is echoed, edited and interrupted as a person's. */
function telnet(port: number): Program {
  const env = { TERM: "dumb", HOME: "/nonexistent" };
  return new Program(["script", ["-qfc", `telnet 127.0.0.1 ${port}`, "/dev/null"]], { env });
}

for (const [program, ...options] of [["nc"], ["ncat"], ["ncat", "--crlf"]] as const) {
  const words = [program, ...options].join(" ");
  testWith([program], `${words} joins, talks, hears and leaves`, async () => {
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    await using client = new Program([program, [...options, "127.0.0.1", String(bobchat.port)]]);
    await client.stdout.until(`*** Welcome to bobchat, guest2. Here: alice.\r\n`);
    await client.type("/nick bob\nhello from a shell\n");
    const heard = await alice.until(/^bob\(.*\): hello from a shell\r$/m);
    assertStringIncludes(heard, "*** bob joined (2 here)\r\n");
    await alice.send("hello, shell\n");
    await client.stdout.until(/^alice\(.*\): hello, shell\r$/m);
    await client.type("/quit\n");
    await alice.until("*** bob left (1 here)\r\n");
    await client.stdout.until("*** Goodbye.\r\n");
  });
}

testWith(["ncat"], "a line piped into ncat is said, and its echo comes back", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  // ncat half-closes at the end of its input.
  await using ncat = new Program(["ncat", ["127.0.0.1", String(bobchat.port)]]);
  await ncat.type("no line end");
  await ncat.endInput();
  assertEquals(await ncat.end(), 0);
  assertMatch(ncat.stdout.text, /^guest2\(.*\): no line end\r\n/m);
  await alice.until("*** guest2 left (1 here)\r\n");
});

testWith(
  ["telnet", "script"],
  "telnet talks in line mode, and nobody sees its commands",
  async () => {
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    await using person = telnet(bobchat.port);
    await person.stdout.until(GREETED);
    await person.type("/nick bob\rhellp\x7fo, telnet\r");
    const heard = await alice.until(/^bob\([^)]*\): hello, telnet\r$/m);
    await alice.send("hello, bob\n");
    await person.stdout.until(/^alice\([^)]*\): hello, bob\r$/m);
    assert(!heard.includes("\ufffd"), heard);
  },
);

testWith(["telnet", "script"], "telnet talks in character mode, and DEL erases", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  await using person = telnet(bobchat.port);
  await person.stdout.until(GREETED);
  await person.type("\x1d");
  await person.stdout.until("telnet> ");
  await person.type("mode character\r");
  // Once this has arrived, telnet has left its own prompt behind.
  await person.type("switched\r");
  await alice.until(/^guest2\([^)]*\): switched\r$/m);
  for (const key of "helxx\x7f\x7flo été\x7fé") await person.type(key);
  await alice.send("while bob types\n");
  await person.stdout.until(/^alice\([^)]*\): while bob types\r$/m);
  assert(!/guest2\(.*hel/.test(alice.incoming.text), "the line was sent before its end");
  // In character mode telnet itself shows nothing of what is typed.
  assert(!person.stdout.text.includes("helx"), person.stdout.text);
  await person.type("\r");
  await alice.until(/^guest2\([^)]*\): hello été\r$/m);
});

testWith(["telnet", "script"], "telnet shows what follows a Ctrl-C", async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  await using person = telnet(bobchat.port);
  await person.stdout.until(GREETED);
  await person.type("\x03");
  // telnet hides everything until the timing mark it asked for is answered.
  await person.type("still here\r");
  await alice.until(/^guest2\([^)]*\): still here\r$/m);
  await person.stdout.until(/^guest2\([^)]*\): still here\r$/m);
});

/** Runs a file with one test that needs a program which nobody has; returns the report. */
async function lackingAProgram(env: Record<string, string>): Promise<[number, string]> {
  const folder = await Deno.makeTempDir();
  try {
    const harness = new URL("bobchat.ts", import.meta.url);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    await Deno.writeTextFile(
      `${folder}/lacking_test.ts`,
      `import { testWith } from ${JSON.stringify(harness.href)};
      testWith(["sh", "nobody-has-this"], "it talks", () => Promise.resolve());`,
    );
    const args = [
      "test",
      "--no-check",
      "--allow-all",
      "--config",
      config,
      `${folder}/lacking_test.ts`,
    ];
    await using report = new Program([Deno.execPath(), args], { env: { NO_COLOR: "1", ...env } });
    const code = await report.end();
    return [code, report.stdout.text];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test(
  "a test whose program is missing is shown as ignored, with its name",
  needsNetwork,
  async () => {
    const [code, report] = await lackingAProgram({ CI: "" });
    assertEquals(code, 0, report);
    assertMatch(report, /^it talks \(needs nobody-has-this\) \.\.\. ignored/m);
  },
);

Deno.test("with CI set a test whose program is missing fails", needsNetwork, async () => {
  const [code, report] = await lackingAProgram({ CI: "1" });
  assertEquals(code, 1, report);
  assertStringIncludes(report, "install nobody-has-this");
  assertMatch(report, /^it talks \.\.\. FAILED/m);
});
