// The frames between a client and the server, as types only: this file is not served to browsers.

import type { ClientFrame, ServerFrame } from "../wire/frames.ts";
export type { Listed, Mark, Message, Present, ServerFrame as Frame } from "../wire/frames.ts";

type WithoutId<Frame> = Frame extends ClientFrame ? Omit<Frame, "id"> : never;

/** Why something was not done; `id` is the request's. */
export type Refusal = Extract<ServerFrame, { type: "error" }>;

/** The frames that change a room. */
export type Change = Extract<
  ServerFrame,
  { type: "joined" | "left" | "crowd" | "away" | "lost" | "topic" | "lock" }
>;

/** Those of them that say who has come and who has left. */
export type Coming = Extract<Change, { type: "joined" | "left" | "crowd" }>;

/** Whether somebody is here. */
export type Presence = Extract<ServerFrame, { type: "person" }>["presence"];

/** A frame from the client, without its number. */
export type Asked = WithoutId<ClientFrame>;
