// What apps are sent: frames of one JSON object each, the same bytes for all apps with the same framing.

import type { Chunk, Delivery, Encoder, Mended, Notice } from "../chat/delivery.ts";
import type { Message } from "../chat/message.ts";
import type { RefusalCode } from "../chat/refusals.ts";
import type { ShownMark, StateChange } from "../chat/state_change.ts";
import type { Mark, Message as SentMessage, ServerFrame } from "./frames.ts";
import type { Framing } from "./framing.ts";
import type { Malformed } from "./read_frame.ts";
import { toBytes, toChunk } from "./chunk.ts";
import { LINES } from "./line_frame.ts";
import { WEBSOCKET } from "./websocket_frame.ts";

/** The protocol's version: it grows when something existing changes or is removed. */
export const VERSION = 1;

/** The encoder of all apps with the same framing. */
export class JsonEncoder implements Encoder {
  readonly framing: Framing;

  constructor(framing: Framing) {
    this.framing = framing;
  }

  encode(deliveries: readonly Delivery[]): Chunk {
    const frames = deliveries.map((delivery, at) => toFrame(delivery, deliveries[at + 1]));
    return toChunk(this.framing.encode(frames.map((frame) => JSON.stringify(frame))));
  }

  describe(chunk: Chunk): string {
    const texts = this.framing.decode(toBytes(chunk));
    return texts.map((text) => text.replace(TOKEN, '"token":"…"')).join(" ");
  }

  /** Encodes a frame that is the protocol's own, and no delivery. */
  encodeFrame(frame: ServerFrame): Chunk {
    return toChunk(this.framing.encode([JSON.stringify(frame)]));
  }

  /** Encodes the answer to an input that is no frame. */
  encodeMalformed({ text, id }: Malformed): Chunk {
    const code: RefusalCode = "malformed";
    return this.encodeFrame({ type: "error", text, code, id });
  }
}

/** The encoders of apps over WebSockets, and of those that send lines. */
export const WEBSOCKET_ENCODER = new JsonEncoder(WEBSOCKET), LINE_ENCODER = new JsonEncoder(LINES);

const TOKEN = /"token":"[^"]*"/;

function toFrame(delivery: Delivery, next?: Delivery): ServerFrame {
  switch (delivery.kind) {
    case "notice":
      return fromNotice(delivery, next);
    case "history page": {
      const { messages, room, next } = delivery;
      return { type: "history", room: room?.name, messages: messages.map(toMessage), next };
    }
    case "search results":
      return { type: "found", messages: delivery.messages.map(toMessage) };
    case "state":
      return fromStateChange(delivery);
    case "receipt":
      return { type: "ack", id: delivery.id };
    case "mended":
      return fromMended(delivery);
    default:
      return { type: "message", ...toMessage(delivery) };
  }
}

function fromNotice(notice: Notice, next?: Delivery): ServerFrame {
  const { text, at, room, code, answers } = notice;
  const words = { text, at: iso(at), room: room?.name };
  if (code === undefined) return { type: "notice", ...words, about: aboutOf(notice, next) };
  return { type: "error", ...words, code, id: answers };
}

/** What a notice is about: the change of its room that is told right after it. */
function aboutOf({ room, by }: Notice, next?: Delivery): StateChange["what"] | undefined {
  if (room === undefined || next?.kind !== "state" || !("room" in next)) return undefined;
  // Who ignores somebody is sent that one's changes without the notices: then the one before is not about it,
  // and either is nobody's, or has a change of its own.
  const isOfCrowd = next.what === "crowd", isNobodys = by === undefined;
  return next.room.id === room.id && isOfCrowd === isNobodys ? next.what : undefined;
}

function fromStateChange(change: StateChange): ServerFrame {
  switch (change.what) {
    case "welcome": {
      const { name, token, maxLine, editMinutes } = change;
      return { type: "welcome", version: VERSION, name, token, maxLine, editMinutes };
    }
    case "password":
      return { type: "password" };
    case "members": {
      const { room, topic, isLocked: locked, size, members: present } = change;
      const members = present.map(({ name, isAway: away, isLost }) => ({
        ...{ name, away, lost: isLost || undefined },
      }));
      return { type: "members", room: room.name, topic, locked, size, members };
    }
    case "parted":
      return { type: "parted", room: change.room.name };
    case "joined":
    case "left":
      return { type: change.what, room: change.room.name, name: change.name };
    case "crowd":
      return { type: "crowd", room: change.room.name, size: change.size };
    case "renamed":
      return { type: "renamed", room: change.room.name, from: change.from, to: change.to };
    case "away":
      return { type: "away", room: change.room.name, name: change.name, away: change.isAway };
    case "lost":
      return { type: "lost", room: change.room.name, name: change.name, lost: change.isLost };
    case "topic":
      return { type: "topic", room: change.room.name, topic: change.topic };
    case "lock":
      return { type: "lock", room: change.room.name, locked: change.isLocked };
    case "rooms": {
      const rooms = change.rooms.map(({ isLocked: locked, ...room }) => ({ ...room, locked }));
      return { type: "rooms", rooms };
    }
    case "read":
      return { type: "read", marks: change.marks.map(toMark) };
    case "person":
      return { type: "person", name: change.name, presence: change.presence };
  }
}

function toMark(mark: ShownMark): Mark {
  const { upTo } = mark;
  return "room" in mark ? { room: mark.room.name, upTo } : { with: mark.person, upTo };
}

function fromMended({ message, at, who }: Mended): ServerFrame {
  const { id, from, text, room, to, deleted } = message;
  const where = { id, at: iso(at), from, room: room?.name, to: to?.name };
  return deleted ? { type: "deleted", ...where, by: who } : { type: "edited", ...where, text };
}

function toMessage(
  { kind, id, at, from, text, room, to, edited, deleted }: Message,
): SentMessage {
  return { kind, id, at: iso(at), from, text, room: room?.name, to: to?.name, edited, deleted };
}

function iso(at: number): string;
function iso(at: number | undefined): string | undefined;
function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
