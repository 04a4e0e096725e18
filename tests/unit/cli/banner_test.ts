// What a host reads out to the others.

import { type Address, banner, type Told } from "../../../lib/cli/banner.ts";
import { assertEquals } from "../../assert.ts";

const MACHINE = [
  { address: "127.0.0.1", family: "IPv4" },
  { address: "::1", family: "IPv6" },
  { address: "192.168.1.5", family: "IPv4" },
  { address: "fe80::1", family: "IPv6" },
  { address: "10.0.0.7", family: "IPv4" },
  { address: "172.17.0.1", family: "IPv4" },
] as const;

const TOLD = {
  classic: false,
  noWeb: false,
  quiet: false,
  tlsCert: undefined,
  tlsOnly: false,
};

/** The banner of listeners, with options that differ from the usual ones. */
function shown(listeners: readonly Address[], told: Partial<Told> = {}): string[] {
  return banner("1.0", { listeners, machine: MACHINE, told: { ...TOLD, ...told } });
}

Deno.test("bound to all: the machine's own address, in a browser and in a terminal", () => {
  for (const [hostname, where] of [["::", "[::]"], ["0.0.0.0", "0.0.0.0"]]) {
    assertEquals(shown([{ hostname: hostname!, port: 7777 }]), [
      `bobchat 1.0 listening on ${where}:7777`,
      "  in a browser    http://192.168.1.5:7777",
      "  in a terminal   nc 192.168.1.5 7777     (or telnet, PuTTY, bobchat connect)",
    ]);
  }
});

Deno.test("bound to loopback, or without a network: this machine", () => {
  assertEquals(shown([{ hostname: "::1", port: 7 }]), [
    "bobchat 1.0 listening on [::1]:7",
    "  in a browser    http://[::1]:7",
    "  in a terminal   nc ::1 7     (or telnet, PuTTY, bobchat connect)",
  ]);
  const alone = banner("1.0", {
    listeners: [{ hostname: "::", port: 7 }],
    machine: MACHINE.slice(0, 2),
    told: TOLD,
  });
  assertEquals(alone[1], "  in a browser    http://127.0.0.1:7");
});

Deno.test("a line for each listener, and the ways in once", () => {
  const listeners = [7, 8].map((port) => ({ hostname: "10.0.0.7", port }));
  assertEquals(shown(listeners), [
    "bobchat 1.0 listening on 10.0.0.7:7",
    "bobchat 1.0 listening on 10.0.0.7:8",
    "  in a browser    http://10.0.0.7:7",
    "  in a terminal   nc 10.0.0.7 7     (or telnet, PuTTY, bobchat connect)",
  ]);
  assertEquals(shown(listeners, { quiet: true }), [
    "bobchat 1.0 listening on 10.0.0.7:7",
    "bobchat 1.0 listening on 10.0.0.7:8",
  ]);
});

Deno.test("the ways in are those that the options leave", () => {
  const at = [{ hostname: "10.0.0.7", port: 7 }];
  assertEquals(shown(at, { noWeb: true }).slice(1), [
    "  in a terminal   nc 10.0.0.7 7     (or telnet, PuTTY, bobchat connect)",
  ]);
  assertEquals(shown(at, { classic: true }).slice(1), [
    "  in a terminal   nc 10.0.0.7 7     (or telnet)",
  ]);
  assertEquals(shown(at, { tlsCert: "c" }).slice(1), [
    "  in a browser    https://10.0.0.7:7",
    "  in a terminal   nc 10.0.0.7 7     (or telnet, PuTTY, bobchat connect)",
    "                  ncat --ssl 10.0.0.7 7     (or bobchat connect --tls)",
  ]);
  assertEquals(shown(at, { tlsCert: "c", tlsOnly: true }).slice(1), [
    "  in a browser    https://10.0.0.7:7",
    "  in a terminal   ncat --ssl 10.0.0.7 7     (or bobchat connect --tls)",
  ]);
});
