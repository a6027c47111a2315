/** What is known of a test that failed, before everything that it opened is closed. */
import type { Page } from "playwright-core";

/** Lines of a log that are told. */
const LINES = 40;

const logs = new Map<string, () => string>();
const pages = new Set<Page>();

/** A program whose log is told of. */
export function logsOf(name: string, log: () => string): void {
  logs.set(name, log);
}

/** A page whose words are told of. */
export function looksAt(page: Page): void {
  pages.add(page);
  page.once("close", () => pages.delete(page));
}

/** Tells on standard error what is known of a test. */
export async function tellOf(test: string): Promise<void> {
  for (const page of pages) {
    const words = await page.innerText("body", { timeout: 2_000 }).catch(String);
    console.error(`${test}: ${page.url()} shows\n${words}`);
  }
  for (const [name, log] of logs) {
    console.error(`${test}: ${name} says\n${log().split("\n").slice(-LINES).join("\n")}`);
  }
}
