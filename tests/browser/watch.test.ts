import type { Browser } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { authored } from "./support/pack";
import { bothMove, end, openDesk, openScreen, SOON, stage, types } from "./support/people";

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

test("a supervisor reads along, which the visitor is told, helps, and takes over with one key", async () => {
  house = await openHouse([]);
  house.operators(["add", "ines", "--name", "Inês Prado", "--languages", "en", "--supervisor"]);
  const screen = await openScreen(browser, house);
  const hana = await openDesk(browser, house);
  const ines = await openDesk(browser, house, "ines");
  await screen.getByTestId("language-pt").click();
  await types(screen, "Qual é o horário de atendimento?");
  await stage(screen, "conversation").waitFor();
  await ines.getByTestId("watch").waitFor(SOON);
  await hana.getByTestId("under-way").waitFor(SOON);
  expect(await hana.getByTestId("watch").count(), "she may not").toBe(0);
  expect(await screen.getByTestId("watched").count()).toBe(0);

  await ines.getByTestId("watch").click();
  const notice = screen.getByTestId("notice");
  const told = await authored("phrases/pt.toml", ["phrases", "watched"]);
  await expect.poll(() => notice.innerText(), SOON).toBe(told);
  await screen.getByTestId("watched").waitFor();
  const line = ines.getByTestId("transcript-line");
  await line.filter({ hasText: "Qual é o horário" }).waitFor(SOON);
  await hana.getByTestId("under-way").filter({ hasText: "Inês Prado" }).waitFor(SOON);

  await ines.getByTestId("suggestion").fill("Traga o seu passaporte.");
  await ines.getByTestId("suggest").click();
  const suggested = screen.locator('[data-testid="caption"][data-speaker="operator"]');
  await suggested.filter({ hasText: "passaporte" }).first().waitFor(SOON);
  await stage(screen, "conversation").waitFor();

  await ines.locator("main h2").click();
  await ines.keyboard.press("o");
  await expect.poll(() => screen.locator(".name strong").innerText(), SOON).toBe("Inês Prado");
  await bothMove(screen, ines);
  await line.filter({ hasText: "Qual é o horário" }).waitFor(SOON);
  expect(await screen.getByTestId("watched").count()).toBe(0);
  await hana.getByTestId("others").getByTestId("case-row").waitFor(SOON);
  await end(ines);
  await stage(screen, "conversation").waitFor({ timeout: 15_000 });
}, 180_000);
