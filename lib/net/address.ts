// Addresses as people read them.

/** IPv4 on an IPv6 socket is still IPv4 to people. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** Whether an address is this machine's own alone. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** `ADDRESS:PORT`, with brackets around IPv6. */
export function formatAddress(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
