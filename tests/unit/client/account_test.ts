// Whether the name is registered: what was asked for, and how the server answered.

import type { Asked, Frame } from "../../../lib/client/frames.ts";
import { Account } from "../../../lib/client/state/account.ts";
import { assertEquals } from "../../assert.ts";
import { live, refusal } from "./said.ts";

const SECRET = { isSecret: true };
const YES: Frame = { type: "notice", text: "It is." };
const NO: Frame = { type: "error", code: "refused", text: "It is not." };
const HERE: Frame = { type: "notice", text: "bob joined", room: "lobby" };

function command(name: string): Asked {
  return { type: "command", name, text: "long password" };
}

Deno.test("a name is one's own once the server has agreed to the password", () => {
  const rows: [Asked, Frame[], boolean][] = [
    [command("register"), [YES], true],
    [command("identify"), [HERE, live(1), YES], true],
    [{ type: "nick", name: "ann", password: "long password" }, [YES], true],
    [command("register"), [NO, YES], false],
    [command("register"), [HERE], false],
    [command("who"), [YES], false],
    [{ type: "join", name: "ann", password: "long password" }, [HERE, YES], true],
  ];
  for (const [asked, frames, isMine] of rows) {
    const account = new Account(false);
    account.handled(asked, SECRET);
    for (const frame of frames) account.apply(frame, "ann");
    assertEquals(account.isMine, isMine, JSON.stringify([asked, frames]));
  }
});

Deno.test("what is refused at once, or needs no password, proves nothing", () => {
  const account = new Account(false);
  account.handled(command("register"), { ...SECRET, refusal: refusal("Too short.") });
  account.apply(YES, "ann");
  account.handled({ type: "nick", name: "ann" }, { isSecret: false });
  account.apply(YES, "ann");
  assertEquals(account.isMine, false);
});

Deno.test("it is no more one's own in a new session, under another name, or once it is given up", () => {
  const forgets: ((account: Account) => void)[] = [
    (account) => account.forget(),
    (account) => account.apply({ type: "renamed", room: "lobby", from: "ann", to: "eve" }, "ann"),
    (account) => account.handled(command("unregister"), { isSecret: false }),
  ];
  for (const forget of forgets) {
    const account = new Account(true);
    forget(account);
    assertEquals(account.isMine, false);
  }
});

Deno.test("it stays one's own in other capitals, while others take other names, and where giving it up is refused", () => {
  const account = new Account(true);
  account.apply({ type: "renamed", room: "lobby", from: "ann", to: "Ann" }, "ann");
  account.apply({ type: "renamed", room: "lobby", from: "bob", to: "eve" }, "Ann");
  account.handled(command("unregister"), { isSecret: false, refusal: refusal("Not now.") });
  assertEquals(account.isMine, true);
});
