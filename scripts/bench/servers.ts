// The servers that are measured: how each is started, and what its clients must know.

/** A chat server as the benchmark sees it. */
export interface Server {
  readonly name: string;
  /** Those that are made for many clients take part in `crowd`. */
  readonly scalable?: true;
  /** Those that take their time to let a thousand in are left out of `--quick`. */
  readonly slow?: true;
  /** The command that serves on this port of 127.0.0.1; `paced`: with bobchat's default rate. */
  command(port: number, paced: boolean): string[];
  /** Whether its clients speak TLS. */
  readonly tls?: true;
  /** What the load process is told of its clients. */
  readonly dialect: Readonly<Record<string, number>>;
  /** Why it cannot be measured here. */
  readonly missing?: string;
}

/** Where things are. */
export interface Places {
  /** The project's folder. */
  readonly root: string;
  /** A folder for what is compiled. */
  readonly scratch: string;
  /** The source task's flags. */
  readonly permissions: readonly string[];
  /** `NAME='COMMAND {port}'`, from --peer. */
  readonly peers: readonly string[];
}

const ECHO = { echo: 1 };

/** Every server, bobchat first; those that cannot be had say why. */
export async function servers(places: Places): Promise<Server[]> {
  const { root, scratch, permissions, peers } = places;
  const folder = `${root}scripts/bench/peers`;
  const bobchat = (port: number, paced: boolean) => [
    ...["--port", `${port}`, "--host", "127.0.0.1"],
    ...(paced ? [] : ["--rate", "0"]),
  ];
  const source = [Deno.execPath(), "run", ...permissions, `${root}main.ts`];
  const executable = `${root}dist/bobchat`;
  const limit = `${scratch}/limit`;
  const uncompiled = await compile(`${folder}/limit.c`, limit);
  const config = `${scratch}/ngircd.conf`;
  const pair = { cert: `${scratch}/cert.pem`, key: `${scratch}/key.pem` };
  const all: Server[] = [
    {
      name: "bobchat",
      scalable: true,
      command: (port, paced) => [...source, ...bobchat(port, paced)],
      dialect: ECHO,
    },
    {
      name: "bobchat, executable",
      command: (port, paced) => [executable, ...bobchat(port, paced)],
      dialect: ECHO,
      missing: await exists(executable) ? undefined : "run deno task compile first",
    },
    {
      name: "bobchat --history",
      command: (port, paced) => [
        ...source,
        ...bobchat(port, paced),
        ...["--history", `${scratch}/history-${port}.db`],
      ],
      dialect: ECHO,
    },
    {
      name: "bobchat, TLS",
      tls: true,
      command: (port, paced) => [
        ...source,
        ...bobchat(0, paced),
        ...["--tls-port", `${port}`, "--tls-cert", pair.cert, "--tls-key", pair.key],
      ],
      dialect: ECHO,
      missing: await program("openssl") ?? await makePair(pair),
    },
    {
      name: "bobchat, web",
      command: (port, paced) => [...source, ...bobchat(0, paced), "--web-port", `${port}`],
      dialect: { web: 1, ...ECHO },
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
  return [...all, ...peers.map(peer)];
}

/** A server from --peer; it is taken to send a line to everyone, its sender among them. */
function peer(text: string): Server {
  const [, name, command] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || !command?.includes("{port}")) {
    throw new SyntaxError(`--peer takes NAME='COMMAND {port}', not ${JSON.stringify(text)}`);
  }
  return {
    name,
    scalable: true,
    command: (port) => ["sh", "-c", `exec ${command.replaceAll("{port}", `${port}`)}`],
    dialect: ECHO,
  };
}

/** Without its penalties, which would slow every sender down to a line a second. */
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

/** Makes a certificate for a server that is measured. Returns why it could not, or nothing. */
async function makePair({ cert, key }: { cert: string; key: string }): Promise<string | undefined> {
  const args = [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-days", "2", "-subj", "/CN=bench", "-keyout", key, "-out", cert],
  ];
  const { success, stderr } = await new Deno.Command("openssl", { args }).output();
  return success ? undefined : new TextDecoder().decode(stderr).trim();
}

/** Compiles one C file. Returns why it could not, or nothing. */
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
