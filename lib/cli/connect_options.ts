// The option table of the terminal client.

import { checkName, isName, unseenIn } from "../chat/names.ts";
import { NAME_LENGTH as ROOM_NAME_LENGTH } from "../chat/rooms.ts";
import { UsageError } from "../errors.ts";
import { option, text, toggle, type Values } from "./option.ts";

/** Options of `bobchat connect`. */
export const CONNECT_OPTIONS = {
  nick: option<string | undefined>({
    argument: "N",
    help: "name to take",
    fallback: undefined,
    parse: (text, name) => {
      const checked = checkName(text);
      if ("name" in checked) return checked.name;
      throw new UsageError(`${name} cannot be ${JSON.stringify(text)}: ${sentence(checked)}`);
    },
  }),
  room: option<string | undefined>({
    argument: "R",
    help: "room to join",
    fallback: undefined,
    shown: "lobby",
    parse: (text, name) => {
      const room = text.replace(/^#/, "").normalize("NFC");
      if (isName(room, ROOM_NAME_LENGTH)) return room;
      throw new UsageError(
        `${name} takes 1 to ${ROOM_NAME_LENGTH} letters, digits, dots, _ or -, as in #tea, not ${
          JSON.stringify(text)
        }${unseenIn(room, ROOM_NAME_LENGTH)}`,
      );
    },
  }),
  passwordFile: text({
    argument: "PATH",
    help: "file whose first line is the server password",
  }),
  json: toggle({ help: "write the server's JSON frames as they are" }),
  plain: toggle({ help: "speak plain lines: for servers without commands" }),
  tls: toggle({ help: "speak TLS; asks about an unknown certificate" }),
  ca: text({
    argument: "FILE",
    help: "trust only the certificates in this file (PEM)",
    needs: "tls",
  }),
  insecure: toggle({ help: "trust any certificate: others may read what you send", needs: "tls" }),
};

/** Options of `bobchat connect`, without the address. */
export type ConnectOptions = Values<typeof CONNECT_OPTIONS>;

/** What does not go together, a sentence each. */
export function checkConnect(options: ConnectOptions): string[] {
  const { ca, insecure, plain, json, nick, room, passwordFile } = options;
  const together = (flags: string) => `${flags} do not go together: leave one of them out`;
  const needsJson = {
    "--json": json,
    "--nick": nick,
    "--room": room,
    "--password-file": passwordFile,
  };
  return [
    ...ca === undefined || !insecure ? [] : [together("--ca and --insecure")],
    ...Object.entries(needsJson).flatMap(([flag, value]) =>
      plain && value ? [together(`--plain and ${flag}`)] : []
    ),
  ];
}

/** A server's reason for a refusal, as the end of a sentence. */
function sentence({ refused }: { refused: string }): string {
  return refused.charAt(0).toLowerCase() + refused.slice(1).replace(/\.$/, "");
}
