// The config file of a real server: what it sets, what SIGHUP changes, and what check-config says.

import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, needsNetwork, run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { makePair, type Pair } from "./listeners.ts";

/** Runs a test with a server whose config file can be rewritten, which SIGHUP then reads. */
async function withConfig(
  text: string,
  use: (parts: {
    folder: string;
    bobchat: Bobchat;
    change: (text: string) => Promise<string>;
  }) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const file = `${folder}/chat.toml`;
    const fill = (text: string) => Deno.writeTextFile(file, text.replaceAll("FOLDER", folder));
    await Deno.writeTextFile(`${folder}/motd`, "Good morning.\n");
    await Deno.writeTextFile(`${folder}/password`, "first secret\n");
    await fill(text);
    await using bobchat = await Bobchat.start(["--config", file]);
    const change = async (text: string) => {
      await fill(text);
      bobchat.stderr.forget();
      bobchat.process.kill("SIGHUP");
      return await bobchat.stderr.until(/ SIGHUP: .*\n(?=.*\n|$)/);
    };
    await use({ folder, bobchat, change });
  });
}

Deno.test(
  "SIGHUP changes the message of the day, limits and the log's level, and says what needs a restart",
  needsNetwork,
  () =>
    withConfig('motd = "FOLDER/motd"\nreplay = 3\n', async ({ folder, bobchat, change }) => {
      using alice = await Client.join(bobchat.port, "alice");
      await alice.until("*** Good morning.");
      await Deno.writeTextFile(`${folder}/motd`, "Good evening.\nTea is ready.\n");
      await change('motd = "FOLDER/motd"\nmax-clients = 2\nlog-level = "debug"\n');
      await bobchat.stderr.until(/ warning SIGHUP: --replay changes only with a restart\n/);
      for (const flag of ["--max-clients", "--log-level"]) {
        assertStringIncludes(bobchat.stderr.text, ` info SIGHUP: ${flag} has changed\n`);
      }
      using bob = await Client.join(bobchat.port, "bob");
      await bob.until("*** Tea is ready.");
      // The new limit is in force, and who was there before stays.
      using carol = await Client.connect(bobchat.port);
      assertMatch(await carol.end(), /The room is full \(it holds 2\)/);
      await alice.send("shown at debug\n");
      await bob.until("): shown at debug");
      await bobchat.stderr.until(/ debug .*shown at debug/);
      await change('motd = "FOLDER/motd"\nreplay = 3\n');
      using dave = await Client.join(bobchat.port, "dave");
      await dave.until("*** Tea is ready.");
    }),
);

Deno.test(
  "SIGHUP changes the server password, but cannot take it away",
  needsNetwork,
  () =>
    withConfig('password-file = "FOLDER/password"\n', async ({ folder, bobchat, change }) => {
      const enter = async (password: string) => {
        const client = await Client.connect(bobchat.port);
        await client.send(`${password}\n`);
        return client;
      };
      using first = await enter("first secret");
      await first.until("Welcome to bobchat");
      await Deno.writeTextFile(`${folder}/password`, "second secret\n");
      assertEquals((await change('password-file = "FOLDER/password"\n')).includes("--"), false);
      using late = await enter("first secret");
      await late.until(/not the password/);
      await late.send("second secret\n");
      await late.until("Welcome to bobchat");
      await change("");
      await bobchat.stderr.until("--password-file changes only with a restart");
      using last = await enter("second secret");
      await last.until("Welcome to bobchat");
    }),
);

testWith(
  ["openssl"],
  "SIGHUP changes the certificate to one in another file",
  async () => {
    using first = makePair();
    using second = makePair();
    const flags = ({ cert, key }: Pair) => `tls-cert = "${cert}"\ntls-key = "${key}"\n`;
    await withConfig(flags(first), async ({ bobchat, change }) => {
      const dial = async (pair: Pair) => {
        const caCerts = [await Deno.readTextFile(pair.cert)];
        const where = { hostname: "127.0.0.1", port: bobchat.port };
        using conn = await Deno.connectTls({ ...where, caCerts });
        await conn.handshake();
      };
      await dial(first);
      await change(flags(second));
      await bobchat.stderr.until("new connections use the certificate in ");
      await dial(second);
      await assertRejects(() => dial(first));
    });
  },
);

Deno.test(
  "SIGHUP with a mistake in the file changes nothing",
  needsNetwork,
  () =>
    withConfig("max-clients = 5\n", async ({ bobchat, change }) => {
      const said = await change("max-clients = 1\nmax-lin = 5\n");
      assertStringIncludes(said, "all options stay as they were");
      assertMatch(said, /line 2: max-lin is no option: did you mean max-line\?/);
      using _alice = await Client.join(bobchat.port, "alice");
      using _bob = await Client.join(bobchat.port, "bob");
    }),
);

Deno.test(
  "check-config lists every mistake with its line",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const file = `${folder}/chat.toml`;
      const check = async (text: string) => {
        await Deno.writeTextFile(file, text);
        const { code, stdout, stderr } = await run(["check-config", file]);
        return [code, stdout, stderr.replaceAll(file, "FILE")];
      };
      assertEquals(await check('port = 7777\nhost = "::1"\n'), [
        0,
        `${file} is right: it sets 2 options\n`,
        "",
      ]);
      assertEquals(await check("max-lin = 1\n\nrate = -1\n"), [
        2,
        "",
        "bobchat: FILE line 1: max-lin is no option: did you mean max-line?\n" +
        'bobchat: FILE line 3: rate takes a number from 0 to 1000000, not "-1"\n',
      ]);
      assertEquals(await check("replay = 1\nmax-pending = 4096\nmax-line = 4096\n"), [
        2,
        "",
        "bobchat: FILE line 2: max-pending must be at least four times --max-line: 16384 bytes or more\n",
      ]);
      assertEquals(await check("\ntls-only = true\n"), [
        2,
        "",
        "bobchat: FILE line 2: tls-only needs --tls-cert FILE as well\n",
      ]);
      assertEquals(await check('no-web = true\nweb-name = "x"\ntls-key = "y"\nnode = "z"\n'), [
        2,
        "",
        "bobchat: FILE line 3: tls-key needs --tls-cert FILE as well\n" +
        "bobchat: FILE line 4: node needs --nats URL as well\n" +
        "bobchat: FILE line 2: web-name does not go with --no-web: leave one of them out\n",
      ]);
      assertEquals(await check("tls-only = true\nkeep-days = 3\nproxy-protocol = true\n"), [
        2,
        "",
        "bobchat: FILE line 1: tls-only needs --tls-cert FILE as well\n" +
        "bobchat: FILE line 2: keep-days needs --history PATH as well\n" +
        "bobchat: FILE line 3: proxy-protocol needs --trusted-proxy ADDR as well\n",
      ]);
      const none = await run(["check-config", `${folder}/none.toml`]);
      assertEquals([none.code, none.stdout], [1, ""]);
      assertMatch(
        none.stderr,
        /^bobchat: cannot read \S+: give check-config the path of a file .*\n$/,
      );
      await Deno.truncate(file, 3 * 1024 * 1024);
      const large = await run(["check-config", file]);
      assertEquals([large.code, large.stdout], [1, ""]);
      assertMatch(
        large.stderr,
        /^bobchat: \S+ has more than 1048576 bytes: give check-config .*\n$/,
      );
    }),
);
