// The type of undici's module: llhttp, compiled to WebAssembly.
declare const wasm: Uint8Array<ArrayBuffer>;
export default wasm;
