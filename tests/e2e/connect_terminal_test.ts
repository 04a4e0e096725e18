// `bobchat connect` at a terminal, as a person sees it.

import { assert, assertEquals, assertMatch } from "../assert.ts";
import { Bobchat, Client, command, Program, testWith } from "./bobchat.ts";
import { Between } from "./between.ts";
import { inFolder } from "./folder.ts";
import { makePair } from "./listeners.ts";
import { Tmux, type TmuxOptions } from "./tmux.ts";

/** Joins as alice, and waits until she is in. */
async function joinAsAlice(
  { port }: Bobchat,
  { args = [], ...options }: TmuxOptions & { args?: string[] } = {},
): Promise<Tmux> {
  const tmux = await Tmux.connect([`127.0.0.1:${port}`, "--nick", "alice", ...args], options);
  await tmux.until(/^\[alice\] .*\n#\S+> ?$/m);
  return tmux;
}

/** What a person sees of the talk: from the greeting on, times alike; the last row but one is the status line. */
function talk(screen: string): string[] {
  const lines = screen.slice(screen.indexOf("*** Welcome")).split("\n");
  return lines.map((line) => line.replace(/\(\d\d:\d\d(?::\d\d[AP]M)?\)/, "(TIME)"));
}

testWith(["tmux"], "what comes in never tears the line that is typed", async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  await using alice = await joinAsAlice(bobchat);
  await alice.type("half a li");
  await alice.until(/^#lobby> half a li$/m);
  await bob.send("one\ntwo\n");
  await alice.until(/two\n\[.*\n#lobby> half a li$/);
  await alice.type("ne, now whole");
  await alice.until(/now whole$/);
  await alice.press("Enter");
  const screen = await alice.until(/alice\(.*\): half a line, now whole\n\[.*\n#lobby>$/);
  assertEquals(talk(screen), [
    "*** Welcome to bobchat, guest2. Here: bob.",
    "*** Type to talk. /nick NAME changes your name, /help lists what else there is.",
    "*** You are alice.",
    "bob(TIME): one",
    "bob(TIME): two",
    // Once: as the server said it to all.
    "alice(TIME): half a line, now whole",
    "[alice] #lobby, 2 here",
    "#lobby>",
  ]);
  await bob.until(/^alice\(.*\): half a line, now whole\r$/m);
});

testWith(["tmux"], "a line longer than the window goes on below, and is edited there", async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  await using alice = await joinAsAlice(bobchat, { columns: 40 });
  await alice.type("0123456789".repeat(7));
  const rows = "#lobby> (0123456789){3}0\n(1234567890){3}123456789$";
  await alice.until(new RegExp(`^${rows}`, "m"));
  await bob.send("hello\n");
  await alice.until(new RegExp(`: hello\n\\[.*\n${rows}`));
  await alice.press("C-a");
  await alice.type("你好 ");
  await alice.until(/#lobby> 你好 (0123456789){2}012345\n(6789012345){3}678901234\n56789$/);
  assertEquals(await alice.value("cursor_x"), String("#lobby> ".length + 5));
  await alice.press("BSpace", "BSpace", "C-e", "BSpace", "Enter");
  await bob.until(`): 你${"0123456789".repeat(7).slice(0, -1)}\r\n`);
  await alice.until(/^#lobby>$/m);
});

testWith(["tmux"], "Tab completes commands and names, and lists what it may become", async () => {
  await using bobchat = await Bobchat.start();
  using _bob = await Client.join(bobchat.port, "Robert");
  using _roberta = await Client.join(bobchat.port, "roberta.x");
  await using alice = await joinAsAlice(bobchat);
  await alice.type("/wh");
  await alice.until(/^#lobby> \/wh$/m);
  await alice.press("Tab");
  await alice.until(/^#lobby> \/who$/m);
  await alice.press("Tab");
  await alice.until(/^\*\*\* \/who {2}\/whois\n\[.*\n#lobby> \/who$/m);
  // What is pasted may have tabs in it: a Tab is one when no other key comes with it.
  await alice.type("i");
  await alice.until(/^#lobby> \/whoi$/m);
  await alice.press("Tab");
  await alice.until(/^#lobby> \/whois$/m);
  await alice.type("roberta");
  await alice.until(/roberta$/);
  await alice.press("Tab");
  await alice.until(/^#lobby> \/whois roberta\.x$/m);
  await alice.press("Enter");
  await alice.until(/^\*\*\* roberta\.x is not registered, in #lobby\.$/m);
  await alice.type("roberta");
  await alice.until(/^#lobby> roberta$/m);
  await alice.press("Tab");
  await alice.until(/^#lobby> roberta\.x:$/m);
  await alice.type("hi");
  await alice.until(/^#lobby> roberta\.x: hi$/m);
});

testWith(["tmux"], "the up arrow recalls what was said, but no password", async () => {
  await using bobchat = await Bobchat.start();
  await using alice = await joinAsAlice(bobchat);
  await alice.type("first");
  await alice.press("Enter");
  await alice.until(/: first$/m);
  await alice.type("/register tea for two");
  await alice.press("Enter");
  await alice.until(/alice is yours now/);
  await alice.press("Up");
  await alice.until(/^#lobby> first$/m);
  await alice.press("C-u", "Up", "Up", "Up");
  await alice.until(/^#lobby> first$/m);
  assert(!(await alice.screen()).includes("tea for two"));
  await alice.press("C-c");
  await alice.until(/^#lobby>$/m);
});

testWith(
  ["tmux"],
  "the server password is neither shown nor recalled, but given again",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/password`;
      await Deno.writeTextFile(path, "sesame\n");
      const first = await Bobchat.start(["--password-file", path]);
      await using tmux = await Tmux.connect([`127.0.0.1:${first.port}`]);
      await tmux.until(/This room has a password: type it\.\n\[…\]\npassword>$/);
      await tmux.type("sesame");
      await tmux.until(/^password> ·{6}$/m);
      await tmux.press("Enter");
      await tmux.until(/Welcome(.*\n)*#lobby>$/);
      await tmux.type("hello");
      await tmux.press("Enter");
      await tmux.until(/: hello\n\[.*\n#lobby>$/);
      await tmux.press("Up", "Up");
      await tmux.until(/^#lobby> hello$/m);
      await first.stop();
      await using _second = await Bobchat.start([
        ...["--port", String(first.port), "--password-file", path],
      ]);
      await tmux.until(
        /Welcome(.*\n)+.*Welcome to bobchat, guest1(.*\n)*\[guest1\] #lobby, 1 here\n#lobby> hello$/,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

testWith(
  ["tmux"],
  "a password that is typed while the connection is lost does not become a line to say",
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/password`;
      await Deno.writeTextFile(path, "sesame\n");
      const first = await Bobchat.start(), port = ["--port", String(first.port)];
      await using alice = await joinAsAlice(first);
      await alice.type("half a li");
      await alice.until(/^#lobby> half a li$/m);
      await first.stop();
      const second = await Bobchat.start([...port, "--password-file", path]);
      await alice.until(/^password>$/m);
      await alice.type("sesa");
      await alice.until(/^password> ·{4}$/m);
      await second.stop();
      await alice.until(/Connection lost.*\n#lobby> half a li$/);
      await using _third = await Bobchat.start([...port, "--password-file", path]);
      await alice.until(/^password>$/m);
      await alice.type("sesame");
      await alice.press("Enter");
      await alice.until(/^#lobby> half a li$/m);
    }),
);

testWith(["tmux"], "a window that changes its width keeps what is in it in order", async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  await using alice = await joinAsAlice(bobchat);
  await bob.send("the kettle sings, the cups are out, and the biscuits wait on the long table\n");
  await alice.until(/long table/);
  await alice.type("on my way, as soon as the last mail is written and the window is shut");
  await alice.until(/is\nshut$|shut$/);
  const narrow = [
    "*** Welcome to bobchat, guest2. Here:",
    "    bob.",
    "*** Type to talk. /nick NAME changes",
    "    your name, /help lists what else",
    "    there is.",
    "*** You are alice.",
    "bob(TIME): the kettle sings, the cups",
    "            are out, and the biscuits",
    "            wait on the long table",
    "[alice] #lobby, 2 here",
    "#lobby> on my way, as soon as the last",
    "mail is written and the window is shut",
  ];
  const wide = [
    "*** Welcome to bobchat, guest2. Here: bob.",
    "*** Type to talk. /nick NAME changes your name, /help lists what else there is.",
    "*** You are alice.",
    "bob(TIME): the kettle sings, the cups are out, and the biscuits wait on the long table",
    "[alice] #lobby, 2 here",
    "#lobby> on my way, as soon as the last mail is written and the window is shut",
  ];
  for (let i = 0; i < 2; i++) {
    await alice.resize(40, 24);
    const screen = await alice.until(/^mail is written and the window is shut$/m);
    assertEquals(talk(screen), narrow);
    await alice.resize(110, 24);
    assertEquals(talk(await alice.until(/^#lobby> on my way.* shut$/m)), wide);
  }
  await alice.press("C-c");
  await alice.until(/long table\n\[.*\n#lobby>$/);
});

testWith(
  ["tmux"],
  "a server that comes back finds alice as she was, and hears her once",
  async () => {
    const first = await Bobchat.start();
    const { port } = first;
    await using alice = await joinAsAlice(first, { args: ["--room", "tea"] });
    await alice.until(/^\[alice\] #tea, 1 here \| 1:#lobby\n#tea>/m);
    await alice.type("before");
    await alice.press("Enter");
    await alice.until(/: before$/m);
    await first.stop("SIGKILL");
    await alice.until(/^Connection lost: trying again\. \[alice\] #tea.*\n#tea>$/m);
    await alice.type("meanwhile");
    await alice.press("Enter");
    await alice.until(/^… meanwhile$/m);
    await alice.type("half a li");
    await using second = await Bobchat.start(["--port", String(port)]);
    using bob = await Client.join(second.port, "bob");
    await bob.send("/join tea\n");
    await bob.until(/^alice\(.*\): meanwhile\r$/m);
    const screen = await alice.until(
      /\): meanwhile\n(.*\n)*\[alice\] #tea, 2 here.*\n#tea> half a li$/,
    );
    assert(!screen.includes("…"), "nothing waits any more");
    assertEquals(screen.match(/\): meanwhile$/gm)?.length, 1);
    assertEquals(bob.incoming.text.match(/\): meanwhile\r$/gm)?.length, 1);
    await alice.press("C-u");
    await alice.type("/quit");
    await alice.press("Enter");
    assertEquals((await alice.end()).code, 0);
  },
);

testWith(["tmux"], "a name that somebody bears is asked for until it is free again", async () => {
  const first = await Bobchat.start();
  await using alice = await joinAsAlice(first);
  // She must not be back before the ghost has her name.
  await alice.kill("SIGSTOP");
  await first.stop("SIGKILL");
  await using second = await Bobchat.start(["--port", String(first.port)]);
  using ghost = await Client.join(second.port, "alice");
  await alice.kill("SIGCONT");
  await alice.until(/Welcome to bobchat, guest2\. Here: alice\.$/m);
  await alice.until(
    /alice is taken, maybe by your old connection: trying again\.$/m,
  );
  await ghost.until("guest2 joined");
  await ghost.send("/quit\n");
  await alice.until(/^\[alice\] #lobby, 1 here$/m);
  const refusals = (await alice.screen()).match(/choose another name/g) ?? [];
  assert(refusals.length <= 1, "it is not refused again and again");
});

testWith(["tmux"], "one's own name stands out and rings, in colour or not", async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  await using alice = await joinAsAlice(bobchat);
  await using plain = await Tmux.connect([`127.0.0.1:${bobchat.port}`], { env: { NO_COLOR: "1" } });
  await plain.until(/^#lobby>/m);
  await bob.send("hello\n");
  await alice.until(/: hello$/m);
  assertEquals(await alice.value("window_bell_flag"), "0");
  await bob.send("is Alice there?\n");
  for (const tmux of [alice, plain]) await tmux.until(/is Alice there\?$/m);
  const coloured = (await alice.screen({ escapes: true })).replaceAll("\x1b", "ESC");
  assertMatch(coloured, /^ESC\[38;5;\d+mbobESC.*: is ESC\[1;7mAliceESC/m);
  assertMatch(coloured, /ESC\[2m(ESC\[39m)?\(\d\d:\d\d:\d\d[AP]M\)ESC/);
  assertEquals(await alice.value("window_bell_flag"), "1");
  assert(!(await plain.screen({ escapes: true })).includes("\x1b"));
  assertEquals(await plain.value("window_bell_flag"), "0");
});

testWith(["tmux"], "the terminal is given back as it was, whatever ended it", async () => {
  await using bobchat = await Bobchat.start();
  const ends: [string, number, (tmux: Tmux) => Promise<void>][] = [
    ["/quit", 0, async (tmux) => {
      await tmux.type("/quit tea time");
      await tmux.press("Enter");
    }],
    ["Ctrl-D", 0, (tmux) => tmux.press("C-d")],
    ["Ctrl-C", 0, async (tmux) => {
      await tmux.type("never said");
      await tmux.press("C-c");
      await tmux.until(/^#lobby>$/m);
      await tmux.press("C-c");
    }],
    ["SIGTERM", 143, (tmux) => tmux.kill("SIGTERM")],
    ["SIGHUP", 129, (tmux) => tmux.kill("SIGHUP")],
  ];
  for (const [what, expected, leave] of ends) {
    await using tmux = await Tmux.connect([`127.0.0.1:${bobchat.port}`]);
    await tmux.until(/^#lobby>/m);
    await leave(tmux);
    const { code, before, after } = await tmux.end();
    assertEquals([what, code, after], [what, expected, before]);
    const screen = await tmux.screen();
    assert(!/^#lobby>/m.test(screen), screen);
    if (expected === 0) assertMatch(screen, /^\*\*\* Goodbye\.\nexit 0$/m);
  }
});

testWith(["tmux"], "a bug gives the terminal back before it is told", async () => {
  const fixture = new URL("fixtures/fails_at_a_terminal.ts", import.meta.url).pathname;
  await using tmux = await Tmux.run([Deno.execPath(), ["run", "--no-prompt", fixture]]);
  const { code, before, after } = await tmux.end();
  assertEquals([code, after], [1, before]);
  // Without the terminal's own line ends, each line would begin where the last one ended.
  assertMatch(await tmux.screen(), /^error: Uncaught .*Error: a bug\n/m);
});

testWith(
  ["tmux"],
  "several rooms and private talks are a key away, with what is unread in them",
  async () => {
    await using bobchat = await Bobchat.start();
    using bob = await Client.join(bobchat.port, "bob");
    await using alice = await joinAsAlice(bobchat, { args: ["--room", "tea"] });
    await alice.until(/^\[alice\] #tea, 1 here \| 1:#lobby\n#tea>$/m);
    await bob.send("one\ntwo\n/msg alice psst\n");
    await alice.until(/^\[alice\] #tea, 1 here \| 1:#lobby \(2\) 3:bob \(1!\)$/m);
    await alice.press("M-1");
    await alice.until(
      /--- new ---\nbob\(.*\): one\nbob\(.*\): two\n\[alice\] #lobby, 2 here \| 3:bob \(1!\) 2:#tea\n#lobby>$/,
    );
    await alice.type("/3");
    await alice.press("Enter");
    await alice.until(/^bob\(.*\): psst\n\[alice\] bob, private \| 1:#lobby 2:#tea\nbob>$/m);
    await alice.type("yes?");
    await alice.press("Enter");
    await bob.until(/^alice\(.*\) to bob: yes\?\r$/m);
    await alice.type("/2");
    await alice.press("Enter");
    await alice.until(/^#tea>$/m);
    await alice.type("/9");
    await alice.press("Enter");
    await alice.until(/^\*\*\* There is no 9: your rooms and private talks go from 1 to 3\.$/m);
    await alice.type("nobody here");
    await alice.press("Enter");
    await alice.until(/: nobody here\n\[alice\] #tea/);
    assert(!bob.incoming.text.includes("nobody here"));
  },
);

testWith(
  ["tmux"],
  "what is pasted waits for Enter, completes nothing and ends nothing",
  async () => {
    await using bobchat = await Bobchat.start();
    using bob = await Client.join(bobchat.port, "bob");
    await using alice = await joinAsAlice(bobchat);
    await alice.paste("one\tb\n/quit\ntwo\n");
    await alice.until(/^#lobby> one b\n\/quit\ntwo$/m);
    assert(!bob.incoming.text.includes("one b"));
    await alice.press("Enter");
    await bob.until(/^alice\(.*\): two\r$/m);
    assertMatch(bob.incoming.text, /: one b\r\n.*: \/quit\r\n.*: two\r/);
    await alice.type("🇩🇪!");
    await alice.press("BSpace", "BSpace");
    await alice.type("x");
    await alice.press("Enter");
    await bob.until(/^alice\(.*\): x\r$/m);
  },
);

testWith(["tmux"], "Page Up shows what was said before, also before one came", async () => {
  await using bobchat = await Bobchat.start(["--rate", "0"]);
  using bob = await Client.join(bobchat.port, "bob");
  await bob.send(Array.from({ length: 120 }, (_, i) => `line ${i}\n`).join(""));
  await bob.until(": line 119\r\n");
  await using alice = await joinAsAlice(bobchat, { columns: 40, rows: 12 });
  await alice.until(/: line 119\n/);
  // Keys that come together are each a page.
  await alice.press("PPage", "PPage", "PPage");
  await alice.until(/: line [89]\d$/m);
  for (let i = 0; i < 30 && !/: line 3$/m.test(await alice.screen()); i++) {
    await alice.press("PPage");
  }
  await alice.until(/: line 3$/m);
  await bob.send("new\n");
  await bob.until(": new\r\n");
  assert(!(await alice.screen()).includes(": new"), "it stays where it is");
  await alice.until(/^\[alice\] \(scrolled up\) #lobby, 2 here$/m);
  for (let i = 0; i < 40 && !/: new$/m.test(await alice.screen()); i++) await alice.press("NPage");
  await alice.until(/^bob\(\d\d:\d\d\): new\n\[alice\] #lobby, 2 here\n/m);
});

testWith(["tmux"], "Ctrl-R finds what was said", async () => {
  await using bobchat = await Bobchat.start();
  await using alice = await joinAsAlice(bobchat);
  for (const text of ["the first", "second"]) {
    await alice.type(text);
    await alice.press("Enter");
    await alice.until(new RegExp(`: ${text}$`, "m"));
  }
  await alice.press("C-r");
  await alice.type("fir");
  await alice.until(/^\(search\) fir: the first$/m);
  await alice.press("Enter");
  await alice.until(/^#lobby> the first$/m);
});

testWith(["tmux", "script"], "a terminal without a size does not end it", async () => {
  await using bobchat = await Bobchat.start();
  const [program, words] = command(["connect", `127.0.0.1:${bobchat.port}`]);
  for (const columns of [0, 1]) {
    const line = `stty cols ${columns} rows ${columns}; exec ${
      [program, ...words].map((word) => `'${word}'`).join(" ")
    }`;
    await using alice = await Tmux.run(["script", ["-qfec", line, "/dev/null"]]);
    using bob = await Client.join(bobchat.port, `bob${columns}`);
    await alice.until(/>/);
    await alice.type("hello");
    await alice.press("Enter");
    await bob.until(/^guest\d+\(.*\): hello\r$/m);
    await alice.press("C-d");
    assertEquals((await alice.end()).code, 0);
  }
});

testWith(
  ["tmux"],
  "what was said while the link was cut is there when it is back, once",
  () =>
    inFolder(async (folder) => {
      const args = ["--history", `${folder}/h.db`];
      const first = await Bobchat.start(args);
      using bob = await Client.join(first.port, "bob");
      await using alice = await joinAsAlice(first);
      await bob.send("before\n");
      await alice.until(/: before$/m);
      await first.stop("SIGKILL");
      await alice.until(/^Connection lost: trying again\./m);
      await alice.kill("SIGSTOP");
      await using second = await Bobchat.start([...args, "--port", String(first.port)]);
      using back = await Client.join(second.port, "bob");
      await back.send("meanwhile\n");
      await back.until(": meanwhile\r\n");
      await alice.kill("SIGCONT");
      const screen = await alice.until(/: meanwhile\n(.*\n)*\[alice\] #lobby, 2 here\n#lobby>$/);
      assertEquals(screen.match(/: before$/gm)?.length, 1);
      assertEquals(screen.match(/: meanwhile$/gm)?.length, 1);
    }),
);

testWith(
  ["tmux"],
  "a server that does not speak JSON gets a plain line client, and one is told so once",
  async () => {
    await using bobchat = await Bobchat.start(["--classic"]);
    await using alice = await Tmux.connect([`127.0.0.1:${bobchat.port}`]);
    await alice.until(
      /^\*\*\* \S+ does not speak JSON lines: this is a plain line client now\.\n(.*\n)*>$/m,
    );
    await alice.type("hello");
    await alice.press("Enter");
    await alice.until(/^> hello\n\d+\(.*\): hello\n>$/m);
    await alice.press("C-d");
    assertEquals((await alice.end()).code, 0);
    await using plain = await Tmux.connect([`127.0.0.1:${bobchat.port}`, "--plain"]);
    await plain.until(/^>$/m);
    await plain.type("second");
    await plain.press("Enter");
    const screen = await plain.until(/^\d+\(.*\): second\n>$/m);
    assert(!/json/i.test(screen), screen);
  },
);

testWith(
  ["tmux", "openssl"],
  "a certificate that is not known is asked about once, kept, and refused when it changes",
  () =>
    inFolder(async (folder) => {
      using one = makePair();
      using other = makePair();
      const env = { XDG_CONFIG_HOME: `${folder}/config` },
        file = `${folder}/config/bobchat/known_servers`;
      const first = await Bobchat.start(one.flags);
      const where = `127.0.0.1:${first.port}`, args = [where, "--tls"];
      const start = () => Tmux.connect(args, { env, columns: 120 });
      {
        await using doubting = await start();
        await doubting.until(
          /fingerprint:\n([0-9A-F]{2}:){31}[0-9A-F]{2}\n.*Trust it from now on\? \[y\/N\]$/,
        );
        await doubting.type("n");
        await doubting.press("Enter");
        assertEquals((await doubting.end()).code, 1);
        assertMatch(await doubting.screen(), /^bobchat: the certificate of \S+ is not trusted$/m);
      }
      {
        await using trusting = await start();
        await trusting.until(/Trust it from now on\?/);
        const logged = first.stderr.text.length;
        // Whoever looks at the certificate for long is greeted meanwhile.
        await first.stderr.until(new RegExp(`^[^]{${logged}}[^]*connection \\d+ from`));
        await trusting.type("yes");
        await trusting.press("Enter");
        await trusting.until(/^#lobby>$/m);
        await trusting.press("C-d");
        assertEquals((await trusting.end()).code, 0);
      }
      assertMatch(
        await Deno.readTextFile(file),
        new RegExp(`^${where} ([0-9A-F]{2}:){31}[0-9A-F]{2}\n$`),
      );
      assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
      await using again = await start();
      await again.until(/^#lobby>$/m);
      assert(!(await again.screen()).includes("Trust"));
      const pipe = async () => {
        const [program, words] = command(["connect", ...args]);
        await using told = new Program([program, words], { env });
        await told.endInput();
        return [await told.end(), told.stderr.text] as const;
      };
      assertEquals(await pipe(), [0, ""]);
      await Deno.chmod(file, 0o666);
      assertMatch((await pipe())[1], /^bobchat: others may change .*: chmod 600 it\n$/);
      await Deno.chmod(file, 0o600);
      await first.stop();
      await using _second = await Bobchat.start([...other.flags, "--port", String(first.port)]);
      // One that is cut off does not come back to another server.
      assertEquals((await again.end()).code, 1);
      const changed =
        /^bobchat: the certificate of \S+ is not the one that you trusted, so somebody may be reading/;
      assertMatch(
        (await again.screen()).split("\n").find((row) => row.startsWith("bobchat"))!,
        /^bobchat: the certificate/,
      );
      const [code, why] = await pipe();
      assertEquals(code, 1);
      assertMatch(why, changed);
    }),
);

testWith(["tmux"], "what could not be sent before one leaves is said to be unsent", async () => {
  const bobchat = await Bobchat.start();
  await using alice = await joinAsAlice(bobchat);
  await bobchat.stop("SIGKILL");
  await alice.until(/^Connection lost: trying again\./m);
  await alice.type("heard by nobody");
  await alice.press("Enter");
  await alice.until(/^… heard by nobody$/m);
  await alice.press("C-d");
  assertEquals((await alice.end()).code, 0);
  const screen = await alice.screen();
  assertMatch(screen, /^\*\*\* Not sent: heard by nobody$/m);
  assert(!screen.includes("You are alice"), "nobody has said goodbye");
});

testWith(
  ["tmux"],
  "what is too long, or cannot be sent to somebody, is there to be typed again",
  async () => {
    await using bobchat = await Bobchat.start(["--max-line", "64"]);
    await using alice = await joinAsAlice(bobchat);
    await alice.type("x".repeat(70));
    await alice.press("Enter");
    await alice.until(/is 6 bytes too long for one message(.*\n)+#lobby> x{70}$/);
    await alice.press("C-u");
    await alice.type("/msg nobody");
    await alice.press("Enter");
    await alice.until(/^nobody>$/m);
    await alice.type("psst");
    await alice.press("Enter");
    await alice.until(/^nobody> psst$/m);
  },
);

/** A way to bobchat on which connections can go dead without a word; new ones work. */
class BlackHole extends Between {
  #dead = 0;
  #made = 0;

  /** From now on nothing goes through the connections that there are. */
  swallow(): void {
    this.#dead = this.#made;
  }

  protected async serve(near: Deno.Conn): Promise<void> {
    const number = ++this.#made, far = await this.connect();
    const passOn = () =>
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          if (number > this.#dead) controller.enqueue(chunk);
        },
      });
    const there = near.readable.pipeThrough(passOn()).pipeTo(far.writable);
    const back = far.readable.pipeThrough(passOn()).pipeTo(near.writable);
    await Promise.allSettled([there, back]);
  }
}

testWith(["tmux"], "a line that is typed into a dead link is said once", async () => {
  await using bobchat = await Bobchat.start();
  using bob = await Client.join(bobchat.port, "bob");
  using hole = new BlackHole(bobchat.port);
  await using alice = await Tmux.connect([`127.0.0.1:${hole.port}`, "--nick", "alice"]);
  await alice.until(/^\[alice\] .*\n#lobby>$/m);
  hole.swallow();
  await alice.type("into the void");
  await alice.press("Enter");
  const screen = await alice.until(/: into the void\n\[alice\] #lobby, 2 here\n#lobby>$/);
  assertEquals(screen.match(/into the void/g)?.length, 1);
  await bob.send("/history\n");
  await bob.until("So far in #lobby");
  assertEquals(bob.incoming.text.match(/: into the void\r$/gm)?.length, 2, "live, and as history");
  assert(!/alice left/.test(bob.incoming.text));
});
