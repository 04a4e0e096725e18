// A terminal for the tests: tmux, without anybody looking at it, on a socket of its own.

import { command } from "./bobchat.ts";

/** Milliseconds until what a test waits for counts as not coming. */
const PATIENCE = 20_000;

const DECODER = new TextDecoder();

/** How large it is, and what the program in it sees of the environment. */
export interface TmuxOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
}

/** A terminal in which a program runs; around it, `stty -a` is kept. */
export class Tmux implements AsyncDisposable {
  readonly #socket = `bobchat-${crypto.randomUUID()}`;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs a program in a terminal of 80 columns and 24 rows, unless told otherwise. */
  static async run(
    [program, words]: readonly [string, readonly string[]],
    { columns = 80, rows = 24, env = {} }: TmuxOptions = {},
  ): Promise<Tmux> {
    const tmux = new Tmux(await Deno.makeTempDir());
    const { before, after } = tmux.#files;
    const line = [program, ...words].map(quoted).join(" ");
    const script = `stty -a > ${before}; ${line}; echo "exit $?"; stty -a > ${after}; exec cat`;
    const variables = Object.entries({ NO_COLOR: "", COLORFGBG: "", LC_ALL: "C.UTF-8", ...env })
      .flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const size = ["-x", String(columns), "-y", String(rows)];
    await tmux.#tell("new-session", "-d", ...size, ...variables, "sh", "-c", script);
    return tmux;
  }

  /** `bobchat connect`, with these words behind it. */
  static connect(args: readonly string[], options: TmuxOptions = {}): Promise<Tmux> {
    return Tmux.run(command(["connect", ...args]), options);
  }

  get #files(): { before: string; after: string } {
    return { before: `${this.#folder}/before`, after: `${this.#folder}/after` };
  }

  /** Types a text. */
  async type(text: string): Promise<void> {
    await this.#tell("send-keys", "-l", "--", text);
  }

  /** Pastes a text, as a terminal does that marks it. */
  async paste(text: string): Promise<void> {
    await this.#tell("set-buffer", "--", text);
    await this.#tell("paste-buffer", "-p", "-r");
  }

  /** Presses keys, by tmux's names: `Enter`, `Tab`, `C-c`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tell("send-keys", ...keys);
  }

  /** What one sees, without the blanks at the ends of rows and the empty rows below; or with its escape sequences. */
  async screen({ escapes = false } = {}): Promise<string> {
    const text = await this.#tell("capture-pane", "-p", ...escapes ? ["-e"] : []);
    return text.replace(/ +$/gm, "").trimEnd();
  }

  /** Looks until what one sees matches; returns it. */
  async until(pattern: RegExp): Promise<string> {
    const since = performance.now();
    for (;;) {
      const screen = await this.screen();
      if (pattern.test(screen)) return screen;
      if (performance.now() - since > PATIENCE) {
        throw new Error(`waited in vain for ${pattern}; one sees:\n${screen}`);
      }
    }
  }

  /** A value of tmux's, such as `cursor_x`. */
  async value(name: string): Promise<string> {
    return (await this.#tell("display-message", "-p", `#{${name}}`)).trim();
  }

  /** Makes the window larger or smaller. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tell("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** Sends a signal to the program that runs in it. */
  async kill(signal: Deno.Signal): Promise<void> {
    const shell = await this.value("pane_pid");
    const children = await Deno.readTextFile(`/proc/${shell}/task/${shell}/children`);
    Deno.kill(Number(children.trim()), signal);
  }

  /** Waits until the program has ended; returns its exit code, and `stty -a` before and after. */
  async end(): Promise<{ code: number; before: string; after: string }> {
    const code = /^exit (\d+)$/m.exec(await this.until(/^exit \d+$/m))![1];
    // cat has begun once stty is done.
    const since = performance.now();
    while (await this.value("pane_current_command") !== "cat") {
      if (performance.now() - since > PATIENCE) throw new Error("stty does not end");
    }
    const [before, after] = await Promise.all(
      Object.values(this.#files).map((path) => Deno.readTextFile(path)),
    );
    return { code: Number(code), before: before!, after: after! };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tell("kill-server");
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #tell(...words: string[]): Promise<string> {
    const args = ["-u", "-f", "/dev/null", "-L", this.#socket, ...words];
    const { success, stdout, stderr } = await new Deno.Command("tmux", { args }).output();
    if (!success) throw new Error(`tmux ${words[0]}: ${DECODER.decode(stderr)}`);
    return DECODER.decode(stdout);
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
