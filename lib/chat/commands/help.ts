// /help: all commands, or how to use one.

import { type Command, find, GROUPS, noSuch } from "./command.ts";

export const help: Command = {
  group: "Talking",
  aliases: ["?"],
  usage: "help [COMMAND]",
  summary: "list the commands, or explain one",
  example: "/help nick",
  run({ chat, member, text, table }) {
    const isOperator = member.account?.isOperator === true;
    if (text === "") {
      const commands = [...table.values()].filter(({ group }) =>
        group !== "For operators" || isOperator
      );
      const width = Math.max(...commands.map(({ usage }) => usage.length));
      for (const group of GROUPS) {
        const lines = commands.filter((command) => command.group === group)
          .map(({ usage, summary }) => `  /${usage.padEnd(width)}  ${summary}`);
        if (lines.length > 0) chat.tell(member, `${group}:`, ...lines);
      }
      return;
    }
    const name = text.replace(/^\//, ""), command = find(table, name);
    if (command === undefined) return chat.refuse(member, noSuch(table, name, member));
    const { usage, summary, example } = command;
    chat.tell(member, `/${usage}: ${summary}. Example: ${example}`);
  },
};
