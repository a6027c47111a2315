import type { Transfer } from "@madoguchi/wire";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { CASE, NOW, OPERATOR, packet, snapshot, task } from "./fixtures/operator";
import { accessibilityFaults } from "./support/accessibility";
import { accept, HELD, MOVED, openCase, workPlace } from "./support/desk";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { reachFaults } from "./support/reach";

useBrowser();

const LONG = "Bürgerdienstleistungszentrumseingangshalle 総合案内前";
const ADDRESS = `https://www.city.hoshikawa.example/${"aufenthaltsgenehmigung/".repeat(9)}`;
/** Narrower displays show one column. */
const WIDE_PX = 900;

/** A folder for pictures of every step, for who wants to look: `PICTURES=folder`. */
const PICTURES = process.env.PICTURES;

const CARMEN = { ...OPERATOR, id: "0198c0de-0000-7000-8000-00000000000c", name: "Carmen Ruiz" };
const LINES = [OPERATOR.id, CARMEN.id, OPERATOR.id].map((by, index) => ({
  by,
  text: `${LONG} ${String(index)} `.repeat(3),
  at: NOW,
}));
const WARM: Transfer = {
  to: { to: "colleague", operator: CARMEN.id },
  colleague: CARMEN,
  from: OPERATOR,
  note: LONG,
  until: NOW + 600_000,
  warm: true,
  talk: null,
  ended: null,
};

const ALWAYS = "[data-testid=accept], [data-testid=end], [data-testid=message], [data-testid=send]";

type Look = (step: string) => Promise<void>;

/** Looks at a page at every step; the faults are gathered by step. */
function looking(page: Page, width: number, name: string): [Look, Record<string, string[]>] {
  const faults: Record<string, string[]> = {};
  const look: Look = async (step) => {
    const touch_px = width < WIDE_PX ? 44 : 24;
    const found = [
      ...(await layoutFaults(page, { contrast: 4.5, touch_px, whole: ALWAYS })),
      ...(await reachFaults(page)),
      ...(await accessibilityFaults(page)),
    ];
    if (found.length > 0) faults[step] = found;
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-${step}.png` });
  };
  return [look, faults];
}

describe.each([
  [390, 844, "light"],
  [768, 1024, "dark"],
  [900, 700, "light"],
  [1024, 768, "light"],
  [1280, 720, "dark"],
  [1440, 900, "light"],
  [2560, 1440, "light"],
] as const)("at %i × %i in %s", (width, height, colorScheme) => {
  it("nothing is cut off, covered, pale or out of reach", async () => {
    const { page, desk, bad } = await workPlace(snapshot(), { width, height, colorScheme });
    const [look, faults] = looking(page, width, String(width));
    await look("queue");
    desk.say({ type: "task", task: task() });
    await page.getByTestId("task").locator("summary").click();
    await page.getByTestId("task-tried").click();
    await page.getByTestId("error").waitFor();
    await look("task");
    await openCase(page, desk);
    await look("offer");
    if (width < WIDE_PX) await page.getByTestId("back").click();
    await accept(page, desk);
    desk.say({ type: "packet", packet: packet({ revision: 5 }) });
    await page.locator("[data-testid=packet][data-revision='5']").waitFor({ state: "attached" });
    await look("case");
    const talk = { with: CARMEN, lines: LINES };
    desk.say({ type: "case", case: { ...HELD, transfer: { ...WARM, talk } } });
    await page.getByTestId("talk").waitFor();
    await look("talk");
    desk.say({ type: "case", case: HELD });
    await page.getByTestId("talk").waitFor({ state: "detached" });
    await page.getByTestId("end").click();
    await look("end");
    await page.keyboard.press("Escape");
    await page.getByTestId("sign-out").click();
    await look("sign out");
    await page.getByTestId("stay").click();
    desk.say(MOVED);
    await page.getByTestId("elsewhere").waitFor();
    await look("elsewhere");
    desk.say({ type: "case", case: { ...HELD, robot_name: LONG } });
    await page.getByText(LONG).filter({ visible: true }).first().waitFor();
    await look("a long name");
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });

  it("a long word without a gap pushes nothing away", async () => {
    const { page, desk } = await workPlace(snapshot(), { width, height, colorScheme });
    const [look, faults] = looking(page, width, String(width));
    await accept(page, desk);
    await page.getByTestId("message").fill(ADDRESS);
    await page.getByTestId("send").click();
    desk.say({
      type: "shown",
      case_id: CASE,
      message: 1,
      language: "en",
      text: ADDRESS,
      translated: false,
    });
    await page.getByTestId("shown").waitFor();
    await page.getByTestId("message").fill(ADDRESS);
    await look("a long word");
    expect(faults).toEqual({});
  });

  it.each(["Aiko Tanaka", LONG])(
    "the header tells %s all, with and without a console",
    async (name) => {
      const operator = { ...OPERATOR, name };
      const { page, desk } = await workPlace(snapshot({ operator }), {
        width,
        height,
        colorScheme,
      });
      const [look, faults] = looking(page, width, `${width}-${name.slice(0, 4)}`);
      const state = page.getByTestId("console-connection");
      await expect.poll(() => state.textContent()).toBe("Connected to the console");
      desk.say({ type: "duty", duty: { state: "outside_hours" } });
      await page.getByText("Outside your duty hours").waitFor({ state: "attached" });
      await look("connected");
      await desk.leave();
      await expect.poll(() => state.textContent()).toContain("No connection to the console");
      await look("disconnected");
      expect(faults).toEqual({});
    },
  );
});

describe("on a phone", () => {
  it("the queue leads to a case and back, and the conversation goes on meanwhile", async () => {
    const { page, desk } = await workPlace(snapshot(), { width: 390, height: 844 });
    const [look, faults] = looking(page, 390, "phone");
    const queue = page.getByTestId("waiting");
    await accept(page, desk);
    expect(await queue.isVisible()).toBe(false);
    await page.getByTestId("about").click();
    await page.getByTestId("summary").waitFor();
    await look("about");
    await page.getByTestId("about").click();
    await page.getByTestId("summary").waitFor({ state: "hidden" });
    await page.getByTestId("back").click();
    await queue.waitFor();
    expect(await page.getByTestId("message").isVisible()).toBe(false);
    expect(await page.getByTestId("robot-video").count()).toBe(1);
    await look("back");
    await page.getByTestId("mine").getByTestId("case-row").click();
    await page.getByTestId("message").waitFor();
    expect(faults).toEqual({});
  });

  it("a low display and a full page keep the way to accept, to write and to end", async () => {
    const { page, desk } = await workPlace(snapshot(), { width: 360, height: 560 });
    const [look, faults] = looking(page, 360, "low");
    await openCase(page, desk);
    await look("offer");
    await page.getByTestId("back").click();
    await accept(page, desk);
    await look("case");
    expect(faults).toEqual({});
  });
});
