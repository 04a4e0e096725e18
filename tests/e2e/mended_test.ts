// Words that are edited and taken back, over every protocol, after kill -9, and across two servers.

import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { App, type Frame } from "./app.ts";
import { Bobchat, Client, needsNetwork, run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { joinApp, NEEDED, startPair } from "./nodes.ts";

/** The frames of edits and deletions that an app was sent, without their times. */
function mended({ frames }: App): object[] {
  return frames.filter(({ type }) => type === "edited" || type === "deleted")
    .map(({ at: _, ...rest }) => rest);
}

/** The lines that a client was sent about edits and deletions. */
function told({ incoming }: Client): string[] {
  return [...incoming.text.matchAll(/^\*\*\* (\w+ (?:now says|took).*)\r$/gm)].map(([, line]) =>
    line!
  );
}

Deno.test("who edits or takes back is heard so over every protocol", needsNetwork, async () => {
  await using bobchat = await Bobchat.start();
  const { port } = bobchat;
  using nc = await Client.join(port, "nina");
  using app = await App.join(port, { name: "webb" });
  using lines = await joinApp(bobchat, { name: "jason" });
  await nc.until("jason joined");
  await nc.send("helo\n/edit hello\noops\n/delete\n");
  await app.until(({ type }) => type === "deleted");
  await app.send({ type: "say", text: "one", id: 2 });
  const { id: message } = await lines.until(({ text }) => text === "one");
  await app.send({ type: "edit", message, text: "two", id: 3 });
  await app.send({ type: "delete", message, id: 4 });
  await lines.send({ type: "edit", message, text: "three", id: 2 });
  await lines.send({ type: "command", name: "msg", text: "nina psst", id: 3 });
  const { id: psst } = await lines.until(({ text }) => text === "psst");
  await lines.send({ type: "edit", message: psst, text: "psst, nina", id: 4 });
  await lines.send({ type: "delete", message: psst, id: 5 });
  await lines.send({ type: "delete", message: 999, id: 6 });
  await lines.until(({ type, id }) => type === "ack" && id === 6);
  await nc.until("jason took a message to nina back");
  await app.until(({ type, id }) => type === "deleted" && id === message);
  const room = [
    { type: "edited", id: 1, from: "nina", room: "lobby", text: "hello" },
    { type: "deleted", id: 2, from: "nina", room: "lobby", by: "nina" },
    { type: "edited", id: message, from: "webb", room: "lobby", text: "two" },
    { type: "deleted", id: message, from: "webb", room: "lobby", by: "webb" },
  ];
  assertEquals(mended(app), room);
  assertEquals(mended(lines), [
    ...room,
    { type: "edited", id: psst, from: "jason", to: "nina", text: "psst, nina" },
    { type: "deleted", id: psst, from: "jason", to: "nina", by: "jason" },
  ]);
  assertEquals(told(nc), [
    "nina now says: hello",
    "nina took a message back",
    "webb now says: two",
    "webb took a message back",
    "jason now says to nina: psst, nina",
    "jason took a message to nina back",
  ]);
  const refused = lines.frames.filter(({ type }) => type === "error");
  assertEquals(refused.map(({ code, id }) => [code, id]), [
    ["not-allowed", 2],
    ["no-such-message", 6],
  ]);
  using late = await Client.join(port);
  assert(/^nina\(.*\): hello \(edited\)\r$/m.test(late.incoming.text), late.incoming.text);
  assertStringIncludes(late.incoming.text, "*** A message of nina's was taken back\r\n");
  assert(!/oops|helo\r|two/.test(late.incoming.text), late.incoming.text);
});

Deno.test(
  "what was edited or taken back stays so after kill -9",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/history.db`;
      {
        await using bobchat = await Bobchat.start(["--history", path]);
        using alice = await Client.join(bobchat.port, "alice");
        await alice.send("/register correct horse\n");
        await alice.until("alice is yours now");
        await alice.send("zebra one\nzebra two\n/msg alice zebra three\n");
        await alice.until("to alice: zebra three");
        await alice.send("/delete\n");
        await alice.until("alice took a message back");
        await alice.send("/edit lion\nlast\n");
        await alice.until(/: last\r$/m);
        await bobchat.stop("SIGKILL");
      }
      await using bobchat = await Bobchat.start(["--history", path]);
      // Who was identified may still change what they said.
      using alice = await Client.join(bobchat.port);
      await alice.send("/edit eve's\n/nick alice correct horse\n");
      await alice.until("You are alice");
      await alice.send("/edit the last\n");
      await alice.until("*** alice now says: the last");
      assertStringIncludes(alice.incoming.text, "You have said nothing in #lobby that can be");
      using bob = await Client.join(bobchat.port, "bob");
      assert(/^alice\(.*\): lion \(edited\)\r$/m.test(bob.incoming.text), bob.incoming.text);
      assertStringIncludes(bob.incoming.text, "*** A message of alice's was taken back");
      await bob.send("/search zebra\n");
      await bob.until("*** Nothing was found.");
      await bob.send("/search lion\n");
      await bob.until("alice: lion (edited)");
      const exported = await run(["export", "--history", path, "--format", "jsonl"]);
      const items = exported.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
      assertEquals(items.map(({ text, edited, deleted }) => ({ text, edited, deleted })), [
        { text: "lion", edited: true, deleted: undefined },
        { text: "", edited: undefined, deleted: true },
        { text: "the last", edited: true, deleted: undefined },
      ]);
      const { stdout } = await run(["export", "--history", path]);
      assert(
        /#lobby alice: lion \(edited\)\n.*\(a message of alice's was taken back\)/.test(stdout),
      );
    }),
);

testWith(NEEDED, "an edit and a deletion are the same on two servers", async () => {
  await using pair = await startPair();
  const { one, two, alice, bob } = pair;
  await alice.send("helo\n/edit hello\noops\n/delete\n/msg bob psst\n");
  await bob.until("to bob: psst");
  await bob.send("well\n/edit well, well\n");
  for (const each of [alice, bob]) await each.until("bob now says: well, well");
  for (const each of [alice, bob]) {
    assertEquals(told(each), [
      "alice now says: hello",
      "alice took a message back",
      "bob now says: well, well",
    ]);
  }
  const shown = async (server: Bobchat): Promise<Frame[]> => {
    using app = await joinApp(server);
    const page = await app.until(({ type }) => type === "history");
    return page.messages as Frame[];
  };
  const [here, there] = [await shown(one), await shown(two)];
  assertEquals(here, there);
  assertEquals(here.map(({ text, edited, deleted }) => [text, edited, deleted]), [
    ["hello", true, undefined],
    ["", undefined, true],
    ["well, well", true, undefined],
  ]);
});
