import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House, type HouseOptions, type Visitor } from "./support/house";
import { heard, HEARD as HEARD_LEVEL, loudest, quiet } from "./support/media";
import { authored } from "./support/pack";
import { accept, canHear, end, openDesk, openScreen, play, SOON, stage } from "./support/people";
import { ENGLISH, withPause } from "./support/recording";

/** A recogniser, a translator, three pages and other work beside. */
const HEARD = { timeout: 60_000 };
const HOURS: Visitor = { id: "hours", language: "en", say: "What are your opening hours?" };

let folder: string;
let browser: Browser | undefined;
let house: House | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "madoguchi-voices-"));
});

afterEach(async (context) => {
  if (context.task.result?.state === "fail") console.error(house?.robotLog().slice(-4_000));
  await browser?.close();
  await house?.stop();
  house = browser = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A Portuguese visitor and an operator who speaks as recorded, or only beeps, in a call. */
async function call(
  recording: string | undefined,
  options: HouseOptions = {},
  hears = true,
): Promise<{ screen: Page; desk: Page; house: House }> {
  browser = await launch(recording);
  house = await openHouse([HOURS], options);
  house.operators(["set", house.user, "--languages", "pt,en"]);
  const screen = await openScreen(browser, house, { width: 800, height: 480 });
  const desk = await openDesk(browser, house);
  if (hears) await canHear(screen);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  return { screen, desk, house };
}

const lines = (desk: Page, speaker: string): Locator =>
  desk.locator(`[data-testid="transcript-line"][data-speaker="${speaker}"]`).filter({
    hasText: "heard",
  });

test("what either side says is read by the other in their language, marked as made by machines", async () => {
  const { screen, desk, house } = await call(await withPause(ENGLISH, folder), { record: true });
  const labels = async (key: string): Promise<string> =>
    authored("phrases/pt.toml", ["labels", key]);

  // The operator speaks English; the visitor reads Portuguese below the face, and the original.
  const below = screen.locator('[data-testid="operator-words"][data-partial="false"]');
  const translated = below.filter({ hasText: await labels("machine_translated") });
  await translated.waitFor(HEARD);
  expect(await translated.getAttribute("data-language")).toBe("pt");
  const shown = await translated.innerText();
  expect(shown, "the original stays").toMatch(/leisure to consider/iu);
  expect(shown).toContain(await labels("automatic_caption"));
  const size = await translated
    .locator(".text")
    .evaluate((text) => parseFloat(getComputedStyle(text).fontSize));
  expect(size, "legible from a step away").toBeGreaterThanOrEqual(32);

  // So does the operator, with what was made of it.
  const own = lines(desk, "operator").first();
  expect(await own.getByTestId("original").innerText()).toMatch(/john dashwood/iu);
  await own.getByTestId("translation").waitFor(SOON);

  // The visitor speaks English; this operator's own language is Portuguese.
  await play(screen, "hours");
  const said = desk.locator('[data-testid="call-caption"][data-speaker="resident"]');
  await said.filter({ hasText: /opening hours/iu }).waitFor(HEARD);
  const marked = said.filter({ has: desk.getByTestId("caption-mark") });
  await expect.poll(() => marked.innerText(), HEARD).toMatch(/Machine translation from English/u);
  expect(await marked.innerText()).toMatch(/hor[áa]rio|abertura/iu);
  expect(await desk.getByTestId("call-captions").innerText()).toMatch(/Automatic captions/u);

  // All of it stands in the case, which a colleague would get: it survives a reload.
  await desk.reload();
  await desk.getByTestId("call").waitFor(SOON);
  await lines(desk, "resident")
    .filter({ hasText: /opening hours/iu })
    .waitFor(SOON);
  await lines(desk, "operator").first().waitFor(SOON);
  expect(house.robotLog(), "nothing said stands in the log").not.toMatch(/dashwood|opening/iu);
}, 240_000);

test("on hold neither side is written down, and both are again after it", async () => {
  const { screen, desk } = await call(await withPause(ENGLISH, folder));
  await lines(desk, "operator").first().waitFor(HEARD);
  await desk.getByTestId("hold").click();
  await screen.getByTestId("hold").waitFor(SOON);
  const before = [await lines(desk, "operator").count(), await lines(desk, "resident").count()];
  await quiet(screen, "loudspeaker-level");
  await play(screen, "hours");
  expect(await loudest(screen, "microphone-level", 6_000), "the visitor speaks").toBeGreaterThan(
    0.2,
  );
  await quiet(screen, "microphone-level");
  expect(await screen.getByTestId("operator-words").count(), "nothing below the face").toBe(0);
  const after = [await lines(desk, "operator").count(), await lines(desk, "resident").count()];
  expect(after).toEqual(before);
  await desk.getByTestId("hold").click();
  await screen.getByTestId("hold").waitFor({ state: "detached", ...SOON });
  await expect.poll(() => lines(desk, "operator").count(), HEARD).toBeGreaterThan(before[0] ?? 0);
  await play(screen, "hours");
  await expect.poll(() => lines(desk, "resident").count(), HEARD).toBeGreaterThan(before[1] ?? 0);
}, 240_000);

test("sounds from the operator's room become no words", async () => {
  const { screen, desk } = await call(undefined);
  expect(await heard(screen, "loudspeaker-level"), "it is heard").toBeGreaterThan(HEARD_LEVEL);
  await play(screen, "hours");
  await lines(desk, "resident").first().waitFor(HEARD);
  expect(await lines(desk, "operator").count()).toBe(0);
  expect(await screen.getByTestId("operator-words").count()).toBe(0);
}, 180_000);

test("without a recogniser both sides are told, and the call goes on", async () => {
  const models = join(folder, "no-models");
  const { screen, desk } = await call(await withPause(ENGLISH, folder), { models }, false);
  const told = screen.getByTestId("no-captions");
  expect(await told.innerText()).toBe(await authored("phrases/pt.toml", ["labels", "no_captions"]));
  const sentence = await desk.getByTestId("no-captions").innerText();
  expect(sentence).toMatch(/speech recogniser doesn't work.*madoguchi-robot check/u);
  expect(await heard(screen, "loudspeaker-level"), "they hear").toBeGreaterThan(HEARD_LEVEL);
  await desk.getByTestId("message").fill("One moment please");
  await desk.getByTestId("send").click();
  await screen.getByText("One moment please").first().waitFor(SOON);
  await end(desk);
  await stage(screen, "live").waitFor({ state: "detached", ...SOON });
}, 180_000);
