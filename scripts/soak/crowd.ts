// The load process: people who come and go, and some who stay and check what they hear. It does what it is told
// on stdin, an order a line in JSON, and answers on stdout in the same way.

import process from "node:process";
import { Comers } from "./comers.ts";
import { lines } from "./lines.ts";
import type { Answer, CrowdOptions, Noticed, Order } from "./orders.ts";
import { lag, Stayers } from "./stayers.ts";
import { delay } from "../../lib/std/typed.ts";

/** Milliseconds in which all must have come, and in which all that was said must be heard. */
const COME_WITHIN = 60_000, HEAR_WITHIN = 20_000;

async function main(options: CrowdOptions): Promise<void> {
  const stayers = new Stayers(options), comers = new Comers(options, stayers);
  let since = performance.now(), used = process.cpuUsage();
  const look = (): Noticed => {
    const now = performance.now(), { user, system } = process.cpuUsage(used);
    const busy = (user + system) / 1000 / (now - since);
    since = now;
    used = process.cpuUsage();
    return { window: stayers.look(), comers: comers.look(), busy, lag: lag.take() };
  };
  for await (const line of lines(Deno.stdin.readable)) {
    const order: Order = JSON.parse(line);
    let answer: Answer = {};
    switch (order.do) {
      case "stay":
        await until(() => stayers.areIn, COME_WITHIN);
        stayers.begin();
        break;
      case "come":
        comers.begin();
        break;
      case "burst":
        comers.burst(order.burst, order.count);
        break;
      case "look":
        answer = { noticed: look() };
        break;
      case "empty":
        comers.leave();
        stayers.hush();
        await until(() => comers.areGone && stayers.haveHeardAll, HEAR_WITHIN);
        answer = { rooms: stayers.close(), noticed: look() };
        break;
      case "gather":
        stayers.move();
        await until(() => stayers.haveMoved, HEAR_WITHIN);
        await delay(500);
        break;
      case "count": {
        const hearers = stayers.count;
        const before = stayers.heard;
        stayers.talk(order.each);
        const said = hearers * order.each;
        await until(() => stayers.heard - before >= said * hearers, HEAR_WITHIN);
        await delay(500);
        answer = { counted: { said, hearers: said * hearers, heard: stayers.heard - before } };
        break;
      }
      case "leave":
        stayers.leave();
    }
    await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(answer)}\n`));
    if (order.do === "leave") break;
  }
  Deno.exit(0);
}

/** Waits until something is so, or for so many milliseconds. */
async function until(condition: () => boolean, most: number): Promise<void> {
  const end = performance.now() + most;
  while (!condition() && performance.now() < end) await delay(50);
}

if (import.meta.main) await main(JSON.parse(Deno.args[0]!));
