import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accessibilityFaults } from "./support/accessibility";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { layoutFaults } from "./support/layout";
import { accept, end, openDesk, openScreen, SOON } from "./support/people";

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

const question = (screen: Page, step: string): Promise<void> =>
  screen.locator(`[data-testid="still"][data-step="${step}"]`).waitFor(SOON);
const told = (desk: Page, step: string): Promise<void> =>
  desk.locator(`[data-testid="still"][data-step="${step}"]`).waitFor(SOON);

/** Whether a picture is there, and shows something. */
const isPicture = (page: Page, testid: string): Promise<boolean> =>
  page
    .getByTestId(testid)
    .evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth >= 320);

/** Files below a folder that hold a JPEG's beginning, or its base64. */
async function withJpeg(folder: string, tries = 20): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((own) => own.isFile()).map((own) => join(own.parentPath, own.name));
  const looks = files.map(async (file) => {
    const bytes = await readFile(file);
    const isThere = bytes.includes(Buffer.from([0xff, 0xd8, 0xff])) || bytes.includes("/9j/");
    return isThere ? [file] : [];
  });
  try {
    return (await Promise.all(looks)).flat();
  } catch (error) {
    // The programs go on writing: a file was put in another's place meanwhile.
    if (tries === 0 || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return withJpeg(folder, tries - 1);
  }
}

test("a still is taken and sent with the visitor's yes only, and stands in the case alone", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house, { width: 800, height: 480 });
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  const faults = async (): Promise<string[]> => [
    ...(await layoutFaults(screen, {
      touch_px: 64,
      contrast: 7,
      whole: "[data-testid=still] p, [data-testid=still] button",
    })),
    ...(await accessibilityFaults(screen)),
  ];

  await desk.getByTestId("show").click();
  await desk.getByTestId("ask-still").click();
  await question(screen, "ask");
  await screen.getByText("Pode ser tirada uma foto com a câmera?").waitFor();
  expect(await faults()).toEqual([]);
  await screen.getByTestId("still-no").click();
  await told(desk, "declined");
  expect(await desk.getByTestId("still-image").count()).toBe(0);

  await desk.getByTestId("show").click();
  await desk.getByTestId("ask-still").click();
  await question(screen, "ask");
  await screen.getByTestId("still-yes").click();
  await question(screen, "preview");
  await expect.poll(() => isPicture(screen, "still-preview"), SOON).toBe(true);
  expect(await faults()).toEqual([]);
  const src = (await screen.getByTestId("still-preview").getAttribute("src")) ?? "";
  const kept = await screen.evaluate(
    async (src) => (await fetch(src)).headers.get("cache-control"),
    src,
  );
  expect(kept, "no browser keeps it").toBe("no-store");
  expect(await desk.getByTestId("still-image").count(), "the desk has seen nothing").toBe(0);
  await screen.getByTestId("still-no").click();
  await told(desk, "declined");
  const gone = (): Promise<number> =>
    screen.evaluate(async (src) => (await fetch(src)).status, src);
  await expect.poll(gone, SOON).toBe(404);

  await desk.getByTestId("show").click();
  await desk.getByTestId("ask-still").click();
  await screen.getByTestId("still-yes").click();
  await question(screen, "preview");
  await screen.getByTestId("still-yes").click();
  await screen.getByTestId("still").waitFor({ state: "detached", ...SOON });
  await desk.getByTestId("still-image").waitFor(SOON);
  await expect.poll(() => isPicture(desk, "still-image"), SOON).toBe(true);
  await desk.reload();
  await desk.getByTestId("still-image").waitFor(SOON);
  await expect.poll(() => isPicture(desk, "still-image"), SOON).toBe(true);
  expect(await accessibilityFaults(desk)).toEqual([]);

  await end(desk);
  await desk.getByTestId("still-image").waitFor({ state: "detached", ...SOON });
  expect(await withJpeg(house.folders.robot), "nothing is on the robot's disk").toEqual([]);
  expect(await withJpeg(house.folders.console), "the console's store has it").not.toEqual([]);
}, 120_000);
