// The machine's own name, by which browsers may ask for the page.

/** The name as a list; empty if the system does not allow to ask for it. */
export function machineNames(): string[] {
  try {
    return [Deno.hostname()];
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return [];
    throw error;
  }
}
