// Addresses, and ranges of them.

import { BlockList, isIP } from "node:net";

/** Whether a text is an address or a range: `10.1.2.3`, `10.1.2.0/24`, `fe80::/10`. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  const fits = bits === undefined ||
    /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  // A link-local address names its interface, which no list knows.
  return family !== 0 && !address.includes("%") && rest.length === 0 && fits;
}

/** A list of addresses and ranges. */
export class Networks {
  readonly #list = new BlockList();

  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = "", bits] = network.split("/");
      if (bits === undefined) this.#list.addAddress(address, family(address));
      else this.#list.addSubnet(address, Number(bits), family(address));
    }
  }

  /** Whether an address is in it. */
  has(address: string): boolean {
    const [bare = ""] = address.split("%");
    return this.#list.check(bare, family(bare));
  }
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
