// The first thing that an app sends: that it comes, or that it comes back.

import { count, Malformed, parseObject } from "./json_fields.ts";

/** What an app comes with. */
export interface Hello {
  /** Which connection it comes back to. */
  readonly token?: string;
  /** How many frames it had on that; none: it has forgotten them. */
  readonly received?: number;
}

/** Reads it; or returns a sentence for whoever wrote the app. */
export function readHello(json: string): Hello | string {
  try {
    const fields = parseObject(json);
    if (fields.type !== "join") return 'The first object is {"type":"join"}.';
    const token = typeof fields.token === "string" ? fields.token : undefined;
    return { token, received: fields.received === 0 ? 0 : count(fields, "received") };
  } catch (error) {
    if (error instanceof Malformed) return error.message;
    throw error;
  }
}
