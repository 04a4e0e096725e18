// The types of @std/async/delay that bobchat uses; the npm package carries none.
export declare function delay(ms: number, options?: { signal?: AbortSignal }): Promise<void>;
