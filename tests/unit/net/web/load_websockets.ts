// Loads the WebSocket library without permission to read the environment, which unit tests do not have.

import process from "node:process";
import { loadWebSockets, type OpenWebSocket } from "../../../../lib/net/web/websocket.ts";

/** Loads what opens WebSockets, whose messages have at most `maxPayload` bytes. */
export async function load(maxPayload: number): Promise<OpenWebSocket> {
  const real = Object.getOwnPropertyDescriptor(process, "env");
  Object.defineProperty(process, "env", { value: {}, configurable: true });
  try {
    return await loadWebSockets(maxPayload);
  } finally {
    if (real !== undefined) Object.defineProperty(process, "env", real);
  }
}
