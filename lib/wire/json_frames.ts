// What apps are sent: a JSON object a frame, the same bytes for all of them.

import type { Audience, Chunk, Delivery, Message } from "../chat/event.ts";
import type { Signal } from "../chat/signal.ts";
import { decodeFrames, encodeFrames, frameEnds } from "./websocket_frame.ts";

/** The protocol's version: it grows when something that was there changes or goes. */
export const VERSION = 1;

/** Every app. */
export const APPS: Audience = {
  encode(deliveries: readonly Delivery[]): Chunk {
    return encodeFrames(deliveries.map((delivery) => JSON.stringify(toObject(delivery))));
  },
  describe(chunk: Chunk): string {
    return decodeFrames(chunk).map((text) => text.replace(TOKEN, '"token":"…"')).join(" ");
  },
};

const TOKEN = /"token":"[^"]*"/;

/** A frame of this protocol's own, which no delivery stands for. */
export function encodeObject(object: object): Chunk {
  return encodeFrames([JSON.stringify(object)]);
}

/** Where the frame of a welcome begins and ends in a chunk; nothing where there is none. */
export function findWelcome(chunk: Chunk): { start: number; end: number } | undefined {
  let start = 0;
  for (const end of frameEnds(chunk)) {
    const [text] = decodeFrames(chunk.subarray(start, end));
    if (text?.startsWith('{"type":"welcome",')) return { start, end };
    start = end;
  }
}

/** What the README says of each. */
function toObject(delivery: Delivery): object {
  switch (delivery.kind) {
    case "notice": {
      const { text, at, room, isRefusal } = delivery;
      return { type: isRefusal ? "error" : "notice", text, at: iso(at), room: room?.name };
    }
    case "recollection": {
      const { messages, room, next } = delivery;
      return { type: "history", room: room?.name, messages: messages.map(toMessage), next };
    }
    case "finding":
      return { type: "found", messages: delivery.messages.map(toMessage) };
    case "signal":
      return fromSignal(delivery);
    default:
      return { type: "message", ...toMessage(delivery) };
  }
}

function fromSignal(signal: Signal): object {
  switch (signal.what) {
    case "welcome": {
      const { name, token, maxLine } = signal;
      return { type: "welcome", version: VERSION, name, token, maxLine };
    }
    case "password":
      return { type: "password" };
    case "members": {
      const { room, topic, isLocked: locked, size, members: present } = signal;
      const members = present.map(({ name, isAway: away }) => ({ name, away }));
      return { type: "members", room: room.name, topic, locked, size, members };
    }
    case "parted":
      return { type: "parted", room: signal.room.name };
    case "joined":
    case "left":
      return { type: signal.what, room: signal.room.name, name: signal.name };
    case "crowd":
      return { type: "crowd", room: signal.room.name, size: signal.size };
    case "renamed":
      return { type: "renamed", room: signal.room.name, from: signal.from, to: signal.to };
    case "away":
      return { type: "away", room: signal.room.name, name: signal.name, away: signal.isAway };
    case "topic":
      return { type: "topic", room: signal.room.name, topic: signal.topic };
    case "lock":
      return { type: "lock", room: signal.room.name, locked: signal.isLocked };
    case "rooms": {
      const rooms = signal.rooms.map(({ isLocked: locked, ...room }) => ({ ...room, locked }));
      return { type: "rooms", rooms };
    }
  }
}

function toMessage({ kind, id, at, from, text, room, to }: Message): object {
  return { kind, id, at: iso(at), from, text, room: room?.name, to: to?.name };
}

function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
