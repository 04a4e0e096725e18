// Parses an app's JSON into frames, checking each field by the table in frames.ts. An error is a sentence for
// the app's developer.

import {
  CLIENT_FRAMES,
  type ClientFields,
  type ClientFrame,
  type ClientKinds,
  NUMBERED,
  type Shape,
} from "./frames.ts";
import { sanitize } from "./sanitize.ts";

/** What is wrong with an app's input, and its id if that could be read. */
export interface Malformed {
  readonly type: "malformed";
  readonly text: string;
  readonly id?: number;
}

/**
 * What an app needs to come back: the token of its connection, and how many frames it has received; and the secret
 * that it shares with other tabs of its browser.
 */
export type Hello = Pick<
  Extract<ClientFrame, { type: "join" }>,
  "type" | "token" | "received" | "browser"
>;

/** Something is wrong with an object; the message is a sentence. */
class Fault extends Error {}

/** An object as the app sent it. */
type Sent = Readonly<Record<string, unknown>>;

/** One field of it. */
interface Field {
  readonly value: unknown;
  readonly name: string;
  /** The type of its frame. */
  readonly type: unknown;
}

const LINE_ENDS = /\r\n?|\n/g;
const TYPES = Object.keys(CLIENT_FRAMES).map((type) => `"${type}"`);

/** Checks and cleans a field of each kind; undefined counts as missing. */
const READERS: {
  readonly [Kind in keyof ClientKinds]: (field: Field) => ClientKinds[Kind] | undefined;
} = {
  text: readText,
  name(field) {
    const name = readText(field);
    if (/\s/.test(name)) throw new Fault("A name is one word.");
    return name;
  },
  room: (field) => readText(field).replace(/^#/, "") || undefined,
  token: ({ value }) => typeof value === "string" ? value : undefined,
  secret({ value, name }) {
    if (typeof value === "string" && value.length >= 32 && value.length <= 200) return value;
    throw new Fault(`"${name}" is a random text of 32 to 200 characters.`);
  },
  count: (field) => readWhole(field, 1),
  total: (field) => readWhole(field, 0),
  flag({ value, name }) {
    if (typeof value === "boolean") return value;
    throw new Fault(`"${name}" is true or false.`);
  },
};

const readId = reader(NUMBERED);
const { token, received, browser } = CLIENT_FRAMES.join.fields;
const readReturn = reader({ token, received, browser });
const BY_TYPE: ReadonlyMap<unknown, (sent: Sent) => object> = new Map(
  Object.entries(CLIENT_FRAMES).map(([type, { fields }]) => [type, reader(fields)]),
);

/** Reads a frame. */
export function readFrame(json: string): ClientFrame | Malformed {
  let id: number | undefined;
  try {
    const sent = parseObject(json);
    ({ id } = readId(sent));
    const { type } = sent, read = BY_TYPE.get(type);
    if (read === undefined) {
      throw new Fault(`A type is ${TYPES.slice(0, -1).join(", ")} or ${TYPES.at(-1)}.`);
    }
    // The type and its fields come from the same row, which the compiler cannot see.
    return { type, id, ...read(sent) } as ClientFrame;
  } catch (error) {
    return malformed(error, id);
  }
}

/** Reads an app's first frame, which must be a join: only what says whose connection it is. */
export function readHello(json: string): Hello | Malformed {
  try {
    const sent = parseObject(json);
    if (sent.type !== "join") throw new Fault('The first object is {"type":"join"}.');
    return { type: "join", ...readReturn(sent) };
  } catch (error) {
    return malformed(error);
  }
}

function malformed(error: unknown, id?: number): Malformed {
  if (error instanceof Fault) return { type: "malformed", text: error.message, id };
  throw error;
}

function parseObject(json: string): Sent {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Fault("That is no JSON.");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Sent;
  throw new Fault('That is no object: send one, such as {"type":"say","text":"hello"}.');
}

/** Makes a reader of these fields; null counts as missing, as many languages' libraries send it. */
function reader<Of extends ClientFields>(fields: Of): (sent: Sent) => Shape<Of> {
  // Once for each row of the table, since every message is read this way.
  const rules = Object.entries(fields).map(([name, kind]) => ({
    name,
    isOptional: kind.endsWith("?"),
    read: READERS[kind.replace("?", "") as keyof ClientKinds],
  }));
  return (sent) => {
    const found: Record<string, unknown> = {};
    for (const { name, isOptional, read } of rules) {
      const value = sent[name] ?? undefined;
      if (value === undefined && isOptional) found[name] = undefined;
      else found[name] = read({ value, name, type: sent.type });
    }
    return found as Shape<Of>;
  };
}

/** A text without what must not reach others; line ends become spaces. */
function readText({ value, name, type }: Field): string {
  if (typeof value === "string") return sanitize(value.toWellFormed().replace(LINE_ENDS, " "));
  throw new Fault(`${JSON.stringify(type)} needs a text as its "${name}".`);
}

function readWhole({ value, name }: Field, least: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
  throw new Fault(`"${name}" is a whole number from ${least}.`);
}
