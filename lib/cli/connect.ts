// `bobchat connect`: joins a server, as a person at a terminal or as a pipe.

import { X509Certificate } from "node:crypto";
import type { Asked } from "./commands.ts";
import { StartError } from "../errors.ts";
import { giveUp } from "./permissions.ts";
import { nameOf, parseAddress } from "../terminal/address.ts";
import { Connection, type Trust } from "../terminal/connection.ts";
import { coloursFor } from "../terminal/paint.ts";
import { pipe } from "../terminal/pipe.ts";
import { talk } from "../terminal/talk.ts";

/** Joins, and stays until the user leaves. Throws a `StartError` if it cannot join, or is sent away. */
export async function connect({ words: [where], options }: Asked<"connect">): Promise<void> {
  const { tls, ca, insecure, nick, room, json } = options;
  const address = parseAddress(where);
  const trust: Trust = { tls, insecure, ca: ca === undefined ? undefined : readCertificates(ca) };
  const env = (name: string) => Deno.env.get(name);
  const colours = coloursFor(env);
  const isPipe = json || env("TERM") === "dumb" ||
    !Deno.stdin.isTerminal() || !Deno.stdout.isTerminal();
  const dial = () => Connection.open(address, trust);
  const first = await dial();
  await giveUp({ keepRead: false, keepWrite: false });
  const isGreeted = nick !== undefined || room !== undefined;
  const wanted = { isGreeted, name: nick, room };
  if (isPipe) await pipe(first, { wanted, json, server: nameOf(address) });
  else await talk(first, { wanted, dial, colours, exit: Deno.exit });
}

function readCertificates(path: string): string {
  try {
    const pem = Deno.readTextFileSync(path);
    new X509Certificate(pem);
    return pem;
  } catch (error) {
    throw new StartError(
      `${path} is no file with certificates: give --ca the path of one that you may read, in PEM`,
      { cause: error },
    );
  }
}
