// The types of the assertions that bobchat's tests use.
type ErrorClass<E extends Error> = new (...args: never[]) => E;

export declare function assert(condition: unknown, message?: string): asserts condition;
export declare function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void;
export declare function assertEquals<T>(actual: T, expected: T, message?: string): void;
export declare function assertGreater<T>(actual: T, expected: T, message?: string): void;
export declare function assertLess<T>(actual: T, expected: T, message?: string): void;
export declare function assertMatch(actual: string, expected: RegExp, message?: string): void;
export declare function assertRejects<E extends Error>(
  run: () => Promise<unknown>,
  errorClass?: ErrorClass<E>,
  messageIncludes?: string,
): Promise<E>;
export declare function assertStringIncludes(
  actual: string,
  expected: string,
  message?: string,
): void;
export declare function assertThrows<E extends Error>(
  run: () => unknown,
  errorClass?: ErrorClass<E>,
  messageIncludes?: string,
): E;
export declare function fail(message?: string): never;
