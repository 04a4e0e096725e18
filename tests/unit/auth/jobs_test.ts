// Jobs come back with their outcome, and guessing gets slower: with a clock and a delay of the
// test's own.

import { scryptSync } from "node:crypto";
import { createAuthJobs } from "../../../lib/auth/jobs.ts";
import type { AuthJob } from "../../../lib/chat/job.ts";
import { assert, assertEquals } from "../../assert.ts";

type RunAuthJob = ReturnType<typeof createAuthJobs>;

/** "tea", hashed at the least cost that a hash may ask for: checking it takes no time. */
const HASH = `scrypt$1$1$1$${btoa("SodiumChlorideAB")}$${
  scryptSync("tea", "SodiumChlorideAB", 32, { N: 2, r: 1, p: 1 }).toString("base64")
}`;

/** Jobs whose clock goes on by what they wait, and what each waited, in seconds. */
function withFakeTime(): { run: RunAuthJob; waited: number[]; pass: (ms: number) => void } {
  const waited: number[] = [];
  let time = 0;
  const run = createAuthJobs({
    now: () => time,
    delay: (ms) => {
      waited.push(ms / 1000);
      time += ms;
      return Promise.resolve();
    },
  });
  return { run, waited, pass: (ms) => void (time += ms) };
}

function guess(password: string, from: { account?: number; address?: string } = {}): AuthJob {
  const { account = 1, address = "192.0.2.7" } = from;
  return { kind: "verify", name: "alice", account, password, hash: HASH, address };
}

async function isRight(run: RunAuthJob, job: AuthJob): Promise<boolean> {
  const result = await run(job);
  assert(result.kind === "verified");
  assertEquals([result.name, result.account], [
    "alice",
    job.kind === "verify" && job.account,
  ]);
  return result.isRight;
}

Deno.test("a password is hashed, then known again", async () => {
  const { run, waited } = withFakeTime();
  const address = "192.0.2.7";
  const hashed = await run({ kind: "hash", name: "alice", password: "milk", address });
  assert(hashed.kind === "hashed");
  assertEquals(hashed.name, "alice");
  const job = { ...guess("milk"), hash: hashed.hash } as AuthJob;
  assert(await isRight(run, job));
  assert(!await isRight(run, guess("milk")));
  assertEquals(waited, []);
});

Deno.test("from the third miss on the next guess waits, the right one as well", async () => {
  const { run, waited } = withFakeTime();
  for (let i = 0; i < 5; i++) assert(!await isRight(run, guess("milk")));
  assertEquals(waited, [1, 2]);
  assert(await isRight(run, guess("tea")));
  assertEquals(waited, [1, 2, 4]);
  assert(!await isRight(run, guess("milk")));
  assertEquals(waited, [1, 2, 4]);
});

Deno.test("other names and other addresses do not wait, a neighbour in the /64 does", async () => {
  const { run, waited } = withFakeTime();
  const address = "2001:db8::1";
  for (let i = 0; i < 3; i++) await run(guess("milk", { address }));
  await run(guess("tea", { address: "2001:db8:0:1::1" }));
  await run(guess("tea", { address, account: 2 }));
  assertEquals(waited, []);
  await run(guess("tea", { address: "2001:db8::2" }));
  assertEquals(waited, [1]);
});

Deno.test("after a quarter of an hour a guess is the first one again", async () => {
  const { run, waited, pass } = withFakeTime();
  for (let i = 0; i < 3; i++) await run(guess("milk"));
  pass(15 * 60_000);
  await run(guess("milk"));
  assertEquals(waited, []);
});

Deno.test("guesses at once are looked at one behind the other, and ten at most", async () => {
  const { run, waited } = withFakeTime();
  const results = await Promise.all(
    [...Array.from({ length: 5 }, () => "milk"), "tea", "tea", "tea", "tea", "tea", "tea"].map(
      (password) => run(guess(password)),
    ),
  );
  assertEquals(waited, [1, 2, 4]);
  assertEquals(
    results.map((result) => result.kind === "verified" ? result.isRight : result.kind),
    [...Array(5).fill(false), ...Array(5).fill(true), "busy"],
  );
});

Deno.test("guesses at many names make their network wait, though it knows one; other networks do not", async () => {
  const { run, waited } = withFakeTime();
  for (let account = 1; account <= 21; account++) {
    // What is no hash is nobody's password, and is looked at in no time.
    await run({ ...guess("milk", { account }), hash: "" } as AuthJob);
  }
  assertEquals(waited, []);
  assert(await isRight(run, guess("tea", { account: 50 })));
  assert(await isRight(run, guess("tea", { account: 50, address: "192.0.2.8" })));
  assert(await isRight(run, guess("tea", { account: 51 })));
  assertEquals(waited, [1, 1]);
});

/** Jobs of a chat whose password is "sesame". */
function atDoor() {
  const waited: number[] = [];
  let time = 0;
  const run = createAuthJobs({
    opens: (guess) => guess === "sesame",
    now: () => time,
    delay: (ms) => {
      waited.push(ms / 1000);
      time += ms;
      return Promise.resolve();
    },
  });
  const enter = async (password: string, address = "192.0.2.7") => {
    const result = await run({ kind: "enter", password, address });
    return result.kind === "entered" ? result.isRight : result.kind;
  };
  return { enter, waited };
}

Deno.test("guesses at the server password get slow for their network, the right one as well, and for no other", async () => {
  const { enter, waited } = atDoor();
  for (let i = 0; i < 5; i++) assertEquals(await enter("barley"), false);
  assertEquals(waited, [1, 2]);
  assertEquals(await enter("sesame", "192.0.2.8"), true);
  assertEquals(waited, [1, 2]);
  assertEquals(await enter("sesame"), true);
  assertEquals(waited, [1, 2, 4]);
  for (let i = 0; i < 3; i++) await enter("barley", `2001:db8::${i}`);
  assertEquals(waited.length, 3);
  assertEquals(await enter("sesame", "2001:db8:0:1::1"), true);
  assertEquals(waited.length, 3);
  assertEquals(await enter("sesame", "2001:db8::9"), true);
  assertEquals(waited.length, 4);
});

Deno.test("of one network ten guesses at the server password are in line", async () => {
  const { enter } = atDoor();
  const all = await Promise.all(Array.from({ length: 12 }, () => enter("barley")));
  assertEquals(all, [...Array(10).fill(false), "busy", "busy"]);
});

Deno.test("a network registers ten names, then one a minute", async () => {
  const { run, pass } = withFakeTime();
  const register = (address = "192.0.2.7") =>
    run({ kind: "hash", name: "alice", password: "milk", address });
  const kinds = (await Promise.all(Array.from({ length: 11 }, () => register()))).map(
    ({ kind }) => kind,
  );
  assertEquals(kinds, [...Array(10).fill("hashed"), "later"]);
  assertEquals(await register(), { kind: "later", wait: 60_000 });
  assertEquals((await register("192.0.2.8")).kind, "hashed");
  pass(60_000);
  assertEquals([(await register()).kind, (await register()).kind], ["hashed", "later"]);
});

Deno.test("a password is changed if the old one is right, and a wrong one counts as a guess", async () => {
  const { run, waited } = withFakeTime();
  const change = (password: string): AuthJob => ({
    ...{ kind: "change", name: "alice", account: 1, password, next: "coffee", hash: HASH },
    address: "192.0.2.7",
  });
  const told = { kind: "changed", name: "alice", account: 1, hash: HASH } as const;
  for (let i = 0; i < 3; i++) assertEquals(await run(change("milk")), told);
  assertEquals(waited, []);
  const changed = await run(change("tea"));
  assertEquals(waited, [1]);
  assert(changed.kind === "changed" && changed.next !== undefined);
  assert(await isRight(run, { ...guess("coffee"), hash: changed.next } as AuthJob));
});
