import type { Browser } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { openDesk, openScreen, SOON, stage, types } from "./support/people";

let browser: Browser;
let house: House | undefined;

beforeEach(async () => {
  browser = await launch();
});

afterEach(async () => {
  await browser.close();
  await house?.stop();
  house = undefined;
});

test("with the console down a callback is kept through the robot's death and delivered once", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house);
  await house.stopConsole();
  await types(screen, "Buenos días, quisiera preguntar por la ayuda para mis hijos pequeños");
  const card = screen.getByTestId("nobody");
  await card.waitFor({ timeout: 30_000 });
  await screen.getByTestId("way-callback").click();
  await types(screen, "+34 612 345 678");
  await expect.poll(() => screen.getByTestId("contact").innerText(), SOON).toBe("+34612345678");
  await screen.getByTestId("contact-yes").click();
  const reference = await screen.getByTestId("reference").innerText();
  await expect.poll(async () => (await house?.owed()) ?? 0, SOON).toBeGreaterThan(0);

  await house.signal("robot", "SIGKILL");
  await house.startConsole();
  await house.startRobot();
  const desk = await openDesk(browser, house);
  const task = desk.getByTestId("task");
  await expect.poll(() => task.count(), SOON).toBe(1);
  expect(await task.innerText()).toContain("+34612345678");
  expect(await task.innerText()).toContain(reference);
  await expect.poll(() => house?.owed(), SOON).toBe(0);

  await task.locator("summary").click();
  await task.getByTestId("task-note").fill("Called, all is clear");
  await task.getByTestId("task-done").click();
  await expect.poll(() => task.count(), SOON).toBe(0);
}, 120_000);

test("a robot that is killed while somebody waits goes on, and a ticket can be taken", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-en").click();
  await screen.getByTestId("talk-to-person").click();
  await stage(screen, "waiting").waitFor();
  await desk.getByTestId("case-row").first().waitFor(SOON);
  await expect.poll(async () => (await house?.owed()) ?? 0, SOON).toBeGreaterThan(0);
  await house.signal("robot", "SIGKILL");
  await house.startRobot();
  await stage(screen, "waiting").waitFor({ timeout: 30_000 });
  expect(await desk.getByTestId("case-row").count()).toBe(1);
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("accept").click();
  await stage(screen, "live").waitFor({ timeout: 20_000 });
}, 120_000);
