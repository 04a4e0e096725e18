// The registered names, where two of them look alike: another program or an earlier version allowed both.

import { Accounts } from "../../../lib/chat/accounts.ts";
import { nameKey } from "../../../lib/chat/names.ts";
import { assertEquals } from "../../assert.ts";

function account(id: number, name: string) {
  return { id, name, key: nameKey(name), hash: "", isOperator: false };
}

Deno.test("accounts whose names look alike are found by their own names, in whatever order they came", () => {
  const carol = account(1, "carol"), other = account(2, "caroI");
  for (const order of [[carol, other], [other, carol]]) {
    const accounts = new Accounts();
    for (const each of order) accounts.put(each);
    assertEquals(accounts.find("carol"), carol);
    assertEquals(accounts.find("caroI"), other);
    assertEquals(accounts.rival("caro1"), carol);
    assertEquals(accounts.rival("caro1", carol), other);
    accounts.remove(other.id);
    assertEquals(accounts.find("carol"), carol);
    assertEquals(accounts.rival("caroI"), carol);
  }
});
