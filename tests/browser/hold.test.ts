import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { HEARD, heard, loudest, quiet, watch } from "./support/media";
import { authored } from "./support/pack";
import { accept, bothMove, openDesk, openScreen, play, SOON, stage } from "./support/people";
import { framesShown } from "./support/robot";

const ENGLISH =
  "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0870.wav";
const SILENT = 0.02;

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

/** Waits until no new frame has come for a second. */
async function standsStill(page: Page, video: string): Promise<void> {
  const still = async (): Promise<number> => (await watch(page, video)).frames;
  await expect.poll(still, SOON).toBe(0);
}

const onHold = (screen: Page): Promise<void> => screen.getByTestId("hold").waitFor(SOON);

test("on hold nothing of either side reaches the other, and the visitor is told for how long", async () => {
  house = await openHouse([{ id: "english", language: "en", wav: ENGLISH }]);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  await play(screen, "english");
  expect(await heard(desk, "robot-level"), "the visitor is heard").toBeGreaterThan(HEARD);
  expect(await heard(screen, "loudspeaker-level"), "the operator is heard").toBeGreaterThan(HEARD);
  const lines = desk.locator('[data-testid="transcript-line"][data-speaker="resident"]');
  await expect.poll(() => lines.count(), SOON).toBe(1);

  await desk.getByTestId("hold-minutes").selectOption("5");
  await desk.keyboard.press("Escape");
  await desk.locator("main h2").click();
  await desk.keyboard.press("h");
  await onHold(screen);
  expect(await screen.getByTestId("hold").innerText()).toContain("5");
  const notice = screen.getByTestId("notice");
  expect(await notice.innerText()).toBe(await authored("phrases/pt.toml", ["phrases", "on_hold"]));
  expect(await notice.getAttribute("lang")).toBe("pt");
  await desk.locator('[data-testid="case-state"][data-state="hold"]').waitFor(SOON);
  await desk.getByTestId("hold-bar").waitFor();
  await screen.getByTestId("initials").waitFor();
  await standsStill(desk, "robot-video");
  expect(await screen.getByTestId("camera-in-use").count(), "no camera in use").toBe(0);

  // The robot says that it is a hold; after that nothing sounds, though the operator's browser beeps.
  await quiet(screen, "loudspeaker-level");
  const leak = await loudest(screen, "loudspeaker-level", 3_000);
  expect(leak, "the operator is not heard").toBeLessThan(SILENT);
  const shown = await framesShown(screen, "face");
  await play(screen, "english");
  const [spoken, leaked] = await Promise.all([
    loudest(screen, "microphone-level", 6_000),
    loudest(desk, "robot-level", 6_000),
  ]);
  expect(spoken, "the visitor speaks").toBeGreaterThan(HEARD);
  expect(leaked, "and is not heard").toBeLessThan(SILENT);
  expect(await framesShown(screen, "face"), "nor is the operator seen").toBe(shown);
  await quiet(screen, "microphone-level");
  expect(await lines.count(), "nor are the words passed on").toBe(1);

  await desk.getByTestId("hold").click();
  await screen.getByTestId("hold").waitFor({ state: "detached", ...SOON });
  await bothMove(screen, desk);
  expect(await heard(screen, "loudspeaker-level"), "the operator is heard again").toBeGreaterThan(
    HEARD,
  );
  await play(screen, "english");
  expect(await heard(desk, "robot-level"), "and the visitor").toBeGreaterThan(HEARD);
}, 180_000);

test("a hold outlives a reload of the desk and a restart of the console", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-en").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  await desk.getByTestId("hold").click();
  await onHold(screen);
  await standsStill(desk, "robot-video");

  await desk.reload();
  await desk.locator('[data-testid="case-state"][data-state="hold"]').waitFor(SOON);
  await desk.getByTestId("held").waitFor();
  await onHold(screen);
  await desk.locator('[data-testid="call-state"][data-state="connected"]').waitFor(SOON);
  await standsStill(desk, "robot-video");
  expect(await screen.locator('[data-testid="initials"]').count()).toBe(1);

  await house.stopConsole();
  await house.startConsole();
  await desk.getByTestId("held").waitFor();
  await expect.poll(() => desk.getByTestId("hold").isEnabled(), { timeout: 30_000 }).toBe(true);
  await onHold(screen);
  await stage(screen, "live").waitFor({ timeout: 30_000 });
  await standsStill(desk, "robot-video");
  await desk.getByTestId("hold").click();
  await screen.getByTestId("hold").waitFor({ state: "detached", ...SOON });
  await bothMove(screen, desk);
}, 180_000);
