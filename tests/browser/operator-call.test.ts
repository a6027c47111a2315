import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { CASE, snapshot } from "./fixtures/operator";
import { accept, ACCEPTED, HELD, sessions, workPlace, type Desk } from "./support/desk";
import { ORIGIN, Wire } from "./support/pages";
import { context, newContext, useBrowser } from "./support/profile";
import { framesShown, playRobot, received, relay, signed } from "./support/robot";

useBrowser();

/** Whether no frame reaches the robot within a second. */
async function standsStill(robot: Page): Promise<boolean> {
  const { frames } = await received(robot);
  await robot.waitForTimeout(1_000);
  return (await received(robot)).frames === frames;
}

describe("a call", () => {
  it("goes on without camera and microphone, and says so", async () => {
    await newContext("operator");
    await sessions(true);
    const page = await context.newPage();
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException("denied", "NotAllowedError"));
    });
    const desk: Desk = await Wire.attach(page, /\/api\/live$/u, [snapshot()]);
    await page.goto(ORIGIN);
    await accept(page, desk);
    await page.getByText("Neither camera nor microphone can be used").waitFor();
    expect(await page.getByTestId("mute").isDisabled()).toBe(true);
    await page.locator("[data-testid=call-state][data-state=waiting]").waitFor();
  });

  it("sees and hears the robot, is seen and heard, and survives a second call", async () => {
    const { page, desk, bad } = await workPlace();
    await accept(page, desk);
    for (const session of [1, 2]) {
      const robot = await context.newPage();
      await robot.goto(`${ORIGIN}/favicon.svg`);
      const answer = await playRobot(
        robot,
        (signal) => desk.say({ type: "signal", case_id: CASE, signal: signed(desk.heard, signal) }),
        { session, listens: true },
      );
      const patience = { timeout: 20_000 };
      await relay(desk, answer, async () => {
        await page.locator("[data-testid=call-state][data-state=connected]").waitFor();
        await expect.poll(() => framesShown(page, "robot-video"), patience).toBeGreaterThan(10);
        await expect.poll(async () => (await received(robot)).frames, patience).toBeGreaterThan(10);
        await expect.poll(async () => (await received(robot)).energy, patience).toBeGreaterThan(0);
        const level = page.getByTestId("robot-level");
        await expect
          .poll(async () => Number(await level.getAttribute("data-level")), patience)
          .toBeGreaterThan(0);
        await page.getByTestId("camera").click();
        await page.getByTestId("own-video").waitFor({ state: "hidden" });
        await expect.poll(() => standsStill(robot), patience).toBe(true);
        await page.keyboard.press("c");
        await expect.poll(() => standsStill(robot), patience).toBe(false);
      });
      await robot.close();
    }
    expect(bad).toEqual([]);
  });
});

describe("a call that stands", () => {
  it("goes on when the page's link is lost and found, until the robot offers another", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    const call = async (session: number, meanwhile: (robot: Page) => Promise<void>) => {
      const robot = await context.newPage();
      await robot.goto(`${ORIGIN}/favicon.svg`);
      const answer = await playRobot(
        robot,
        (signal) => desk.say({ type: "signal", case_id: CASE, signal: signed(desk.heard, signal) }),
        { session, listens: true },
      );
      await relay(desk, answer, () => meanwhile(robot));
      await robot.close();
    };
    const connected = page.locator("[data-testid=call-state][data-state=connected]");
    const patience = { timeout: 20_000 };
    await call(1, async (robot) => {
      await connected.waitFor();
      await desk.leave();
      desk.comeBack(snapshot({ cases: [HELD], holding: CASE }), ACCEPTED);
      const asked = desk.heard.length;
      await expect.poll(() => desk.heard.length, patience).toBeGreaterThan(asked);
      const frames = [await framesShown(page, "robot-video"), (await received(robot)).frames];
      await expect
        .poll(() => framesShown(page, "robot-video"), patience)
        .toBeGreaterThan((frames[0] ?? 0) + 10);
      await expect
        .poll(async () => (await received(robot)).frames, patience)
        .toBeGreaterThan((frames[1] ?? 0) + 10);
      expect(await connected.count()).toBe(1);
    });
    await call(2, async (robot) => {
      await expect.poll(async () => (await received(robot)).frames, patience).toBeGreaterThan(10);
      await connected.waitFor();
    });
  });
});
