// Passwords: hashed with a salt of their own, and checked.

import { hashPassword, verifyPassword } from "../../../lib/auth/passwords.ts";
import { assert, assertEquals, assertMatch } from "../../assert.ts";

Deno.test("a hash says how it was made, and is another each time", async () => {
  const [first, second] = await Promise.all([hashPassword("tea"), hashPassword("tea")]);
  assertMatch(first!, /^scrypt\$15\$8\$1\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/);
  assert(first !== second);
  for (const hash of [first!, second!]) assert(await verifyPassword("tea", hash));
  for (const wrong of ["Tea", "tea ", ""]) assert(!await verifyPassword(wrong, first!), wrong);
});

Deno.test("one password typed on two keyboards is one", async () => {
  const hash = await hashPassword("cafe\u0301 \uff11");
  assert(await verifyPassword("caf\u00e9 1", hash));
});

Deno.test("a hash made elsewhere, and at another cost, is read", async () => {
  // Python's hashlib.scrypt(b"pleaseletmein", salt=b"SodiumChlorideAB", n=2**14, r=8, p=1, dklen=32).
  const key = "xqsTiCgLxDETtDD8lCEqHfS1SY7WigEk28BqHDKwyTI=";
  const hash = `scrypt$14$8$1$${btoa("SodiumChlorideAB")}$${key}`;
  assert(await verifyPassword("pleaseletmein", hash));
  assert(!await verifyPassword("pleaseletmeout", hash));
});

Deno.test("a malformed hash is nobody's", async () => {
  const hash = await hashPassword("tea");
  const broken = [
    "",
    "tea",
    hash.slice(0, -1),
    `${hash}\n`,
    hash.replace("scrypt", "bcrypt"),
    hash.replace("$15$", "$99$"),
    hash.replace("$15$", "$0$"),
    hash.replace("$8$", "$-8$"),
    hash.replace("$1$", "$$"),
  ];
  for (const each of broken) assertEquals(await verifyPassword("tea", each), false, each);
});
