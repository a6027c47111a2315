import type { Browser, Locator, Page, ViewportSize } from "playwright-core";
import { expect } from "vitest";
import type { House } from "./house";
import { looksAt } from "./last-words";
import { watch } from "./media";
import { authored } from "./pack";

/** The machine may be busy with three models and two browsers. */
export const SOON = { timeout: 20_000 };

/** Drawing what moves without a graphics card takes a core from the robots that are being tested. */
const STILL = "reduce";

/** The screen, while it shows one of its stages. */
export function stage(screen: Page, name: string): Locator {
  return screen.locator(`[data-testid="stage"][data-stage="${name}"]`);
}

/** Captions on the screen. */
export function caption(screen: Page, speaker: string, language: string): Locator {
  return screen.locator(
    `[data-testid="caption"][data-speaker="${speaker}"][data-language="${language}"]`,
  );
}

/** Stands in front of the robot. */
export async function openScreen(
  browser: Browser,
  house: House,
  viewport: ViewportSize = { width: 1080, height: 1920 },
): Promise<Page> {
  const screen = await browser.newPage({ viewport, reducedMotion: STILL });
  looksAt(screen);
  await screen.goto(house.screen);
  await stage(screen, "greeting").waitFor();
  return screen;
}

/** Signs in at the console. `prepare` is run before the page's own scripts. */
export async function openDesk(
  browser: Browser,
  house: House,
  user: string = house.user,
  prepare?: (() => void) | { content: string },
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ["camera", "microphone"],
    reducedMotion: STILL,
  });
  const desk = await context.newPage();
  looksAt(desk);
  if (prepare) await desk.addInitScript(prepare);
  await desk.goto(house.desk);
  await desk.getByTestId("user").fill(user);
  await desk.getByTestId("password").fill(house.password);
  await desk.getByTestId("sign-in").click();
  await desk.getByTestId("me").waitFor();
  return desk;
}

/** Waits until the recogniser is loaded; the greeting stands before that. */
export async function canHear(screen: Page): Promise<void> {
  await screen
    .locator('[data-testid="activity"][data-activity="listening"]')
    .waitFor({ timeout: 60_000 });
}

/** Lets a sample visitor speak. */
export async function play(screen: Page, id: string): Promise<void> {
  const button = screen.getByTestId(`visitor-${id}`);
  if (!(await button.isVisible())) await screen.getByTestId("sample-visitors").click();
  await button.click();
}

/** Types a question and waits for what the office wrote on that topic. */
export async function answersTyped(
  screen: Page,
  question: string,
  language: string,
  topic: string,
): Promise<void> {
  const answer = await authored(`topics/${topic}.toml`, ["answer", language, "say"]);
  const given = caption(screen, "agent", language).filter({ hasText: answer });
  const before = await given.count();
  await types(screen, question);
  await expect.poll(() => given.count(), SOON).toBeGreaterThan(before);
}

/** Types words to the robot. */
export async function types(screen: Page, words: string): Promise<void> {
  await screen.getByTestId("typed").fill(words);
  await screen.getByTestId("send").click();
}

/** Says goodbye and waits for the greeting. */
export async function leave(screen: Page): Promise<void> {
  await screen.getByTestId("goodbye").click();
  await stage(screen, "greeting").waitFor({ timeout: 15_000 });
}

/** Accepts the first case in the queue and waits for moving pictures on both sides. */
export async function accept(screen: Page, desk: Page): Promise<void> {
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("accept").click();
  await stage(screen, "live").waitFor({ timeout: 15_000 });
  await bothMove(screen, desk);
}

/** Waits until new frames arrive on both sides. */
export async function bothMove(screen: Page, desk: Page): Promise<void> {
  for (const [page, video] of [
    [desk, "robot-video"],
    [screen, "face"],
  ] as const) {
    await expect
      .poll(async () => (await watch(page, video)).frames, { timeout: 15_000 })
      .toBeGreaterThan(5);
  }
}

/** Ends the call at the desk. */
export async function end(desk: Page): Promise<void> {
  await desk.getByTestId("end").click();
  await desk.getByTestId("disposition-resolved").click();
  await desk.getByTestId("end-confirm").click();
}
