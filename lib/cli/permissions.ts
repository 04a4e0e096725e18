// What bobchat may do, and how it gives up what it no longer needs.

const NEVER_NEEDED_AGAIN = ["run", "ffi", "sys", "import", "env"] as const;

/** Gives up every permission but the network; and files, unless `keepFiles` (a log that rotates). */
export async function giveUp({ keepFiles }: { keepFiles: boolean }): Promise<void> {
  const files = keepFiles ? [] : ["read", "write"] as const;
  for (const name of [...NEVER_NEEDED_AGAIN, ...files]) await Deno.permissions.revoke({ name });
}
