// Parsers of option values: a text in, a checked value out, or a sentence that says what to type.

import { parseNetwork } from "../chat/address.ts";
import { nearest } from "../std/nearest.ts";
import { UsageError } from "../errors.ts";

/** Turns an option's text into its value; throws a `UsageError` that begins with `name`. */
export interface Parse<T> {
  (text: string, name: string): T;
  /** The only texts that there are, if there are few. */
  readonly words?: readonly string[];
}

/** A number from `min` to `max`; whole unless `fraction` is set. */
export function number(
  { min, max, fraction = false }: { min: number; max: number; fraction?: boolean },
): Parse<number> {
  const kind = fraction ? "a number" : "a whole number";
  return (text, name) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    if ((fraction || Number.isInteger(value)) && value >= min && value <= max) return value;
    throw new UsageError(
      `${name} takes ${kind} from ${min} to ${max}, not ${JSON.stringify(text)}`,
    );
  };
}

const UNITS: Record<string, number> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A size in bytes from `min` to `max`: `65536`, `64K`, `64 KiB`, `1MiB`. */
export function size({ min, max }: { min: number; max: number }): Parse<number> {
  return (text, name) => {
    const match = /^(\d+)\s*([kmg]?)(?:i?b)?$/i.exec(text);
    const value = match ? Number(match[1]) * UNITS[match[2]!.toLowerCase()]! : NaN;
    if (value >= min && value <= max) return value;
    throw new UsageError(
      `${name} takes a size from ${min} to ${max} bytes, such as 65536 or 64KiB, not ` +
        JSON.stringify(text),
    );
  };
}

/** Seconds, as milliseconds; 0 where `min` allows it. */
export function seconds({ min, max }: { min: number; max: number }): Parse<number> {
  const parse = number({ min, max, fraction: true });
  return (text, name) => parse(text, name) * 1000;
}

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): Parse<T> {
  const parse = (text: string, name: string) => {
    const word = words.find((word) => word === text.toLowerCase());
    if (word !== undefined) return word;
    const near = nearest(text.toLowerCase(), words);
    const hint = near === undefined ? "" : `: did you mean ${near}?`;
    throw new UsageError(
      `${name} is ${words.slice(0, -1).join(", ")} or ${words.at(-1)}, not ${
        JSON.stringify(text)
      }${hint}`,
    );
  };
  return Object.assign(parse, { words });
}

/** Yes or no. */
export const yesOrNo: Parse<boolean> = (text, name) => {
  const yes = ["1", "true", "yes", "on"].includes(text.toLowerCase());
  if (yes || ["0", "false", "no", "off"].includes(text.toLowerCase())) return yes;
  throw new UsageError(`${name} takes true or false, not ${JSON.stringify(text)}`);
};

/** Any text: the caller has checked that there is one. */
export const anyText: Parse<string> = (text) => text;

/** The path of a SQLite file; names with a special meaning to SQLite are refused. */
export const databasePath: Parse<string> = (text, name) => {
  if (text.trim() !== "" && !/^(?::|file:)/i.test(text) && !text.includes("\0")) return text;
  throw new UsageError(
    `${name} takes the path of a file, such as chat.db, not ${JSON.stringify(text)}`,
  );
};

/** Most ports that one server opens. */
const MOST_PORTS = 64;

/** `7777`, `7777-7780`, or several of these with commas: the ports without duplicates (0 may repeat). */
export const ports: Parse<number[]> = (text, name) => {
  const all: number[] = [];
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part) ?? [];
    const from = Number(first), to = Number(last);
    if (!(from <= to && to <= 65535) || (from === 0 && to > 0)) {
      throw new UsageError(
        `${name} takes a port from 0 to 65535 or a range such as 7777-7780, not ${
          JSON.stringify(part)
        }`,
      );
    }
    for (let port = from; port <= to; port++) {
      if (port === 0 || !all.includes(port)) all.push(port);
      if (all.length > MOST_PORTS) {
        throw new UsageError(`${name} opens at most ${MOST_PORTS} ports, and ${text} is more`);
      }
    }
  }
  return all;
};

/** What stands between commas. Throws a `UsageError` that shows the first that is wrong. */
function parts(
  text: string,
  { isRight, name, takes }: { isRight: (part: string) => boolean; name: string; takes: string },
): string[] {
  const all = text.split(",").map((part) => part.trim());
  const wrong = all.find((part) => !isRight(part));
  if (wrong === undefined) return all;
  throw new UsageError(`${name} takes ${takes}, not ${JSON.stringify(wrong)}`);
}

/** Addresses separated by commas. */
export const hosts: Parse<string[]> = (text, name) => {
  const isRight = (host: string) =>
    /^(?:[\w.:%-]+|\[[\w.:%-]+\])$/.test(host) && !/^[^:]+:\d+$/.test(host);
  const all = parts(text, { isRight, name, takes: "an address of this machine, without a port" });
  return [...new Set(all.map((host) => host.replace(/^\[(.*)\]$/, "$1")))];
};

/** Host names separated by commas: `chat.example`. */
export const hostNames: Parse<string[]> = (text, name) => {
  const isRight = (host: string) => /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(host);
  return parts(text, { isRight, name, takes: "a host name such as chat.example" })
    .map((host) => host.toLowerCase());
};

/** Origins of web pages separated by commas: `https://chat.example`. */
export const origins: Parse<string[]> = (text, name) => {
  const bare = (origin: string) => origin.replace(/\/$/, "");
  const isRight = (origin: string) =>
    URL.canParse(origin) && /^https?:\/\//.test(origin) && new URL(origin).origin === bare(origin);
  return parts(text, { isRight, name, takes: "an origin such as https://chat.example" }).map(bare);
};

/** Servers of NATS separated by commas: `nats://10.0.0.1:4222`, `tls://USER:PASSWORD@nats.example`, `10.0.0.1`. */
export const natsServers: Parse<string[]> = (text, name) => {
  const all = text.split(",").map((server) => server.trim().replace(/\/$/, ""));
  if (all.every(isNatsServer)) return all;
  // A password may have commas and slashes that were to be written as %2C and %2F.
  const shown = text.replace(/^([a-z]+:\/\/)?.*@/is, "$1");
  throw new UsageError(
    `${name} takes an address such as nats://10.0.0.1:4222, not ${JSON.stringify(shown)}`,
  );
};

/** What a user's name and password have besides letters and digits is written as `%2C`. */
const NATS_SERVER =
  /^(?:(?:nats|tls):\/\/)?(?:(?:[\w.~!$&'()*+;=:-]|%[\da-f]{2})+@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

function isNatsServer(server: string): boolean {
  return NATS_SERVER.test(server) &&
    URL.canParse(server.includes("://") ? server : `nats://${server}`);
}

/** The name of a network, or of a server in it. */
export const networkName: Parse<string> = (text, name) => {
  if (/^[A-Za-z0-9_-]{1,32}$/.test(text)) return text;
  throw new UsageError(
    `${name} takes a name of 1 to 32 letters, digits, _ or -, not ${JSON.stringify(text)}`,
  );
};

/** Addresses and ranges separated by commas: `10.0.0.1`, `10.0.0.0/8`. */
export const networks: Parse<string[]> = (text, name) => {
  const isRight = (network: string) => parseNetwork(network) !== undefined;
  return parts(text, { isRight, name, takes: "an address or a range such as 10.0.0.0/8" });
};

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/i;

/** `2026-11-24` or `2026-11-24T10:00`, local unless it has a zone, as epoch ms: a date's start or end. */
export function time({ bareDate }: { bareDate: "begins" | "ends" }): Parse<number> {
  return (text, name) => {
    const [, year, month, day, clock, zone = ""] = DATE.exec(text) ?? [];
    const date = `${year}-${month}-${day}`;
    // Date accepts the 30th of February as the 2nd of March.
    const midnight = Date.parse(`${date}T00:00Z`);
    if (midnight >= 0 && new Date(midnight).toISOString().startsWith(date)) {
      const at = clock === undefined
        ? new Date(Number(year), Number(month) - 1, Number(day) + (bareDate === "ends" ? 1 : 0))
        : new Date(`${date}T${clock}${zone.toUpperCase()}`);
      if (!Number.isNaN(at.getTime())) return at.getTime();
    }
    throw new UsageError(
      `${name} takes a date or a time such as 2026-11-24 or 2026-11-24T10:00, not ${
        JSON.stringify(text)
      }`,
    );
  };
}
