import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page, WebSocketRoute } from "playwright-core";

/** Where the pages seem to come from; nothing leaves the browser. */
export const ORIGIN = "http://127.0.0.1:8799";

/** A policy that allows no more than the one under which each server delivers its page. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "media-src 'self' blob: mediastream:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; ";
const IMAGES = { screen: "img-src 'self'", operator: "img-src 'self' data:" };

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const DIST = {
  screen: join(ROOT, "robot-firmware", "screen", "dist"),
  operator: join(ROOT, "operator-console", "web", "dist"),
};
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** Serves a built page inside a browser context. */
export async function serve(context: BrowserContext, which: keyof typeof DIST): Promise<void> {
  const dist = DIST[which];
  if (!existsSync(join(dist, "index.html"))) {
    throw new Error(`The ${which} page is not built; run \`npm run build\` at the top.`);
  }
  await context.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = join(dist, normalize(pathname === "/" ? "/index.html" : pathname));
    const body = await readFile(file).catch(() => null);
    if (!body) return route.fulfill({ status: 404, body: "not found" });
    await route.fulfill({
      body,
      contentType: TYPES[extname(file)] ?? "application/octet-stream",
      headers: { "content-security-policy": CONTENT_SECURITY_POLICY + IMAGES[which] },
    });
  });
}

/** The other end of a page's WebSocket: collects what the page says, says what the test wants. */
export class Wire<ToPage, FromPage> {
  /** What the page said, oldest first. */
  readonly heard: FromPage[] = [];
  #route: WebSocketRoute | undefined;
  #greeting: ToPage[];
  #away = false;

  private constructor(greeting: ToPage[]) {
    this.#greeting = greeting;
  }

  /** Takes every connection of the page to an address; each is greeted with these messages. */
  static async attach<ToPage, FromPage>(
    page: Page,
    address: RegExp,
    greeting: ToPage[],
  ): Promise<Wire<ToPage, FromPage>> {
    const wire = new Wire<ToPage, FromPage>(greeting);
    await page.routeWebSocket(address, (route) => {
      if (wire.#away) return void route.close({ code: 1013 });
      wire.#route = route;
      route.onMessage((text) => void wire.heard.push(JSON.parse(String(text)) as FromPage));
      for (const message of wire.#greeting) route.send(JSON.stringify(message));
    });
    return wire;
  }

  /** Says something to the page. */
  say(message: ToPage): void {
    this.#route?.send(JSON.stringify(message));
  }

  /** Goes away as a stopped server does. */
  async leave(): Promise<void> {
    this.#away = true;
    await this.#route?.close({ code: 1012 });
  }

  /** Is back, and greets the next connection with these messages. */
  comeBack(...greeting: ToPage[]): void {
    this.#away = false;
    this.#greeting = greeting;
  }
}

/** Collects what went wrong on a page: uncaught errors and refused resources. */
export function troubles(page: Page): string[] {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") found.push(message.text());
  });
  return found;
}
