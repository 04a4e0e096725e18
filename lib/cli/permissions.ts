// Gives up the permissions that a server no longer needs.

const NEVER_NEEDED_AGAIN = ["run", "ffi", "sys", "import", "env"] as const;

/** Gives up every permission but the network, and files unless they are to be kept. */
export async function giveUp(
  { keepRead, keepWrite }: { keepRead: boolean; keepWrite: boolean },
): Promise<void> {
  const files = [...keepRead ? [] : ["read" as const], ...keepWrite ? [] : ["write" as const]];
  for (const name of [...NEVER_NEEDED_AGAIN, ...files]) await Deno.permissions.revoke({ name });
}
