// People talk: the default protocol, from real sockets.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, needsNetwork } from "./bobchat.ts";

const HINT = "*** Type to talk. /nick NAME changes your name, /help lists what else there is.\r\n";
const FULL = "*** The room is full (it holds 2): try again later.\r\n";

/** Matches a message, whole and on a line of its own. */
function said(name: string, text: string): RegExp {
  return new RegExp(`^${name}\\(\\d\\d:\\d\\d:\\d\\d[AP]M\\): ${text}\r$`, "m");
}

/** The texts of the messages of one sender, in order. */
function texts(heard: string, name: string): string[] {
  return [...heard.matchAll(new RegExp(`^${name}\\(.*?\\): (.*)\r$`, "gm"))].map(([, text]) =>
    text!
  );
}

Deno.test(
  "the greeting says the name given, who is here and how to go on",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using first = await Client.join(bobchat.port);
    assertEquals(
      first.incoming.text,
      `*** Welcome to bobchat, guest1. You are the first here.\r\n${HINT}`,
    );
    await first.send("/nick alice\n");
    await first.until("*** You are alice.\r\n");
    using second = await Client.join(bobchat.port);
    assertEquals(second.incoming.text, `*** Welcome to bobchat, guest2. Here: alice.\r\n${HINT}`);
    await second.send("hello\n");
    await first.until("*** guest2 joined (2 here)\r\n");
  },
);

Deno.test("two people talk, and each hears the other and itself", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  using bob = await Client.join(bobchat.port, "bob");
  await alice.send("hello there\r\n");
  await alice.until(said("alice", "hello there"));
  await bob.send("hi, it's été 🎉\n");
  for (const person of [alice, bob]) {
    const heard = await person.until(said("bob", "hi, it's été 🎉"));
    assertMatch(heard, said("alice", "hello there"));
  }
  assertEquals(await bobchat.stop(), 0);
});

Deno.test("every command does what its help says", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  using bob = await Client.join(bobchat.port);
  await bob.send("hello\n");
  await alice.until("*** guest2 joined (2 here)\r\n");
  await bob.send("/nick bob\n");
  await alice.until("*** guest2 is now bob\r\n");
  await alice.send("/who\n");
  await alice.until("*** Here (2): alice, bob\r\n");
  await alice.send("/me waves\n");
  await bob.until(/^\* alice\(\d\d:\d\d:\d\d[AP]M\) waves\r$/m);
  await alice.send("/help\n");
  const help = await alice.until(/^\*\*\* +\/unregister .*\r\n/m);
  for (
    const usage of [
      "/nick NAME [PASSWORD]",
      "/who [ROOM]",
      "/me ACTION",
      "/help [COMMAND]",
      "/quit [MESSAGE]",
    ]
  ) {
    assertStringIncludes(help, `***   ${usage} `);
  }
  await alice.send("/help me\n");
  await alice.until("*** /me ACTION: describe what you are doing. Example: /me waves\r\n");
  await alice.send("/quit tea time\nnobody hears this\n");
  assertMatch(await alice.end(), /\*\*\* Goodbye\.\r\n$/);
  await bob.until("*** alice left: tea time (1 here)\r\n");
  await bob.send("/quit\n");
  await bob.end();
  assert(!bob.incoming.text.includes("nobody hears this"));
});

Deno.test("wrong use is told to the one who typed it alone", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  using bob = await Client.join(bobchat.port, "bob");
  const rule = /^A name is 1 to 20 letters, digits, dots, _ or -\./;
  const told: [string, RegExp][] = [
    ["/nick", /^Usage: \/nick NAME \[PASSWORD\] \(for example \/nick alice\)$/],
    ["/me", /^Usage: \/me ACTION \(for/],
    ["/who else", /^There is no room else: /],
    ["/whoo", /^There is no \/whoo: did you mean \/who\?/],
    ["/help nik", /^There is no \/nik: did you mean \/nick\?/],
    ["/nick two words", /^two is not registered: /],
    [`/nick ${"x".repeat(21)}`, rule],
    ["/nick ***", rule],
    ["/nick guest7", /^Guest names are given by the server: /],
    ["/nick BOB", /^BOB is taken, or looks like bob: /],
    ["/nick ｂｏｂ", /^ｂｏｂ is taken, or looks like bob: /],
    ["/nick alice", /^You are alice already\.$/],
  ];
  await alice.until("bob joined (2 here)\r\n");
  const before = alice.incoming.text.length;
  await alice.send([...told.map(([typed]) => typed), "over\n"].join("\n"));
  const answered = (await alice.until(said("alice", "over"))).slice(before);
  const answers = [...answered.matchAll(/^\*\*\* (.*)\r$/gm)].map(([, answer]) => answer!);
  assertEquals(answers.length, told.length, answered);
  told.forEach(([, answer], i) => assertMatch(answers[i]!, answer));
  const heard = await bob.until(said("alice", "over"));
  assertEquals(heard.slice(heard.indexOf("You are bob.\r\n")).split("\r\n").length, 3, heard);
});

Deno.test(
  "a name is free again once its bearer has left or taken another",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using bob = await Client.join(bobchat.port, "bob");
    {
      using _alice = await Client.join(bobchat.port, "alice");
    }
    await bob.until("*** alice left (1 here)\r\n");
    await bob.send("/nick alice\n");
    await bob.until("*** bob is now alice\r\n");
    using _other = await Client.join(bobchat.port, "Bob");
  },
);

Deno.test("// says /, and empty lines are nothing", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  using alice = await Client.join(bobchat.port, "alice");
  await alice.send("\n\r\n   \n//who\n//\n/\nend\n");
  const heard = await alice.until(said("alice", "end"));
  assertEquals(texts(heard, "alice"), ["/who", "/", "/", "end"]);
  assert(!heard.includes("Here ("));
});

Deno.test("a line over the limit is told to its sender and not sent", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--max-line", "64"]);
  using alice = await Client.join(bobchat.port, "alice");
  using bob = await Client.join(bobchat.port);
  await alice.send(`${"x".repeat(64)}\r\n${"y".repeat(65)}\r\n${"z".repeat(20_000)}\nfine\n`);
  const heard = await bob.until(said("alice", "fine"));
  assertEquals(texts(heard, "alice"), ["x".repeat(64), "fine"]);
  const told = await alice.until(said("alice", "fine"));
  assertEquals(told.match(/^\*\*\* That line was longer than 64 bytes, so /gm)?.length, 2, told);
  assert(!heard.includes("longer than"));
});

Deno.test(
  "a last line without an end is a line, and its sender still hears it",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    using bob = await Client.join(bobchat.port, "bob");
    await alice.send("first\nbye all");
    await alice.endWrites();
    assertEquals(texts(await alice.end(), "alice"), ["first", "bye all"]);
    const heard = await bob.until("*** alice left (1 here)\r\n");
    assertEquals(texts(heard, "alice"), ["first", "bye all"]);
  },
);

Deno.test("several ports are one room", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--port", "0", "--port", "0"]);
  const [one, two] = bobchat.ports;
  assertEquals(bobchat.ports.length, 2);
  assert(one !== two);
  using alice = await Client.join(one!, "alice");
  using bob = await Client.join(two!, "bob");
  await alice.send("over there?\n");
  await bob.until(said("alice", "over there\\?"));
  await bob.send("here\n");
  await alice.until(said("bob", "here"));
});

Deno.test(
  "what comes after the greeting from another program is never said",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    const strangers: [string, string | Uint8Array<ArrayBuffer>][] = [
      ["HTTP", "GET /secret HTTP/1.1\r\nHost: chat\r\nAccept: */*\r\n\r\n"],
      ["TLS", Uint8Array.of(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 10)],
      ["JSON", '{"type":"join","token":"secret"}\n{"type":"say","text":"secret"}\n'],
      ["JSON", '/json {"type":"join"}\n{"type":"say","text":"secret"}\n'],
      ["PROXY", "PROXY TCP4 192.0.2.1 192.0.2.2 5 6\r\nsecret\n"],
      ["PROXY", "\r\n\r\n\0\r\nQUIT\n!\x11\0\x0csecret\n"],
    ];
    for (const [speaks, opening] of strangers) {
      using stranger = await Client.connect(bobchat.port);
      await stranger.until("/help lists what else there is.\r\n");
      await stranger.send(opening);
      const hint =
        `*** That looks like ${speaks}, and came after the greeting: nothing of it was passed on. ` +
        "Connect again; to say it, say something else first.\r\n";
      assertStringIncludes(await stranger.end(), hint);
    }
    await alice.send("all well?\n");
    const heard = await alice.until(/: all well\?\r\n/);
    assert(!/secret|Host|Accept|QUIT|PROXY|joined|left/.test(heard), heard);
  },
);

Deno.test("over the rate nothing is lost, and the sender waits", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--rate", "50", "--burst", "5"]);
  using alice = await Client.join(bobchat.port);
  using bob = await Client.join(bobchat.port);
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
  const since = performance.now();
  await alice.send(lines.map((line) => `${line}\n`).join(""));
  const heard = await bob.until(said("guest1", "line 29"));
  const took = performance.now() - since;
  assertEquals(texts(heard, "guest1"), lines);
  // The burst is free, each line behind it has to wait for 20 ms; timers may be a little early.
  assert(took > 0.9 * (30 - 5) / 50 * 1000, `took ${took} ms`);
  const own = await alice.until(said("guest1", "line 29"));
  assertEquals(own.match(/^\*\*\*/gm)?.length, 2, own);
});

Deno.test("one too many gets a line and is closed, until there is room", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--max-clients", "2"]);
  using alice = await Client.join(bobchat.port);
  using bob = await Client.join(bobchat.port);
  using late = await Client.connect(bobchat.port);
  await late.send("let me in\n");
  assertEquals(await late.end(), FULL);
  late[Symbol.dispose]();
  await bob.send("/quit\n");
  await bob.end();
  bob[Symbol.dispose]();
  await bobchat.stderr.until(/ disconnect guest2 /);
  using _again = await Client.join(bobchat.port, "late");
  const heard = await alice.until("*** late joined (1 here)\r\n");
  assert(!heard.includes("let me in"));
});

Deno.test("those who are turned away take nobody's place", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--max-clients", "1"]);
  await using turnedAway = new AsyncDisposableStack();
  {
    using _alice = await Client.join(bobchat.port);
    // They do not close when they are told to, and so stay for a while.
    for (let i = 0; i < 3; i++) {
      const late = turnedAway.use(await Client.connect(bobchat.port));
      await late.until("The room is full");
    }
  }
  await bobchat.stderr.until(/ disconnect guest1 /);
  using _next = await Client.join(bobchat.port);
});

Deno.test("in a crowd comings and goings are told together", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  await using crowd = new AsyncDisposableStack();
  using alice = await Client.join(bobchat.port, "alice");
  for (let i = 0; i < 69; i++) crowd.use(await Client.join(bobchat.port, `fan${i}`));
  const heard = await alice.until(/^\*\*\* fan\d+, .* and \d+ more joined \(70 here\)\r$/m);
  // One each up to fifty; then some notices for those above.
  const notices = heard.match(/ joined \(\d+ here\)/g)!.length;
  assert(notices >= 50 && notices < 69, `${notices} notices`);
});

Deno.test("one address may have so many connections and no more", needsNetwork, async () => {
  await using bobchat = await Bobchat.start(["--max-per-address", "1"]);
  {
    using _first = await Client.join(bobchat.port);
    using second = await Client.connect(bobchat.port);
    assertMatch(
      await second.end(),
      /^\*\*\* Your address has reached its limit of connections \(1\): .*\r\n$/,
    );
  }
  await bobchat.stderr.until(/ disconnect guest1 /);
  using _third = await Client.join(bobchat.port);
});

Deno.test(
  "who is silent too long is told why and dropped; who talks stays",
  needsNetwork,
  async () => {
    await using bobchat = await Bobchat.start(["--idle-timeout", "1"]);
    using talker = await Client.join(bobchat.port, "talker");
    using quiet = await Client.join(bobchat.port, "quiet");
    for (let i = 0; !quiet.incoming.ended; i++) {
      await talker.send(`still here ${i}\n`);
      await talker.until(said("talker", `still here ${i}`));
    }
    assertMatch(await quiet.end(), /^\*\*\* You are disconnected: silent for 1 s\.\r\n$/m);
    await talker.until("*** quiet left: silent for 1 s (1 here)\r\n");
  },
);
