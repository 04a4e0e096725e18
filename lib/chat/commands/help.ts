// /help: all commands, or how to use one.

import { type Command, find, GROUPS } from "./command.ts";

export const help: Command = {
  group: "Talking",
  usage: "help [COMMAND]",
  summary: "list the commands, or explain one",
  example: "/help nick",
  run({ house, member, text, table }) {
    const isOperator = member.account?.isOperator === true;
    if (text === "") {
      const commands = [...table.values()].filter(({ group }) =>
        group !== "For operators" || isOperator
      );
      const width = Math.max(...commands.map(({ usage }) => usage.length));
      for (const group of GROUPS) {
        const lines = commands.filter((command) => command.group === group)
          .map(({ usage, summary }) => `  /${usage.padEnd(width)}  ${summary}`);
        if (lines.length > 0) house.tell(member, `${group}:`, ...lines);
      }
      return;
    }
    const command = find(table, text.replace(/^\//, ""));
    if (typeof command === "string") return house.refuse(member, command);
    const { usage, summary, example } = command;
    house.tell(member, `/${usage}: ${summary}. Example: ${example}`);
  },
};
