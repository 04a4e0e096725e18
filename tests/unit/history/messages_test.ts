// A message's fields outlive the server, all of them: whoever adds one to Message adds it below, since
// the types ask for it, and what it was not added to fails here.

import { toBytes } from "../../../lib/wire/chunk.ts";
import type { Message } from "../../../lib/chat/message.ts";
import { exportMessages } from "../../../lib/history/export.ts";
import { openFile } from "../../../lib/history/file.ts";
import { importMessages } from "../../../lib/history/import.ts";
import { indexAll } from "../../../lib/history/indexer.ts";
import { COLUMNS, parseRows, toMessage } from "../../../lib/history/messages.ts";
import { WEBSOCKET_ENCODER } from "../../../lib/wire/json_frames.ts";
import { decodeFrames } from "../../../lib/wire/websocket_frame.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";
import { LOBBY, open } from "./file.ts";

/** Every field, each with a value that no other has. */
const ALL: Required<Message> = {
  id: 41,
  at: Date.parse("2026-11-24T10:11:12.131Z"),
  kind: "action",
  by: { member: 0, account: 71 },
  from: "nora",
  text: "waves",
  room: LOBBY,
  to: { member: 0, account: 72, name: "olaf" },
  ...{ edited: true, deleted: true, nonce: "n".repeat(32) },
};
/** What others are shown. Who said it, where and to whom: numbers of this server, or told by names. */
const { by: _by, room: _room, to: _to, nonce: _nonce, ...PLAIN } = ALL;
/** To a room nothing is said to one, and to one nothing in a room. */
const { to: _nobody, ...toRoom } = ALL, { room: _nowhere, ...toOne } = ALL;
const TO_ROOM: Message = toRoom, TO_ONE: Message = { ...toOne, id: 42, kind: "private" };

/** How both are recalled. */
function recallBoth(history: ReturnType<typeof open>["history"]): Message[] {
  return history.recall({ room: LOBBY.id, reader: { member: 9, account: 71 }, upTo: 99, count: 9 });
}

Deno.test("every field of a message is kept by the file, before it is indexed and after", () => {
  const first = open();
  first.history.commit([TO_ROOM, TO_ONE].map((message) => ({ kind: "said", message })));
  const { messages } = first.db.prepare("SELECT messages FROM journal").get() ?? {};
  assertEquals(parseRows(messages).map((row) => toMessage(row, () => "lobby")), [TO_ROOM, TO_ONE]);
  first.stop();
  indexAll(first.db);
  using second = open({ db: first.db });
  assertEquals(recallBoth(second.history), [TO_ROOM, TO_ONE]);
});

Deno.test("the file's table has a column for each field of a message, and no other", () => {
  using db = openFile(":memory:");
  const columns = db.prepare("SELECT name FROM pragma_table_info('messages') ORDER BY name").all();
  assertEquals(columns.map(({ name }) => name), [...COLUMNS].sort());
});

Deno.test("rows of a journal from before a column was added have none of it", () => {
  const [row] = parseRows(JSON.stringify([[41, 0, 1, "message", "nora", "hello", 71]]));
  assertEquals(toMessage(row!, () => "lobby"), {
    ...{ id: 41, at: 0, kind: "message", from: "nora", text: "hello" },
    ...{ by: { member: 0, account: 71 }, room: LOBBY },
  });
});

Deno.test("every field that others were shown is exported, and imported again", () => {
  using from = open(), to = open();
  from.history.commit([{ kind: "said", message: TO_ROOM }]);
  const exported = [...exportMessages(from.db, {})];
  assertEquals(exported, [
    { ...PLAIN, kind: "action", at: new Date(PLAIN.at).toISOString(), room: LOBBY.name },
  ]);
  importMessages(to.db, exported);
  const again = [...exportMessages(to.db, {})];
  assertEquals(again, exported.map((item) => ({ ...item, id: 1 })));
});

Deno.test("apps are sent every field of a message that is not this server's own", () => {
  for (const message of [TO_ROOM, TO_ONE]) {
    const [frame] = decodeFrames(toBytes(WEBSOCKET_ENCODER.encode([message])));
    const { id, kind, at, from, text, by: _, room, to, nonce = "", ...others } = message;
    assert(!frame!.includes(nonce), "it is for the server and its author's app");
    for (const field of [id, kind, new Date(at), from, text, room?.name, to?.name]) {
      if (field !== undefined) assertStringIncludes(frame!, JSON.stringify(field));
    }
    for (const [name, value] of Object.entries(others)) {
      assert(frame!.includes(JSON.stringify(value)), `apps are not sent ${name}`);
    }
  }
});
