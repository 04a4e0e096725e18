// The examples of scripts/deploy, with the programs that they are for.

import { validate } from "dockerfile-utils";
import manual from "../../lib/net/README.md" with { type: "text" };
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { parseYaml } from "../yaml.ts";
import { Bobchat, Client, needsNetwork, Program, run, testWith } from "./bobchat.ts";
import { testPage } from "./chromium.ts";
import { inFolder } from "./folder.ts";
import { makePair, type Pair } from "./listeners.ts";

const DEPLOY = new URL("../../scripts/deploy/", import.meta.url).pathname;
const STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so";

const read = (name: string) => Deno.readTextFile(DEPLOY + name);

/** A port that is free now: the proxies take no port 0. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Replaces each of these texts, all of which must be there. */
function replaced(text: string, pairs: Readonly<Record<string, string>>): string {
  for (const [from, to] of Object.entries(pairs)) {
    assertStringIncludes(text, from);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** What differs in a test: the certificate, and the ports. */
function here(pair: Pair, ports: Readonly<Record<string, string>>): Record<string, string> {
  return {
    "/etc/ssl/chat.example/fullchain.pem": pair.cert,
    "/etc/ssl/chat.example/privkey.pem": pair.key,
    ...ports,
  };
}

/** The services of a compose file. */
interface Compose {
  readonly services: Readonly<Record<string, { readonly command?: string[]; read_only?: boolean }>>;
}

/** Starts the three NATS servers of a compose file on this machine; returns their addresses. */
function startNats(
  { services }: Compose,
  { folder, started }: { folder: string; started: AsyncDisposableStack },
): string {
  const names = ["nats1", "nats2", "nats3"];
  const routes = names.map((name) => [name, freePort()] as const);
  const addresses = names.map(() => freePort());
  for (const [i, [name, route]] of routes.entries()) {
    const words = services[name]!.command!.map((word) => {
      const here = word.replace("0.0.0.0:6222", `127.0.0.1:${route}`).replace(
        "/data",
        `${folder}/${name}`,
      );
      return routes.reduce(
        (text, [other, port]) => text.replace(`${other}:6222`, `127.0.0.1:${port}`),
        here,
      );
    });
    const where = ["-a", "127.0.0.1", "-p", String(addresses[i])];
    started.use(new Program(["nats-server", [...where, ...words]], { input: false }));
  }
  return addresses.map((port) => `nats://127.0.0.1:${port}`).join();
}

/** Starts nginx in a folder of its own, and waits until it listens. */
async function startNginx(folder: string, blocks: string): Promise<Program> {
  await Deno.writeTextFile(
    `${folder}/nginx.conf`,
    `${blocks.includes("stream {") ? `load_module ${STREAM};` : ""}
    daemon off; master_process off; pid ${folder}/pid; error_log stderr notice; events {}
    ${blocks}`,
  );
  const words = ["-p", folder, "-c", `${folder}/nginx.conf`, "-e", "stderr"];
  const nginx = new Program(["nginx", words], { input: false });
  await nginx.stderr.until(/using the "epoll"/);
  return nginx;
}

/** Starts HAProxy, and waits until it listens: with a master process (-W) it says so. */
async function startHaproxy(folder: string, config: string): Promise<Program> {
  await Deno.writeTextFile(`${folder}/haproxy.cfg`, config);
  const haproxy = new Program(["haproxy", ["-W", "-db", "-f", `${folder}/haproxy.cfg`]], {
    input: false,
  });
  await haproxy.stderr.until("Loading success.");
  return haproxy;
}

/** Joins by TLS, as ncat --ssl does. */
async function joinByTls(port: number, pair: Pair, name: string): Promise<Client> {
  const caCerts = [await Deno.readTextFile(pair.cert)];
  return await Client.enter(await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts }), name);
}

Deno.test("the lines for nginx are those of the manual", needsNetwork, async () => {
  const [, lines] = /```nginx\n(.*?)```/s.exec(manual)!;
  const indented = lines!.trim().split("\n").map((line) => `    ${line}`).join("\n");
  assertStringIncludes(await read("nginx.conf"), indented);
});

testPage(
  ["nginx", "openssl"],
  "nginx.conf has the page below a path, encrypted",
  (visits) =>
    inFolder(async (folder) => {
      using pair = makePair();
      await using bobchat = await Bobchat.start(["--trusted-proxy", "127.0.0.1"]);
      const port = freePort();
      const ports = {
        "listen 443": `listen 127.0.0.1:${port}`,
        "127.0.0.1:7777": `127.0.0.1:${bobchat.port}`,
      };
      const server = replaced(await read("nginx.conf"), here(pair, ports));
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${folder}/${name};`);
      await using _nginx = await startNginx(
        folder,
        `http { access_log off; ${temporary.join(" ")} ${server} }`,
      );
      const ann = await visits.open(
        { port, path: "/chat/", scheme: "https" },
        { name: "ann" },
      );
      using bob = await Client.join(bobchat.port, "bob");
      await ann.say("hello through nginx");
      await bob.until(/^ann\(.*\): hello through nginx\r$/m);
    }),
);

const nginxStream = ["nginx", ...isThere(STREAM) ? [] : ["libnginx-mod-stream"]];

testWith(
  [...nginxStream, "openssl"],
  "nginx-stream.conf says where each connection comes from",
  () =>
    inFolder(async (folder) => {
      using pair = makePair();
      const trust = ["--proxy-protocol", "--trusted-proxy", "127.0.0.1"];
      await using bobchat = await Bobchat.start(trust);
      const port = freePort();
      const ports = {
        "listen 7778": `listen 127.0.0.1:${port}`,
        "pass 127.0.0.1:7777": `pass 127.0.0.1:${bobchat.port}`,
      };
      await using _nginx = await startNginx(
        folder,
        replaced(await read("nginx-stream.conf"), here(pair, ports)),
      );
      using ann = await joinByTls(port, pair, "ann");
      await ann.send("hello\n");
      await ann.until("): hello\r\n");
      assertMatch(bobchat.stderr.text, / connection 1 from "127\.0\.0\.1:\d+ by 127/);
    }),
);

testPage(
  ["haproxy", "openssl"],
  "haproxy.cfg has the page below a path and lines at a port, both encrypted",
  (visits) =>
    inFolder(async (folder) => {
      using pair = makePair();
      const both = `${folder}/both.pem`;
      await Deno.writeTextFile(
        both,
        await Deno.readTextFile(pair.cert) + await Deno.readTextFile(pair.key),
      );
      const trust = ["--proxy-protocol", "--trusted-proxy", "127.0.0.1"];
      await using bobchat = await Bobchat.start(trust);
      const web = freePort(), lines = freePort();
      await using haproxy = await startHaproxy(
        folder,
        replaced(await read("haproxy.cfg"), {
          "/etc/haproxy/chat.example.pem": both,
          "bind :443": `bind 127.0.0.1:${web}`,
          "bind :7778": `bind 127.0.0.1:${lines}`,
          "bobchat 127.0.0.1:7777": `bobchat 127.0.0.1:${bobchat.port}`,
        }),
      );
      const ann = await visits.open(
        { port: web, path: "/chat/", scheme: "https" },
        { name: "ann" },
      );
      using bob = await joinByTls(lines, pair, "bob");
      await ann.say("hello through HAProxy");
      await bob.until(/^ann\(.*\): hello through HAProxy\r$/m);
      await bob.send("/register correct horse\n");
      // It came encrypted, so nobody is warned that others may read along.
      assertEquals((await bob.until("*** bob is yours now")).includes("encrypted"), false);
      assertMatch(bobchat.stderr.text, / connection \d+ from "127\.0\.0\.1:\d+ by 127/);
      assertEquals(/ALERT|will be ignored/.exec(haproxy.stderr.text), null, haproxy.stderr.text);
    }),
);

testWith(
  ["nats-server", "haproxy"],
  "compose.cluster.yaml is one chat of two bobchats and three NATS servers, behind one address",
  () =>
    inFolder(async (folder) => {
      await using started = new AsyncDisposableStack();
      const compose = parseYaml(await read("compose.cluster.yaml")) as Compose;
      const nats = startNats(compose, { folder, started });
      const bobchats: Bobchat[] = [];
      for (const name of ["one", "two"]) {
        assertEquals(compose.services[name]!.read_only, true);
        const words = compose.services[name]!.command!.filter((word) => word !== "--quiet")
          .map((word) =>
            word.replace(/(?<=^--nats=).*/, nats).replace("/data/", `${folder}/${name}-`)
              .replace("172.30.77.10", "127.0.0.1")
          );
        bobchats.push(started.use(await Bobchat.start(words)));
      }
      const [one, two] = bobchats as [Bobchat, Bobchat];
      assertStringIncludes(one.stderr.text, `NATS keeps "3 copies" of it`);
      const join = async (port: number, only: string, name: string) => {
        const config = replaced(await read("cluster-haproxy.cfg"), {
          "bind :7777": `bind 127.0.0.1:${port}`,
          "one:7777": `127.0.0.1:${one.port}`,
          "two:7777": `127.0.0.1:${two.port}`,
        });
        const other = only === "one" ? "two" : "one";
        const text = config.replace(new RegExp(`^ *server ${other} .*$`, "m"), "");
        started.use(await startHaproxy(folder, text));
        return started.use(await Client.join(port, name));
      };
      const ann = await join(freePort(), "one", "ann");
      const bob = await join(freePort(), "two", "bob");
      await ann.send("hello from one\n");
      await bob.until(/^ann\(.*\): hello from one\r$/m);
      assertMatch(one.stderr.text, / connection \d+ from "127\.0\.0\.1:\d+ by 127/);
    }),
);

testWith(
  ["systemd-analyze"],
  "the unit is one that systemd takes, and is well shut in",
  () =>
    inFolder(async (folder) => {
      const unit = `${folder}/bobchat.service`;
      await Deno.writeTextFile(
        unit,
        replaced(await read("bobchat.service"), { "=/usr/local/bin/bobchat": "=/bin/true" }),
      );
      for (
        const words of [["verify", unit], ["security", "--offline=true", "--threshold=20", unit]]
      ) {
        await using analyze = new Program(["systemd-analyze", words], { input: false });
        const code = await analyze.end();
        assertEquals([code, analyze.stderr.text], [0, ""], analyze.stdout.text);
      }
    }),
);

Deno.test(
  "the config file of the unit has no mistake, with or without its comments",
  needsNetwork,
  () =>
    inFolder(async (folder) => {
      const text = await read("bobchat.toml");
      for (const each of [text, text.replaceAll(/^#(?=[a-z-]+ = )/gm, "")]) {
        await Deno.writeTextFile(`${folder}/bobchat.toml`, each);
        const { code, stderr } = await run(["check-config", `${folder}/bobchat.toml`]);
        assertEquals([code, stderr], [0, ""]);
      }
    }),
);

Deno.test(
  "the container's health check is a command that tells whether bobchat answers",
  needsNetwork,
  async () => {
    const text = await read("Dockerfile");
    const [, json] = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(text)!;
    const [program, ...words]: string[] = JSON.parse(json!);
    assertEquals(program, "bobchat");
    await using bobchat = await Bobchat.start();
    using alice = await Client.join(bobchat.port, "alice");
    const at = (port: number) => words.map((word) => word.replace(":7777", `:${port}`));
    const since = performance.now();
    const healthy = await run(at(bobchat.port));
    assertEquals(healthy.code, 0, healthy.stderr);
    assert(performance.now() - since < 5000);
    await alice.send("/who\n");
    await alice.until("*** Here (1): alice\r\n");
    assertEquals(await bobchat.stop(), 0);
    assertEquals((await run(at(bobchat.port))).code, 1);
  },
);

Deno.test(
  "a container runs as nobody in particular, with nothing to write to but its volume",
  needsNetwork,
  async () => {
    const text = await read("Dockerfile");
    assertEquals(validate(text).map(({ message }) => message), []);
    const last = text.split(/^FROM /m).at(-1)!;
    assertMatch(last, /^USER [1-9]\d*:[1-9]\d*$/m);
    assert(last.indexOf("\nUSER ") < last.indexOf("\nENTRYPOINT "));
    const compose = await read("compose.yaml");
    assertEquals((parseYaml(compose) as Compose).services.bobchat!.read_only, true);
    for (const line of ["read_only: true", "- ALL", "- no-new-privileges:true"]) {
      assertStringIncludes(compose, line);
    }
  },
);

function isThere(path: string): boolean {
  try {
    return needsNetwork.ignore || Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
