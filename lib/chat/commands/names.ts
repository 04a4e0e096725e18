// The commands for your own name. What they do is in ../identity.ts and, with a password, in ../login.ts.

import { askToUnregister, rename, unregister } from "../identity.ts";
import { changePassword, claim, identify, register } from "../login.ts";
import { nameKey } from "../names.ts";
import { type Commands, firstWord } from "./command.ts";

/** What /help lists under "Your name", in its order. */
export const NAMES: Commands = {
  nick: {
    isQuiet: true,
    usage: "nick NAME [PASSWORD]",
    summary: "change your name; a registered one needs its password",
    example: "/nick alice",
    // With a password it is not shared: the verdict on the password is.
    asks(text) {
      return firstWord(text)[1] !== "";
    },
    run({ chat, member, text }) {
      if (text === "") return false;
      rename(chat, member, text);
    },
    answer(request) {
      const [wanted, password] = firstWord(request.text);
      claim(request, { wanted, password });
    },
  },
  register: {
    usage: "register PASSWORD",
    summary: "register your name, so that nobody else can take it",
    example: "/register a-long-password",
    answer(request) {
      if (request.text === "") return false;
      register(request, request.text);
    },
  },
  identify: {
    usage: "identify PASSWORD",
    summary: "prove that the name is yours",
    example: "/identify a-long-password",
    answer(request) {
      if (request.text === "") return false;
      identify(request, request.text);
    },
  },
  password: {
    usage: "password OLD NEW",
    summary: "change the password of your name; the new one is one word",
    example: "/password a-long-password a-better-password",
    answer(request) {
      // A password that was registered may be several words.
      const [, old, next] = /^(.*\S)\s+(\S+)$/s.exec(request.text) ?? [];
      if (old === undefined || next === undefined) return false;
      changePassword(request, { old, next });
    },
  },
  unregister: {
    isDrastic: true,
    usage: "unregister [NAME]",
    summary: "give up your registered name, and delete what is kept for it",
    example: "/unregister alice",
    // Whoever types anything else may have typed the password.
    asks(text, name) {
      return text === "" || nameKey(text) !== nameKey(name);
    },
    answer({ chat, member, text }) {
      if (text !== "" && member.account !== undefined) return false;
      askToUnregister(chat, member);
    },
    run({ chat, member, text }) {
      if (nameKey(text) !== nameKey(member.name)) return false;
      unregister(chat, member);
    },
  },
};
