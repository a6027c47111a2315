import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { accessibilityFaults } from "./support/accessibility";
import { openWithBrowser, type HouseWithBrowser } from "./support/house";
import { accept, openDesk, openScreen, play, SOON } from "./support/people";

let world: HouseWithBrowser;
let browser: Browser;
let screen: Page;
let desk: Page;

/** A way that is surely none of the sensors' noise. */
const WAY_M = 0.12;
/** What a step may add to its 20 cm: 0.1 m/s for the 0.3 s that a command may be old and hold. */
const STEP_MOST_M = 0.25;

beforeAll(async () => {
  world = await openWithBrowser(
    [
      { id: "press", language: "en", emergency_stop: "press" },
      { id: "reset", language: "en", emergency_stop: "reset" },
    ],
    { wheels: true },
  );
  browser = world.browser;
  screen = await openScreen(browser, world.house, { width: 1280, height: 800 });
  desk = await openDesk(browser, world.house);
}, 120_000);

afterEach((context) => {
  if (context.task.result?.state === "fail") console.error(world.house.robotLog().slice(-4_000));
});

afterAll(() => world.close());

/** What the robot tells: its clock in ms, and how far its wheels have rolled in m. */
async function told(): Promise<{ clock: number; travelled: number; turned: number }> {
  const { clock, travelled, turned } = await desk
    .getByTestId("drive-readings")
    .evaluate((element) => ({ ...(element as HTMLElement).dataset }));
  return { clock: Number(clock), travelled: Number(travelled), turned: Number(turned) };
}

const says = (): Promise<string> => desk.getByTestId("drive-says").innerText();

/** Waits until the robot stands, and sees that it stays so for a second of its own clock. */
async function stands(): Promise<void> {
  await expect
    .poll(async () => {
      const before = await told();
      await expect
        .poll(async () => (await told()).clock, SOON)
        .toBeGreaterThan(before.clock + 1_000);
      return (await told()).travelled - before.travelled;
    }, SOON)
    .toBe(0);
}

/**
 * Holds a key until the robot has moved. A machine that is busy with other things lets commands
 * come late: the robot stops then, and whoever drives lets go and holds again.
 */
async function drive(key: string): Promise<void> {
  await desk.getByTestId("drive-pad").focus();
  const from = await told();
  const moved = async (): Promise<number> =>
    Math.max(
      Math.abs((await told()).travelled - from.travelled),
      Math.abs((await told()).turned - from.turned),
    );
  await expect
    .poll(
      async () => {
        await desk.keyboard.up(key);
        await expect.poll(says, SOON).not.toContain("Let go");
        await desk.keyboard.down(key);
        const begun = await told();
        await expect
          .poll(async () => (await told()).clock, SOON)
          .toBeGreaterThan(begun.clock + 1_500);
        return moved();
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThan(WAY_M);
}

test("the robot moves while a key is held, with the visitor's consent, and only then", async () => {
  await screen.getByTestId("language-en").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  expect(await screen.getByTestId("motion").count()).toBe(0);
  await desk.getByTestId("drive-begin").click();
  await screen.locator('[data-testid="motion"][data-may="asked"]').waitFor(SOON);
  await expect.poll(says, SOON).toContain("has not agreed");
  await desk.getByTestId("drive-pad").focus();
  await desk.keyboard.down("ArrowUp");
  await stands();
  await desk.keyboard.up("ArrowUp");
  expect(await says()).toContain("has not agreed");
  expect((await told()).travelled).toBe(0);
  await screen.getByTestId("motion-allow").click();
  await expect.poll(says, SOON).toContain("Ready");

  const map = desk.getByTestId("room-map");
  await map.waitFor(SOON);
  const x = async (): Promise<number> => Number(await map.getAttribute("data-x"));
  expect(await x(), "where the simulated robot begins").toBeCloseTo(0, 2);
  await drive("ArrowUp");
  await desk.keyboard.up("ArrowUp");
  await stands();
  expect((await told()).travelled).toBeGreaterThan(WAY_M);
  await expect.poll(x, SOON).toBeGreaterThan(WAY_M);
  await drive("ArrowLeft");
  await desk.keyboard.up("ArrowLeft");
  await stands();
  expect((await told()).turned).toBeGreaterThan(WAY_M);
  await drive("ArrowRight");
  await desk.keyboard.up("ArrowRight");
  expect(await accessibilityFaults(desk)).toEqual([]);
}, 240_000);

test("whatever takes the operator's hand away stops it, though the key stays down", async () => {
  await drive("ArrowDown");
  await desk.getByTestId("message").focus();
  await stands();
  await desk.keyboard.up("ArrowDown");

  await drive("ArrowUp");
  await desk.evaluate(() => window.dispatchEvent(new Event("blur")));
  await stands();
  await desk.keyboard.up("ArrowUp");

  await drive("ArrowDown");
  await desk.keyboard.press("Escape");
  await stands();
  await desk.keyboard.up("ArrowDown");
  expect(await says()).toContain("You stopped the robot");
  await desk.getByTestId("drive-release").click();
  await expect.poll(says, SOON).toContain("Ready");
}, 240_000);

test("a hand at the screen stops it, and so does the emergency stop until somebody there resets it", async () => {
  await drive("ArrowUp");
  await screen.mouse.move(300, 400);
  await screen.mouse.down();
  await expect.poll(says, SOON).toContain("touches the screen");
  await stands();
  await screen.mouse.up();
  await desk.keyboard.up("ArrowUp");

  await drive("ArrowDown");
  await play(screen, "press");
  await expect.poll(says, SOON).toContain("emergency stop");
  await stands();
  await desk.keyboard.up("ArrowDown");
  const before = await told();
  await desk.keyboard.down("ArrowDown");
  await stands();
  await desk.keyboard.up("ArrowDown");
  expect((await told()).travelled, "nobody far away resets it").toBe(before.travelled);
  await play(screen, "reset");
  await expect.poll(says, SOON).toContain("Ready");
  expect((await told()).travelled, "and a reset moves nothing").toBe(before.travelled);
  await drive("ArrowUp");
  await desk.keyboard.up("ArrowUp");
  await stands();
}, 240_000);

test("a step ends by itself, no further than it says", async () => {
  const first = await told();
  await expect
    .poll(
      async () => {
        const from = await told();
        await desk.getByTestId("step-backward").click();
        await stands();
        const way = from.travelled - (await told()).travelled;
        expect(way).toBeLessThan(STEP_MOST_M);
        return first.travelled - (await told()).travelled;
      },
      { timeout: 90_000 },
    )
    .toBeGreaterThan(WAY_M);
}, 180_000);

test("who gives the wheels back drives no more", async () => {
  await desk.getByTestId("drive-end").click();
  await screen.getByTestId("motion").waitFor({ state: "detached", ...SOON });
  await desk.getByTestId("drive-begin").waitFor();
  await desk.getByTestId("drive-begin").click();
  await screen.locator('[data-testid="motion"][data-may="true"]').waitFor(SOON);
  await screen.getByTestId("motion-stop").click();
  await expect.poll(says, SOON).toContain("has not agreed");
}, 120_000);
