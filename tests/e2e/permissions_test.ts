// After start bobchat gives up what it no longer needs: tried from inside.

import config from "../../deno.json" with { type: "json" };
import { assertEquals } from "../assert.ts";
import { needsNetwork, Program } from "./bobchat.ts";
import { inFolder } from "./folder.ts";

const FIXTURE = new URL("fixtures/gives_up.ts", import.meta.url).pathname;

/** Permissions as the start task gives them, by its flags. */
const AS_STARTED = config.tasks.start.split(" ").filter((word) => word.startsWith("--"));

/** Starts a server that was allowed everything, or so much, and returns what it may still do afterwards. */
async function allowedAfterStart(
  args: string[],
  flags = ["--allow-all", "--no-prompt"],
): Promise<Record<string, string>> {
  const listening = ["--port", "0", "--host", "127.0.0.1"];
  const words = ["run", ...flags, FIXTURE, ...listening, ...args];
  await using program = new Program([Deno.execPath(), words], { input: false });
  assertEquals(await program.end(), 0, program.stderr.text);
  return JSON.parse(program.stdout.text.trim().split("\n").at(-1)!);
}

const GIVEN_UP = {
  ...{ run: "denied", ffi: "denied", sys: "denied", import: "denied", env: "denied" },
  space: "denied",
};

Deno.test("only the network is left", needsNetwork, async () => {
  assertEquals(await allowedAfterStart([]), {
    ...GIVEN_UP,
    read: "denied",
    write: "denied",
    net: "allowed",
  });
});

Deno.test(
  "files that SIGHUP reads again can be read",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/motd`, "hello\n");
      assertEquals(await allowedAfterStart(["--motd", `${folder}/motd`]), {
        ...GIVEN_UP,
        read: "allowed",
        write: "denied",
        net: "allowed",
      });
    }),
);

Deno.test("a log that rotates keeps files", needsNetwork, async () => {
  const folder = await Deno.makeTempDir();
  try {
    assertEquals(await allowedAfterStart(["--log-file", `${folder}/bobchat.log`]), {
      ...GIVEN_UP,
      read: "allowed",
      write: "allowed",
      net: "allowed",
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  "a history is looked at, and written to no other way than as it is open",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      assertEquals(await allowedAfterStart(["--history", `${folder}/chat.db`]), {
        ...GIVEN_UP,
        read: "allowed",
        write: "denied",
        net: "allowed",
      });
    }),
);

Deno.test(
  "with a history, the room on its disk is all that is asked of the system",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const kept = { ...GIVEN_UP, write: "denied", net: "allowed" };
      assertEquals(await allowedAfterStart(["--history", `${folder}/chat.db`], AS_STARTED), {
        ...kept,
        read: "allowed",
        space: "allowed",
      });
      assertEquals(await allowedAfterStart([], AS_STARTED), { ...kept, read: "denied" });
    }),
);
