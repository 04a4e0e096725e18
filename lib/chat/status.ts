// How the server is, as its operators are told by /status. What it is like is measured outside the chat, as a job.

import { plural } from "../std/plural.ts";
import { lasting } from "./term.ts";

/** A reader for whom something waits. */
export interface SlowReader {
  /** The member's name; empty before it has one. */
  readonly name: string;
  readonly remote: string;
  /** Bytes that wait. */
  readonly pending: number;
  /** Milliseconds for which it has taken nothing. */
  readonly quiet: number;
}

/** How the server is. Rates, lag and processor are of the last minute. */
export interface Status {
  /** Milliseconds since it was started. */
  readonly uptime: number;
  readonly connections: number;
  /** Messages said, and deliveries of messages, a second. */
  readonly messages: number;
  readonly deliveries: number;
  /** Milliseconds by which the event loop was late at most. */
  readonly lag: number;
  /** The share of one core. */
  readonly processor: number;
  /** Bytes of memory. */
  readonly memory: number;
  /** Worst first. */
  readonly slowest: readonly SlowReader[];
}

/** The status in words, one line each. */
export function describe(
  { uptime, connections, messages, deliveries, lag, processor, memory, slowest }: Status,
): string[] {
  const readers = slowest.map(({ name, remote, pending, quiet }) => {
    const idle = quiet < 1000 ? "" : `, nothing taken for ${lasting(quiet)}`;
    return `${name || remote} (${bytes(pending)} wait${idle})`;
  });
  return [
    `This server has been up for ${lasting(uptime)}, and has ${plural(connections, "connection")}.`,
    `In the last minute: ${rate(messages)} messages and ${rate(deliveries)} deliveries a second, ` +
    `${Math.round(processor * 100)} % of a core, at most ${Math.round(lag)} ms late. ` +
    `Memory: ${bytes(memory)}.`,
    readers.length === 0 ? "Nobody reads slowly." : `Slowest readers: ${readers.join(", ")}.`,
  ];
}

function rate(each: number): string {
  return each < 10 ? `${Math.round(each * 10) / 10}` : `${Math.round(each)}`;
}

const UNITS: readonly (readonly [string, number])[] = [["MiB", 1024 * 1024], ["KiB", 1024]];

function bytes(count: number): string {
  const [unit, size] = UNITS.find(([, size]) => count >= size) ?? ["bytes", 1];
  return `${Math.round(count / size)} ${unit}`;
}
