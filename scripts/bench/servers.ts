// The servers to measure: how to start each, and what its clients must know.

/** A chat server as the benchmark sees it. */
export interface Server {
  readonly name: string;
  /** Whether it is made for many clients, and so takes part in `crowd`. */
  readonly scalable?: true;
  /** Whether a thousand clients take long to join; it is then left out of `--quick`. */
  readonly slow?: true;
  /** The command that serves on this port of 127.0.0.1; `paced`: with bobchat's default rate. */
  command(port: number, paced: boolean): string[];
  /** Whether its clients speak TLS. */
  readonly tls?: true;
  /** What the load process must know of its clients. */
  readonly dialect: Readonly<Record<string, number>>;
  /** Why it cannot be measured here. */
  readonly missing?: string;
}

/** Folders and peers. */
export interface Places {
  /** The project's folder. */
  readonly root: string;
  /** A folder for compiled files. */
  readonly scratch: string;
  /** `NAME='COMMAND {port}'`, or `before=FOLDER`, from --peer. */
  readonly peers: readonly string[];
}

const ECHO = { echo: 1 };
/** bobchat, and the peer that is another version of it. */
const NOW = "bobchat", BEFORE = "before";

/** All servers, bobchat first; those that are not available say why. */
export async function servers(places: Places): Promise<Server[]> {
  const { root, scratch, peers } = places;
  const folder = `${root}scripts/bench/peers`;
  const executable = `${root}dist/bobchat`;
  const limit = `${scratch}/limit`;
  const uncompiled = await compile(`${folder}/limit.c`, limit);
  const config = `${scratch}/ngircd.conf`;
  const all: Server[] = [
    ...await version(NOW, root, scratch),
    {
      name: "bobchat, executable",
      command: (port, paced) => [executable, ...options(port, paced)],
      dialect: ECHO,
      missing: await exists(executable) ? undefined : "run deno task compile first",
    },
    {
      name: "limit.c",
      scalable: true,
      command: (port) => [limit, `${port}`],
      dialect: ECHO,
      missing: uncompiled,
    },
    {
      name: "Node net",
      command: (port) => ["node", `${folder}/node_net.mjs`, `${port}`],
      dialect: ECHO,
      missing: await program("node"),
    },
    {
      name: "ncat --broker",
      command: (port) => ["ncat", "-l", "127.0.0.1", `${port}`, "--broker", "--max-conns", "5000"],
      dialect: { echo: 0, gently: 1 },
      missing: await program("ncat"),
    },
    {
      name: "ngircd",
      slow: true,
      command: (port) => {
        Deno.writeTextFileSync(config, ngircd(port));
        return ["ngircd", "--nodaemon", "--config", config];
      },
      dialect: { irc: 1, echo: 0, gently: 1 },
      missing: await program("ngircd"),
    },
    {
      name: "v0.1's way, Python",
      slow: true,
      command: (port) => ["python3", `${folder}/v01.py`, `${port}`],
      dialect: { hello: 1, gently: 1, ...ECHO },
      missing: await program("python3"),
    },
  ];
  return [...all, ...(await Promise.all(peers.map((text) => peer(text, scratch)))).flat()];
}

/** bobchat's options for this port. */
function options(port: number, paced: boolean): string[] {
  return ["--port", `${port}`, "--host", "127.0.0.1", ...(paced ? [] : ["--rate", "0"])];
}

/** The bobchat whose source is in this folder: alone, with a history, over TLS and the web; started as by its task. */
async function version(name: string, folder: string, scratch: string): Promise<Server[]> {
  const config: { version: string; tasks: { start: string } } = JSON.parse(
    await Deno.readTextFile(`${folder}deno.json`),
  );
  const flags = config.tasks.start.split(" ").filter((word) => word.startsWith("--"));
  const source = [Deno.execPath(), "run", ...flags, `${folder}main.ts`];
  // Versions before 0.3.0 have ports of their own for TLS and the web.
  const isOnePort = !/^0\.[12]\./.test(config.version);
  const at = (flag: string, port: number, paced: boolean) =>
    isOnePort ? options(port, paced) : [...options(0, paced), flag, `${port}`];
  const pair = { cert: `${scratch}/cert.pem`, key: `${scratch}/key.pem` };
  return [
    {
      name,
      scalable: true,
      command: (port, paced) => [...source, ...options(port, paced)],
      dialect: ECHO,
    },
    {
      name: `${name} --history`,
      command: (port, paced) => [
        ...source,
        ...options(port, paced),
        ...["--history", `${scratch}/history-${port}.db`],
      ],
      dialect: ECHO,
    },
    {
      name: `${name}, TLS`,
      tls: true,
      command: (port, paced) => [
        ...source,
        ...at("--tls-port", port, paced),
        ...["--tls-cert", pair.cert, "--tls-key", pair.key],
      ],
      dialect: ECHO,
      missing: await program("openssl") ?? await makePair(pair),
    },
    {
      name: `${name}, web`,
      command: (port, paced) => [...source, ...at("--web-port", port, paced)],
      dialect: { web: 1, ...ECHO },
    },
  ];
}

/** The servers of one --peer. Its command is assumed to send a line to everyone, including its sender. */
export async function peer(text: string, scratch: string): Promise<Server[]> {
  const [, name, command] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === BEFORE && await exists(`${command}/main.ts`)) {
    return await version(BEFORE, `${command}/`, scratch);
  }
  if (name === undefined || !command?.includes("{port}")) {
    throw new SyntaxError(
      `--peer takes NAME='COMMAND {port}' or ${BEFORE}=FOLDER, not ${JSON.stringify(text)}`,
    );
  }
  return [{
    name,
    scalable: true,
    command: (port, paced) => {
      const filled = command.replaceAll("{port}", `${port}`)
        .replaceAll("{rate}", paced ? "" : "--rate 0");
      return ["sh", "-c", `exec ${filled}`];
    },
    dialect: ECHO,
  }];
}

/** The pairs of servers started in the same way, of two versions of bobchat: before, and now. */
export function pairs(all: readonly Server[]): [Server, Server][] {
  return all.flatMap((before) => {
    if (!before.name.startsWith(BEFORE)) return [];
    const name = before.name.replace(BEFORE, NOW);
    const now = all.find((server) => server.name === name);
    return now === undefined ? [] : [[before, now]];
  });
}

/** Without ngircd's penalties, which would slow every sender down to a line a second. */
function ngircd(port: number): string {
  return `[Global]
Name = bench.localhost
Info = bench
Listen = 127.0.0.1
Ports = ${port}
MotdPhrase = hello
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
[Channel]
Name = &bench
`;
}

/** Makes a certificate for a server. Returns why it could not; undefined if it did. */
async function makePair({ cert, key }: { cert: string; key: string }): Promise<string | undefined> {
  const args = [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-days", "2", "-subj", "/CN=bench", "-keyout", key, "-out", cert],
  ];
  const { success, stderr } = await new Deno.Command("openssl", { args }).output();
  return success ? undefined : new TextDecoder().decode(stderr).trim();
}

/** Compiles one C file. Returns why it could not; undefined if it did. */
export async function compile(
  source: string,
  output: string,
  flags: readonly string[] = [],
): Promise<string | undefined> {
  const missing = await program("cc");
  if (missing !== undefined) return missing;
  const args = ["-O2", "-o", output, source, ...flags];
  const { success, stderr } = await new Deno.Command("cc", { args }).output();
  return success ? undefined : new TextDecoder().decode(stderr).trim();
}

async function program(name: string): Promise<string | undefined> {
  const { success } = await new Deno.Command("sh", { args: ["-c", `command -v ${name}`] }).output();
  return success ? undefined : `install ${name}`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
