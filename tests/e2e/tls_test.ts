// TLS: who joins with what, certificates that are wrong or change, and peers that do not speak it.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, command, inTime, Program, run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { makePair, TestServer } from "./listeners.ts";

const OPENSSL = ["openssl"];

testWith(["openssl", "ncat"], "ncat --ssl and openssl s_client join", async () => {
  await using server = await TestServer.open();
  const { port } = server.bobchat;
  await using ncat = new Program(["ncat", ["--ssl", "127.0.0.1", `${port}`]]);
  await ncat.stdout.until("Welcome to bobchat, guest1.");
  await ncat.type("hello from ncat\n");
  await ncat.stdout.until(": hello from ncat\r\n");
  const client = ["s_client", "-quiet", "-connect", `127.0.0.1:${port}`];
  await using openssl = new Program(["openssl", client]);
  await openssl.stdout.until("Welcome to bobchat, guest2. Here: guest1.");
  await openssl.type("hello from openssl\n");
  await ncat.stdout.until(": hello from openssl\r\n");
  await ncat.type("/register correct horse\n/nick ann\n/register correct horse\n");
  // Nobody can read along, so nobody is warned.
  await ncat.stdout.until("*** ann is yours now");
  await ncat.type("/quit\n");
  await ncat.stdout.until("*** Goodbye.\r\n");
  assertEquals(await server.bobchat.stop(), 0);
});

testWith(OPENSSL, "what was sent before the end is said, and its answers arrive", async () => {
  await using server = await TestServer.open();
  using alice = await server.join("tcp", "alice");
  using bob = await server.join("tls", "bob");
  await bob.send("first\nbye all");
  await bob.endWrites();
  await alice.until(/^bob\(.*\): bye all\r$/m);
  assertStringIncludes(await bob.end(), "): bye all\r\n");
  await alice.until("*** bob left (1 here)\r\n");
});

/** Starts with a certificate and a key that are wrong; returns the sentence why it does not. */
async function refusal(cert: string, key: string): Promise<string> {
  const flags = ["-p", "0", "--tls-cert", cert, "--tls-key", key];
  const { code, stdout, stderr } = await run(flags);
  assertEquals([code, stdout, stderr.split("\n").length], [1, "", 2], stderr);
  return stderr;
}

testWith(OPENSSL, "files that are no pair are a sentence that names them", async () => {
  using pair = makePair();
  using other = makePair();
  using short = makePair("short", ["rsa:1024"]);
  using rare = makePair("rare", ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"]);
  const junk = `${pair.cert}.txt`, chain = `${pair.cert}.chain`;
  await Deno.writeTextFile(junk, "hello");
  const block = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  await Deno.writeTextFile(chain, await Deno.readTextFile(pair.cert) + block);
  const rows: [cert: string, key: string, named: string, why: RegExp][] = [
    ["/none.pem", pair.key, "/none.pem", /^bobchat: cannot read \/none\.pem: give --tls-cert /],
    [pair.cert, "/none.pem", "/none.pem", /^bobchat: cannot read \/none\.pem: give --tls-key /],
    [junk, pair.key, junk, / is no certificate in PEM: /],
    [chain, pair.key, chain, / has a block that is no certificate in PEM: /],
    [pair.cert, junk, junk, / is no private key in PEM, or one with a passphrase: /],
    [pair.cert, other.key, other.key, / is not the key of the certificate: /],
    [pair.key, pair.cert, pair.key, / is no certificate in PEM: /],
    [short.cert, short.key, short.key, / is no key for TLS here: take RSA of 2048 bits or more, /],
    [rare.cert, rare.key, rare.key, / is no key for TLS here: take RSA of 2048 bits or more, /],
  ];
  for (const [cert, key, named, why] of rows) {
    const sentence = await refusal(cert, key);
    assertMatch(sentence, why);
    assertStringIncludes(sentence, named);
    // It would write over a file that is there.
    assert(!sentence.includes("openssl"), sentence);
  }
});

testWith(
  OPENSSL,
  "where there are no files yet, what makes them is a command to paste",
  async () => {
    const folder = await Deno.makeTempDir();
    const cert = `${folder}/cert.pem`, key = `${folder}/key.pem`;
    const sentence = await refusal(cert, key);
    const command = /; to try, (openssl req -x509 .*) makes a pair\n$/.exec(sentence)?.[1] ?? "";
    const made = await new Deno.Command("sh", { args: ["-c", command], stderr: "null" }).output();
    assert(made.success, sentence);
    // One file may hold both.
    const both = `${folder}/both.pem`;
    await Deno.writeTextFile(both, await Deno.readTextFile(key) + await Deno.readTextFile(cert));
    for (
      const flags of [["--tls-cert", cert, "--tls-key", key], [
        "--tls-cert",
        both,
        "--tls-key",
        both,
      ]]
    ) {
      await using bobchat = await Bobchat.start([...flags]);
      assertEquals(await subject(bobchat.port), "localhost");
      assertEquals(await bobchat.stop(), 0);
    }
    await Deno.remove(folder, { recursive: true });
  },
);

/** The certificate that a newcomer is shown: its subject. */
async function subject(port: number): Promise<string> {
  const client = ["s_client", "-connect", `127.0.0.1:${port}`];
  await using openssl = new Program(["openssl", client]);
  const shown = await openssl.stdout.until(/^subject=.*$/m);
  return /^subject=.*CN ?= ?(.*)$/m.exec(shown)![1]!;
}

testWith(OPENSSL, "SIGHUP loads a new certificate for newcomers, without a gap", async () => {
  using pair = makePair("before");
  using next = makePair("after");
  await using bobchat = await Bobchat.start([...pair.flags]);
  const { port } = bobchat;
  assertEquals(await subject(port), "before");
  const old = await Deno.readTextFile(pair.cert);
  const connect = (caCerts: string[]) =>
    Deno.connectTls({ hostname: "127.0.0.1", port: port, caCerts });
  using alice = await Client.enter(await connect([old]));

  // Somebody comes in all the time meanwhile, and is never turned away.
  let isOver = false, count = 0;
  const coming = (async () => {
    while (!isOver) {
      using _ = await Client.enter(await connect([old, await Deno.readTextFile(next.cert)]));
      count++;
    }
  })();
  await Deno.copyFile(next.cert, pair.cert);
  await Deno.copyFile(next.key, pair.key);
  bobchat.process.kill("SIGHUP");
  await bobchat.stderr.until(/ info new connections use the certificate in \S+\n/);
  assertEquals(await subject(port), "after");
  await alice.send("still here\n");
  await alice.until(": still here\r\n");

  // A pair that would fail when it is first used; and one that is none.
  using short = makePair("short", ["rsa:1024"]);
  await Deno.copyFile(short.cert, pair.cert);
  await Deno.copyFile(short.key, pair.key);
  bobchat.process.kill("SIGHUP");
  await bobchat.stderr.until(/ error keeping the old certificate: .*key\.pem is no key for TLS/);
  await Deno.writeTextFile(pair.key, "no key");
  bobchat.process.kill("SIGHUP");
  await bobchat.stderr.until(/ error keeping the old certificate: .*key\.pem is no private key/);
  assert(!bobchat.stderr.text.includes("openssl"), bobchat.stderr.text);
  assertEquals(await subject(port), "after");
  const before = count;
  await inTime(until(() => count > before), () => "one more to come in");
  isOver = true;
  await coming;
  assertEquals(await bobchat.stop(), 0);
});

// Made for this test, and valid until the first of January of 2020.
const OVER = `-----BEGIN CERTIFICATE-----
MIIBDzCBtgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwHhcN
MTkwMTAxMDAwMDAwWhcNMjAwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARVvLFGYLJABxjXkzktNSy11jWT
EO6W88PYl24j1KviE1+muCqyczHOOCFjCsZB+XFJHQ1qopaO7vk/kR1wgoNLMAoG
CCqGSM49BAMCA0gAMEUCIQCKexXlh3dMwg7Y8+n234FqmzgDNwifg5MJmlNU3tdo
XAIgZYGE/QviA45IIyfQnkfxtSt5R6mdzCNedmzx4yrbdFU=
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMTIlwqBSwUGZ+NWv
cHlSyed+xaNFEEDDN54i8xbOYeKhRANCAARVvLFGYLJABxjXkzktNSy11jWTEO6W
88PYl24j1KviE1+muCqyczHOOCFjCsZB+XFJHQ1qopaO7vk/kR1wgoNL
-----END PRIVATE KEY-----
`;

testWith(
  OPENSSL,
  "a certificate that is over is used, and the log warns of it",
  () =>
    inFolder(async (folder) => {
      const file = `${folder}/both.pem`;
      await Deno.writeTextFile(file, OVER);
      await using bobchat = await Bobchat.start(["--tls-cert", file, "--tls-key", file]);
      await bobchat.stderr.until(
        / warning the certificate in \S+both\.pem was valid until 2020-01-01: browsers refuse it\n/,
      );
      using pair = makePair();
      const both = await Promise.all([pair.cert, pair.key].map((path) => Deno.readTextFile(path)));
      await Deno.writeTextFile(file, both.join(""));
      bobchat.process.kill("SIGHUP");
      await bobchat.stderr.until("new connections use the certificate");
      assertEquals(await bobchat.stop(), 0);
      assertEquals(bobchat.stderr.text.split("was valid until").length, 2);
    }),
);

/** Resolves once the condition holds; lets everything else run meanwhile. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Milliseconds between two looks at what can only be found out by sending. */
const LOOK = 10;

/** Resolves once the other side has closed the connection wholly. */
async function untilReset(conn: Deno.Conn): Promise<void> {
  try {
    for (;;) {
      await conn.write(Uint8Array.of(1));
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  } catch (error) {
    if (
      !(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)
    ) {
      throw error;
    }
  }
}

const ENCRYPTED_ONLY =
  "*** This server speaks TLS only: join with bobchat connect --tls, or ncat --ssl.\r\n";

testWith(
  OPENSSL,
  "with --tls-only who speaks plain text, or nothing, is told so; half a handshake ends in time",
  async () => {
    await using server = await TestServer.open(["--tls-only"]);
    const { bobchat } = server;
    using silent = await Client.connect(bobchat.port);
    // The first bytes of a handshake, and nothing behind them.
    using half = await Client.connect(bobchat.port);
    await half.send(Uint8Array.of(0x16, 3, 1, 2, 0, 1));
    using first = await Client.connect(bobchat.port);
    await first.send(Uint8Array.of(0x16));
    using garbage = await Client.connect(bobchat.port);
    await garbage.send(Uint8Array.of(0x16, 3, 1, 0, 4, 9, 9, 9, 9));
    using plain = await Client.connect(bobchat.port);
    await plain.send("hello?\n");
    assertEquals(await plain.end(), ENCRYPTED_ONLY);
    // A pipe says why nothing was sent; at a terminal it does not try again.
    const [program, args] = command(["connect", `127.0.0.1:${bobchat.port}`]);
    await using pipe = new Program([program, args]);
    await pipe.type("hello?\n");
    await pipe.endInput();
    assertEquals(await pipe.end(), 1, pipe.stderr.text);
    assertMatch(pipe.stderr.text, /speaks TLS only: add --tls\n$/);
    // It has been told as well, and does not go.
    using stayed = await Deno.connect({ hostname: "127.0.0.1", port: bobchat.port });
    await stayed.write(Uint8Array.of(1, 10));
    await garbage.end();
    using alice = await server.join("tls", "alice");
    await alice.send("nobody minds\n");
    await alice.until(": nobody minds\r\n");
    const since = performance.now();
    assertEquals(await silent.end(), ENCRYPTED_ONLY);
    assertEquals([await half.end(), await first.end()], ["", ""]);
    await inTime(untilReset(stayed), () => "the end of who stays");
    assert(performance.now() - since < 12_000);
    const refused = / info no TLS with 127\.0\.0\.1:\d+: /g;
    await bobchat.stderr.when(() => bobchat.stderr.text.match(refused)?.length === 2, "two");
    const log = bobchat.stderr.text;
    assertMatch(log, /: "no handshake in time"\n/);
    assertMatch(log, / info close 127\.0\.0\.1:\d+: "no whole first line in time"\n/);
    assert(!/ (warning|error|fatal) /.test(log), log);
    assert(!/hello\?/.test(alice.incoming.text));
  },
);

testWith(OPENSSL, "a thousand who do not go on with a handshake keep nobody out", async () => {
  await using server = await TestServer.open();
  const begin = async () => {
    const client = await Client.connect(server.port);
    await client.send(Uint8Array.of(0x16, 3, 1, 2, 0, 1));
    return client;
  };
  using first = await begin();
  using begun = new DisposableStack();
  for (let i = 0; i < 1000; i++) begun.use(await begin());
  using alice = await server.join("tls", "alice");
  await alice.send("in at once\n");
  await alice.until(": in at once\r\n");
  // It had waited longest.
  assertEquals(await first.end(), "");
});

testWith(
  ["openssl", "curl"],
  "without a certificate a handshake is answered by an alert",
  async () => {
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    using client = await Client.connect(bobchat.port);
    await client.send(Uint8Array.of(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 10));
    await client.end();
    assertEquals([...client.incoming.bytes].map((byte) => byte.charCodeAt(0)), [
      ...[0x15, 3, 1, 0, 2, 2, 0x28],
    ]);
    const address = `https://127.0.0.1:${bobchat.port}/`;
    await using curl = new Program(["curl", ["-sS", "--insecure", address]]);
    assertEquals(await curl.end(), 35, curl.stderr.text);
    assertMatch(curl.stderr.text, /alert/);
    await bobchat.stderr.until(
      / info no TLS with 127\.0\.0\.1:\d+: that needs --tls-cert and --tls-key\n/,
    );
    await alice.send("still here\n");
    const heard = await alice.until(": still here\r\n");
    assert(!/joined|left/.test(heard), heard);
  },
);

testWith(OPENSSL, "a port that is taken is one sentence that names the flag", async () => {
  using pair = makePair();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = `${taken.addr.port}`;
  for (const args of [[], pair.flags]) {
    const { code, stdout, stderr } = await run(["-p", port, "-H", "127.0.0.1", ...args]);
    assertEquals([code, stdout], [1, ""]);
    assertEquals(
      stderr,
      `bobchat: cannot listen on 127.0.0.1:${port}: another program has that port, so stop it or ` +
        "choose another with --port\n",
    );
  }
});
