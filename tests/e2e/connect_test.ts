// `bobchat connect` as a pipe: from a shell, in a script, to servers of any kind.

import { createServer, type Server } from "node:tls";
import type { AddressInfo } from "node:net";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, command, needsNetwork, Program, run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";

/** Starts `bobchat connect` to a port of this machine. */
function join(port: number, ...args: string[]): Program {
  return new Program(command(["connect", `127.0.0.1:${port}`, ...args]));
}

/** The times taken out. */
function timeless(text: string): string {
  return text.replace(/\(\d\d:\d\d:\d\d[AP]M\)/g, "(TIME)");
}

Deno.test(
  "stdin is said, and at its end what is due comes, then exit 0",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using bob = await Client.join(bobchat.port, "bob");
    await using program = join(bobchat.port);
    await program.type("hello\nno line end");
    await program.endInput();
    assertEquals(await program.end(), 0, program.stderr.text);
    assertEquals(
      timeless(program.stdout.text),
      "*** Welcome to bobchat, guest2. Here: bob.\n" +
        "*** Type to talk. /nick NAME changes your name, /help lists what else there is.\n" +
        "guest2(TIME): hello\nguest2(TIME): no line end\n",
    );
    assertEquals(program.stderr.text, "");
    await bob.until("*** guest2 left (1 here)\r\n");
  },
);

Deno.test("lines go out as they come in, and come in meanwhile", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  await using program = join(bobchat.port);
  await program.type("one\n");
  await bob.until(/^guest2\(.*\): one\r$/m);
  await bob.send("two\n");
  await program.stdout.until(/^bob\(.*\): two$/m);
  await program.type("/quit\n");
  assertEquals(await program.end(), 0);
  assertMatch(program.stdout.text, /\n\*\*\* Goodbye\.\n$/);
});

Deno.test("name and room are taken before anything is said", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  await bob.send("/join tea\n");
  await bob.until("You are in #tea");
  await using program = join(bobchat.port, "--nick", "teapot", "--room", "#tea", "--json");
  await program.type("/me whistles\n");
  await bob.until(/^\* teapot\(.*\) whistles\r$/m);
  await bob.send("/msg teapot ready?\n");
  await program.stdout.until("ready?");
  await program.endInput();
  assertEquals(await program.end(), 0, program.stderr.text);
  const frames = program.stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line));
  const times = frames.map(({ at }) => at).filter((at) => at !== undefined);
  for (const at of times) assertMatch(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assertEquals(frames[0].type, "welcome");
  assertEquals(
    frames.filter(({ type }) => type === "renamed"),
    [{ type: "renamed", room: "lobby", from: "guest2", to: "teapot" }],
  );
  const inTea = frames.find(({ type, room }) => type === "members" && room === "tea");
  assertEquals(inTea.members.map(({ name }: { name: string }) => name), ["bob", "teapot"]);
  const said = frames.filter(({ type }) => type === "message");
  assertEquals(said.map(({ at: _, id: __, ...rest }) => rest), [
    { type: "message", kind: "action", from: "teapot", text: "whistles", room: "tea" },
    { type: "message", kind: "private", from: "bob", text: "ready?", to: "teapot" },
  ]);
  assertEquals(frames.at(-1), { type: "closed", code: 1000 });
});

Deno.test("a pipe in a room has nothing of the lobby", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  await bob.send("said before\n");
  await bob.until(": said before\r\n");
  await using program = join(bobchat.port, "--nick", "teapot", "--room", "tea");
  await program.type("whistle\n");
  await program.stdout.until(": whistle\n");
  await bob.send("said in the lobby\n/join tea\nsaid in tea\n");
  await program.stdout.until(": said in tea\n");
  assert(!/said before|said in the lobby/.test(program.stdout.text), program.stdout.text);
  await program.endInput();
  assertEquals(await program.end(), 0, program.stderr.text);
});

Deno.test("without the name or the room nothing is said, and exit 1", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  await bob.send("/join tea\n/lock\n");
  await bob.until("locked");
  const refusals: [string[], RegExp][] = [
    [["--nick", "Bob"], /^bobchat: Bob is taken, or looks like bob: choose another name\n$/],
    [["--room", "tea"], /^bobchat: #tea is locked: someone in it has to \/invite you\n$/],
  ];
  for (const [args, expected] of refusals) {
    await using program = join(bobchat.port, ...args);
    await program.type("a secret\n");
    assertEquals(await program.end(), 1);
    assertMatch(program.stderr.text, expected);
  }
  await bob.send("over\n");
  assert(!(await bob.until("over\r\n")).includes("a secret"));
});

Deno.test(
  "a server with a password is entered with --password-file, or a sentence says so at once",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/password`, "sesame\n");
      await Deno.writeTextFile(`${folder}/wrong`, "open barley\n");
      await using bobchat = await Bobchat.start(["--password-file", `${folder}/password`]);
      for (
        const [args, expected] of [
          [
            ["--nick", "clock"],
            /^bobchat: \S+ has a password: give --password-file a file with it\n$/,
          ],
          [
            ["--password-file", `${folder}/wrong`],
            /^bobchat: the password in --password-file is not that of 127\S+\n$/,
          ],
        ] as const
      ) {
        await using program = join(bobchat.port, ...args);
        const since = performance.now();
        assertEquals(await program.end(), 1);
        assertMatch(program.stderr.text, expected);
        assertEquals(program.stdout.text, "");
        assert(performance.now() - since < 8000, "it does not wait");
      }
      await using program = join(
        bobchat.port,
        ...["--nick", "clock", "--password-file", `${folder}/password`],
      );
      await program.type("tick\n");
      await program.endInput();
      assertEquals(await program.end(), 0, program.stderr.text);
      assertMatch(program.stdout.text, /^clock\(.*\): tick$/m);
      assert(!program.stdout.text.includes("password"), "nobody has to type it");
    }),
);

Deno.test("a server that ends first is a sentence, and exit 1", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  await using program = join(bobchat.port);
  await program.stdout.until("/help lists");
  await bobchat.stop();
  assertEquals(await program.end(), 1);
  assertMatch(program.stdout.text, /\n\*\*\* The room is closing: goodbye\n$/);
  assertEquals(
    program.stderr.text,
    `bobchat: 127.0.0.1:${bobchat.port} has ended the connection\n`,
  );
});

/** A server that reads one byte and closes: what it left unread resets the connection. */
const BREAKS_OFF = `import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
connection, _ = listener.accept()
connection.recv(1)
connection.close()`;

testWith(["python3"], "a server that breaks off has not heard all, and exit 1", async () => {
  await using server = new Program(["python3", ["-c", BREAKS_OFF]]);
  await using program = join(Number(await server.stdout.until(/^\d+\n/)));
  await program.type("never read\n");
  await program.endInput();
  assertEquals(await program.end(), 1);
  assertMatch(program.stderr.text, / has ended the connection: if it speaks TLS, add --tls\n$/);
});

testWith(["sh", "head"], "whoever reads no further ends it without a word", async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  const [program, words] = command(["connect", `127.0.0.1:${bobchat.port}`]);
  await using shell = new Program(["sh", ["-c", '"$@" | head -n 1', "sh", program, ...words]]);
  await shell.stdout.until("Welcome");
  for (let i = 0; !shell.stdout.ended; i++) {
    await bob.send(`line ${i}\n`);
    await bob.until(`line ${i}\r\n`);
  }
  assertEquals(await shell.end(), 0);
  assertEquals(shell.stderr.text, "");
});

testWith(["sh"], "a stdout that is full is a sentence, and exit 1", async () => {
  await using bobchat = await Bobchat.start();
  const [program, words] = command(["connect", `127.0.0.1:${bobchat.port}`]);
  const script = ["-c", 'exec "$@" >/dev/full', "sh", program, ...words];
  await using full = new Program(["sh", script]);
  assertEquals(await full.end(), 1);
  assertMatch(full.stderr.text, /^bobchat: stdout cannot be written: No space left .*\n$/);
});

Deno.test(
  "whoever is banned gets the reason, and exit 1",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const history = `${folder}/h.db`;
      await using bobchat = await Bobchat.start(["--history", history]);
      using bob = await Client.join(bobchat.port, "bob");
      await bob.send("/register horse-battery\n");
      await bob.until("bob is yours now");
      assertEquals((await run(["operator", "add", "bob", "--history", history])).code, 0);
      await using program = join(bobchat.port, "--nick", "eve");
      await program.stdout.until("You are eve");
      await bob.send("/ban eve 1h enough\n");
      assertEquals(await program.end(), 1);
      assertMatch(program.stderr.text, /^bobchat: You were banned for 1 hour by bob: enough\n$/);
      await using again = join(bobchat.port, "--nick", "eve");
      await again.type("nobody hears this\n");
      await again.endInput();
      assertEquals(await again.end(), 1);
      assertMatch(again.stderr.text, /^bobchat: .*banned/);
      assert(!bob.incoming.text.includes("nobody hears this"));
    }),
);

testWith(
  ["openssl"],
  "a port that speaks TLS is a sentence, and exit 1",
  () =>
    withTls(async (port) => {
      await using program = join(port);
      await program.type("hi\n");
      assertEquals(await program.end(), 1);
      assertMatch(
        program.stderr.text,
        /^bobchat: \S+ (?:speaks TLS|has ended .* speaks TLS), add --tls\n$|speaks TLS: add --tls\n$/,
      );
    }),
);

Deno.test(
  "a line that the server may not have heard is said to be unsent",
  needsNetwork,
  async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using program = join(listener.addr.port);
    const conn = await listener.accept();
    const welcome = { type: "welcome", version: 1, name: "ann", maxLine: 1024, editMinutes: 60 };
    await conn.write(new TextEncoder().encode(`${JSON.stringify(welcome)}\n`));
    await program.type("heard by nobody\n");
    const decoder = new TextDecoder(), bytes = new Uint8Array(4096);
    for (let sent = ""; !sent.includes("nobody");) {
      sent += decoder.decode(bytes.subarray(0, (await conn.read(bytes))!));
    }
    conn.close();
    assertEquals(await program.end(), 1);
    assertMatch(program.stderr.text, / has ended the connection; the last line may not be said\n$/);
  },
);

Deno.test("thousands of lines at once are all said, in order", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--rate", "0"]);
  using bob = await Client.join(bobchat.port, "bob");
  await using program = join(bobchat.port, "--nick", "clock");
  const lines = Array.from({ length: 3000 }, (_, i) => `tick ${i}`);
  await program.type(lines.join("\n"));
  await program.endInput();
  assertEquals(await program.end(), 0, program.stderr.text);
  await bob.until("clock left");
  const said = [...bob.incoming.text.matchAll(/^clock\(.*?\): (.*)\r$/gm)].map(([, text]) => text);
  assertEquals(said, lines);
});

Deno.test("a page of long earlier messages comes whole", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--rate", "0", "--replay", "200"]);
  using bob = await Client.join(bobchat.port, "bob");
  const texts = Array.from({ length: 200 }, (_, i) => `${i} ${"é".repeat(450)}`);
  await bob.send(texts.map((text) => `${text}\n`).join(""));
  await bob.until(`${texts.at(-1)}\r\n`);
  await using program = join(bobchat.port);
  await program.endInput();
  assertEquals(await program.end(), 0, program.stderr.text);
  const said = [...program.stdout.text.matchAll(/^bob\(.*?\): (.*)$/gm)].map(([, text]) => text);
  assert(said.length >= 50, `${said.length} messages`);
  assertEquals(said, texts.slice(-said.length));
});

Deno.test("v0.1 is joined as well", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--classic"]);
  await using program = join(bobchat.port);
  await program.type("first\n");
  await program.stdout.until(/^\d+\(.*\): first$/m);
  using other = await Client.connect(bobchat.port);
  await other.send("hi there\n");
  await program.stdout.until(/^\d+\(.*\): hi there$/m);
  await program.endInput();
  assertEquals(await program.end(), 0, program.stderr.text);
});

Deno.test("which options v0.1 does not take is said, and exit 1", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--classic"]);
  await using program = join(bobchat.port, "--nick", "ann", "--json");
  assertEquals(await program.end(), 1);
  assertMatch(program.stderr.text, / does not speak JSON lines: leave out --json, --nick\n$/);
});

Deno.test("what a server says is cleaned before it is written", needsNetwork, async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using program = join(listener.addr.port);
  const conn = await listener.accept();
  const hostile = "\x1b[2Jalice(03:04:05PM): \x1b]0;title\x07h\u202ei\r\n*** a\tb\nlast";
  await conn.write(new TextEncoder().encode(hostile));
  conn.close();
  assertEquals(await program.end(), 1);
  assertEquals(program.stdout.text, "alice(03:04:05PM): hi\n*** a b\nlast\n");
});

Deno.test("a line that no server has is left out", needsNetwork, async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using program = join(listener.addr.port);
  using conn = await listener.accept();
  const long = "x".repeat(64 * 1024);
  const bytes = new TextEncoder().encode(`${long}\n${long.repeat(2)}\nnext\n`);
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await conn.write(rest));
  await program.stdout.until("next\n");
  assertEquals(
    program.stdout.text,
    `${long}\n*** A line of more than 66560 bytes was left out\nnext\n`,
  );
});

Deno.test("where no connection is made one sentence says what to check", needsNetwork, async () => {
  const { stdout, stderr, code } = await run(["connect", "127.0.0.1:1"]);
  assertEquals([code, stdout], [1, ""]);
  const nobody = "nothing is listening there, so check the port, and whether bobchat is running";
  assertEquals(stderr, `bobchat: cannot connect to 127.0.0.1:1: ${nobody}\n`);
  const unknown = await run(["connect", "nowhere.invalid"]);
  assertEquals(unknown.code, 1);
  assertMatch(
    unknown.stderr,
    /^bobchat: cannot connect to nowhere\.invalid:7777: .*, so check .*\n$/,
  );
  const { stderr: zone } = await run(["connect", "fe80::1%nowhere"]);
  const advice = "nowhere does not lead there, so check the name after the %, and the address";
  assertEquals(zone, `bobchat: cannot connect to [fe80::1%nowhere]:7777: ${advice}\n`);
});

/** A TLS server with a certificate of its own making for `localhost`, which greets and echoes. */
async function withTls(fn: (port: number, certificate: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const key = `${folder}/key.pem`, cert = `${folder}/cert.pem`;
  const made = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost"],
    ],
    stderr: "null",
  }).output();
  assert(made.success);
  let server: Server | undefined;
  try {
    const pem = { key: await Deno.readTextFile(key), cert: await Deno.readTextFile(cert) };
    server = createServer({ ...pem, allowHalfOpen: true }, (socket) => {
      socket.write("hello\r\n");
      socket.on("data", (data) => socket.write(`got ${data}`));
      socket.on("end", () => socket.end("bye\r\n"));
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    await fn((server.address() as AddressInfo).port, cert);
  } finally {
    server?.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Sends a line over TLS; returns the exit code and what was written. */
async function sayOverTls(where: string, ...args: string[]): Promise<[number, string, string]> {
  await using program = new Program(command(["connect", where, "--tls", "--plain", ...args]));
  await program.type("hi\n");
  await program.endInput();
  return [await program.end(), program.stdout.text, program.stderr.text];
}

testWith(["openssl"], "TLS is spoken to whom one trusts", async () => {
  await withTls(async (port, certificate) => {
    const spoken = [0, "hello\ngot hi\nbye\n", ""];
    assertEquals(await sayOverTls(`localhost:${port}`, "--ca", certificate), spoken);
    assertEquals(await sayOverTls(`127.0.0.1:${port}`, "--insecure"), spoken);
    // The certificate is for another name.
    const where = `127.0.0.1:${port}`;
    const [code, stdout, stderr] = await sayOverTls(where, "--ca", certificate);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, `cannot connect to ${where}: its certificate is not trusted: `);
    assertMatch(stderr, /, so give --ca the file of one to trust, or --insecure to trust any\n$/);
    // Nobody can be asked.
    const [unknown, nothing, why] = await sayOverTls(`localhost:${port}`);
    assertEquals([unknown, nothing], [1, ""]);
    assertStringIncludes(
      why,
      `the certificate of localhost:${port} is not known (it is self-signed; SHA-256 `,
    );
    assertMatch(
      why,
      /: connect at a terminal once to trust it, give --ca .*, or --insecure to trust any\n$/,
    );
  });
});

Deno.test(
  "a server without TLS, and a file without certificates, are a sentence",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    const [code, , stderr] = await sayOverTls(`127.0.0.1:${bobchat.port}`);
    assertEquals(code, 1);
    assertMatch(
      stderr,
      /: it does not speak TLS, so leave --tls out, or give the port where it is\n$/,
    );
    for (const path of ["/nonexistent", new URL(import.meta.url).pathname]) {
      const [code, , stderr] = await sayOverTls("localhost", "--ca", path);
      assertEquals(code, 1);
      assertMatch(stderr, /^bobchat: .* is no file with certificates: give --ca the path of .*\n$/);
    }
  },
);

Deno.test(
  "a server of plain lines is told no password, and nothing of stdin in its place",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/password`, "sesame\n");
      using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      await using program = join(server.addr.port, "--password-file", `${folder}/password`);
      await program.type("hello\n");
      const connection = await server.accept();
      assertEquals(await program.end(), 1);
      assertMatch(
        program.stderr.text,
        /^bobchat: \S+ does not speak JSON lines: leave .*--password-file/,
      );
      const heard = await new Response(connection.readable).text();
      assertEquals(heard, '/json {"type":"join"}\n');
    }),
);
