// Node's HTTP parser, llhttp, as undici carries it: WebAssembly. It is strict: what two servers might read in
// two ways is a fault. A head is parsed at once, so that all connections share one parser.

// @ts-types="./llhttp.d.ts"
import wasm from "undici/llhttp";

/** Most bytes of a head, and most fields in it. */
export const MOST_HEAD = 16 * 1024, MOST_FIELDS = 100;

/** The codes of llhttp that are told apart: its HPE_INVALID_METHOD, and HPE_USER for too many fields. */
export const FAULT = { method: 6, fields: 24 };
const OK = 0, PAUSED = 21;
const REQUEST = 1;

/** A head that is whole. */
export interface Head {
  /** How many bytes it has. */
  readonly length: number;
  /** Its first line, without the line end. */
  readonly line: string;
  /** Names and values in turn. */
  readonly fields: readonly string[];
}

/** What is wrong with a head. */
export interface Fault {
  readonly code: number;
  readonly line: string;
}

/** What the module exports, as far as it is used. Numbers are addresses in its memory, or codes. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  llhttp_alloc(type: number): number;
  malloc(size: number): number;
  llhttp_reset(parser: number): void;
  llhttp_execute(parser: number, data: number, length: number): number;
  llhttp_get_error_pos(parser: number): number;
}

/** The parser, where its input is, and where the fields are in that: starts and ends in turn. */
interface Parser {
  readonly exports: Exports;
  readonly address: number;
  readonly input: number;
  readonly spans: number[];
}

const DECODER = new TextDecoder("latin1");
let parser: Parser | undefined;

/** Parses the head of a request; undefined if it goes on. */
export function parseHead(bytes: Uint8Array): Head | Fault | undefined {
  // Not while the program starts: it takes 2 ms.
  const { exports, address, input, spans } = parser ??= load();
  const part = bytes.subarray(0, MOST_HEAD);
  spans.length = 0;
  exports.llhttp_reset(address);
  new Uint8Array(exports.memory.buffer, input, part.length).set(part);
  const code = exports.llhttp_execute(address, input, part.length);
  if (code === OK) return undefined;
  const text = DECODER.decode(part);
  const line = /^[^\r\n]*/.exec(text)![0];
  if (code !== PAUSED) return { code, line };
  const fields: string[] = [];
  for (let i = 0; i < spans.length; i += 2) fields.push(text.slice(spans[i], spans[i + 1]));
  return { length: exports.llhttp_get_error_pos(address) - input, line, fields };
}

function load(): Parser {
  const spans: number[] = [];
  let input = 0;
  const nothing = () => OK;
  const field = (_parser: number, at: number, length: number) => {
    spans.push(at - input, at - input + length);
    return OK;
  };
  const env = {
    wasm_on_url: nothing,
    wasm_on_status: nothing,
    wasm_on_message_begin: nothing,
    // Two spans a field.
    wasm_on_header_field: (parser: number, at: number, length: number) =>
      spans.length === 4 * MOST_FIELDS ? FAULT.fields : field(parser, at, length),
    wasm_on_header_value: field,
    wasm_on_headers_complete: () => PAUSED,
    wasm_on_body: nothing,
    wasm_on_message_complete: nothing,
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env });
  const exports = instance.exports as unknown as Exports;
  const address = exports.llhttp_alloc(REQUEST);
  input = exports.malloc(MOST_HEAD);
  return { exports, address, input, spans };
}
