// Checks the words after a command's name against its forms.

import { nearest } from "../std/nearest.ts";
import { type CommandName, rowOf } from "./commands.ts";
import { UsageError } from "../errors.ts";

/** An optional word in a form. */
const OPTIONAL = /^\[(.*)\]$/;

/** Throws a `UsageError` for a word that the command does not take. */
export function checkWords(name: CommandName, words: readonly string[]): void {
  let forms = formsOf(name);
  words.forEach((word, index) => {
    if (forms.every((form) => form[index] === undefined)) {
      const joined = withPort(words[index - 1], { port: word, name });
      const hint = joined === undefined
        ? `${name} takes ${takes(name)}, see ${helpOf(name)}`
        : `did you mean ${name} ${joined}?`;
      throw new UsageError(`${JSON.stringify(word)} is one word too many: ${hint}`);
    }
    const known = forms.flatMap((form) => form[index] ?? []);
    forms = forms.filter((form) => fits(word, form[index]));
    if (forms.length > 0) return;
    const near = nearest(word, known);
    const hint = near === undefined
      ? `it takes ${takes(name)}, see ${helpOf(name)}`
      : `did you mean ${near}?`;
    throw new UsageError(`${name} does not take ${JSON.stringify(word)}: ${hint}`);
  });
}

/** `HOST:PORT`, for who types a port as nc takes it. */
function withPort(
  host: string | undefined,
  { port, name }: { port: string; name: CommandName },
): string | undefined {
  if (!host || !/^\d+$/.test(port) || !takes(name).includes(":PORT")) return;
  return host.includes(":") && !host.startsWith("[") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Throws a `UsageError` if words are missing. */
export function checkComplete(name: CommandName, words: readonly string[]): void {
  const forms = formsOf(name).filter((form) => words.every((word, i) => fits(word, form[i])));
  if (forms.some((form) => form.length === words.length)) return;
  const ways = list(forms.map((form) => [name, ...form].join(" ")));
  throw new UsageError(`a word is missing: use ${ways}, see ${helpOf(name)}`);
}

/** Every form, word by word: with its optional words, and without. */
function formsOf(name: CommandName): string[][] {
  return rowOf(name).forms.flatMap((form) => {
    const words = form === "" ? [] : form.split(" ");
    const needed = words.filter((word) => !OPTIONAL.test(word));
    const all = words.map((word) => word.replace(OPTIONAL, "$1"));
    return needed.length === all.length ? [all] : [needed, all];
  });
}

/** Whether a word fits: capitals stand for any text but an empty one, other words for themselves. */
function fits(word: string, slot: string | undefined): boolean {
  return slot !== undefined && word !== "" && (word === slot || /^[A-Z:|[\]]+$/.test(slot));
}

function takes(name: CommandName): string {
  const ways = rowOf(name).forms.filter((form) => form !== "");
  return ways.length === 0 ? "options alone" : list(ways);
}

/** Which command shows the help. */
export function helpOf(name: CommandName): string {
  return name === "serve" ? "bobchat --help" : `bobchat ${name} --help`;
}

/** `a`, `a or b`, `a, b or c`. */
function list(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`;
}
