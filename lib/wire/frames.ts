// The one schema of the JSON protocol: a table of every frame in both directions. The types are made from it,
// by which the encoder (json_frames.ts) and the page are checked, and so are the decoder's checks
// (read_frame.ts) and README.md's tables. It imports nothing; the page imports its types.

/** What the fields of an app's frames may hold, by kind; read_frame.ts checks each. */
export interface ClientKinds {
  /** Any text. */
  text: string;
  /** A text of one word. */
  name: string;
  /** A room's name; an app may put a `#` before it. */
  room: string;
  /** A text; any other value counts as missing. */
  token: string;
  /** A text of 32 to 200 characters. */
  secret: string;
  /** A whole number from 1. */
  count: number;
  /** A whole number from 0. */
  total: number;
  flag: boolean;
}

/** What the fields of any frame may hold. */
interface Kinds extends ClientKinds {
  /** As in `2026-11-24T08:43:33.273Z`. */
  time: string;
  "message kind": "message" | "action" | "private";
  messages: readonly Message[];
  members: readonly Present[];
  rooms: readonly Listed[];
  marks: readonly Mark[];
  presence: "here" | "away" | "lost" | "absent" | "unknown";
}

type Kind = keyof Kinds;

/** Fields by their names; `?` marks the kind of one that may be missing. */
type Fields<Of extends Kind = Kind> = Readonly<Record<string, Of | `${Of}?`>>;
/** Fields that an app may send. */
export type ClientFields = Fields<keyof ClientKinds>;

/** Types of frames by their names, each with a line on what it is for. */
type FrameTable<Of extends Kind = Kind> = Readonly<
  Record<string, { readonly fields: Fields<Of>; readonly help: string }>
>;

type KindOf<Field> = Field extends `${infer Of extends Kind}?` ? Of : Field extends Kind ? Field
: never;
type OptionalOf<Of> = { [Name in keyof Of]: Of[Name] extends `${Kind}?` ? Name : never }[keyof Of];

/** An object with these fields. */
export type Shape<Of> =
  & { readonly [Name in Exclude<keyof Of, OptionalOf<Of>>]: Kinds[KindOf<Of[Name]>] }
  & { readonly [Name in OptionalOf<Of>]?: Kinds[KindOf<Of[Name]>] };

type FramesOf<Table extends FrameTable> = {
  [Type in keyof Table]: { readonly type: Type } & Shape<Table[Type]["fields"]>;
}[keyof Table];

/** A field that every frame from an app may have. */
export const NUMBERED = { id: "count?" } as const satisfies ClientFields;

/** The frames from apps. */
export const CLIENT_FRAMES = {
  join: {
    fields: {
      ...{ name: "name?", password: "text?", room: "room?", key: "text?" },
      ...{ token: "token?", received: "total?", browser: "secret?" },
    },
    help: "Come in, enter one more room, or come back (see below). `key` is the server password.",
  },
  say: {
    fields: { text: "text", room: "room?", nonce: "secret?", again: "flag?" },
    help: "Say something, by default in the room that you entered last.",
  },
  edit: {
    fields: { message: "count", text: "text" },
    help: "Put a text in place of a message of yours, by the `id` that it has.",
  },
  delete: { fields: { message: "count" }, help: "Take a message back." },
  leave: {
    fields: { room: "room?" },
    help: "Leave a room, by default the one that you entered last.",
  },
  nick: {
    fields: { name: "name", password: "text?" },
    help: "Take another name; a registered one needs its password.",
  },
  password: { fields: { password: "text" }, help: "Give the server password when asked for it." },
  command: {
    fields: { name: "text", text: "text?", room: "room?", nonce: "secret?", again: "flag?" },
    help: "Run a command, such as `/rooms`: its name without the slash, and what follows it.",
  },
  history: {
    fields: { room: "room?", private: "flag?", before: "count?", after: "total?", count: "count?" },
    help:
      "Get 50 messages, or `count` (200 at most): the last ones, or those `before` or `after` an id.",
  },
  members: { fields: { room: "room?" }, help: "Ask who is in a room." },
  person: { fields: { name: "name" }, help: "Ask whether somebody is here." },
  read: {
    fields: { room: "room?", with: "name?", upTo: "count" },
    help: "A room, or the private talk `with` somebody, was read up to the message with this id.",
  },
} as const satisfies FrameTable<keyof ClientKinds>;

/** A message, as it is sent alone and in lists. */
export const MESSAGE = {
  ...{ kind: "message kind", id: "count", at: "time", from: "text", text: "text" },
  ...{ room: "room?", to: "text?", edited: "flag?", deleted: "flag?" },
} as const satisfies Fields;

/** Somebody in a room. */
export const PRESENT = {
  ...{ name: "text", away: "flag", lost: "flag?" },
} as const satisfies Fields;

/** A room in a list of rooms. */
export const LISTED = {
  ...{ name: "room", size: "total", topic: "text", locked: "flag" },
} as const satisfies Fields;

/** How far a room, or the private talk with somebody, was read. */
export const MARK = { room: "room?", with: "text?", upTo: "total" } as const satisfies Fields;

/** The frames to apps. */
export const SERVER_FRAMES = {
  welcome: {
    fields: {
      ...{ version: "count", name: "text", token: "text?", maxLine: "count" },
      editMinutes: "total",
    },
    help:
      "You are in, under this name. A text may have `maxLine` bytes, and can be changed for `editMinutes`. The `version` is 1.",
  },
  resumed: { fields: {}, help: "You are back, and what you missed follows." },
  ack: { fields: { id: "count" }, help: "The frame with this id has been handled." },
  message: { fields: MESSAGE, help: "`kind` is `message`, `action` or `private`." },
  edited: {
    fields: { id: "count", at: "time", from: "text", text: "text", room: "room?", to: "text?" },
    help: "The message with this id has another text now. `at` is when that was.",
  },
  deleted: {
    fields: { id: "count", at: "time", from: "text", by: "text", room: "room?", to: "text?" },
    help: "The message with this id was taken back, by its author or an operator.",
  },
  notice: {
    fields: { text: "text", at: "time?", room: "room?", about: "text?" },
    help: "A sentence of the server's. With `about`, the next frame, of that type, says it too.",
  },
  error: {
    fields: { text: "text", at: "time?", room: "room?", code: "text", id: "count?" },
    help: "Why something was not done. `code` names the reason, `id` the frame that it answers.",
  },
  history: {
    fields: { room: "room?", messages: "messages", next: "count?" },
    help: "Earlier messages, oldest first. With `next` there are more beyond that id.",
  },
  found: { fields: { messages: "messages" }, help: "The answer to `/search`, newest first." },
  members: {
    fields: { room: "room", topic: "text", locked: "flag", size: "total", members: "members" },
    help: "You are in this room, with these members; a crowd's first hundred.",
  },
  joined: { fields: { room: "room", name: "text" }, help: "Somebody came into a room." },
  left: { fields: { room: "room", name: "text" }, help: "Somebody left a room." },
  crowd: { fields: { room: "room", size: "total" }, help: "Many came or left; `size` are there." },
  renamed: {
    fields: { room: "room", from: "text", to: "text" },
    help: "Somebody took another name.",
  },
  away: {
    fields: { room: "room", name: "text", away: "flag" },
    help: "Somebody is away, or is back.",
  },
  lost: {
    fields: { room: "room", name: "text", lost: "flag" },
    help: "Somebody's app is cut off, or is back: what you write to them waits for it.",
  },
  topic: { fields: { room: "room", topic: "text" }, help: "A room's topic has changed." },
  lock: { fields: { room: "room", locked: "flag" }, help: "A room was locked or unlocked." },
  parted: { fields: { room: "room" }, help: "You are no longer in this room." },
  rooms: { fields: { rooms: "rooms" }, help: "The answer to `/rooms`." },
  read: { fields: { marks: "marks" }, help: "How far you have read, here or on another device." },
  person: {
    fields: { name: "text", presence: "presence" },
    help:
      "`presence` is `here`, `away`, `lost` (cut off), `absent` (messages wait until they come) or `unknown`.",
  },
  password: { fields: {}, help: "The server has a password: send it." },
  closed: {
    fields: { code: "count", text: "text?" },
    help: "Over lines alone, and the last: the connection ends, with a code from the list below.",
  },
} as const satisfies FrameTable;

/** A frame from an app. */
export type ClientFrame = FramesOf<typeof CLIENT_FRAMES> & Shape<typeof NUMBERED>;
/** A frame to an app. */
export type ServerFrame = FramesOf<typeof SERVER_FRAMES>;
/** A message, an action (`/me`), or a private message. */
export type Message = Shape<typeof MESSAGE>;
/** Somebody in a room. */
export type Present = Shape<typeof PRESENT>;
/** How far a room, or the private talk with somebody, was read. */
export type Mark = Shape<typeof MARK>;
/** A room in a list of rooms. */
export type Listed = Shape<typeof LISTED>;
