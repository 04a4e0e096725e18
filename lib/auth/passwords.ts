// Passwords as they are kept: hashed with scrypt, by a string that says how, so that what is harder to
// guess tomorrow can stand beside what is kept today.

import { Buffer } from "node:buffer";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** What guessing costs: N is 2^`log2N`; 32 MiB and about 0.1 s a time with these. */
interface Cost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

const COST: Cost = { log2N: 15, r: 8, p: 1 };
const SALT_BYTES = 16, KEY_BYTES = 32;
/** The most that a hash may ask for: a file that somebody else wrote must not cost more than a moment. */
const MOST: Cost = { log2N: 18, r: 8, p: 4 };

const HASH =
  /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/]{22}==)\$([A-Za-z0-9+/]{43}=)$/;

/** A password's hash, with a salt of its own: `scrypt$15$8$1$<salt>$<key>`, both in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  const { log2N, r, p } = COST;
  return ["scrypt", log2N, r, p, salt.toString("base64"), key.toString("base64")].join("$");
}

/** Whether this is the password that was hashed; a malformed hash is nobody's. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, log2N, r, p, salt = "", key = ""] = HASH.exec(hash) ?? [];
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  const isCost = (["log2N", "r", "p"] as const).every((name) =>
    cost[name] >= 1 && cost[name] <= MOST[name]
  );
  if (!isCost) return false;
  const derived = await derive(password, Buffer.from(salt, "base64"), cost);
  return timingSafeEqual(derived, Buffer.from(key, "base64"));
}

/** One text typed on two keyboards can be two strings: NFKC makes them one again. */
function derive(password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** log2N;
  // scrypt takes 128·N·r bytes, and a little more for p; Node's own limit is just short of ours.
  const maxmem = 256 * N * r;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { N, r, p, maxmem }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
