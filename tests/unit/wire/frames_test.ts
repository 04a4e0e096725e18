// The one schema of the JSON protocol: what lib/wire/README.md says of it.

import { stripTypeScriptTypes } from "node:module";
import { REFUSALS } from "../../../lib/chat/refusals.ts";
import readme from "../../../lib/wire/README.md" with { type: "text" };
import source from "../../../lib/wire/frames.ts" with { type: "text" };
import {
  CLIENT_FRAMES,
  LISTED,
  MARK,
  MESSAGE,
  NUMBERED,
  PRESENT,
  SERVER_FRAMES,
} from "../../../lib/wire/frames.ts";
import { VERSION } from "../../../lib/wire/json_frames.ts";
import { assertEquals, assertStringIncludes } from "../../assert.ts";

type Fields = Readonly<Record<string, string>>;

/** The cells of the rows of the first table after these words. */
function rowsAfter(words: string): string[][] {
  const [, table] = readme.slice(readme.indexOf(words)).split(/\n\n(?=\|)/);
  const lines = table!.split("\n\n")[0]!.split("\n");
  return lines.slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** Fields as the README has them. */
function shown(fields: Fields): string {
  const names = Object.entries(fields).map(([name, kind]) =>
    kind.endsWith("?") ? `${name}?` : name
  );
  return names.map((name) => `\`${name}\``).join(" ");
}

function rowsOf(table: Readonly<Record<string, { fields: Fields; help: string }>>): string[][] {
  return Object.entries(table).map(([type, { fields, help }]) => [
    `\`${type}\``,
    shown(fields),
    help,
  ]);
}

Deno.test("the README has every frame in both directions, with its fields and what it is for", () => {
  assertEquals(rowsAfter("### What you send"), rowsOf(CLIENT_FRAMES));
  assertEquals(rowsAfter("### What you are sent"), rowsOf(SERVER_FRAMES));
  assertStringIncludes(readme, `Every frame can also have an ${shown(NUMBERED)}`);
  assertStringIncludes(SERVER_FRAMES.welcome.help, `\`version\` is ${VERSION}.`);
});

Deno.test("the README has the fields of what is in lists", () => {
  assertEquals(rowsAfter("The lists hold objects"), [
    ["`messages`", shown(MESSAGE)],
    ["`members`", shown(PRESENT)],
    ["`rooms`", shown(LISTED)],
    ["`marks`", shown(MARK)],
  ]);
});

Deno.test("the README has every code of an error, and what it means", () => {
  const rows = Object.entries(REFUSALS).map(([code, meaning]) => [`\`${code}\``, meaning]);
  assertEquals(rowsAfter("The `code` of an `error`"), rows);
});

Deno.test("browsers can be served the schema: without its types it imports nothing", async () => {
  const script = stripTypeScriptTypes(source);
  const served = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  assertEquals(served.SERVER_FRAMES, SERVER_FRAMES);
});
