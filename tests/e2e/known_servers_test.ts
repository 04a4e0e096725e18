// The certificates that a user trusts, in a file of their own.

import { StartError } from "../../lib/errors.ts";
import { KnownServers } from "../../lib/terminal/known_servers.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { needsNetwork } from "./bobchat.ts";

const ANN = { server: "ann.example:7777", fingerprint: "AA:01", fault: "it is self-signed" };
const BOB = { server: "[::1]:7777", fingerprint: "BB:02", fault: "it is self-signed" };

/** Runs a function with the path of a file that does not exist yet. */
function withPath(use: (path: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    use(`${folder}/bobchat/known_servers`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test(
  "a certificate that the user trusts is kept for them alone, and asked about once",
  needsNetwork,
  () => {
    withPath((path) => {
      let asked = 0;
      const ask = () => ++asked > 0;
      for (let start = 0; start < 2; start++) new KnownServers({ path, ask }).check(ANN);
      assertEquals(asked, 1);
      if (Deno.build.os !== "windows") assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
      // As an editor may leave it.
      Deno.writeTextFileSync(path, Deno.readTextFileSync(path).trimEnd());
      new KnownServers({ path, ask }).check(BOB);
      for (const each of [ANN, BOB]) new KnownServers({ path, ask: undefined }).check(each);
      const changed = { ...BOB, fingerprint: "CC:03" };
      assertThrows(() => new KnownServers({ path, ask }).check(changed), StartError, "not the one");
      assertEquals(asked, 2);
    });
  },
);

Deno.test(
  "once the client runs, nobody is asked: a certificate that is not known is refused",
  needsNetwork,
  () => {
    withPath((path) => {
      const known = new KnownServers({ path, ask: () => true });
      known.check(ANN);
      known.askNoMore();
      known.check(ANN);
      assertThrows(() => known.check(BOB), StartError, "is not known");
    });
  },
);
