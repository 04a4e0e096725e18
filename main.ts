// bobchat: a chat room in one file.
//
// The way of a message: net/tcp.ts accepts a connection, net/reader.ts turns its bytes into inputs with a
// protocol from wire/, chat/queue.ts holds them in order, chat/writer.ts alone changes the room and fans out,
// and net/outbox.ts sends. cli/serve.ts puts these together.

import { backup } from "./lib/cli/admin/backup.ts";
import { bans, unban } from "./lib/cli/admin/bans.ts";
import { exportAll } from "./lib/cli/admin/export.ts";
import { forget } from "./lib/cli/admin/forget.ts";
import { importAll } from "./lib/cli/admin/import.ts";
import { accounts, rooms } from "./lib/cli/admin/kept.ts";
import { operator } from "./lib/cli/admin/operator.ts";
import { password } from "./lib/cli/admin/password.ts";
import { parseCommandLine, type Request } from "./lib/cli/command_line.ts";
import { completions } from "./lib/cli/completions.ts";
import { StartError, UsageError } from "./lib/errors.ts";
import { helpText } from "./lib/cli/help.ts";
import { print } from "./lib/cli/print.ts";
import { start } from "./lib/cli/serve.ts";
import config from "./deno.json" with { type: "json" };

/** Runs a command to its end. */
async function run(request: Request): Promise<void> {
  switch (request.kind) {
    case "help":
      return print(helpText(config.version, request.command));
    case "version":
      return print(`bobchat ${config.version}`);
    case "serve":
      return await (await start(request.options, config.version)).finished;
    case "connect": {
      // Loaded on demand: a server starts sooner without readline and a client's TLS.
      const { connect } = await import("./lib/cli/connect.ts");
      return await connect(request);
    }
    case "operator":
      return await operator(request);
    case "password":
      return await password(request);
    case "forget":
      return await forget(request);
    case "bans":
      return await bans(request);
    case "unban":
      return await unban(request);
    case "rooms":
      return await rooms(request);
    case "accounts":
      return await accounts(request);
    case "backup":
      return await backup(request);
    case "export":
      return await exportAll(request);
    case "import":
      return await importAll(request);
    case "completions":
      return completions(request);
  }
}

/** Runs a command line and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    await run(parseCommandLine(args, (name) => Deno.env.get(name)));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof StartError)) throw error;
    console.error(`bobchat: ${error.message}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
