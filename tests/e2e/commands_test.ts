// Every command, typed to nc by real people in a real server that keeps a history.

import { assert, assertEquals } from "../assert.ts";
import { Bobchat, inTime, Program, run, testWith } from "./bobchat.ts";

/** A person at a terminal with nc. */
class Person extends Program {
  #seen = 0;

  constructor(port: number) {
    super(["nc", ["127.0.0.1", `${port}`]]);
  }

  /** Types a line and waits for what it is to be told. */
  async asks(line: string, answer: RegExp): Promise<void> {
    await this.type(`${line}\n`);
    await this.hears(answer);
  }

  /** Waits for a line behind those it waited for before. */
  async hears(pattern: RegExp): Promise<void> {
    const rest = () => this.stdout.text.slice(this.#seen);
    await this.stdout.when(() => pattern.test(rest()), `${pattern} after ${this.#seen} characters`);
    const match = pattern.exec(rest())!;
    this.#seen += match.index + match[0].length;
  }
}

const PASSWORD = "correct horse";

testWith(["nc"], "every command, from nc", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const history = `${folder}/history.db`;
    await using bobchat = await Bobchat.start(["--history", history, "--rate", "0"]);
    await using alice = new Person(bobchat.port);
    await alice.hears(/Welcome to bobchat, guest1\. You are the first here\./);
    await alice.asks("/nick alicia", /You are alicia\./);
    await using bob = new Person(bobchat.port);
    await bob.hears(/Welcome to bobchat, guest2\. Here: alicia\./);
    await bob.asks("hello", /guest2\(\S+\): hello/);
    await alice.hears(/guest2 joined \(2 here\)/);

    await alice.asks("/nick alice", /alicia is now alice/);
    await bob.asks("/nick bob", /guest2 is now bob/);
    await alice.asks(
      `/register ${PASSWORD}`,
      /alice is yours now\. Next time: \/nick alice PASSWORD/,
    );
    const promoted = await run(["operator", "add", "alice", "--history", history]);
    assertEquals([promoted.code, promoted.stderr], [0, ""]);
    const isOperator = async () => {
      while (!/\/kick NAME/.test(alice.stdout.text)) {
        await alice.asks("/help", /\/unregister \[NAME\].*\r\n(?:[^]*\/announce TEXT)?/);
      }
    };
    await inTime(isOperator(), () => "the operator's commands");

    await bob.asks("/me waves", /\* bob\(\S+\) waves/);
    await bob.asks("/msg alice psst", /bob\(\S+\) to alice: psst/);
    await alice.asks("/reply yes?", /alice\(\S+\) to bob: yes\?/);
    await bob.asks("/echo off", /You do not see your own lines/);
    await bob.asks("/echo on", /You see your own lines/);
    await bob.asks("/away lunch", /You are away/);
    await alice.asks(
      "/whois bob",
      /bob is not registered, in #lobby, away: lunch, from 127\.0\.0\.1/,
    );
    await bob.asks("/away", /You are back/);
    await bob.asks("/ignore alice", /You do not hear alice any more/);
    await bob.asks("/unignore alice", /You hear alice again/);
    await alice.asks("/who", /Here \(2\): alice, bob/);

    await alice.asks("/join #tea", /You are in #tea\. You are the first here\./);
    await alice.asks("/topic green or black?", /alice set the topic: green or black\?/);
    await alice.asks("/rooms", /#lobby \(1 here\)\r\n\*\*\* #tea \(1 here\): green or black\?/);
    await alice.asks("/lock", /alice locked the room/);
    await bob.asks("/join tea", /#tea is locked/);
    await alice.asks("/invite bob", /bob can enter #tea/);
    await bob.hears(/alice invites you: \/join #tea/);
    await bob.asks("/join tea", /You are in #tea \(locked\)\. Here: alice\./);
    await alice.asks("/unlock", /alice unlocked the room/);
    await bob.asks("a kettle of tea", /bob\(\S+\): a kettle of tea/);
    await bob.asks("/history 2", /bob\(\S+\): a kettle of tea\r\n\*\*\* So far in #tea/);
    await bob.asks("oops", /bob\(\S+\): oops/);
    await bob.asks("/edit well", /bob now says: well/);
    await bob.asks("/delete", /bob took a message back/);
    await bob.asks("/search kettle", /\[#tea, .*\] bob: a kettle of tea/);
    await bob.asks("/leave", /You are in #lobby/);

    await alice.asks("/mute bob 10m too loud", /bob is muted for 10 minutes/);
    await bob.asks("hello?", /You are muted for 10 minutes: too loud/);
    await alice.asks("/bans", /bob is muted by alice for 10 minutes: too loud/);
    await alice.asks("/unmute bob", /bob is no longer muted/);
    await bob.asks(`/register ${PASSWORD}`, /bob is yours now/);
    await alice.asks("/op bob", /bob is an operator now/);
    await bob.hears(/You are an operator/);
    await alice.asks("/deop bob", /bob is no operator now/);
    await alice.asks("/status", /This server has been up for \d+ \w+, and has 2 connections\./);
    await alice.asks("/announce tea is ready", /alice announces: tea is ready/);
    await bob.hears(/alice announces: tea is ready/);
    await alice.asks("/close tea cold", /#tea was closed by alice: cold\./);
    await alice.hears(/You are in #lobby\. Here: bob\.\r\n\*\*\* #tea is closed\./);
    await alice.asks("/kick bob that will do", /bob is gone\./);
    await bob.hears(/You were kicked by alice: that will do/);

    await using again = new Person(bobchat.port);
    await again.hears(/lists what else there is/);
    await again.asks("/nick bob", /bob is registered: if it is yours, \/identify PASSWORD/);
    await again.asks(`/identify ${PASSWORD}`, /You are bob\./);
    await again.asks(`/password ${PASSWORD} horses`, /The password|8 to 200 characters/);
    await again.asks(`/password wrong horse-battery`, /not the password of bob, so it was not/);
    await again.asks(`/password ${PASSWORD} horse-battery`, /The password of bob is changed/);
    await again.asks("/unregister", /This deletes your account bob, .* type \/unregister bob/);
    await again.asks("/unregister bob", /bob is no longer registered/);
    await alice.asks("/ban bob 1h", /bob is banned for 1 hour/);
    await again.hears(/You were banned for 1 hour by alice/);
    await alice.asks("/unban bob", /bob is no longer banned/);
    await alice.asks("/disconnect 9", /You have no connection 9: \/whois alice lists them/);
    await alice.asks("/quit good night", /Goodbye/);

    const typed = [alice, bob, again].map(({ typed }) => typed).join("");
    const commands = [...alice.stdout.text.matchAll(/^\*\*\* {3}\/(\w+)/gm)].map(([, name]) =>
      name!
    );
    for (const name of commands) assert(typed.includes(`/${name}`), `/${name} was not tried`);
    assert(commands.length >= 30, `${commands}`);

    assertEquals(await bobchat.stop(), 0);
    const log = bobchat.stderr.text;
    assert(log.includes('alice did "mute for 10 minutes" to bob: "too loud"'), log);
    assert(!log.includes("horse"), log);
    assert(!log.includes('""'), log);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
