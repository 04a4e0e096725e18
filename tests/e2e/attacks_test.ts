// Attacks, with people of every protocol in the room: they talk all the while, are heard in time, and notice
// nothing.

import { stripVTControlCharacters } from "node:util";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { type Client, Program, testWith } from "./bobchat.ts";
import { Everyone } from "./everyone.ts";
import { type ProtocolKind, PROTOCOLS, TestServer } from "./listeners.ts";

const DRIVER = new URL("sockets.py", import.meta.url).pathname;

/** Starts a scenario of sockets.py. */
function sockets(scenario: string, port: number): Program {
  return new Program(["python3", [DRIVER, scenario, `${port}`]]);
}

/** Runs a program to its end, which must be a good one; returns what it has written. */
async function finish(program: Program): Promise<string> {
  await using it = program;
  assertEquals(await it.end(), 0, it.stderr.text);
  return it.stdout.text;
}

/** How many files a server has open. */
function filesOf({ bobchat }: TestServer): number {
  return [...Deno.readDirSync(`/proc/${bobchat.process.pid}/fd`)].length;
}

/** A test in which everyone is in the room; at its end nobody has noticed anything, and the log has no warning. */
function testEveryone(
  programs: readonly string[],
  name: string,
  fn: (server: TestServer, everyone: Everyone) => Promise<void>,
): void {
  testWith(["openssl", ...programs], `who is in notices nothing of ${name}`, async () => {
    await using server = await TestServer.open();
    using everyone = await Everyone.join(server);
    await fn(server, everyone);
    everyone.assertNothingElse();
    await everyone.first.send("/who\n");
    await everyone.first.until(`*** Here (5): ${PROTOCOLS.join(", ")}\r\n`);
    const { bobchat } = server;
    assert(!/^\S+ \S+ \S+ (warning|error|fatal) /m.test(bobchat.stderr.text), bobchat.stderr.text);
    assertEquals(await bobchat.stop(), 0);
  });
}

testEveryone(["python3"], "ten thousand who connect and reset", async (server, everyone) => {
  await using driver = sockets("resets_ten_thousand", server.port);
  for (let thousand = 1; thousand <= 10; thousand++) {
    await everyone.talkDuring(driver.stdout.until(`${thousand}000\n`));
  }
});

testEveryone(["python3"], "silent and garbage handshakes", async (server, everyone) => {
  const driver = sockets("bad_handshakes", server.port);
  assertEquals(await everyone.talkDuring(finish(driver)), "done\n");
});

testEveryone(
  ["python3"],
  "who ends at once or in a handshake, and no file is left open",
  async (server, everyone) => {
    const before = filesOf(server);
    await using driver = sockets("half_closes_early", server.port);
    await everyone.talkDuring(driver.stdout.until("ended\n"));
    // They have not closed their sides.
    for (const since = performance.now(); filesOf(server) > before;) {
      assert(performance.now() - since < 5000, `${filesOf(server)} files, and ${before} before`);
      await everyone.talkDuring(Promise.resolve());
    }
    await driver.type("\n");
    assertEquals(await driver.end(), 0, driver.stderr.text);
  },
);

testEveryone(["python3"], "half first lines", async (server, everyone) => {
  await using driver = sockets("half_first_lines", server.port);
  await everyone.talkDuring(driver.stdout.until("sent\n"));
  // They are reset in the middle of what they say.
  await driver.type("\n");
  assertEquals(await everyone.talkDuring(driver.end()), 0, driver.stderr.text);
});

testEveryone(
  ["nc", "ncat", "openssl", "curl", "python3"],
  "port scans, health checks, TLS probes and a first /quit",
  async (server, everyone) => {
    const { port } = server, at = `127.0.0.1 ${port}`;
    const probes = [
      `nc -z ${at}`,
      `ncat -z ${at}`,
      `true | nc -N ${at}`,
      `echo /quit | nc ${at}`,
      `(sleep 0.7; echo /quit) | nc ${at}`,
      `openssl s_client -connect 127.0.0.1:${port} </dev/null >/dev/null 2>&1`,
      `openssl s_client -tls1_1 -connect 127.0.0.1:${port} </dev/null >/dev/null 2>&1; true`,
      `true | ncat --ssl ${at}`,
      `curl -sSI http://127.0.0.1:${port}/ >/dev/null`,
      `curl -sSk --http1.0 https://127.0.0.1:${port}/ >/dev/null`,
      `printf 'OPTIONS * HTTP/1.0\\r\\n\\r\\n' | nc -N ${at} >/dev/null`,
      `printf 'PROXY UNKNOWN\\r\\n' | nc -N ${at}`,
    ];
    const run = (probe: string) => finish(new Program(["bash", ["-c", probe]], { input: false }));
    const runAll = async () => {
      for (const probe of probes) await Promise.all([probe, probe, probe].map(run));
    };
    await everyone.talkDuring(runAll());
  },
);

// It sends more of a head from time to time; where its connecting takes longer than that, before the head.
for (const [name, ...flags] of [["-H", "-i", "20"], ["-B", "-i", "20"], ["-X"]]) {
  testEveryone(["slowhttptest"], `slowhttptest ${name}, with TLS and without`, async (
    server,
    everyone,
  ) => {
    const attack = async (scheme: string) => {
      const url = `${scheme}://127.0.0.1:${server.port}/`;
      const args = [name!, ...flags, "-c", "250", "-r", "250", "-l", "5", "-p", "2", "-u", url];
      const report = await finish(new Program(["slowhttptest", args]));
      assertMatch(stripVTControlCharacters(report), /service available: +YES/);
    };
    await everyone.talkDuring(Promise.all(["http", "https"].map(attack)));
  });
}

for (
  const [who, scenario, isThere] of [
    ["who says nothing", "crowds", "crowded\n"],
    ["half first lines", "half_first_lines", "sent\n"],
  ] as const
) {
  testWith(
    ["openssl", "python3"],
    `out of files by ${who}, all go on talking, and newcomers by every protocol get in after it`,
    async () => {
      await using server = await TestServer.open([], { files: 96 });
      using everyone = await Everyone.join(server);
      await using crowd = sockets(scenario, server.port);
      await everyone.talkDuring(crowd.stdout.until(isThere));
      await server.bobchat.stderr.until(/ warning newcomers wait: .*\n/);
      await everyone.talkDuring(Promise.resolve());
      everyone.assertNothingElse();
      await crowd.type("\n");
      await server.bobchat.stderr.until(/ warning accepting newcomers again\n/);
      for (const protocol of PROTOCOLS) {
        using late = await comeIn(server, protocol);
        await late.send(`made it by ${protocol}\n`);
        await everyone.first.until(`: made it by ${protocol}\r\n`);
      }
      assertEquals(await server.bobchat.stop(), 0);
    },
  );
}

/** Joins; those who waited meanwhile may be cut off, and whoever tries again gets in. */
async function comeIn(server: TestServer, protocol: ProtocolKind): Promise<Client> {
  for (;;) {
    try {
      return await server.join(protocol);
    } catch (error) {
      if (!/ended before|reset|refused|unexpected/i.test(String(error))) throw error;
    }
  }
}
