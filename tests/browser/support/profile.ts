import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { launch } from "./browser";
import { serve } from "./pages";

/** How a page is looked at. */
export interface Look {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
}

let browser: Browser;
/** The browser profile of the running test. */
export let context: BrowserContext;

/** One browser for a file's tests, a fresh profile for each of them. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  afterEach(() => context.close());
}

/** Begins a profile in which this page is served. */
export async function newContext(
  page: "screen" | "operator",
  { width = 1280, height = 800, colorScheme = "light" }: Look = {},
): Promise<void> {
  context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    hasTouch: page === "screen",
    permissions: ["camera", "microphone"],
    reducedMotion: "reduce",
  });
  await serve(context, page);
}
