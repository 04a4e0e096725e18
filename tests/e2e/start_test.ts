// What a host sees when bobchat starts, or says why it does not.

import config from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, command, needsNetwork, run } from "./bobchat.ts";

const { version } = config;

/** One sentence on stderr, nothing on stdout, and this exit code. */
async function refuses(
  args: string[],
  expected: { code: number; sentence: string | RegExp },
  env: Record<string, string> = {},
): Promise<void> {
  const { code, stdout, stderr } = await run(args, env);
  assertEquals([code, stdout], [expected.code, ""], stderr);
  assertMatch(stderr, /^bobchat: .*\n$/);
  if (typeof expected.sentence === "string") {
    assertEquals(stderr, `bobchat: ${expected.sentence}\n`);
  } else assertMatch(stderr, expected.sentence);
}

Deno.test("a listener's line, then how to join from this machine", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  assertEquals(
    bobchat.stdout.text,
    `bobchat ${version} listening on 127.0.0.1:${bobchat.port}\n` +
      `  in a browser    http://127.0.0.1:${bobchat.port}\n` +
      `  in a terminal   nc 127.0.0.1 ${bobchat.port}     (or telnet, PuTTY, bobchat connect)\n`,
  );
});

Deno.test("bound to all it names the machine's real address", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--host", "0.0.0.0"]);
  const own = Deno.networkInterfaces().filter(({ address, family }) =>
    family === "IPv4" && !address.startsWith("127.")
  ).map(({ address }) => address);
  const { port } = bobchat, address = own[0] ?? "127.0.0.1";
  await bobchat.stdout.until(
    `\n  in a browser    http://${address}:${port}\n  in a terminal   nc ${address} ${port}     (or `,
  );
});

Deno.test("without --host it takes IPv6 too, where the machine has it", needsNetwork, async () => {
  const [program, words] = command([]);
  await using bobchat = await Bobchat.spawn(program, words, { BOBCHAT_PORT: "0" });
  const sixth = Deno.networkInterfaces().some(({ address }) => address === "::1");
  for (const hostname of sixth ? ["127.0.0.1", "::1"] : ["127.0.0.1"]) {
    using conn = await Deno.connect({ hostname, port: bobchat.port });
    const { value } = await conn.readable.getReader().read();
    assertStringIncludes(new TextDecoder().decode(value), "*** Welcome to bobchat");
  }
});

Deno.test("a range of ports is a listener each", needsNetwork, async () => {
  // A free port whose neighbour is free as well: ask the system until it has one.
  for (;;) {
    using first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = first.addr;
    if (!canListen(port + 1)) continue;
    first.close();
    await using bobchat = await Bobchat.start(["--port", `${port}-${port + 1}`]);
    assertEquals(bobchat.ports, [port, port + 1]);
    for (const each of bobchat.ports) (await Client.join(each))[Symbol.dispose]();
    return;
  }
});

Deno.test("options come from the environment too, and a flag wins", needsNetwork, async () => {
  const env = { BOBCHAT_MAX_CLIENTS: "1", BOBCHAT_MAX_LINE: "64" };
  await using bobchat = await Bobchat.start(["--max-line", "32"], env);
  using alice = await Client.join(bobchat.port);
  using late = await Client.connect(bobchat.port);
  assertStringIncludes(await late.end(), "The room is full");
  await alice.send("x".repeat(33) + "\n");
  await alice.until("longer than 32 bytes");
});

Deno.test("--help and --version go to stdout, exit 0", needsNetwork, async () => {
  assertEquals(await run(["--version"]), { code: 0, stdout: `bobchat ${version}\n`, stderr: "" });
  const help = await run(["-h"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  assertMatch(help.stdout, /^Usage: bobchat \[serve\] \[options\]$/m);
});

Deno.test("what is wrong with the command line is one sentence, exit 2", needsNetwork, async () => {
  await refuses(["--prot", "1"], {
    code: 2,
    sentence: "there is no option --prot: did you mean --port?",
  });
  await refuses(["--max-line", "none"], {
    code: 2,
    sentence: /--max-line takes a size from 16 to/,
  });
  await refuses(["7777"], { code: 2, sentence: /"7777" is not a command .* --port 7777\?/ });
  await refuses(["--classic", "--max-line", "64"], {
    code: 2,
    sentence: /--max-line does not go with --classic/,
  });
  await refuses([], { code: 2, sentence: /BOBCHAT_RATE takes a number/ }, { BOBCHAT_RATE: "much" });
});

Deno.test("options of earlier versions say what to do instead, exit 2", needsNetwork, async () => {
  const files = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
  const rows: [string[], string][] = [
    [
      ["--web-port", "8080"],
      "--web-port is gone: the page is at every --port by default, so leave it out",
    ],
    [
      [...files, "--tls-port", "7778"],
      "--tls-port is gone: --tls-cert and --tls-key turn TLS on at every --port, so leave it out",
    ],
    [
      [...files, "--web-tls"],
      "--web-tls is gone: with --tls-cert and --tls-key every --port speaks https as well, " +
      "so leave it out",
    ],
    [["--web-host", "::1"], "--web-host is gone: the page is at every --host, so leave it out"],
  ];
  for (const [args, sentence] of rows) await refuses(args, { code: 2, sentence });
});

Deno.test("a port in use is one sentence with what to do, exit 1", needsNetwork, async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await refuses(["--host", "127.0.0.1", "--port", `0,${taken.addr.port}`], {
    code: 1,
    sentence: `cannot listen on 127.0.0.1:${taken.addr.port}: another program has that port, ` +
      "so stop it or choose another with --port",
  });
});

Deno.test(
  "an address that is not the machine's is one sentence, exit 1",
  needsNetwork,
  async () => {
    await refuses(["--host", "203.0.113.77", "--port", "0"], {
      code: 1,
      sentence: "cannot listen on 203.0.113.77:0: it is not an address of this machine, " +
        "so leave --host out or give one that is",
    });
  },
);

Deno.test("a log that cannot be written is one sentence, exit 1", needsNetwork, async () => {
  const path = "/nowhere/at/all/bobchat.log";
  await refuses(["--log-file", path, "--port", "0"], {
    code: 1,
    sentence:
      `cannot write the log to ${path}: give --log-file a path in a folder that you may write to`,
  });
});

Deno.test("what is wrong with a path is said, exit 1", needsNetwork, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/file`;
    await Deno.writeTextFile(file, "");
    const rows: [string, string, string][] = [
      [
        "--history",
        `${folder}/none/chat.db`,
        "cannot be made, since its folder does not exist: make the folder first",
      ],
      [
        "--history",
        `${file}/chat.db`,
        "cannot be opened, since its folder is a file: name another path",
      ],
      ["--log-file", folder, "it is a folder: name a file"],
      ["--log-file", `${file}/bobchat.log`, "its folder is a file: name another path"],
    ];
    for (const [flag, path, fault] of rows) {
      const sentence = flag === "--history"
        ? `${path} ${fault}`
        : `cannot write the log to ${path}, since ${fault}`;
      await refuses([flag, path, "--port", "0"], { code: 1, sentence });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("without permissions, a sentence says how to start it", needsNetwork, async () => {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  for (const flags of [[], ["--allow-env"], ["--allow-env", "--allow-net"]]) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", ...flags, main, "--port", "0"],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 1);
    assertEquals(
      new TextDecoder().decode(stderr),
      "bobchat: Deno gives it too few permissions: start it with deno task start\n",
    );
  }
});

function canListen(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    assert(error instanceof Deno.errors.AddrInUse);
    return false;
  }
}
