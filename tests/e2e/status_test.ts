// What --status-port answers, asked by curl and read by Prometheus' own promtool.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { Bobchat, Client, inTime, Program, run, testWith } from "./bobchat.ts";
import { inFolder } from "./folder.ts";
import { Nats } from "./nats.ts";

const RULES = new URL("../../scripts/deploy/alerts.yml", import.meta.url).pathname;
const MANUAL = new URL("../../lib/cli/README.md", import.meta.url).pathname;
const OPEN = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3";

/** Starts bobchat with a status port; returns it with what that port is called. */
async function start(...args: string[]): Promise<{ bobchat: Bobchat; url: string }> {
  const bobchat = await Bobchat.start(["--status-port", "0", ...args]);
  const text = await bobchat.stderr.until(/status at http:\/\/127\.0\.0\.1:\d+\/metrics/);
  return { bobchat, url: /status at (http:\S+)\/metrics/.exec(text)![1]! };
}

/** Asks with curl: the status and the body. */
async function ask(url: string, ...args: string[]): Promise<[status: number, body: string]> {
  const curl = new Program(["curl", ["-sS", "-m", "10", "-w", "\n%{http_code}", ...args, url]]);
  await curl.end();
  const [, body = "", status] = /^([^]*)\n(\d+)$/.exec(curl.stdout.text) ?? [];
  return [Number(status), body];
}

/** Asks until the answer has this status; returns the body. */
async function askUntil(url: string, wanted: number): Promise<string> {
  const asking = async () => {
    for (;;) {
      const [status, body] = await ask(url);
      if (status === wanted) return body;
    }
  };
  return await inTime(asking(), () => `${wanted} from ${url}`);
}

/** The metrics, once the lag has been measured. */
async function measured(url: string): Promise<string> {
  const asking = async () => {
    for (;;) {
      const [, text] = await ask(`${url}/metrics`);
      if (valueOf(text, "bobchat_event_loop_lag_seconds_count") > 0) return text;
    }
  };
  return await inTime(asking(), () => "the lag of the event loop");
}

/** The value of a metric. */
function valueOf(text: string, name: string): number {
  const line = text.split("\n").find((line) => line.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? NaN);
}

/** Checks that these metrics have whatever the alert rules ask of them. */
async function checkRules(text: string, names: RegExp): Promise<void> {
  const rules = await Deno.readTextFile(RULES);
  const asked = [...rules.matchAll(/\bbobchat_[a-z_]+(?=[^\n]* [<=>]=? )/g)].map(([name]) => name)
    .filter((name) => names.test(name));
  assert(asked.length > 1, "the rules ask nothing");
  for (const name of asked) assert(/^[{ ]/m.test(text.split(`\n${name}`)[1] ?? ""), name);
}

testWith(["curl"], "/livez and /readyz answer, and nothing else is there", async () => {
  const { bobchat, url } = await start();
  await using _ = bobchat;
  assertEquals(await ask(`${url}/livez`), [200, "200: bobchat runs\n"]);
  assertEquals(await ask(`${url}/readyz`), [200, "200: bobchat takes people\n"]);
  assertEquals((await ask(`${url}/`))[0], 404);
  assertEquals((await ask(`${url}/metrics`, "-X", "POST"))[0], 405);
  assertEquals((await ask(`${url}/metrics`, "-H", "Host: evil.example"))[0], 421);
  assertEquals((await ask(`http://127.0.0.1:${bobchat.port}/metrics`))[0], 404);
});

testWith(["curl", "promtool"], "promtool has nothing to say about /metrics", async () => {
  await inFolder(async (folder) => {
    const { bobchat, url } = await start("--history", `${folder}/chat.db`);
    await using _ = bobchat;
    using alice = await Client.join(bobchat.port, "alice");
    using bob = await Client.join(bobchat.port, "bob");
    await alice.send("one\ntwo\n/msg bob three\n");
    await bob.until("three");
    const text = await measured(url);
    const promtool = new Program(["promtool", ["check", "metrics"]]);
    await promtool.type(text);
    await promtool.endInput();
    assertEquals([await promtool.end(), promtool.stdout.text, promtool.stderr.text], [0, "", ""]);
    assert(!/^(?!#|bobchat_)./m.test(text), "all names begin with bobchat_");
    for (
      const [name, value] of [
        ['bobchat_messages_total{to="room"}', 2],
        ['bobchat_messages_total{to="person"}', 1],
        ['bobchat_deliveries_total{kind="message"}', 6],
        ["bobchat_message_hearers_total", 6],
        ['bobchat_open_connections{protocol="lines"}', 2],
        ['bobchat_connections_total{protocol="lines"}', 2],
        ["bobchat_members", 2],
        ["bobchat_rooms", 1],
        ["bobchat_history_failing", 0],
      ] as const
    ) assertEquals(valueOf(text, name), value, name);
    assert(valueOf(text, "bobchat_history_commit_seconds_count") >= 1);
    assert(valueOf(text, "bobchat_fan_out_seconds_count") >= 1);
    assert(valueOf(text, "bobchat_batch_events_sum") >= 5);
    // Measured with no more permissions than the start gives.
    assert(valueOf(text, "bobchat_cpu_seconds_total") > 0);
    assert(valueOf(text, "bobchat_resident_memory_bytes") > 10_000_000);
    assertMatch(text, /^bobchat_build_info\{version="\d+\.\d+\.\d+",deno="[\d.]+"\} 1$/m);
    await checkRules(text, /^bobchat_(?!network)/);
    const dropped = ["evicted", "broken", "ended"].map((reason) =>
      valueOf(text, `bobchat_dropped_bytes_total{reason="${reason}"}`)
    ).reduce((sum, count) => sum + count);
    assertEquals(
      valueOf(text, "bobchat_queued_bytes_total"),
      valueOf(text, "bobchat_sent_bytes_total") + dropped +
        valueOf(text, "bobchat_pending_bytes"),
    );
  });
});

testWith(["curl"], "whoever prefers OpenMetrics gets it", async () => {
  const { bobchat, url } = await start();
  await using _ = bobchat;
  const [, head] = await ask(`${url}/metrics`, "-I", "-H", `Accept: ${OPEN}`);
  assertMatch(head, /content-type: application\/openmetrics-text; version=1\.0\.0/);
  const [, text] = await ask(`${url}/metrics`, "-H", `Accept: ${OPEN}`);
  assertStringIncludes(text, "# TYPE bobchat_messages counter\n");
  assert(text.endsWith("\n# EOF\n"));
});

testWith(["curl"], "a server that stops is not ready, and still lives", async () => {
  const { bobchat, url } = await start();
  await using _ = bobchat;
  // It never ends its side, so that stopping takes its time.
  using _alice = await Client.join(bobchat.port, "alice");
  bobchat.process.kill("SIGTERM");
  assertEquals(await askUntil(`${url}/readyz`, 503), "503: bobchat is stopping\n");
  assertEquals((await ask(`${url}/livez`))[0], 200);
  assertEquals(await bobchat.end(), 0);
});

testWith(["curl", "nats-server"], "a server that has lost its network is not ready", async () => {
  await using nats = await Nats.start();
  const { bobchat, url } = await start("--nats", nats.url, "--node", "a");
  await using _ = bobchat;
  assertEquals((await ask(`${url}/readyz`))[0], 200);
  const [, before] = await ask(`${url}/metrics`);
  assertEquals(valueOf(before, "bobchat_network_connected"), 1);
  assertEquals(valueOf(before, "bobchat_network_nodes"), 1);
  assertEquals(valueOf(before, "bobchat_network_lag_batches"), 0);
  await checkRules(before, /^bobchat_network/);
  await nats.kill();
  assertStringIncludes(await askUntil(`${url}/readyz`, 503), "has lost the others");
  const [, after] = await ask(`${url}/metrics`);
  assertEquals(valueOf(after, "bobchat_network_connected"), 0);
});

testWith(["promtool"], "promtool accepts the five alert rules", async () => {
  const promtool = new Program(["promtool", ["check", "rules", RULES]]);
  assertEquals(await promtool.end(), 0, promtool.stderr.text);
  assertMatch(promtool.stdout.text, /SUCCESS: 5 rules found/);
});

/** Starts Prometheus in a folder with the manual's configuration; returns how to query it. */
async function startPrometheus(folder: string, target: string) {
  const manual = await Deno.readTextFile(MANUAL);
  const [, scrape = ""] = /```yaml\n(scrape_configs:[^]*?)```/.exec(manual) ?? [];
  const often = "global: { scrape_interval: 1s, evaluation_interval: 1s }\n";
  const configuration = scrape.replace("127.0.0.1:9464", target)
    .replace("/etc/bobchat/alerts.yml", RULES);
  assertStringIncludes(configuration, target);
  assertStringIncludes(configuration, RULES);
  await Deno.writeTextFile(`${folder}/prometheus.yml`, often + configuration);
  const own = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
  const prometheus = new Program(["prometheus", [...own, "--web.listen-address=127.0.0.1:0"]], {
    input: false,
  });
  const text = await prometheus.stderr.until("ready to receive web requests");
  const [, address] = /msg="Listening on" address=(\S+)/.exec(text) ?? [];
  return {
    /** Asks until the answer matches. */
    async asks(path: string, wanted: RegExp): Promise<void> {
      const asking = async () => {
        while (!wanted.test((await ask(`http://${address}/api/v1/${path}`))[1]));
      };
      await inTime(asking(), () => `${wanted} from Prometheus`);
    },
    [Symbol.asyncDispose]: () => prometheus[Symbol.asyncDispose](),
  };
}

const scraped = "Prometheus scrapes it as the manual says, and has the alert rules";
testWith(["curl", "prometheus"], scraped, async () => {
  await inFolder(async (folder) => {
    const { bobchat, url } = await start();
    await using _ = bobchat;
    using _alice = await Client.join(bobchat.port, "alice");
    await using prometheus = await startPrometheus(folder, new URL(url).host);
    await prometheus.asks("query?query=bobchat_members", /"instance":"127[^]*"1"\]/);
    await prometheus.asks("rules", /"state":"inactive","name":"BobchatDown"/);
    bobchat.process.kill("SIGKILL");
    await prometheus.asks("rules", /"state":"pending","name":"BobchatDown"/);
  });
});

testWith(["curl"], "a port that is taken is told by the name of its option", async () => {
  const { bobchat, url } = await start();
  await using _ = bobchat;
  const { port } = new URL(url);
  const { code, stderr } = await run(["-p", "0", "-H", "127.0.0.1", "--status-port", port]);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /another program has that port, so stop it or choose another with --status-port/,
  );
  const same = await run(["-p", "7999", "--status-port", "7999"]);
  assertEquals(same.code, 2);
  assertMatch(same.stderr, /--status-port must be another port than --port/);
});
