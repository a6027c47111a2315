import type { Browser } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { watch } from "./support/media";
import { accept, bothMove, openDesk, openScreen, SOON, stage } from "./support/people";

let browser: Browser;
let house: House | undefined;

beforeEach(async () => {
  browser = await launch();
});

afterEach(async (context) => {
  if (context.task.result?.state === "fail") console.error(house?.robotLog().slice(-4_000));
  await browser.close();
  await house?.stop();
  house = undefined;
});

test("a picture that stands still is marked at the desk, until the next one comes", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  expect(await desk.getByTestId("stale").count()).toBe(0);
  await house.signal("robot", "SIGSTOP");
  await desk.getByTestId("stale").waitFor(SOON);
  await house.signal("robot", "SIGCONT");
  await desk.getByTestId("stale").waitFor({ state: "detached", ...SOON });
  await bothMove(screen, desk);
}, 120_000);

test("a console that is started anew in a call ends neither the call nor what is shown", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  await desk.getByTestId("show").click();
  const row = desk.locator('[data-testid="topic-row"][data-topic="toilets"]');
  await row.getByTestId("show-map").click();
  await desk.getByTestId("showing").waitFor(SOON);
  await house.stopConsole();
  await expect.poll(async () => (await watch(desk, "robot-video")).frames, SOON).toBeGreaterThan(5);
  await house.startConsole();
  await desk.getByTestId("take-away").and(desk.locator(":enabled")).waitFor(SOON);
  await desk.locator("nav").getByText("Online", { exact: true }).waitFor(SOON);
  await desk.getByTestId("message").fill("Welcome back");
  await desk.getByTestId("send").click();
  await desk.getByTestId("shown").waitFor(SOON);
  await screen.getByTestId("shown").waitFor(SOON);
  expect(await stage(screen, "live").count()).toBe(1);
  await bothMove(screen, desk);
  await desk.getByTestId("take-away").click();
  await screen.getByTestId("shown").waitFor({ state: "detached", ...SOON });
}, 120_000);
