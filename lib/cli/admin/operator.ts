// `bobchat operator add|remove NAME` and `bobchat operator list`: the operators of a server.

import { listOperators, setOperator } from "../../history/admin.ts";
import type { Asked } from "../commands.ts";
import { print } from "../print.ts";
import { withFile } from "./open.ts";

/** Adds, removes or lists operators. A running server soon knows. */
export async function operator({ words, options }: Asked<"operator">): Promise<void> {
  const [deed, name = ""] = words;
  await withFile(options, (db) => {
    if (deed === "list") {
      const operators = listOperators(db);
      if (operators.length > 0) return print(operators.join("\n"));
      return print(
        "There are no operators. To make one: bobchat operator add NAME",
      );
    }
    const isOperator = deed === "add";
    setOperator(db, name, isOperator);
    print(`${name} is ${isOperator ? "an operator now" : "no operator any more"}`);
  });
}
