// The programs that people have, all in one room: they are shown the same, in the same order.

import { assertEquals } from "../assert.ts";
import { command, type Incoming, Program, testWith } from "./bobchat.ts";
import { House } from "./doors.ts";

/** How much each of them says. */
const EACH = 200;

/** What was said, in the order in which it is shown. */
function said(incoming: Incoming): string[] {
  return [...incoming.bytes.matchAll(/^\w+\(.*?\): (\w+ \d+)\r?$/gm)].map(([, text]) => text!);
}

testWith(
  ["nc", "ncat", "openssl"],
  "nc, ncat --ssl, openssl s_client and bobchat connect see the same, in the same order",
  async () => {
    await using house = await House.open(["--rate", "0", "--replay", "0"]);
    const [plain, tls] = [`${house.port("tcp")}`, `${house.port("tls")}`];
    const commands: Record<string, [string, string[]]> = {
      nc: ["nc", ["127.0.0.1", plain]],
      ncat: ["ncat", ["--ssl", "127.0.0.1", tls]],
      openssl: ["openssl", ["s_client", "-quiet", "-connect", `127.0.0.1:${tls}`]],
      connect: command(["connect", `127.0.0.1:${plain}`]),
    };
    await using programs = new AsyncDisposableStack();
    const all: Program[] = [];
    for (const started of Object.values(commands)) {
      const program = programs.use(new Program(started));
      await program.stdout.until(/\/help lists what else there is\.\r?\n/);
      all.push(program);
    }
    const names = Object.keys(commands);
    // All talk at once, line by line.
    for (let n = 0; n < EACH; n++) {
      await Promise.all(all.map((program, i) => program.type(`${names[i]} ${n}\n`)));
    }
    for (const { stdout } of all) {
      await stdout.when(() => said(stdout).length === EACH * all.length, "all that was said");
    }
    const [first] = all;
    assertEquals(new Set(said(first!.stdout)).size, EACH * all.length);
    for (const { stdout } of all) assertEquals(said(stdout), said(first!.stdout));
  },
);
