// A real browser on the page: each visitor is somebody else, and what the browser complains about fails the
// test.

import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { assertEquals } from "../assert.ts";
import { type Bobchat, testWith } from "./bobchat.ts";
import { hasTexts, titleBegins, whereIs } from "./in_page.js";

/** Milliseconds until what a page is to show counts as not coming. */
const PATIENCE = 20_000;
/** One for all tests of a file. */
let shared: Promise<Browser> | undefined;

/** Starts Chromium. */
export async function launch(): Promise<Browser> {
  // Loaded where it is needed: at its loading it wants permissions.
  const { chromium } = await import("playwright-core");
  // Root has no sandbox. Nobody has signed the certificates of tests: Playwright's own way to ignore that
  // connects anew for each connection.
  const args = ["--no-sandbox", "--ignore-certificate-errors"];
  return await chromium.launch({ executablePath: "/usr/bin/chromium", args });
}

/** A test in the browser; at its end the browser must have had nothing to complain about. */
export function testPage(
  programs: readonly string[],
  name: string,
  fn: (visits: Visits) => Promise<void>,
): void {
  testWith(["chromium", ...programs], name, async () => {
    shared ??= launch();
    await using visits = new Visits(await shared);
    await fn(visits);
    assertEquals(visits.complaints, []);
  });
}

Deno.test.afterAll(async () => {
  const browser = await shared;
  await browser?.close();
});

/** How somebody visits: the browser's options, and the name to come in with; without one they are asked. */
export interface Visiting extends BrowserContextOptions {
  readonly name?: string;
  /** A script that runs before the page's. */
  readonly before?: () => void;
}

/** What is needed of where the page is; the path ends with a slash. */
export type Place = Pick<Bobchat, "port"> & {
  readonly path?: string;
  readonly scheme?: "http" | "https";
};

/** Those who visit in one test. */
export class Visits implements AsyncDisposable {
  /** What the browser had against the page, and what the page fetched from elsewhere. */
  readonly complaints: string[] = [];
  /** Complaints that belong to the test: a server that has gone cannot be reached. */
  expected = /^(?!)/;
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Somebody else's browser opens the page. */
  async open(place: Place, { name, before, ...options }: Visiting = {}): Promise<Visitor> {
    const context = await this.#browser.newContext({
      viewport: { width: 1180, height: 760 },
      ...options,
    });
    this.#contexts.push(context);
    context.setDefaultTimeout(PATIENCE);
    if (before !== undefined) await context.addInitScript(before);
    const visitor = await this.openIn(context, place);
    if (name !== undefined) await visitor.comeIn(name);
    return visitor;
  }

  /** The same browser opens it in one more tab. */
  async openIn(
    context: BrowserContext,
    { port, path = "/", scheme = "http" }: Place,
  ): Promise<Visitor> {
    const page = await context.newPage();
    const origin = `${scheme}://127.0.0.1:${port}`;
    page.on("console", (message) => {
      if (/^(error|warning)$/.test(message.type())) this.#complain(message.text());
    });
    page.on("pageerror", (error) => this.#complain(error.stack ?? error.message));
    page.on("dialog", async (dialog) => {
      this.#complain(`a dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on("request", (request) => this.#check(request.url(), origin));
    page.on("websocket", (socket) => this.#check(socket.url().replace(/^ws/, "http"), origin));
    await page.goto(origin + path);
    return new Visitor(page);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()));
  }

  #check(url: string, origin: string): void {
    if (new URL(url).origin !== origin) this.#complain(`${url} is not on ${origin}`);
  }

  #complain(text: string): void {
    if (!this.expected.test(text)) this.complaints.push(text);
  }
}

/** Has every frame that a page sends from now on in a list. */
export function recordSent(page: Page): Record<string, unknown>[] {
  const sent: Record<string, unknown>[] = [];
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => sent.push(JSON.parse(String(payload))));
  });
  return sent;
}

/** Somebody at the page. */
export class Visitor {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Answers the question for a name. */
  async comeIn(name: string): Promise<void> {
    await this.page.locator("#name-name").fill(name);
    await this.page.keyboard.press("Enter");
    await this.page.locator("#name-dialog").waitFor({ state: "hidden" });
    await this.shows("#me", [name]);
  }

  /** Types a text into the composer and sends it. */
  async say(text: string): Promise<void> {
    await this.page.locator("#text").fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** Waits until a text is in the log. */
  async sees(text: string): Promise<void> {
    await this.page.locator("#log .text").getByText(text, { exact: true }).first().waitFor();
  }

  /** Waits until a text of the log is where one sees it; returns how far down. */
  async inSight(text: string): Promise<{ top: number }> {
    const found = await this.page.waitForFunction(whereIs, text);
    return (await found.jsonValue())!;
  }

  /** Waits until the elements that this selects have exactly these texts, in this order. */
  async shows(selector: string, texts: readonly string[]): Promise<void> {
    try {
      await this.page.waitForFunction(hasTexts, { selector, texts });
    } catch (error) {
      const found = JSON.stringify(await this.texts(selector));
      throw new Error(`${selector} is ${found}, not ${JSON.stringify(texts)}`, { cause: error });
    }
  }

  /** Waits until something holds in the page; `condition` is one of in_page.js. */
  async until<Arg>(condition: (arg: Arg) => unknown, arg: Arg): Promise<void> {
    await this.page.waitForFunction(condition as (arg: unknown) => unknown, arg);
  }

  /** Waits until the title begins so. */
  async isTitled(begin: string): Promise<void> {
    await this.until(titleBegins, begin);
  }

  /** Waits until this room, or the private conversation with this person, is in front. */
  async isIn(title: string): Promise<void> {
    await this.shows("#title", [title]);
  }

  /** Chooses a conversation in the list: `#tea`, or a name. */
  async choose(title: string): Promise<void> {
    await this.page.locator("#rooms button, #people button").filter({ hasText: title }).click();
    await this.isIn(title);
  }

  /** What was said in the conversation in front, in its order. */
  async said(): Promise<string[]> {
    const texts = "#log :is(.message, .private, .action) .text";
    return await this.page.locator(texts).allTextContents();
  }

  /** The texts of some elements, in their order. */
  async texts(selector: string): Promise<string[]> {
    return await this.page.locator(selector).allTextContents();
  }
}
