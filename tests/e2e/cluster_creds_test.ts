// bobchats and NATS that must know each other: a password in the address, --nats-creds, --nats-ca. NATS lets them
// do what lib/cluster/README.md says that they need, and no more.

import { nkeys } from "@nats-io/transport-node";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { Bobchat, Client, run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { Nats } from "./nats.ts";
import { haveHeard, NEEDED } from "./nodes.ts";

/** What a user of NATS that bobchat connects as needs. */
const PUBLISH = ["bobchat.tea.>", "$JS.API.>", "$O.bobchat_tea.>"], SUBSCRIBE = ["_INBOX.>"];

const BY_PASSWORD = `accounts {
  CHAT {
    jetstream: enabled
    users: [{ user: bob, password: "tea&cake", permissions: {
      publish: ${JSON.stringify(PUBLISH)}, subscribe: ${JSON.stringify(SUBSCRIBE)}
    } }]
  }
}`;

/** Somebody on one of two bobchats hears what is said on the other, after NATS was started again as well. */
async function talk(nats: Nats, ...args: string[]): Promise<void> {
  const start = (name: string) => Bobchat.start(["--network", "tea", "--node", name, ...args]);
  await using one = await start("one");
  await using two = await start("two");
  using alice = await Client.join(one.port, "alice");
  using bob = await Client.join(two.port, "bob");
  await alice.send("m0 alice\n");
  await haveHeard([alice, bob], [["m0 alice"]]);
  await nats.kill();
  await nats.restart();
  await bob.send("m0 bob\n");
  await haveHeard([alice, bob], [["m0 alice"], ["m0 bob"]]);
  assertEquals([await one.stop(), await two.stop()], [0, 0]);
  for (const { stderr } of [one, two]) {
    assertEquals(
      stderr.text.split("\n").filter((line) => /permission|refuse|not let/i.test(line)),
      [],
    );
  }
}

/** Starts bobchat, which does not get along with NATS, and says why in one sentence. */
async function refused(sentence: RegExp, ...args: string[]): Promise<void> {
  const { code, stderr } = await run(["--port", "0", "--network", "tea", ...args]);
  assertEquals(code, 1);
  assertMatch(stderr, sentence);
}

/** The sentence if NATS does not know who it is. */
const UNKNOWN =
  /^bobchat: NATS at 127\.0\.0\.1:\d+ refuses this bobchat \(.*\): see --nats-creds, .*\n$/;

testWith(NEEDED, "a user and a password of NATS are part of its address", async () => {
  await using nats = await Nats.start(BY_PASSWORD);
  await talk(nats, "--nats", nats.url.replace("//", "//bob:tea%26cake@"));
  await refused(UNKNOWN, "--nats", nats.url.replace("//", "//bob:wrong@"));
});

testWith(
  NEEDED,
  "the file of --nats-creds is read once, and works when NATS comes back",
  async () => {
    const { configuration, creds } = accounts();
    await using nats = await Nats.start(configuration);
    await inFolder(async (folder) => {
      const file = `${folder}/bob.creds`;
      await Deno.writeTextFile(file, creds);
      await talk(nats, "--nats", nats.url, "--nats-creds", file);
      await refused(UNKNOWN, "--nats", nats.url);
      await Deno.writeTextFile(file, accounts().creds);
      await refused(UNKNOWN, "--nats", nats.url, "--nats-creds", file);
    });
  },
);

testWith(
  [...NEEDED, "openssl"],
  "NATS over TLS is trusted by --nats-ca, for the address that its certificate is for",
  () =>
    inFolder(async (folder) => {
      const ca = ["--nats-ca", await certificate(folder, "right", "IP:127.0.0.1")];
      const wrong = await certificate(folder, "wrong", "DNS:nats.example");
      await using nats = await Nats.start(tls(folder, "right"));
      const at = ["--nats", nats.url.replace("nats:", "tls:")];
      await talk(nats, ...at, ...ca);
      // NATS that asks for TLS is given it, with the same trust.
      await talk(nats, "--nats", nats.url, ...ca);
      const untrusted =
        /^bobchat: NATS at 127\.0\.0\.1:\d+ cannot be trusted \(.*\): see --nats-ca, .*\n$/;
      await refused(untrusted, ...at);
      await refused(untrusted, ...at, "--nats-ca", wrong);
      await nats.kill();
      await nats.restart(tls(folder, "wrong"));
      await refused(untrusted, ...at, "--nats-ca", wrong);
    }),
);

/** The part of a nats-server's configuration about its certificate. */
function tls(folder: string, name: string): string {
  return `tls { cert_file: "${folder}/${name}.pem", key_file: "${folder}/${name}.key" }`;
}

/** Makes a certificate for an address; returns its path. */
async function certificate(folder: string, name: string, address: string): Promise<string> {
  const path = `${folder}/${name}.pem`;
  const args = [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", `${folder}/${name}.key`, "-out", path, "-days", "2", "-subj", `/CN=${name}`],
    ...["-addext", `subjectAltName=${address}`],
  ];
  const { success } = await new Deno.Command("openssl", { args, stderr: "null" }).output();
  assert(success);
  return path;
}

/** A nats-server's configuration with an operator, his account, and a creds file of one of its users, as nsc makes them. */
function accounts(): { configuration: string; creds: string } {
  const operator = nkeys.createOperator(), account = nkeys.createAccount();
  const system = nkeys.createAccount(), user = nkeys.createUser();
  const limits = {
    ...{ subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true },
    ...{ conn: -1, leaf: -1, mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 },
  };
  const { mem_storage: _, disk_storage: __, streams: ___, ...without } = limits;
  const accountOf = (key: nkeys.KeyPair, limits: object) =>
    token(operator, key, { type: "account", limits });
  const jwt = token(account, user, {
    ...{ type: "user", pub: { allow: PUBLISH }, sub: { allow: SUBSCRIBE } },
    ...{ subs: -1, data: -1, payload: -1 },
  });
  const seed = new TextDecoder().decode(user.getSeed());
  return {
    configuration: `operator: ${token(operator, operator, { type: "operator" })}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload: {
  ${account.getPublicKey()}: ${accountOf(account, limits)}
  ${system.getPublicKey()}: ${accountOf(system, without)}
}`,
    creds: `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n` +
      `-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
  };
}

/** A token in which one says who another is. */
function token(by: nkeys.KeyPair, whom: nkeys.KeyPair, claims: object): string {
  const encode = (bytes: Uint8Array) =>
    bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  const ofText = (text: object) => encode(new TextEncoder().encode(JSON.stringify(text)));
  const head = ofText({ typ: "JWT", alg: "ed25519-nkey" });
  const body = ofText({
    ...{ jti: "A", iat: 1, name: "test", iss: by.getPublicKey(), sub: whom.getPublicKey() },
    nats: { version: 2, ...claims },
  });
  const signed = `${head}.${body}`;
  return `${signed}.${encode(by.sign(new TextEncoder().encode(signed)))}`;
}
