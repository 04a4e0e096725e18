// Why a file cannot be opened for writing, for whoever named it.

/** What to do about each, by the system's code for it. */
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist: make the folder first",
  ENOTDIR: "its folder is a file: name another path",
  EISDIR: "it is a folder: name a file",
  EACCES: "you may not write there: check the permissions of it and its folder",
  EPERM: "you may not write there: check the permissions of it and its folder",
  EROFS: "its file system is read-only: name a path on another",
  ENOSPC: "its disk is full: make room, or name a path on another",
  EMFILE: "too many files are open: raise the limit (ulimit -n)",
  ELOOP: "its symbolic links go round in a circle: name the file itself",
  ENAMETOOLONG: "its name is too long: name a shorter one",
};

/** Deno keeps whoever has not all permissions out of /dev, /proc and their like. */
const OUT_OF_BOUNDS = "Deno lets bobchat use no file in that folder: name one in another";

/** What is wrong, and what to do: to end a sentence with, behind "since"; nothing for what is none of these. */
export function pathFault(error: unknown): string | undefined {
  if (error instanceof Deno.errors.NotCapable) return OUT_OF_BOUNDS;
  return error instanceof Error && "code" in error ? FAULTS[String(error.code)] : undefined;
}
