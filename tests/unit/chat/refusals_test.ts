// What programs are told when something was not done: a code, and the number of what it answers.

import type { Event, Input } from "../../../lib/chat/event.ts";
import { type RefusalCode, REFUSALS } from "../../../lib/chat/refusals.ts";
import { assertEquals } from "../../assert.ts";
import { App } from "./app.ts";
import { crowned, people, type Person, runIn, type Setup, TestHistory } from "./people.ts";

const PASSWORD = "password";

/** A history that cannot be read. */
function unreadable(): TestHistory {
  const history = new TestHistory();
  Object.defineProperty(history, "recallTrouble", { value: "malformed" });
  history.search = () => Promise.resolve({ messages: [], trouble: "malformed" });
  return history;
}

/** The codes of what an app was refused, each with the number of what it answers. */
function refused({ encoder: { deliveries } }: App): [RefusalCode, number | undefined][] {
  return deliveries.flatMap((each): [RefusalCode, number | undefined][] =>
    each.kind === "notice" && each.code !== undefined ? [[each.code, each.answers]] : []
  );
}

/** A line as an app would ask for it. */
function line(text: string): Input {
  const [, name, rest = ""] = /^\/(\S+) ?(.*)$/.exec(text) ?? [];
  return name === undefined ? { kind: "text", text } : { kind: "command", name, text: rest };
}

/** What an app, guest3, asks for in a chat with alice, an operator, and with carol. */
interface Scenario {
  /** Lines and inputs, numbered from 1; those of an inner list come in one batch. */
  readonly asks: readonly (string | Input | readonly string[])[];
  /** Lines of alice's, before the app comes and after. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly setup?: Setup;
  readonly address?: string;
  /** The number of what is refused at the end; the last by default. */
  readonly answers?: number | "none";
}

/** The last refusal of an app's, and its number. */
async function play(
  { asks, before = [], after = [], setup = {}, address }: Scenario,
): Promise<{ refusal: [RefusalCode, number | undefined] | undefined; last: number }> {
  const [alice, , carol] = people(3) as [Person, Person, Person];
  const app = new App(2);
  app.address = address ?? app.address;
  let id = 0;
  const batches = asks.map((each): Event[] =>
    [each].flat().map((each) => {
      const input = typeof each === "string" ? line(each) : each;
      return app.input({ ...input, id: ++id } as Input);
    })
  );
  await runIn(
    setup,
    [alice.join(), carol.join()],
    setup.opens === undefined ? [] : alice.types("sesame"),
    ...crowned(alice),
    carol.types("/nick carol"),
    alice.types(...before),
    [app.join()],
    alice.types(...after),
    ...batches,
  );
  return { refusal: refused(app).at(-1), last: id };
}

const RULES = `/nick alice ${PASSWORD}`;

/** How each code is brought about; "malformed" is the protocol's. */
const SCENARIOS: Record<Exclude<RefusalCode, "malformed">, Scenario> = {
  "usage": { asks: ["/me"] },
  "unknown-command": { asks: ["/frobnicate"] },
  "operators-only": { asks: ["/bans"] },
  "muted": { asks: ["hello"], after: ["/mute guest3"] },
  "banned": { asks: [], address: "10.1.2.3", before: ["/ban 10.1.2.3"], answers: "none" },
  "name-banned": { asks: ["/nick eve"], before: ["/ban eve"] },
  "name-invalid": { asks: ["/nick a/b"] },
  "name-taken": { asks: ["/nick carol"] },
  "name-registered": { asks: ["/nick alice"] },
  "guest-name": { asks: [`/register ${PASSWORD}`] },
  "confirm": { asks: ["/nick bob", `/register ${PASSWORD}`, "/unregister"], answers: 3 },
  "not-registered": { asks: ["/unregister"] },
  "wrong-password": { asks: ["/nick alice wrong", "hello"], answers: 1 },
  "password-invalid": { asks: ["/nick bob", "/register short"] },
  "not-encrypted": { asks: ["/nick bob", `/register ${PASSWORD}`], address: "192.168.1.7" },
  "server-password": { asks: ["hello"], setup: { opens: (guess) => guess === "sesame" } },
  "no-such-person": { asks: ["/msg nobody hello"] },
  "no-such-room": { asks: ["/who nowhere"] },
  "room-name-invalid": { asks: ["/join a/b"] },
  "room-locked": { asks: ["/join tea"], after: ["/join tea", "/lock"] },
  "room-limit": { asks: Array.from({ length: 11 }, (_, i) => `/join r${i}`) },
  "not-in-room": { asks: [{ kind: "text", text: "hello", room: "nowhere" }] },
  "no-such-message": { asks: [{ kind: "delete", message: 99 }] },
  "too-old": {
    asks: ["hello", { kind: "edit", message: 1, text: "hello there" }],
    setup: { clock: (batch) => batch * 3_600_001 },
  },
  "not-allowed": { asks: ["/leave"] },
  "time-invalid": { asks: [RULES, "/mute carol 1h30"] },
  "too-long": { asks: [{ kind: "oversize", limit: 10 }] },
  "busy": { asks: [["/search tea", "/search coffee"]] },
  "limit": { asks: Array.from({ length: 101 }, (_, i) => `/ignore name${i}`) },
  "nothing-to-change": { asks: ["/nick bob", "/nick bob"] },
  "too-late": { asks: ["/nick bob", [`/register ${PASSWORD}`, "/nick ben", "hi"]], answers: 2 },
  "unreadable": {
    asks: ["/search tea", "hello"],
    setup: { history: unreadable() },
    answers: 1,
  },
  "wrong-protocol": { asks: [{ kind: "stranger", speaks: "HTTP" }] },
};

Deno.test("every refusal has its code, and the number of what it answers", async () => {
  assertEquals(
    Object.keys(SCENARIOS).sort(),
    Object.keys(REFUSALS).filter((code) => code !== "malformed").sort(),
  );
  for (const [code, scenario] of Object.entries(SCENARIOS)) {
    const { refusal, last } = await play(scenario);
    const { answers = last } = scenario;
    assertEquals(refusal, [code, answers === "none" ? undefined : answers], code);
  }
});

Deno.test("what had no number is refused without one", async () => {
  const app = new App(1);
  await runIn({}, [app.join()], [
    app.input({ ...line("/frobnicate"), id: 7 } as Input),
    app.input(line("/frobnicate")),
  ], [app.input(line("/search"))]);
  assertEquals(refused(app), [
    ["unknown-command", 7],
    ["unknown-command", undefined],
    ["usage", undefined],
  ]);
});

Deno.test("the answer to a server password names it, whatever came after", async () => {
  const app = new App(1);
  await runIn({ opens: () => false }, [app.join()], [
    app.input({ kind: "password", text: "barley", id: 4 }),
    app.input({ kind: "text", text: "hello", id: 5 }),
  ]);
  assertEquals(refused(app), [["wrong-password", 4]]);
});

Deno.test("earlier messages that cannot be read are refused to whoever asked, with their number", async () => {
  const app = new App(1);
  await runIn(
    { history: unreadable(), replay: 5 },
    [app.join()],
    [app.input({ ...line("/join tea"), id: 1 } as Input)],
    [app.input({ kind: "recall", isPrivate: false, range: { count: 5 }, id: 2 })],
    [app.input({ ...line("/history"), id: 3 } as Input)],
  );
  // Entering a room was refused to nobody, though what was said there is missing.
  assertEquals(refused(app), [
    ["unreadable", undefined],
    ["unreadable", undefined],
    ["unreadable", 2],
    ["unreadable", 3],
  ]);
});

Deno.test("who is put out by an operator's command is not told the command's number", async () => {
  const [operator, app] = [new App(1), new App(2)];
  app.address = "10.1.2.3";
  await runIn(
    { opens: (guess) => guess === "sesame" },
    [operator.join()],
    [operator.input({ kind: "password", text: "sesame" })],
    ...crowned(operator),
    [app.join()],
    [operator.input({ ...line("/ban 10.1.2.3"), id: 9 } as Input)],
  );
  assertEquals(refused(app), [["banned", undefined]]);
});
