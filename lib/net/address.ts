// Addresses as people read them.

/** IPv4 on an IPv6 socket is still IPv4 to people, in either of the ways it is written. */
export function plainAddress(address: string): string {
  const [, dotted, high, low] = MAPPED.exec(address) ?? [];
  if (dotted !== undefined) return dotted;
  if (high === undefined || low === undefined) return address;
  const bits = parseInt(high, 16) * 0x10000 + parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => bits >>> shift & 0xff).join(".");
}

const MAPPED = /^::ffff:(?:([\d.]+)|([\da-f]{1,4}):([\da-f]{1,4}))$/i;

/** Whether an address is this machine's own alone. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** `ADDRESS:PORT`, with brackets around IPv6. */
export function formatAddress(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
