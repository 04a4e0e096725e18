// Password hashes: scrypt, in a string that names its parameters, so that hashes which are harder to guess
// can later stand beside those that are kept now.

import { Buffer } from "node:buffer";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** The cost of one hash: N is 2^`log2N`. With these it takes 32 MiB and about 0.1 s. */
interface Cost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

const COST: Cost = { log2N: 15, r: 8, p: 1 };
const SALT_BYTES = 16, KEY_BYTES = 32;
/** The most that a stored hash may cost: a file from elsewhere must not take more than a moment to check. */
const MOST: Cost = { log2N: 18, r: 8, p: 4 };

const HASH =
  /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/]{22}==)\$([A-Za-z0-9+/]{43}=)$/;

/** Hashes a password with a new salt: `scrypt$15$8$1$<salt>$<key>`, salt and key in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  const { log2N, r, p } = COST;
  return ["scrypt", log2N, r, p, salt.toString("base64"), key.toString("base64")].join("$");
}

/** Whether this is the password that was hashed; false for a malformed hash. */
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

/** The key. Two keyboards can type one text as two strings; NFKC makes them one again. */
function derive(password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** log2N;
  // scrypt takes 128·N·r bytes, and a little more for p; Node's default limit is just below ours.
  const maxmem = 256 * N * r;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { N, r, p, maxmem }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
