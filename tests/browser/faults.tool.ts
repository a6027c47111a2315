import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWithBrowser, type House } from "./support/house";
import { framesShown } from "./support/robot";
import {
  accept,
  answersTyped,
  bothMove,
  end,
  leave,
  openDesk,
  openScreen,
  stage,
} from "./support/people";

/** How often `make faults` goes through all faults. */
const ROUNDS = Number(process.env["ROUNDS"] ?? 2);
/** A hang that both ends notice: longer than the link's silence limit. */
const HANG_MS = 12_000;

let browser: Browser;
let house: House;
let close: () => Promise<void>;
let screen: Page;
let desk: Page;

beforeAll(async () => {
  ({ browser, house, close } = await openWithBrowser());
}, 180_000);

afterAll(() => close());

/** Somebody waits for a person. */
async function waits(): Promise<void> {
  screen = await openScreen(browser, house);
  desk = await openDesk(browser, house);
  await screen.getByTestId("language-en").click();
  await answersTyped(screen, "What are your opening hours?", "en", "opening-hours");
  await screen.getByTestId("talk-to-person").click();
  await stage(screen, "waiting").waitFor();
  await desk.getByTestId("case-row").first().waitFor({ timeout: 20_000 });
}

/** A picture that stands still is never left on the screen as if it were a person. */
async function noFrozenFace(): Promise<void> {
  await expect
    .poll(
      async () => {
        // A face without new frames is covered by the person's initials.
        const covered = await screen.getByTestId("initials").isVisible();
        if (covered || !(await screen.getByTestId("face").isVisible())) return "gone";
        const before = await framesShown(screen, "face").catch(() => 0);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        const after = await framesShown(screen, "face").catch(() => 0);
        return after > before ? "moves" : "stands still";
      },
      { timeout: 15_000 },
    )
    .not.toBe("stands still");
}

/** After every fault: the resident is answered, and a case comes through, once, with pictures. */
async function allIsWell(): Promise<void> {
  await Promise.all([screen.close(), desk.context().close()]);
  screen = await browser.newPage({ viewport: { width: 1080, height: 1920 } });
  await screen.goto(house.screen);
  desk = await openDesk(browser, house);
  await backToGreeting();
  await expect.poll(() => desk.getByTestId("case-row").count(), { timeout: 60_000 }).toBe(0);
  await screen.getByTestId("language-en").click();
  await answersTyped(screen, "Where can I pay my taxes?", "en", "tax-payment");
  await expect
    .poll(
      async () => {
        if (await stage(screen, "waiting").isVisible()) return true;
        await screen
          .getByTestId("talk-to-person")
          .click({ timeout: 2_000 })
          .catch(() => undefined);
        return stage(screen, "waiting").isVisible();
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toBe(true);
  await desk.getByTestId("case-row").first().waitFor({ timeout: 40_000 });
  expect(await desk.getByTestId("case-row").count(), "cases of one wish").toBe(1);
  await accept(screen, desk);
  await end(desk);
  await stage(screen, "conversation").waitFor({ timeout: 20_000 });
  await leave(screen);
  await Promise.all([screen.close(), desk.context().close()]);
}

/** Ends whatever the fault left, as a resident and an operator would. */
async function backToGreeting(): Promise<void> {
  await expect
    .poll(
      async () => {
        if (await stage(screen, "greeting").isVisible()) return "greeting";
        const row = desk.getByTestId("case-row").first();
        const endCall = desk.getByTestId("end");
        if (await endCall.isVisible()) await end(desk).catch(() => undefined);
        else if (await row.isVisible()) await row.click({ timeout: 2_000 }).catch(() => undefined);
        for (const button of ["stop-waiting", "goodbye"]) {
          await screen
            .getByTestId(button)
            .click({ timeout: 1_000 })
            .catch(() => undefined);
        }
        return "not yet";
      },
      { timeout: 150_000, interval: 1_000 },
    )
    .toBe("greeting");
}

const faults: Record<string, () => Promise<void>> = {
  "the console crashes while somebody waits": async () => {
    await waits();
    await house.signal("console", "SIGKILL");
    await house.startConsole();
    const later = await openDesk(browser, house);
    await expect.poll(() => later.getByTestId("case-row").count(), { timeout: 60_000 }).toBe(1);
    await later.context().close();
  },
  "the console crashes in a call": async () => {
    await waits();
    await accept(screen, desk);
    await house.signal("console", "SIGKILL");
    await house.startConsole();
    await noFrozenFace();
  },
  "the console hangs while somebody waits": async () => {
    await waits();
    await house.signal("console", "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, HANG_MS));
    await house.signal("console", "SIGCONT");
    await expect.poll(() => desk.getByTestId("case-row").count(), { timeout: 60_000 }).toBe(1);
  },
  "the console hangs in a call": async () => {
    await waits();
    await accept(screen, desk);
    await house.signal("console", "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, HANG_MS));
    await house.signal("console", "SIGCONT");
    await noFrozenFace();
  },
  "the robot's program crashes while somebody waits": async () => {
    await waits();
    await house.signal("robot", "SIGKILL");
    await house.startRobot();
  },
  "the robot's program crashes in a call": async () => {
    await waits();
    await accept(screen, desk);
    await house.signal("robot", "SIGKILL");
    await house.startRobot();
    await noFrozenFace();
  },
  "the operator's browser dies in a call": async () => {
    await waits();
    await accept(screen, desk);
    await desk.context().close();
    await noFrozenFace();
    desk = await openDesk(browser, house);
  },
  "the operator reloads the page in a call": async () => {
    await waits();
    await accept(screen, desk);
    await desk.reload();
    await bothMove(screen, desk);
  },
  "the screen page reloads in a call": async () => {
    await waits();
    await accept(screen, desk);
    await screen.reload();
    await stage(screen, "live").waitFor({ timeout: 15_000 });
    await bothMove(screen, desk);
  },
};

describe.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))("round %i", () => {
  for (const [name, strike] of Object.entries(faults)) {
    test(name, { timeout: 300_000 }, async () => {
      await strike();
      await allIsWell();
    });
  }
});
