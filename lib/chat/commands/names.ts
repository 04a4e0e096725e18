// The commands for your own name. What they do is in ../identity.ts and, with a password, in ../login.ts.

import { rename, unregister } from "../identity.ts";
import { claim, identify, register } from "../login.ts";
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
  unregister: {
    isDrastic: true,
    usage: "unregister",
    summary: "give up your registered name",
    example: "/unregister",
    // Whoever types more than that has most likely typed the password.
    asks(text) {
      return text !== "";
    },
    answer() {
      return false;
    },
    run({ chat, member }) {
      unregister(chat, member);
    },
  },
};
