// A node's history file when its process is killed: its place in the stream and its records agree.

import type { Record } from "../../lib/chat/history.ts";
import { openFile } from "../../lib/history/file.ts";
import { delay } from "../../lib/std/typed.ts";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { command, needsNetwork, Program, run } from "./bobchat.ts";
import { batchOf, contentsAt, emptyChat, openNew, openNode } from "./fixtures/follows.ts";
import { bytes, inFolder } from "./folder.ts";

const FIXTURE = new URL("fixtures/follows.ts", import.meta.url).pathname;

/** The numbers of the messages, and the accounts, that a file has. */
function contentsOf(path: string): ReturnType<typeof contentsAt> {
  const db = openFile(path);
  try {
    const messages = db.prepare("SELECT id FROM messages").all().map(({ id }) => Number(id));
    const accounts = db.prepare("SELECT id, operator FROM accounts ORDER BY id").all()
      .map(({ id, operator }) => `${id} ${operator === 1}`);
    return { messages, accounts };
  } finally {
    db.close();
  }
}

/** Resolves when the messages of all who were forgotten are deleted. */
async function allGone(path: string): Promise<void> {
  const db = openFile(path);
  while (db.prepare("SELECT 1 FROM forgetting").get() !== undefined) await delay(1);
  db.close();
}

Deno.test(
  "kill -9 at any moment leaves what belongs to the file's place in the stream, and nothing else",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      let last = 0;
      for (let round = 0; round < 6; round++) {
        const end = last + 50 + Math.floor(Math.random() * 500);
        const program = new Program([Deno.execPath(), ["run", "--no-check", "-A", FIXTURE, path]]);
        const at = () => Number(program.stdout.text.trimEnd().split("\n").at(-1));
        await program.stdout.when(() => at() >= end, `batch ${end}; ${program.stderr.text}`);
        const seen = at();
        // At the moment when it tells something it is between two batches.
        await delay(20 * Math.random());
        await program[Symbol.asyncDispose]();
        const { history, followed: { sequence, snapshot } } = openNode(path);
        assert(sequence >= seen, `${sequence} after ${seen}`);
        assert(snapshot !== undefined && snapshot.sequence <= sequence);
        history.tick();
        // A search has all indexed first.
        await history.search({ words: ["a"], reader: { member: 0 }, rooms: () => true, count: 1 });
        await allGone(path);
        history.close();
        assertEquals(contentsOf(path), contentsAt(sequence), `round ${round}`);
        last = sequence;
      }
    }),
);

Deno.test(
  "a file of a network is for its nodes, and every command says so",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      const history = openNew(path);
      history.commit(batchOf(5), 5);
      history.close();
      const alone = await run(["--port", "0", "--history", path]);
      assertEquals([alone.code, alone.stdout, alone.stderr.trimEnd().split("\n").length], [
        1,
        "",
        1,
      ]);
      assertMatch(alone.stderr, /chat.db belongs to the network tearoom: start with --nats and/);
      const program = new Program(command(["import", "--history", path]));
      await program.endInput();
      assertEquals(await program.end(), 1);
      assertMatch(program.stderr.text, /the file belongs to the network tearoom, whose messages/);
      const forget = await run(["forget", "n5", "--history", path]);
      assertEquals([forget.code, forget.stderr], [0, ""]);
      assertMatch(
        forget.stdout,
        /gone\nThe other servers of tearoom delete theirs once a server runs/,
      );
    }),
);

Deno.test(
  "who is forgotten on another node leaves nothing in the bytes of a file",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/chat.db`;
      const history = openNew(path);
      const said = Array.from({ length: 400 }, (_, i): Record => {
        const from = i % 4 === 0 ? "eve" : "bob", id = i + 1, room = { id: 1, name: "lobby" };
        const text = from === "eve" ? `zyxwvut${id}` : `tea${id}`;
        const message = {
          kind: "message",
          id,
          at: id,
          by: { member: 1 },
          from,
          text,
          room,
        } as const;
        return { kind: "said", message };
      });
      history.commit(said, 1);
      assert(bytes(folder).includes("zyxwvut"));
      history.commit([{ kind: "forgotten", whom: { name: "Eve" }, upTo: 400 }], 2);
      history.keepSnapshot({ sequence: 2, id: "", at: 0, chat: emptyChat() });
      await allGone(path);
      assert(!bytes(folder).includes("zyxwvut"));
      assert(bytes(folder).includes("tea399"));
      history.close();
    }),
);
