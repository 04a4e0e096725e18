// JSON lines as a server sends them: each frame is a text without line ends, and LF.

import type { Framing } from "./framing.ts";

const LF = 10;

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** Frames as lines. */
export const LINES: Framing = {
  encode: (texts) => ENCODER.encode(texts.map((text) => `${text}\n`).join("")),
  decode: (lines) => DECODER.decode(lines).split("\n").slice(0, -1),
  *ends(lines) {
    for (let at = 0; (at = lines.indexOf(LF, at) + 1) > 0;) yield at;
  },
};
