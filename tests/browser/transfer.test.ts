import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { colour, watch } from "./support/media";
import { authored } from "./support/pack";
import { accept, bothMove, end, openDesk, openScreen, SOON, stage, types } from "./support/people";

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

/** A camera that sees nothing but red, so that its picture is known wherever it arrives. */
function redCamera(): void {
  navigator.mediaDevices.getUserMedia = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [320, 240];
    const context = canvas.getContext("2d");
    let number = 0;
    setInterval(() => {
      if (!context) return;
      context.fillStyle = "#d00000";
      context.fillRect(0, 0, 320, 240);
      context.fillStyle = "#a00000";
      context.fillRect((number += 8) % 320, 0, 16, 240);
    }, 60);
    return Promise.resolve(canvas.captureStream(15));
  };
}

async function passOn(desk: Page, choice: string, note: string, warm = false): Promise<void> {
  await desk.locator("main h2").click();
  await desk.keyboard.press("p");
  await desk.getByTestId("pass-dialog").locator(choice).check();
  if (warm) await desk.getByTestId("pass-warm").check();
  await desk.getByTestId("pass-note-text").fill(note);
  await desk.getByTestId("pass-confirm").click();
}

const CARMEN = '[data-testid="pass-colleague"][data-name="Carmen Ruiz"]';

test("a visitor is passed on to a colleague, whose picture comes to the screen", async () => {
  house = await openHouse([]);
  house.operators(["add", "carmen", "--name", "Carmen Ruiz", "--languages", "pt:5,en:3"]);
  const screen = await openScreen(browser, house);
  const hana = await openDesk(browser, house);
  const carmen = await openDesk(browser, house, "carmen", redCamera);
  await screen.getByTestId("language-pt").click();
  await types(screen, "Quero falar com uma pessoa, por favor");
  await stage(screen, "waiting").waitFor();
  await carmen.getByTestId("duty").selectOption("off");
  await accept(screen, hana);
  await carmen.getByTestId("duty").selectOption("on");

  await passOn(hana, CARMEN, "Precisa do formulário de mudança.");
  await hana.locator('[data-testid="transfer"][data-ended="no"]').waitFor(SOON);
  await hana.locator('[data-testid="case-state"][data-state="transferring"]').waitFor(SOON);
  const notice = screen.getByTestId("notice");
  const asked = await authored("phrases/pt.toml", ["phrases", "colleague_asked"]);
  await expect.poll(() => notice.innerText(), SOON).toBe(asked);
  expect(await screen.getByTestId("next-operator").innerText()).toContain("Carmen Ruiz");
  await bothMove(screen, hana);

  // She reads before she accepts: why, the conversation, and what Hana wrote.
  await carmen.getByTestId("waiting").getByTestId("case-row").first().click();
  await carmen.getByTestId("passed-on").filter({ hasText: "Sato Hana" }).waitFor();
  expect(await carmen.getByTestId("pass-note").innerText()).toContain("formulário de mudança");
  const line = carmen.locator('[data-testid="transcript-line"][data-speaker="resident"]');
  await expect.poll(() => line.first().innerText(), SOON).toContain("Quero falar");

  await carmen.getByTestId("accept").click();
  await expect.poll(() => screen.locator(".name strong").innerText(), SOON).toBe("Carmen Ruiz");
  await bothMove(screen, carmen);
  const [red, green, blue] = await colour(screen, "face");
  expect(red, "her picture is on the screen").toBeGreaterThan(100);
  expect(Math.max(green, blue)).toBeLessThan(60);
  expect(await screen.getByTestId("next-operator").count()).toBe(0);
  expect(await carmen.getByTestId("pass-note").innerText()).toContain("formulário de mudança");

  expect(await hana.getByTestId("call").count(), "the first one is out").toBe(0);
  await hana.getByTestId("others").getByTestId("case-row").waitFor();
  expect(await hana.getByTestId("transcript-line").count(), "and reads no more").toBe(0);
  await end(carmen);
  await stage(screen, "conversation").waitFor({ timeout: 15_000 });
}, 180_000);

test("a colleague who says no leaves the visitor with the first one, who is told", async () => {
  house = await openHouse([]);
  house.operators(["add", "carmen", "--name", "Carmen Ruiz", "--languages", "pt:5,en:3"]);
  const screen = await openScreen(browser, house);
  const hana = await openDesk(browser, house);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, hana);
  const carmen = await openDesk(browser, house, "carmen");

  await passOn(hana, '[data-testid="pass-language"]', "");
  await carmen.getByTestId("waiting").getByTestId("case-row").first().click();
  await carmen.getByTestId("passed-on").waitFor();
  await carmen.getByTestId("decline").click();
  await hana.locator('[data-testid="transfer"][data-ended="declined"]').waitFor(SOON);
  await expect.poll(() => carmen.getByTestId("waiting").getByTestId("case-row").count()).toBe(0);
  await expect.poll(() => screen.getByTestId("notice").count(), SOON).toBe(0);
  expect((await watch(screen, "face")).frames, "the picture never stopped").toBeGreaterThan(5);

  await passOn(hana, CARMEN, "");
  await hana.getByTestId("keep-case").click();
  await hana.getByTestId("transfer").waitFor({ state: "detached", ...SOON });
  await hana.locator('[data-testid="case-state"][data-state="live"]').waitFor(SOON);
}, 180_000);

test("two operators talk first, which the visitor sees and doesn't read", async () => {
  house = await openHouse([]);
  house.operators(["add", "carmen", "--name", "Carmen Ruiz", "--languages", "pt:5,en:3"]);
  const screen = await openScreen(browser, house);
  const hana = await openDesk(browser, house);
  await screen.getByTestId("language-pt").click();
  await types(screen, "Quero falar com uma pessoa, por favor");
  await accept(screen, hana);
  const carmen = await openDesk(browser, house, "carmen", redCamera);

  await passOn(hana, '[data-testid="pass-anyone"]', "Precisa do formulário.", true);
  await carmen.getByTestId("waiting").getByTestId("case-row").first().click();
  await carmen.getByTestId("passed-on").filter({ hasText: "wants to talk to you" }).waitFor();
  await carmen.getByTestId("join").click();
  await hana.getByTestId("talk").waitFor(SOON);
  const briefed = await authored("phrases/pt.toml", ["phrases", "colleague_briefed"]);
  const notice = screen.getByTestId("notice");
  await expect.poll(() => notice.innerText(), SOON).toBe(briefed);
  expect(await screen.getByTestId("next-operator").innerText()).toContain("Carmen Ruiz");
  await hana.getByTestId("talk-text").fill("He has paid already.");
  await hana.getByTestId("talk-send").click();
  const line = carmen.getByTestId("talk-line");
  await expect.poll(() => line.allInnerTexts(), SOON).toHaveLength(1);
  await carmen.getByTestId("talk-text").fill("Then I look for the receipt.");
  await carmen.getByTestId("talk-send").click();
  await expect.poll(() => hana.getByTestId("talk-line").count(), SOON).toBe(2);
  await bothMove(screen, hana);
  const shown = await screen.locator("body").innerText();
  expect(shown).not.toContain("paid already");
  expect(shown).not.toContain("receipt");

  await carmen.getByTestId("take-over").click();
  await expect.poll(() => screen.locator(".name strong").innerText(), SOON).toBe("Carmen Ruiz");
  await bothMove(screen, carmen);
  const [red] = await colour(screen, "face");
  expect(red, "her picture is on the screen").toBeGreaterThan(100);
  expect(await carmen.getByTestId("pass-note").innerText()).toContain("formulário");
  const told = carmen.getByTestId("transcript-line").filter({ hasText: "Quero falar" });
  await told.first().waitFor(SOON);
  await hana.getByTestId("others").getByTestId("case-row").waitFor();
  await end(carmen);
  await stage(screen, "conversation").waitFor({ timeout: 15_000 });
}, 180_000);
