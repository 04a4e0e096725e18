// Gives up the permissions that a server no longer needs.

const NEVER_NEEDED_AGAIN = ["run", "ffi", "import", "env"] as const;

/** What is to be kept besides the network. */
export interface Kept {
  readonly keepRead: boolean;
  readonly keepWrite: boolean;
  /** Whether to ask the system how much room a disk has. */
  readonly keepSpace?: boolean;
}

/** Gives up every permission but the network, and what is to be kept. */
export async function giveUp({ keepRead, keepWrite, keepSpace = false }: Kept): Promise<void> {
  const files = [...keepRead ? [] : ["read" as const], ...keepWrite ? [] : ["write" as const]];
  for (const name of [...NEVER_NEEDED_AGAIN, ...files]) await Deno.permissions.revoke({ name });
  for (const kind of ["networkInterfaces", "hostname"] as const) {
    await Deno.permissions.revoke({ name: "sys", kind });
  }
  // From a permission for everything no part can be given up alone.
  const { state } = await Deno.permissions.query({ name: "sys" });
  if (!keepSpace || state === "granted") await Deno.permissions.revoke({ name: "sys" });
}
