// Why something was not done: a code for programs, and a sentence for people. Apps should read only the
// code; the sentence may change.

/** Every code, and what it means. */
export const REFUSALS = {
  "usage": "The command was used wrongly; the sentence shows how it is used.",
  "unknown-command": "There is no such command.",
  "operators-only": "Only operators may use this command.",
  "muted": "You are muted: nobody hears you.",
  "banned": "Your address is banned; the connection ends.",
  "name-banned": "The name, or one that looks like it, is banned.",
  "name-invalid": "That cannot be a name.",
  "name-taken": "Somebody else has this name, or one that looks like it.",
  "name-registered": "The name is registered: it takes its password to use it.",
  "guest-name": "A guest name cannot be registered: choose a name first.",
  "not-registered": "The name is not registered.",
  "wrong-password": "That is not the password. After too many tries the connection ends.",
  "password-invalid": "The password is too short or too long.",
  "not-encrypted": "Others may read the password on its way. Send the command again to go on.",
  "confirm": "The command deletes something; the sentence says how to go on.",
  "server-password": "The server has a password: send it first.",
  "no-such-person": "Nobody has this name.",
  "no-such-room": "There is no such room.",
  "room-name-invalid": "That cannot be a room's name.",
  "room-locked": "The room is locked, and you were not invited.",
  "room-limit": "You are in too many rooms, or too many rooms have been made.",
  "not-in-room": "You are not in this room.",
  "no-such-message": "There is no such message to change, or it is too far back.",
  "too-old": "The message is too old to be changed.",
  "not-allowed": "You may not do this, or nobody may.",
  "time-invalid": "That is not a length of time.",
  "too-long": "The text is too long.",
  "busy": "The server is still busy with this, for you or for others: try again later.",
  "limit": "There are too many of these already.",
  "nothing-to-change": "It is so already.",
  "too-late": "Something has changed meanwhile, so nothing was done.",
  "unreadable": "The history cannot be read at the moment.",
  "wrong-protocol": "This port does not speak that protocol; the connection ends.",
  "malformed": "The frame is not as it should be; the sentence says what is wrong with it.",
} as const;

/** One of the codes. */
export type RefusalCode = keyof typeof REFUSALS;

/** Why something was not done. */
export interface Refusal {
  readonly code: RefusalCode;
  /** A sentence. */
  readonly text: string;
}
