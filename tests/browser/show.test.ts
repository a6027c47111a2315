import type { Browser, Locator } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { authored } from "./support/pack";
import { accept, end, openDesk, openScreen, SOON, stage } from "./support/people";

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

/** Where the pointer is on that page, in ten-thousandths. */
async function at(pointer: Locator): Promise<[number, number]> {
  const [x, y] = await Promise.all([
    pointer.getAttribute("data-x", SOON),
    pointer.getAttribute("data-y", SOON),
  ]);
  return [Number(x), Number(y)];
}

test("a map of the pack is shown, pointed at by both sides, kept over a reload, and taken away", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house, { width: 1280, height: 800 });
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  const alt = await authored("topics/toilets.toml", ["map", "alt", "pt"]);

  await desk.getByTestId("show").click();
  await desk.getByTestId("show-find").fill("toilets");
  const row = desk.locator('[data-testid="topic-row"][data-topic="toilets"]');
  await row.getByTestId("show-map").click();
  const card = screen.getByTestId("shown");
  await card.getByRole("img", { name: alt }).waitFor(SOON);
  const sheet = desk.getByTestId("showing").getByTestId("pointed");
  await desk.getByTestId("showing").getByRole("img", { name: alt }).waitFor(SOON);
  const moves = screen.locator('.face[data-moving="true"]');
  await moves.waitFor(SOON);

  const { width, height } = (await sheet.boundingBox()) ?? { width: 0, height: 0 };
  await sheet.click({ position: { x: width * 0.8, y: height * 0.3 } });
  const pointed = await at(desk.getByTestId("pointer"));
  expect(pointed[0] / 8_000).toBeCloseTo(1, 1);
  const onScreen = card.getByTestId("pointer");
  await expect.poll(() => at(onScreen), SOON).toEqual(pointed);

  const touch = card.getByTestId("pointed");
  const large = (await touch.boundingBox()) ?? { width: 0, height: 0 };
  await touch.click({ position: { x: large.width * 0.2, y: large.height * 0.6 } });
  await expect
    .poll(async () => (await at(desk.getByTestId("pointer")))[0], SOON)
    .toBeLessThan(3_000);
  const theirs = await at(onScreen);
  await expect.poll(() => at(desk.getByTestId("pointer")), SOON).toEqual(theirs);

  await desk.reload();
  await desk.getByTestId("showing").getByRole("img", { name: alt }).waitFor(SOON);
  await expect.poll(() => at(desk.getByTestId("pointer")), SOON).toEqual(theirs);
  await card.getByRole("img", { name: alt }).waitFor(SOON);

  await desk.getByTestId("take-away").click();
  await card.waitFor({ state: "detached", ...SOON });
  await desk.getByTestId("showing").waitFor({ state: "detached", ...SOON });
}, 120_000);

test("a topic's page and a code of the office's own follow the visitor's language and end with the call", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house, { width: 800, height: 480 });
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  await desk.getByTestId("show").click();
  const row = desk.locator('[data-testid="topic-row"][data-topic="garbage-days"]');
  await row.getByTestId("show-topic").click();
  const card = screen.getByTestId("shown");
  await card
    .getByText(await authored("topics/garbage-days.toml", ["answer", "pt", "say"]))
    .waitFor(SOON);
  await screen.getByTestId("choose-language").click();
  await screen.getByTestId("language-en").click();
  await card
    .getByText(await authored("topics/garbage-days.toml", ["answer", "en", "say"]))
    .waitFor(SOON);

  await desk.getByTestId("show").click();
  await desk.getByTestId("show-address").fill("https://www.hoshikawa.example.evil.test/");
  await desk.getByTestId("show-code").click();
  await desk.getByText("The office doesn't allow links to that host.").waitFor(SOON);
  await desk.getByTestId("show").click();
  await desk.getByTestId("show-address").fill("https://www.hoshikawa.example/en/new");
  await desk.getByTestId("show-code").click();
  const code = card.getByRole("img", { name: "https://www.hoshikawa.example/en/new" });
  await code.waitFor(SOON);
  await end(desk);
  await card.waitFor({ state: "detached", ...SOON });
  expect(await stage(screen, "live").count()).toBe(0);
  expect(await desk.getByTestId("showing").count()).toBe(0);
}, 120_000);
