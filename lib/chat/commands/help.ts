// /help: all commands, or how to use one.

import { type Command, find } from "./command.ts";

export const help: Command = {
  usage: "help [COMMAND]",
  summary: "list the commands, or explain one",
  example: "/help nick",
  run({ house, member, text, table }) {
    if (text === "") {
      const commands = [...table.values()];
      const width = Math.max(...commands.map(({ usage }) => usage.length));
      const lines = commands.map(({ usage, summary }) => `/${usage.padEnd(width)}  ${summary}`);
      return house.tell(member, ...lines);
    }
    const command = find(table, text.replace(/^\//, ""));
    if (typeof command === "string") return house.tell(member, command);
    const { usage, summary, example } = command;
    house.tell(member, `/${usage}: ${summary}. Example: ${example}`);
  },
};
