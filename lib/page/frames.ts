// What the page and the server send each other, as types alone: this file is not served.

import type { ClientFrame } from "../wire/frames.ts";
export type { Listed, Message, Present, ServerFrame as Frame } from "../wire/frames.ts";

type WithoutId<Frame> = Frame extends ClientFrame ? Omit<Frame, "id"> : never;

/** What the page sends, without its number. */
export type Asked = WithoutId<ClientFrame>;
