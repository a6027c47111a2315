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

test("an operator with Spanish is offered the Spanish case, and one without isn't until later", async () => {
  house = await openHouse([]);
  house.operators(["set", house.user, "--languages", "en:5,ja:4"]);
  house.operators(["add", "carmen", "--name", "Carmen Ruiz", "--languages", "es:5,en:3"]);
  const hana = await openDesk(browser, house);
  const carmen = await openDesk(browser, house, "carmen");
  const screen = await openScreen(browser, house);
  await types(screen, "Buenos días, quisiera preguntar por la ayuda para mis hijos pequeños");
  await stage(screen, "waiting").waitFor();

  const row = carmen.getByTestId("waiting").locator('[data-language="es"]').first();
  await row.waitFor(SOON);
  await carmen.getByTestId("kept").filter({ hasText: "Kept for you" }).waitFor();
  await row.getByTestId("case-row").click();
  const offer = carmen.getByTestId("offer");
  await expect.poll(() => offer.innerText()).toContain("you speak Spanish (level 5 of 5)");

  await hana.getByTestId("elsewhere-offered").locator('[data-language="es"]').first().waitFor();
  expect(await hana.getByTestId("waiting").getByTestId("case-row").count()).toBe(0);

  await carmen.getByTestId("duty").selectOption("back_5");
  await expect.poll(() => carmen.getByTestId("duty").getAttribute("data-duty")).toBe("back_at");
  // Nobody else with Spanish is there: it comes to the next one at once, without a reload.
  await hana.getByTestId("waiting").getByTestId("case-row").first().click();
  await expect
    .poll(() => hana.getByTestId("offer").innerText())
    .toContain("nobody who fits better has taken it yet");
  await hana.getByTestId("accept").click();
  await stage(screen, "live").waitFor({ timeout: 15_000 });
}, 120_000);
