// bobchat: a chat room in one file.
//
// A message's way: net/tcp.ts accepts a connection, net/reader.ts turns its bytes into events with
// the protocol in wire/, chat/queue.ts holds them in order, chat/writer.ts alone changes the room and
// fans out, and net/outbox.ts sends. cli/serve.ts puts these together.

import { parseCommandLine } from "./lib/cli/command_line.ts";
import { StartError, UsageError } from "./lib/cli/errors.ts";
import { helpText } from "./lib/cli/help.ts";
import { start } from "./lib/cli/serve.ts";
import config from "./deno.json" with { type: "json" };

/** Runs a command line to its end and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const request = parseCommandLine(args, (name) => Deno.env.get(name));
    if (request.kind === "serve") await (await start(request.options, config.version)).finished;
    else if (request.kind === "help") console.log(helpText(config.version));
    else console.log(`bobchat ${config.version}`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof StartError)) throw error;
    console.error(`bobchat: ${error.message}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
