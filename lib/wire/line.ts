// The default protocol: lines of UTF-8 in, lines ended by CR LF out.

import type { Audience, Chunk, Delivery, Input } from "../chat/event.ts";
import { LineSplitter, WILL_TIMING_MARK } from "./line_splitter.ts";
import type { Protocol } from "./protocol.ts";
import { sanitize } from "./sanitize.ts";
import { stamp } from "./stamp.ts";

/** One read takes this much, so one connection's turn is short and its buffer small. */
const READ_SIZE = 1024;

const HTTP_REQUEST = /^[A-Z]{3,10} \S+ HTTP\/\d/;
/** How a request begins whose first line is too long to be seen whole. */
const HTTP_OPENING = /^[A-Z]{3,10} (?:\/|https?:)/;
const COMMAND = /^\/([^\s/]\S*)\s*(.*)$/s;

/** The line protocol for one connection; a line may have `maxLine` bytes. */
export function lineProtocol(maxLine: number): Protocol {
  const splitter = new LineSplitter(maxLine);
  let opening = true;
  let mayBeHttp = false;
  const parse = (lines: readonly (string | undefined)[]): Input[] => {
    const inputs: Input[] = [];
    for (const line of lines) {
      if (opening && (line === undefined ? mayBeHttp : HTTP_REQUEST.test(line))) {
        return [{ kind: "stranger", speaks: "HTTP" }];
      }
      if (line === undefined) inputs.push({ kind: "oversize", limit: maxLine });
      else {
        const input = parseLine(line);
        if (input !== undefined) inputs.push(input);
      }
      opening = false;
    }
    return inputs;
  };
  return {
    readSize: READ_SIZE,
    hears: true,
    audience: LINES,
    decode(bytes) {
      if (opening) mayBeHttp ||= HTTP_OPENING.test(DECODER.decode(bytes.subarray(0, 20)));
      const lines = splitter.split(bytes);
      if (splitter.sawTls) return [{ kind: "stranger", speaks: "TLS" }];
      const inputs = parse(lines);
      for (let marks = splitter.takeMarks(); marks > 0; marks--) {
        // Ahead of the lines: what a telnet is sent before its timing mark, it does not show.
        inputs.unshift({ kind: "reply", chunk: WILL_TIMING_MARK });
      }
      return inputs;
    },
    end: () => parse(splitter.end()),
  };
}

/** What a line means: a command, text, or nothing where it is empty. */
export function parseLine(line: string): Input | undefined {
  const text = sanitize(line);
  if (text.trim() === "") return;
  if (!text.startsWith("/")) return { kind: "text", text };
  if (text.startsWith("//")) return { kind: "text", text: text.slice(1) };
  const command = COMMAND.exec(text);
  if (command === null) return { kind: "text", text };
  const [, name = "", rest = ""] = command;
  return { kind: "command", name, text: rest.trim() };
}

const ENCODER = new TextEncoder(), DECODER = new TextDecoder();

/** Everyone on the line protocol is sent the same bytes. */
export const LINES: Audience = {
  encode(deliveries: readonly Delivery[]): Chunk {
    let text = "";
    for (const delivery of deliveries) text += formatLine(delivery) + "\r\n";
    return ENCODER.encode(text);
  },
};

/** A delivery as the line that people read; only the server begins one with `***`. */
function formatLine(delivery: Delivery): string {
  switch (delivery.kind) {
    case "message":
      return `${delivery.from}(${stamp(delivery.at)}): ${delivery.text}`;
    case "action":
      return `* ${delivery.from}(${stamp(delivery.at)}) ${delivery.text}`;
    case "notice":
      return `*** ${delivery.text}`;
  }
}
