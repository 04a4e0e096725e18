// The protocol's objects as types, for `deno check` alone: what the page is sent, and what it sends.

/** What somebody said, did (`/me`), or said to one person alone. */
export interface Message {
  readonly kind: "message" | "action" | "private";
  /** Its place in the server's order. */
  readonly id: number;
  /** As in `2026-11-24T08:43:33.273Z`. */
  readonly at: string;
  readonly from: string;
  readonly text: string;
  readonly room?: string;
  readonly to?: string;
}

/** Somebody in a room. */
export interface Present {
  readonly name: string;
  readonly away: boolean;
}

/** A room among others. */
export interface Listed {
  readonly name: string;
  readonly size: number;
  readonly topic: string;
  readonly locked: boolean;
}

/** What a page is sent. */
export type Frame =
  | {
    readonly type: "welcome";
    readonly name: string;
    readonly token?: string;
    /** Bytes that a message may have. */
    readonly maxLine: number;
  }
  | { readonly type: "resumed" | "password" }
  | { readonly type: "ack"; readonly id: number }
  | { readonly type: "message" } & Message
  | {
    readonly type: "notice" | "error";
    readonly text: string;
    readonly at?: string;
    readonly room?: string;
  }
  | {
    readonly type: "history";
    readonly room?: string;
    readonly messages: readonly Message[];
    /** Before which there are more. */
    readonly next?: number;
  }
  | { readonly type: "found"; readonly messages: readonly Message[] }
  | {
    readonly type: "members";
    readonly room: string;
    readonly topic: string;
    readonly locked: boolean;
    readonly size: number;
    readonly members: readonly Present[];
  }
  | { readonly type: "joined" | "left"; readonly room: string; readonly name: string }
  | { readonly type: "crowd"; readonly room: string; readonly size: number }
  | {
    readonly type: "renamed";
    readonly room: string;
    readonly from: string;
    readonly to: string;
  }
  | {
    readonly type: "away";
    readonly room: string;
    readonly name: string;
    readonly away: boolean;
  }
  | { readonly type: "topic"; readonly room: string; readonly topic: string }
  | { readonly type: "lock"; readonly room: string; readonly locked: boolean }
  | { readonly type: "parted"; readonly room: string }
  | { readonly type: "rooms"; readonly rooms: readonly Listed[] };

/** What a page sends, without its number. */
export type Asked =
  | { readonly type: "join" | "leave" | "members"; readonly room: string }
  | { readonly type: "say"; readonly room: string; readonly text: string }
  | { readonly type: "nick"; readonly name: string; readonly password?: string }
  | {
    readonly type: "command";
    readonly name: string;
    readonly text: string;
    readonly room?: string;
  }
  | {
    readonly type: "history";
    readonly room?: string;
    readonly private?: true;
    readonly before?: number;
    readonly count: number;
  };
