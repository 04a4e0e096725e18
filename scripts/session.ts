// The README's first picture, session.svg: one terminal starts bobchat, others join it in several ways and
// talk. screenshots.ts runs this; what the picture shows is what was really typed and printed.

import { Bobchat, Program } from "../tests/e2e/bobchat.ts";
import type { Visits } from "../tests/e2e/chromium.ts";

/** What the picture has in place of this machine's address and the free port. */
const SHOWN = "192.168.1.5", SHOWN_PORT = "7777";

/** A line of a terminal: what was typed at it, a notice, or any other that was printed. */
interface Line {
  readonly text: string;
  readonly kind: "typed" | "notice" | "printed";
}

/** What a terminal shows, as it grows. */
class Screen {
  readonly title: string;
  readonly lines: Line[] = [];

  constructor(title: string) {
    this.title = title;
  }

  type(text: string): void {
    this.lines.push({ text, kind: "typed" });
  }

  print(text: string): void {
    for (const line of text.split(/\r?\n/)) {
      if (line !== "") this.lines.push({ text: line, kind: kindOf(line) });
    }
  }
}

function kindOf(line: string): Line["kind"] {
  return line.startsWith("*** ") ? "notice" : "printed";
}

/** Somebody who joins with a program that is installed. */
class Terminal implements AsyncDisposable {
  readonly screen: Screen;
  readonly #program: Program;
  #printed = 0;

  constructor(name: string, [program, ...args]: readonly [string, ...string[]]) {
    this.screen = new Screen(name);
    this.screen.type(`$ ${[program, ...args].join(" ")}`);
    this.#program = new Program([program, args]);
  }

  async type(text: string): Promise<void> {
    this.update();
    this.screen.type(text);
    await this.#program.type(`${text}\n`);
  }

  /** Waits until it has printed a text. */
  async prints(text: string | RegExp): Promise<void> {
    await this.#program.stdout.until(text);
  }

  /** Shows what was printed since. */
  update(): void {
    const { text } = this.#program.stdout;
    this.screen.print(text.slice(this.#printed));
    this.#printed = text.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

/** Plays the session, with `nc`, telnet and a browser, and draws it as an SVG. */
export async function drawSession(visits: Visits): Promise<string> {
  await using bobchat = await Bobchat.start(["--host", "::"]);
  const [, address] = /nc (\S+) \d+/.exec(bobchat.stdout.text)!;
  const host = new Screen("the host");
  host.type("$ bobchat");
  host.print(bobchat.stdout.text);
  const at = [address!, `${bobchat.port}`] as const;
  await using alice = new Terminal("alice", ["nc", ...at]);
  await alice.prints("*** Type to talk");
  await alice.type("/nick alice");
  await alice.prints(/You are alice\.|is now alice/);
  await using bob = new Terminal("bob", ["telnet", ...at]);
  await bob.prints("*** Type to talk");
  await bob.type("/nick bob");
  await bob.prints(/You are bob\.|is now bob/);
  const carol = await visits.open(bobchat, { name: "carol" });
  await bob.prints("carol joined");
  await alice.type("tea is ready");
  await bob.prints(": tea is ready");
  await bob.type("/me comes running");
  await bob.prints("comes running");
  await carol.say("one for the browser, please");
  await bob.prints("please");
  await bob.type("/hwo");
  await bob.prints("did you mean /who?");
  await bob.type("/who");
  await bob.prints("*** Here (3): ");
  await alice.prints("please");
  for (const terminal of [alice, bob]) terminal.update();
  return draw(host, [alice.screen, bob.screen])
    .replaceAll(address!, SHOWN)
    .replaceAll(RegExp(String.raw`\b${bobchat.port}\b`, "g"), SHOWN_PORT);
}

const CHARACTER = 7.53, LINE = 17, BAR = 26, PAD = 12;

/** One screen above, and others side by side below it. */
function draw(above: Screen, below: readonly Screen[]): string {
  const columns = Math.max(...below.flatMap(({ lines }) => lines.map(({ text }) => text.length)));
  const width = Math.ceil(columns * CHARACTER) + 2 * PAD;
  const height = Math.max(...below.map(heightOf));
  const y = PAD + heightOf(above) + PAD;
  const all = PAD + below.length * (width + PAD);
  const panes = [
    pane(above, { x: PAD, y: PAD, width: all - 2 * PAD, height: heightOf(above) }),
    ...below.map((screen, i) => pane(screen, { x: PAD + i * (width + PAD), y, width, height })),
  ];
  const total = y + height + PAD;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${all} ${total}" width="${all}" height="${total}" role="img" aria-labelledby="title">
<title id="title">A terminal starts bobchat; alice joins with nc, bob with telnet, carol with a browser, and they talk.</title>
<style>text{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e6edf3}.title,.notice{fill:#8b949e}.typed{fill:#7ee787}</style>
<rect width="${all}" height="${total}" rx="10" fill="#0d1117"/>
${panes.join("\n")}
</svg>
`;
}

function heightOf({ lines }: Screen): number {
  return BAR + lines.length * LINE + PAD + 6;
}

function pane(
  { title, lines }: Screen,
  { x, y, width, height }: Record<"x" | "y" | "width" | "height", number>,
): string {
  const text = lines.map((line, i) =>
    `<text x="${PAD}" y="${BAR + 20 + i * LINE}" class="${line.kind}" xml:space="preserve">${
      escape(line.text)
    }</text>`
  );
  return `<g transform="translate(${x},${y})"><rect width="${width}" height="${height}" rx="8" fill="#161b22" stroke="#30363d"/><path d="M0 ${BAR}h${width}" stroke="#30363d"/><text x="${
    width / 2
  }" y="17.5" class="title" text-anchor="middle">${title}</text>
${text.join("\n")}
</g>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
