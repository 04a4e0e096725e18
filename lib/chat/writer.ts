// The one writer: takes the queue a batch at a time, lets each event change the house, then fans out.
// It never waits for a socket: an outbox takes its chunk and returns.

import { run } from "./commands/table.ts";
import type { Audience, Chunk, Delivery, Event, Input } from "./event.ts";
import { House, type Step } from "./house.ts";
import type { Member } from "./member.ts";

/** What the writer is given: `clock` tells epoch milliseconds. */
export interface WriterOptions {
  readonly batches: AsyncIterable<readonly Event[]>;
  readonly clock: () => number;
}

/** Runs until the batches end, then says goodbye to whoever is left and ends their connections. */
export async function write({ batches, clock }: WriterOptions): Promise<void> {
  const house = new House();
  for await (const batch of batches) {
    const at = clock();
    for (const event of batch) handle(house, event, at);
    fanOut(house.takeSteps());
  }
  house.close("The room is closing: goodbye");
  fanOut(house.takeSteps());
}

function handle(house: House, event: Event, at: number): void {
  if (event.kind === "join") return house.join(event);
  if (event.kind === "tick") return house.tick();
  const member = house.member(event.id);
  // Gone already: what was typed behind a /quit is nobody's any more.
  if (member === undefined) return;
  if (event.kind === "leave") return house.leave(member, event);
  heed(house, { member, input: event.input, at });
}

function heed(house: House, typed: { member: Member; input: Input; at: number }): void {
  const { member, input, at } = typed;
  switch (input.kind) {
    case "text":
      return house.say(member, { kind: "message", from: member.name, text: input.text, at });
    case "command":
      return run(input.name, { house, member, text: input.text, at });
    case "reply":
      return house.reply(member, input.chunk);
    case "oversize":
      return house.tell(
        member,
        `That line was longer than ${input.limit} bytes, so it was not sent: say it in shorter lines.`,
      );
    case "stranger":
      house.tell(
        member,
        `This port speaks plain text, not ${input.speaks}: join with nc or telnet.`,
      );
      return house.leave(member, { why: `spoke ${input.speaks}` });
  }
}

function fanOut(steps: readonly Step[]): void {
  for (const step of steps) {
    switch (step.kind) {
      case "room":
        send(step.room.hearers, step.deliveries);
        break;
      case "member":
        send([step.member], step.deliveries);
        break;
      case "enter":
        step.room.hearers.add(step.member);
        break;
      case "exit":
        step.room.hearers.delete(step.member);
        break;
      case "reply":
        step.member.outbox.write(step.chunk);
        break;
      case "end":
        step.member.outbox.end(step.why);
    }
  }
}

/** Encodes once an audience; all its members' outboxes share the bytes. */
function send(members: Iterable<Member>, deliveries: readonly Delivery[]): void {
  const chunks = new Map<Audience, Chunk>();
  for (const { audience, outbox } of members) {
    let chunk = chunks.get(audience);
    if (chunk === undefined) chunks.set(audience, chunk = audience.encode(deliveries));
    if (chunk.length > 0) outbox.write(chunk);
  }
}
