// The commands for your own name. What they do is in ../identity.ts.

import { identify, register, rename, unregister } from "../identity.ts";
import type { Commands } from "./command.ts";

/** What /help lists under "Your name", in its order. */
export const NAMES: Commands = {
  nick: {
    usage: "nick NAME [PASSWORD]",
    summary: "change your name; a registered one needs its password",
    example: "/nick alice",
    run({ chat, member, text }) {
      if (text === "") return false;
      rename(chat, member, text);
    },
  },
  register: {
    usage: "register PASSWORD",
    summary: "register your name, so that nobody else can take it",
    example: "/register a-long-password",
    run({ chat, member, text }) {
      if (text === "") return false;
      register(chat, member, text);
    },
  },
  identify: {
    usage: "identify PASSWORD",
    summary: "prove that the name is yours",
    example: "/identify a-long-password",
    run({ chat, member, text }) {
      if (text === "") return false;
      identify(chat, member, text);
    },
  },
  unregister: {
    isDrastic: true,
    usage: "unregister",
    summary: "give up your registered name",
    example: "/unregister",
    run({ chat, member, text }) {
      if (text !== "") return false;
      unregister(chat, member);
    },
  },
};
