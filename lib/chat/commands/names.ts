// The commands about your own name. What they do is in ../identity.ts.

import { identify, register, rename, unregister } from "../identity.ts";
import type { Commands } from "./command.ts";

/** What /help lists under "Your name", in its order. */
export const NAMES: Commands = {
  nick: {
    usage: "nick NAME [PASSWORD]",
    summary: "take another name; a registered one for its password",
    example: "/nick alice",
    run({ chat, member, text }) {
      if (text === "") return false;
      rename(chat, member, text);
    },
  },
  register: {
    usage: "register PASSWORD",
    summary: "make your name yours: nobody else can take it",
    example: "/register a-long-password",
    run({ chat, member, text }) {
      if (text === "") return false;
      register(chat, member, text);
    },
  },
  identify: {
    usage: "identify PASSWORD",
    summary: "show that the name is yours",
    example: "/identify a-long-password",
    run({ chat, member, text }) {
      if (text === "") return false;
      identify(chat, member, text);
    },
  },
  unregister: {
    isDrastic: true,
    usage: "unregister",
    summary: "give your registered name up",
    example: "/unregister",
    run({ chat, member, text }) {
      if (text !== "") return false;
      unregister(chat, member);
    },
  },
};
