// The one table of serve's options: flags, environment variables, checks and --help are all made from it.

import { NATS_OPTIONS } from "./nats_options.ts";
import { option, text, toggle, type Values } from "./option.ts";
import * as value from "./values.ts";

const ONE_DAY = 24 * 60 * 60; // seconds
const KIB = 1024, MIB = 1024 * KIB;

/** Keys are the flags' names in camel case: `maxLine` is `--max-line` and `BOBCHAT_MAX_LINE`. */
export const OPTIONS = {
  port: option<number[]>({
    short: "p",
    argument: "PORT|FROM-TO",
    help: "TCP ports to listen on, repeatable; 0: a free one",
    fallback: [7777],
    shown: "7777",
    repeatable: true,
    parse: value.ports,
  }),
  host: option<string[]>({
    short: "H",
    argument: "ADDR",
    help: "address to listen on, repeatable",
    fallback: [],
    shown: "all, IPv6 too",
    repeatable: true,
    parse: value.hosts,
  }),
  classic: toggle({ help: "speak the protocol of Bob Chat v0.1 exactly" }),
  maxLine: option({
    argument: "BYTES",
    help: "longest text of a message",
    fallback: 1024,
    notClassic: "v0.1 has no lines, it reads 1024 bytes at a time",
    parse: value.size({ min: 16, max: 64 * KIB }),
  }),
  maxClients: option({
    argument: "N",
    help: "most connections at once",
    fallback: 10000,
    classic: Infinity,
    reloads: "always",
    parse: value.number({ min: 1, max: 1_000_000 }),
  }),
  maxPerAddress: option({
    argument: "N",
    help: "most from one address or IPv6 /64; 0: no limit",
    fallback: 0,
    reloads: "always",
    parse: value.number({ min: 0, max: 1_000_000 }),
  }),
  maxDevices: option({
    argument: "N",
    help: "most connections of one person",
    fallback: 10,
    notClassic: "v0.1 has no names, so nobody has two",
    reloads: "always",
    parse: value.number({ min: 1, max: 1000 }),
  }),
  maxPending: option({
    argument: "BYTES",
    help: "most data that may wait for a slow reader",
    fallback: MIB,
    shown: "1 MiB",
    parse: value.size({ min: 4 * KIB, max: 1024 * MIB }),
  }),
  writeTimeout: option({
    argument: "SEC",
    help: "close a connection that takes nothing so long",
    fallback: 30_000,
    shown: "30",
    classic: 0,
    reloads: "always",
    parse: value.seconds({ min: 0.1, max: ONE_DAY }),
  }),
  rate: option({
    argument: "N",
    help: "messages a second from a person; 0: no limit",
    fallback: 10,
    classic: 0,
    reloads: "always",
    parse: value.number({ min: 0, max: 1_000_000, fraction: true }),
  }),
  burst: option({
    argument: "N",
    help: "messages they may send at once before that",
    fallback: 40,
    reloads: "always",
    parse: value.number({ min: 1, max: 1_000_000 }),
  }),
  idleTimeout: option({
    argument: "SEC",
    help: "close a connection silent for so long; 0: never",
    fallback: 0,
    reloads: "always",
    parse: value.seconds({ min: 0, max: 365 * ONE_DAY }),
  }),
  history: option<string | undefined>({
    argument: "PATH",
    help: "keep messages, rooms, names and bans in this file",
    fallback: undefined,
    shown: "only in memory",
    notClassic: "v0.1 keeps nothing",
    parse: value.databasePath,
  }),
  keepDays: option({
    argument: "N",
    help: "delete messages after so many days; 0: never",
    fallback: 0,
    needs: "history",
    parse: value.number({ min: 0, max: 36_500 }),
  }),
  keepRooms: option({
    argument: "N",
    help: "delete empty rooms after so many days; 0: never",
    fallback: 30,
    notClassic: "v0.1 has one room",
    parse: value.number({ min: 0, max: 36_500 }),
  }),
  editMinutes: option({
    argument: "N",
    help: "minutes in which people may change messages; 0: never",
    fallback: 60,
    notClassic: "v0.1 has no commands",
    parse: value.number({ min: 0, max: 1440 }),
  }),
  replay: option({
    argument: "N",
    help: "earlier messages shown to a newcomer, 0 to 1000",
    fallback: 20,
    classic: 0,
    notClassic: "v0.1 shows no earlier messages",
    parse: value.number({ min: 0, max: 1000 }),
  }),
  motd: text({
    argument: "FILE",
    help: "text file shown to newcomers",
    notClassic: "v0.1 greets nobody",
    reloads: "always",
  }),
  passwordFile: text({
    argument: "PATH",
    help: "file whose first line is the server password",
    notClassic: "v0.1 asks for no password",
    reloads: "while set",
  }),
  tlsCert: text({
    argument: "FILE",
    help: "certificate in PEM, for TLS; SIGHUP reads it again",
    needs: "tlsKey",
    notClassic: "v0.1 has only TCP",
    reloads: "while set",
  }),
  tlsKey: text({
    argument: "FILE",
    help: "private key of the certificate, in PEM",
    needs: "tlsCert",
    reloads: "while set",
  }),
  tlsOnly: toggle({ help: "refuse whoever does not encrypt", needs: "tlsCert" }),
  noWeb: toggle({ help: "no page for browsers, and no WebSocket", notClassic: "v0.1 has no page" }),
  webName: option<string[]>({
    argument: "NAME",
    help: "other name of this server, repeatable",
    fallback: [],
    repeatable: true,
    notClassic: "v0.1 has no page",
    parse: value.hostNames,
  }),
  webOrigin: option<string[]>({
    argument: "ORIGIN",
    help: "other site whose pages may connect, repeatable",
    fallback: [],
    repeatable: true,
    notClassic: "v0.1 has no page",
    parse: value.origins,
  }),
  trustedProxy: option<string[]>({
    argument: "ADDR",
    help: "proxy that is believed, repeatable",
    fallback: [],
    repeatable: true,
    notClassic: "v0.1 knows no proxies",
    parse: value.networks,
  }),
  proxyProtocol: toggle({ help: "trusted proxies send PROXY headers", needs: "trustedProxy" }),
  ...NATS_OPTIONS,
  statusPort: option<number | undefined>({
    argument: "PORT",
    help: "port for /livez, /readyz and /metrics; 0: any free",
    fallback: undefined,
    parse: value.number({ min: 0, max: 65535 }),
  }),
  statusHost: option<string[]>({
    argument: "ADDR",
    help: "address of that port, repeatable",
    fallback: ["127.0.0.1"],
    shown: "127.0.0.1",
    repeatable: true,
    needs: "statusPort",
    parse: value.hosts,
  }),
  quiet: toggle({ help: "print only where it listens, not how to join" }),
  config: text({ argument: "FILE", help: "file with options in TOML; SIGHUP reads it again" }),
  logLevel: option<"debug" | "info" | "warning" | "error">({
    argument: "LEVEL",
    help: "debug | info | warning | error",
    fallback: "info",
    reloads: "always",
    parse: value.oneOf("debug", "info", "warning", "error"),
  }),
  logFormat: option<"text" | "json">({
    argument: "FORMAT",
    help: "text | json",
    fallback: "text",
    parse: value.oneOf("text", "json"),
  }),
  logFile: text({ argument: "PATH", help: "log to a file that rotates, instead of stderr" }),
};

/** Options of `bobchat serve`; times in milliseconds, sizes in bytes. */
export type Options = Values<typeof OPTIONS>;

/** Options of earlier versions, and what to do instead. */
export const REMOVED = {
  webPort: "the page is at every --port by default, so leave it out",
  webHost: "the page is at every --host, so leave it out",
  webTls: "with --tls-cert and --tls-key every --port speaks https as well, so leave it out",
  tlsPort: "--tls-cert and --tls-key turn TLS on at every --port, so leave it out",
};
