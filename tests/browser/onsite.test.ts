import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accessibilityFaults } from "./support/accessibility";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { layoutFaults } from "./support/layout";
import { accept, openDesk, openScreen, SOON, stage, types } from "./support/people";

let browser: Browser;
let house: House;

beforeEach(async () => {
  browser = await launch();
  house = await openHouse([]);
});

afterEach(async () => {
  await house.stop();
  await browser.close();
});

const panel = (screen: Page, step: string) =>
  screen.locator(`[data-testid="staff"][data-step="${step}"]`);

async function press(screen: Page, pin: string): Promise<void> {
  for (const digit of pin) await screen.getByTestId(`digit-${digit}`).click();
  await screen.getByTestId("enter").click();
}

async function unlock(screen: Page, pin: string): Promise<void> {
  await screen.getByTestId("staff-open").click();
  await panel(screen, "pin").waitFor();
  await press(screen, pin);
}

/** Gives the visitor back, with the robot going on. */
async function giveBack(screen: Page, note: string): Promise<void> {
  await screen.getByTestId("staff-end").click();
  await screen.getByTestId("staff-resolved").click();
  await screen.getByTestId("staff-note").fill(note);
  await screen.getByTestId("staff-confirm").click();
  await screen.getByTestId("staff").waitFor({ state: "detached" });
}

/** Somebody waits for a person; the desk has the case. */
async function waits(screen: Page, desk: Page): Promise<void> {
  await screen.getByTestId("language-en").click();
  await types(screen, "I want to talk to a human about my tax debt");
  await stage(screen, "waiting").waitFor(SOON);
  await desk.getByTestId("case-row").first().waitFor(SOON);
}

test("staff take a visitor at the robot behind a PIN, every desk sees it, and give them back", async () => {
  const screen = await openScreen(browser, house, { width: 1280, height: 800 });
  const desk = await openDesk(browser, house);
  await screen.getByTestId("staff-open").click();
  await panel(screen, "no_pin").waitFor();
  await screen.keyboard.press("Escape");
  await screen.getByTestId("staff").waitFor({ state: "detached" });

  const pin = house.staffPin();
  await waits(screen, desk);
  const wrong = pin.startsWith("9") ? "204613" : `9${pin.slice(1)}`;
  await unlock(screen, wrong);
  await screen.getByTestId("staff-wrong").waitFor(SOON);
  expect(await screen.getByTestId("staff").innerText()).not.toContain("tax debt");
  await press(screen, pin);
  const shown = screen.getByTestId("staff-case");
  await shown.waitFor(SOON);
  expect(await shown.innerText()).toContain("tax debt");
  await screen.getByTestId("staff-summary").waitFor();
  expect(await screen.getByTestId("staff-reason").getAttribute("data-reason")).toBe(
    "asked_for_person",
  );
  expect(await accessibilityFaults(screen)).toEqual([]);

  await screen.getByTestId("staff-take").click();
  await stage(screen, "onsite").waitFor(SOON);
  const row = desk.locator('.case-row[data-owner="onsite"]');
  await row.waitFor(SOON);
  expect(await row.innerText()).toContain("With staff in the room");
  expect(await row.locator("button").isDisabled()).toBe(true);

  await giveBack(screen, "She paid at counter 5.");
  await stage(screen, "conversation").waitFor(SOON);
  await row.waitFor({ state: "detached", ...SOON });
  await types(screen, "What are your opening hours?");
  await expect.poll(() => screen.getByTestId("caption").last().innerText(), SOON).toContain("8:30");
}, 120_000);

test("an operator in a call is told that staff have come, and may take the next case", async () => {
  const pin = house.staffPin();
  const screen = await openScreen(browser, house, { width: 1280, height: 800 });
  const desk = await openDesk(browser, house);
  await waits(screen, desk);
  await accept(screen, desk);
  await unlock(screen, pin);
  await screen.getByTestId("staff-take").click();
  await stage(screen, "onsite").waitFor(SOON);
  await desk.getByText("Staff in the room have taken this visitor over.").first().waitFor(SOON);
  expect(await desk.getByTestId("robot-video").count()).toBe(0);
  await screen.getByTestId("staff-close").click();
  await screen.getByTestId("talk-to-person").click();
  await stage(screen, "waiting").waitFor(SOON);
  await desk.locator('.case-row[data-owner="waiting"]').waitFor(SOON);
  await accept(screen, desk);
}, 120_000);

test("without a console staff take and return, through the robot's death, and it arrives once", async () => {
  const pin = house.staffPin();
  const screen = await openScreen(browser, house, { width: 1280, height: 800 });
  await house.stopConsole();
  await screen.getByTestId("language-en").click();
  await screen.getByTestId("talk-to-person").click();
  await stage(screen, "waiting").waitFor(SOON);
  await unlock(screen, pin);
  await screen.getByTestId("staff-take").click();
  await stage(screen, "onsite").waitFor(SOON);
  await expect.poll(() => house.owed(), SOON).toBeGreaterThan(0);

  await house.signal("robot", "SIGKILL");
  await house.startRobot();
  await stage(screen, "onsite").waitFor({ timeout: 30_000 });
  await unlock(screen, pin);
  await screen.getByTestId("staff-end").click();
  await screen.getByTestId("staff-follow_up").click();
  await screen.getByTestId("staff-note").fill("The form is sent by post.");
  await screen.getByTestId("staff-contact").fill("0312345678");
  await screen.getByTestId("staff-confirm").click();
  await screen.getByTestId("nobody").waitFor(SOON);
  const reference = await screen.getByTestId("reference").innerText();

  await house.startConsole();
  const desk = await openDesk(browser, house);
  const task = desk.getByTestId("task");
  await expect.poll(() => task.count(), { timeout: 40_000 }).toBe(1);
  expect(await task.innerText()).toContain(reference);
  await task.locator("summary").click();
  await task.getByText("The form is sent by post.").waitFor(SOON);
  await expect.poll(() => house.owed(), SOON).toBe(0);
}, 150_000);

test("a phone that was opened by the robot's link takes the visitor over and gives them back", async () => {
  const pin = house.staffPin();
  const screen = await openScreen(browser, house, { width: 1280, height: 800 });
  const desk = await openDesk(browser, house);
  await waits(screen, desk);
  await unlock(screen, pin);
  await screen.getByTestId("staff-ask-link").click();
  const link = screen.getByTestId("staff-link");
  await link.waitFor(SOON);
  const url = (await link.getAttribute("data-url")) ?? "";

  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    ignoreHTTPSErrors: true,
  });
  const phone = await context.newPage();
  await phone.goto(url);
  const page = (owner: string) => phone.locator(`[data-testid="onsite"][data-owner="${owner}"]`);
  await page("waiting").waitFor(SOON);
  expect(phone.url()).not.toContain("#");
  await phone.getByTestId("transcript-line").filter({ hasText: "tax debt" }).waitFor(SOON);
  expect(await accessibilityFaults(phone)).toEqual([]);
  expect(await layoutFaults(phone, { touch_px: 44, contrast: 4.5 })).toEqual([]);

  const other = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  await other.goto(url);
  await other.locator('[data-testid="over"][data-why="used"]').waitFor(SOON);

  await phone.getByTestId("take").click();
  await page("onsite").waitFor(SOON);
  await stage(screen, "onsite").waitFor(SOON);
  await desk.locator('.case-row[data-owner="onsite"]').waitFor(SOON);
  await phone.reload();
  await page("onsite").waitFor(SOON);
  await phone.getByTestId("end").click();
  await phone.getByTestId("disposition-resolved").click();
  await phone.getByTestId("end-confirm").click();
  await phone.locator('[data-testid="over"][data-why="ended"]').waitFor(SOON);
  await stage(screen, "conversation").waitFor(SOON);
}, 120_000);
