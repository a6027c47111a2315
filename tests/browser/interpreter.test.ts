import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, realVoices, type House } from "./support/house";
import { HEARD, heard } from "./support/media";
import { authored } from "./support/pack";
import { canHear, caption, openScreen, play, SOON, stage, types } from "./support/people";

const ENGLISH =
  "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0870.wav";
const voices = await realVoices();

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

async function interprets(screen: Page, clerk: string, visitor: string): Promise<void> {
  await screen.getByTestId("interpret").click();
  await screen.getByTestId(`clerk-${clerk}`).click();
  await screen.getByTestId(`visitor-${visitor}`).click();
  await screen.getByTestId("start-interpreting").click();
}

/** The newest line in a half, once it has words of its language. */
function line(screen: Page, half: string): ReturnType<Page["locator"]> {
  return screen.locator(`[data-testid="half-${half}"] [data-testid="interpreted"]`).last();
}

test("typed words of both sides are translated, said and marked, until it is ended", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house);
  await interprets(screen, "en", "pt");
  await screen.getByTestId("interpreter").waitFor(SOON);
  expect(await screen.getByTestId("half-visitor").innerText()).toContain(
    await authored("phrases/pt.toml", ["labels", "interpreter_title"]),
  );
  await types(screen, "Bom dia, preciso de um atestado de residência.");
  await expect
    .poll(() => line(screen, "clerk").locator(".text").innerText(), SOON)
    .toMatch(/good morning/iu);
  expect(await line(screen, "clerk").innerText(), "the original stays").toContain("Bom dia");

  await screen.getByTestId("writer-clerk").click();
  await types(screen, "Please fill in this form.");
  await expect
    .poll(() => line(screen, "visitor").locator(".text").innerText(), SOON)
    .toMatch(/formulário/iu);
  expect(await heard(screen, "loudspeaker-level"), "it is spoken").toBeGreaterThan(HEARD);

  await screen.getByTestId("turn-half").click();
  await screen.locator("[data-testid=half-clerk].turned").waitFor(SOON);
  await screen.getByTestId("end-interpreting").click();
  await stage(screen, "conversation").waitFor(SOON);
  const told = await authored("phrases/pt.toml", ["phrases", "interpreter_ended"]);
  await caption(screen, "agent", "pt").filter({ hasText: told }).waitFor(SOON);
}, 120_000);

test("two languages that nothing translates are refused, and a person is called on a touch", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house);
  await interprets(screen, "ja", "pt");
  await screen.getByTestId("interpreter-refused").waitFor(SOON);
  await screen.getByTestId("talk-to-person").click();
  await stage(screen, "waiting").waitFor(SOON);
}, 120_000);

test("a real English voice is read and heard in Portuguese, and a Portuguese one in English", async () => {
  expect(existsSync(ENGLISH), "install pocketsphinx-testdata").toBe(true);
  const portuguese = voices.get("leopard_pt.wav");
  if (!portuguese) console.warn("SKIPPED: needs real Portuguese speech; English stands for it");
  house = await openHouse([
    { id: "english", language: "en", wav: ENGLISH },
    ...(portuguese ? [{ id: "pt", language: "pt", wav: portuguese }] : []),
  ]);
  const screen = await openScreen(browser, house);
  await canHear(screen);
  await interprets(screen, "en", "pt");
  await screen.getByTestId("interpreter").waitFor(SOON);
  await screen.locator('[data-testid="activity"][data-activity="listening"]').waitFor(SOON);
  await play(screen, "english");
  const words = line(screen, "visitor");
  await expect
    .poll(() => words.locator(".original").innerText(), { timeout: 60_000 })
    .toMatch(/\w{3}/u);
  await expect.poll(() => words.locator(".text").count(), SOON).toBe(1);
  expect(await heard(screen, "loudspeaker-level"), "it is spoken").toBeGreaterThan(HEARD);
  if (!portuguese) return;
  await screen
    .locator('[data-testid="activity"][data-activity="listening"]')
    .waitFor({ timeout: 60_000 });
  await play(screen, "pt");
  await expect
    .poll(() => line(screen, "clerk").locator(".original").innerText(), { timeout: 60_000 })
    .toMatch(/raposa/iu);
  await expect
    .poll(() => line(screen, "clerk").locator(".text").innerText(), SOON)
    .toMatch(/fox/iu);
}, 180_000);
