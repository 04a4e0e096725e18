// `bobchat connect`: joins a server, as a person at a terminal or as a pipe.

import { X509Certificate } from "node:crypto";
import type { Asked } from "./commands.ts";
import { StartError } from "../errors.ts";
import { readText } from "./files.ts";
import { giveUp } from "./permissions.ts";
import { nameOf, parseAddress } from "../terminal/address.ts";
import { Connection, type Trust } from "../terminal/connection.ts";
import { KnownServers, knownServersPath } from "../terminal/known_servers.ts";
import { coloursFor, type Look } from "../terminal/paint.ts";
import { endedBefore, pipe, pipePlainly } from "../terminal/pipe.ts";
import { type PlainLines, talkPlainly } from "../terminal/plain.ts";
import { Session, type Wanted } from "../terminal/session.ts";
import { Talk } from "../terminal/talk.ts";

/** Joins, and stays until the user leaves. Throws a `StartError` if it cannot join, or is sent away. */
export async function connect({ words: [where], options }: Asked<"connect">): Promise<void> {
  const { tls, ca, insecure, nick, room, json, plain, passwordFile } = options;
  const address = parseAddress(where), server = nameOf(address);
  const wanted: Wanted = { name: nick, room, key: passwordFile && readPassword(passwordFile) };
  const env = (name: string) => Deno.env.get(name);
  const colours = coloursFor(env);
  const isPipe = json || env("TERM") === "dumb" ||
    !Deno.stdin.isTerminal() || !Deno.stdout.isTerminal();
  const known = tls && ca === undefined && !insecure
    ? new KnownServers({ path: knownServersPath(env), ask: isPipe ? undefined : confirm })
    : undefined;
  const trust: Trust = {
    ...{ tls, insecure, ca: ca === undefined ? undefined : readCertificates(ca) },
    check: (unproven) => known?.check(unproven) ?? false,
  };
  const dial = () => Connection.open(address, trust);
  const first = await dial();
  // Keys are the client's from here on, and this server's certificate was good.
  known?.askNoMore();
  await giveUp({ keepRead: false, keepWrite: false });
  const lines = { connection: first, listen: listenTo(first) };
  if (plain) {
    return isPipe
      ? await pipePlainly(lines, { server })
      : await talkPlainly(lines, { server, notice: "", exit: Deno.exit });
  }
  if (isPipe) return await pipe(first, { wanted, json, server });
  await talk(first, { wanted, server, dial, colours });
}

/** Talks at a terminal, as the server does: in JSON, or in plain lines. */
async function talk(
  first: Connection,
  { wanted, server, dial, colours }: {
    wanted: Wanted;
    server: string;
    dial: () => Promise<Connection>;
    colours: Look["colours"];
  },
): Promise<void> {
  const session: Session = new Session(first, {
    ...{ wanted, server, dial },
    onChange: (call) => shown?.changed(call),
  });
  const shown: Talk = new Talk(session, colours);
  const spoken = await session.begin();
  if (spoken === "json") return await shown.run(Deno.exit);
  if (spoken === "nothing") throw new StartError(endedBefore(first, { server }));
  const notice = `${server} does not speak JSON lines: this is a plain line client now.`;
  await talkPlainly(session.plainly(first), { server, notice, exit: Deno.exit });
}

/** Asks; Deno's own confirm takes a "yes" for a no. */
function confirm(question: string): boolean {
  return /^\s*y(es)?\s*$/i.test(prompt(`${question} [y/N]`) ?? "");
}

/** Calls a function with the lines of a connection, and reads no more before it is done. */
function listenTo(connection: Connection): PlainLines["listen"] {
  return async (onLines) => {
    for await (const lines of connection.lines()) await onLines(lines);
  };
}

/** The server password in a file: its first line. */
function readPassword(path: string): string {
  const [first = ""] = readText("--password-file", path).split(/\r?\n/);
  return first;
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
