// The way to the server, over connections that come and go.

import { Link } from "../../../lib/terminal/link.ts";
import { layOut } from "../../../lib/terminal/layout.ts";
import { paint } from "../../../lib/terminal/paint.ts";
import type { Wanted } from "../../../lib/terminal/presence.ts";
import type { Heard } from "../../../lib/wire/heard.ts";
import { assert, assertEquals } from "../../assert.ts";

const HINT = "*** Type to talk. /nick NAME changes your name, /help lists what else there is.";
const ALONE = "You are the first here.";
const welcome = (name: string) => [`*** Welcome to bobchat, ${name}. ${ALONE}`, HINT];

/** A server's side of one connection: what it was sent, and what it says. */
class Server {
  readonly sent: string[] = [];
  readonly #lines: string[][] = [];
  #isEnded = false;
  #changed = Promise.withResolvers<void>();

  says(...lines: string[]): void {
    this.#lines.push(lines);
    this.#changed.resolve();
  }

  ends(): void {
    this.#isEnded = true;
    this.#changed.resolve();
  }

  send(data: string | Uint8Array): Promise<void> {
    assert(typeof data === "string");
    this.sent.push(data);
    return Promise.resolve();
  }

  async *lines(): AsyncGenerator<string[]> {
    for (;;) {
      for (const lines of this.#lines.splice(0)) yield lines;
      if (this.#isEnded) return;
      await this.#changed.promise;
      this.#changed = Promise.withResolvers();
    }
  }
}

/** A person with a link to servers, one after the other. */
class Talk {
  readonly shown: string[] = [];
  readonly servers: Server[] = [];
  readonly link: Link;
  readonly ended: Promise<boolean>;
  #changed = Promise.withResolvers<void>();

  constructor(wanted: Partial<Wanted> = {}) {
    this.link = new Link({
      wanted: { isGreeted: false, ...wanted },
      dial: () => Promise.resolve(this.#open()),
      show: (lines) => {
        this.shown.push(...lines.map(text));
        this.#changed.resolve();
      },
    });
    this.ended = this.link.run(this.#open());
  }

  get server(): Server {
    return this.servers.at(-1)!;
  }

  /** Waits until it has been shown. */
  async sees(pattern: RegExp): Promise<void> {
    while (!this.shown.some((line) => pattern.test(line))) {
      await this.#changed.promise;
      this.#changed = Promise.withResolvers();
    }
  }

  /** Waits until it has connected so often. */
  async dials(count: number): Promise<void> {
    while (this.servers.length < count) {
      await this.#changed.promise;
      this.#changed = Promise.withResolvers();
    }
  }

  #open(): Server {
    const server = new Server();
    this.servers.push(server);
    this.#changed.resolve();
    return server;
  }
}

function text(line: Heard): string {
  return layOut(paint(line, {}), 1000).map(({ text }) => text).join("");
}

Deno.test("whoever leaves by another word than /quit is not brought back", async () => {
  for (const word of ["/quit", "/exit later", "/bye", "/Q"]) {
    const talk = new Talk();
    talk.server.says(...welcome("guest1"));
    await talk.sees(/^\*\*\* Welcome/);
    talk.link.say(word);
    talk.server.ends();
    assertEquals(await talk.ended, true);
    assertEquals(talk.server.sent, [`${word}\n`]);
  }
});

Deno.test("what is typed is sent, what comes in is shown, and one leaves with a goodbye", async () => {
  const talk = new Talk();
  talk.server.says(...welcome("guest1"), "bob(03:04:05PM): hi");
  await talk.sees(/^bob\(.*\): hi$/);
  assertEquals(talk.shown.slice(0, 2), welcome("guest1"));
  talk.link.say("hello");
  talk.link.leave();
  assertEquals(talk.server.sent, ["hello\n", "/quit\n"]);
  talk.server.says("*** Goodbye.");
  talk.server.ends();
  assertEquals(await talk.ended, true);
});

Deno.test("after a loss the name and the room are taken back, then what was typed is sent, once", async () => {
  const talk = new Talk({ isGreeted: true, name: "alice", room: "tea" });
  const first = talk.server;
  first.says(...welcome("guest1"));
  await talk.sees(/Type to talk/);
  talk.link.say("typed early");
  first.says("*** guest1 is now alice", `*** You are in #tea. ${ALONE}`, "bob(03:04:05PM): old");
  await talk.sees(/old/);
  assertEquals(first.sent, ["/nick alice\n", "/join tea\n", "typed early\n"]);
  assertEquals(talk.link.prompt, "#tea> ");
  first.ends();
  await talk.sees(/^\*\*\* Connection lost: trying again in 0\.[345] s$/);
  assertEquals(talk.link.prompt, "offline> ");
  talk.link.say("one");
  talk.link.say("/identify s3cret");
  const before = talk.shown.length;
  assertEquals(talk.shown.slice(-2), [
    "*** To be sent when the connection is back: one",
    "*** To be sent when the connection is back: /identify …",
  ]);
  await talk.dials(2);
  talk.server.says("bob(03:04:05PM): in the lobby", ...welcome("guest2"));
  talk.server.says("*** guest2 is now alice", "bob(03:04:05PM): old", "bob(03:04:06PM): missed");
  talk.server.says("*** You are in #tea. Here: bob.");
  await talk.sees(/You are back/);
  assertEquals(talk.shown.slice(before), [
    "bob(03:04:06PM): missed",
    "*** You are back as alice in #tea. Here: bob.",
  ]);
  assertEquals(talk.server.sent, ["/nick alice\n", "/join tea\n", "one\n", "/identify s3cret\n"]);
  talk.server.says("*** bob left (1 here)");
  talk.server.ends();
  await talk.sees(/bob left/);
  await talk.dials(3);
  talk.server.says(
    ...welcome("guest3"),
    "*** guest3 is now alice",
    `*** You are in #tea. ${ALONE}`,
  );
  await talk.sees(/You are back as alice in #tea\. You are the first here\./);
  assertEquals(talk.server.sent, ["/nick alice\n", "/join tea\n"]);
  talk.link.say("/QUIT tea time");
  assertEquals(talk.server.sent.at(-1), "/QUIT tea time\n");
  talk.server.ends();
  assertEquals(await talk.ended, true);
});

Deno.test("a password is not shown again, also where the words before it are the same", async () => {
  const talk = new Talk();
  talk.server.says(...welcome("guest1"));
  await talk.sees(/Type to talk/);
  talk.server.ends();
  await talk.sees(/Connection lost/);
  const lines = ["/identify identify ", "/nick hunter22 hunter22", "/register a a a", "hunter22"];
  for (const line of lines) talk.link.say(line);
  assertEquals(
    talk.shown.slice(-4).map((line) =>
      line.replace("*** To be sent when the connection is back: ", "")
    ),
    ["/identify …", "/nick hunter22 …", "/register …", "hunter22"],
  );
  talk.link.leave();
  assertEquals(await talk.ended, true);
});

Deno.test("what was typed for a room that does not open again is not said elsewhere", async () => {
  const talk = new Talk();
  talk.server.says(...welcome("guest1"), "*** You are in #tea. Here: bob.");
  await talk.sees(/#tea/);
  talk.server.ends();
  await talk.sees(/Connection lost/);
  talk.link.say("between us");
  await talk.dials(2);
  talk.server.says(...welcome("guest2"), "*** #tea is locked: someone in it has to /invite you.");
  await talk.sees(/Not sent: between us/);
  assertEquals(talk.server.sent, ["/join tea\n"]);
  talk.link.leave();
  talk.link.leave();
  assertEquals(await talk.ended, true);
});

Deno.test("whoever was sent away does not come back by themselves", async () => {
  const words = [
    "You were kicked by bob: enough.",
    "This server speaks TLS only: join with bobchat connect --tls, or ncat --ssl.",
    "Your address is banned for 2 hours.",
    "alice has connected again from somewhere else: this connection ends.",
    "You are disconnected: silent for 600 s.",
    "You have ended this connection.",
  ];
  for (const said of words) {
    const talk = new Talk();
    talk.server.says(...welcome("guest1"), `*** ${said}`);
    talk.server.ends();
    assertEquals(await talk.ended, false, said);
  }
});

Deno.test("without a connection one leaves at once, and too much is not kept", async () => {
  const talk = new Talk();
  talk.server.says(...welcome("guest1"));
  talk.server.ends();
  await talk.sees(/Connection lost/);
  for (let i = 0; i <= 100; i++) talk.link.say(`line ${i}`);
  assertEquals(talk.shown.at(-1), "*** Not sent, since 100 lines are waiting already: line 100");
  talk.link.leave();
  assertEquals(await talk.ended, true);
});
