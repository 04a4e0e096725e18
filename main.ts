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
import { checkConfig } from "./lib/cli/check_config.ts";
import { parseCommandLine, type Request } from "./lib/cli/command_line.ts";
import { completions } from "./lib/cli/completions.ts";
import { StartError, UsageError } from "./lib/errors.ts";
import { helpText } from "./lib/cli/help.ts";
import type { Options } from "./lib/cli/options.ts";
import { print } from "./lib/cli/print.ts";
import config from "./deno.json" with { type: "json" };

/** Runs a command to its end; `reread` reads the same command line again. */
async function run(request: Request, reread: () => Options): Promise<void> {
  switch (request.kind) {
    case "help":
      return print(helpText(config.version, request.command));
    case "version":
      return print(`bobchat ${config.version}`);
    case "serve":
      return await (await serve(request.options, reread)).finished;
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
    case "network": {
      // Loaded on demand: nothing else needs NATS, but a server with --nats.
      const { network } = await import("./lib/cli/admin/network.ts");
      return await network(request);
    }
    case "check-config":
      return checkConfig(request);
    case "completions":
      return completions(request);
  }
}

/** Variables of the environment as they were: a running server may not look there any more. */
const variables = new Map<string, string | undefined>();
function env(name: string): string | undefined {
  try {
    if (!variables.has(name)) variables.set(name, Deno.env.get(name));
  } catch (error) {
    throw unpermitted(error);
  }
  return variables.get(name);
}

/** Starts a server. Throws a `StartError`. */
async function serve(options: Options, reread: () => Options) {
  try {
    // Loaded on demand: whoever joins a room waits for no server.
    const { start } = await import("./lib/cli/serve.ts");
    return await start(options, { version: config.version, reread });
  } catch (error) {
    throw unpermitted(error);
  }
}

/** What `deno run main.ts` meets, as a `StartError`; other errors are returned unchanged. */
function unpermitted(error: unknown): unknown {
  if (!(error instanceof Deno.errors.NotCapable)) return error;
  return new StartError("Deno gives it too few permissions: start it with deno task start", {
    cause: error,
  });
}

/** The options of a server's command line, with what its config file says now. */
function optionsAgain(args: readonly string[]): Options {
  const request = parseCommandLine(args, { env });
  if (request.kind === "serve") return request.options;
  throw new Error("the command line of a running server has become another one");
}

/** Runs a command line and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const request = parseCommandLine(args, { env });
    await run(request, () => optionsAgain(args));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof StartError)) throw error;
    console.error(`bobchat: ${error.message}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
