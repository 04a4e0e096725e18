// Whose an address is, as far as one can tell.

/** An IPv4 address itself; of an IPv6 address its /64, which one customer has the whole of. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.replace(/%.*/, "").toLowerCase().split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail ? tail.split(":") : [];
  // A dotted end stands for two groups of the eight.
  const count = first.length + last.length + (plain.includes(".") ? 1 : 0);
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - count }, () => "0");
  const groups = [...first, ...zeros, ...last].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":") + "::/64";
}
