import type { OperatorToConsole, RobotEntry, Turn } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { CASE, entry, NOW, OPERATOR, packet, ROBOTS, snapshot } from "./fixtures/operator";
import { accessibilityFaults } from "./support/accessibility";
import { ACCEPTED, workPlace, type Desk } from "./support/desk";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";

useBrowser();

const ROBOT = ROBOTS[0] as RobotEntry;
const VISIT = { visit_id: "visit", since: NOW - 30_000, language: "pt" };
const SERVES: RobotEntry = { ...ROBOT, visit: VISIT };
const WATCHED: RobotEntry = { ...SERVES, watched_by: OPERATOR };
const IDLE = snapshot({ cases: [], robots: [SERVES], may_watch: true });

const said = (desk: Desk, type: OperatorToConsole["type"]): OperatorToConsole[] =>
  desk.heard.filter((message) => message.type === type);

const turn = (number: number, change: Partial<Turn>): Turn => ({
  ...(packet().transcript[0] as Turn),
  number,
  ...change,
});

describe("a visit that the robot serves", () => {
  it("is seen by everybody and watched by who may", async () => {
    const { page } = await workPlace(snapshot({ robots: [SERVES] }));
    await page.getByTestId("under-way").filter({ hasText: "Portuguese" }).waitFor();
    expect(await page.getByTestId("watch").count()).toBe(0);
  });

  it.each([
    [390, 844],
    [1280, 720],
  ])("is read along, helped and taken over by one key at %i × %i", async (width, height) => {
    const { page, desk } = await workPlace(IDLE, { width, height });
    await page.getByTestId("watch").click();
    await expect
      .poll(() => said(desk, "watch"))
      .toEqual([{ type: "watch", robot_id: ROBOT.id, on: true }]);
    desk.say({ type: "robot", robot: WATCHED });
    const turns = [turn(1, { text: "Quero saber o horário", speaker: "resident" })];
    desk.say({ type: "watched", visit_id: "visit", turns });
    await page.getByTestId("watch-view").waitFor();
    await page.getByTestId("transcript-line").filter({ hasText: "Quero saber" }).waitFor();
    const translation = {
      language: "en",
      text: "I want to know the hours",
      machine: true,
      back: null,
      confidence: null,
    };
    desk.say({
      type: "watched",
      visit_id: "visit",
      turns: [{ ...(turns[0] as Turn), translation }, turn(2, { text: "Das 8h30 às 17h" })],
    });
    await expect.poll(() => page.getByTestId("transcript-line").count()).toBe(2);
    await page.getByTestId("transcript-line").filter({ hasText: "know the hours" }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await layoutFaults(page, { contrast: 4.5, touch_px: 24 })).toEqual([]);
    await page.getByTestId("suggestion").fill("Bring your passport.");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => said(desk, "suggest"))
      .toEqual([
        {
          type: "suggest",
          robot_id: ROBOT.id,
          text: "Bring your passport.",
          language: "en",
        },
      ]);
    await page.locator("main h2").click();
    await page.keyboard.press("o");
    await expect.poll(() => said(desk, "take_visit")).toMatchObject([{ robot_id: ROBOT.id }]);
    desk.say({ type: "robot", robot: ROBOT });
    const mine = { state: "accepted", owner: "operator", operator: OPERATOR } as const;
    desk.say({ type: "case", case: entry({ ...mine, reason: "stepped_in", offer: null }) });
    desk.say(ACCEPTED);
    await page.locator(`[data-testid="case"][data-case="${CASE}"][data-mine="true"]`).waitFor();
    expect(await page.getByTestId("watch-view").count()).toBe(0);
    await page.getByTestId("robot-video").waitFor();
  });

  it("that ends is told, and one that is watched no more goes on", async () => {
    const { page, desk } = await workPlace(IDLE);
    await page.getByTestId("watch").click();
    desk.say({ type: "robot", robot: WATCHED });
    desk.say({ type: "watched", visit_id: "visit", turns: [turn(1, { text: "Bom dia" })] });
    await page.getByTestId("watch-end").click();
    await expect.poll(() => said(desk, "watch").at(-1)).toMatchObject({ on: false });
    desk.say({ type: "robot", robot: SERVES });
    await page.getByTestId("watch").click();
    desk.say({ type: "robot", robot: WATCHED });
    desk.say({ type: "watched", visit_id: "visit", turns: [turn(1, { text: "Bom dia" })] });
    await page.getByTestId("transcript-line").waitFor();
    desk.say({ type: "robot", robot: ROBOT });
    await page.getByText("The visit that you watched has ended").first().waitFor();
    expect(await page.getByTestId("watch-view").count()).toBe(0);
  });
});
