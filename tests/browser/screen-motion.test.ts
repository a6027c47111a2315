import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { accessibilityFaults } from "./support/accessibility";
import { PACK } from "./support/house";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { open, show } from "./support/screen";

const DISPLAYS = [
  [1080, 1920],
  [1280, 800],
  [800, 480],
] as const;

useBrowser();

/** The live view of somebody whose operator may drive, in the pack's own words. */
function driven(language: string, may: boolean | null): ReturnType<typeof show> {
  const phrases = readFileSync(join(PACK, "phrases", `${language}.toml`), "utf8");
  const message = show("live", language, { motion: { may } });
  if (message.type !== "view") throw new Error("no view");
  const labels = { ...message.view.labels };
  for (const [, key, text] of phrases.matchAll(/^(motion_\w+) = "(.*)"$/gmu)) {
    if (key && text) labels[key] = text;
  }
  return { ...message, view: { ...message.view, labels } };
}

it.each(DISPLAYS)("asks whether the robot may move, whole at %i × %i", async (width, height) => {
  for (const language of ["ja", "pt", "de", "ar"]) {
    for (const may of [null, true, false]) {
      const { page, bad } = await open([driven(language, may)], [width, height]);
      await page.getByTestId("motion").waitFor();
      const found = await layoutFaults(page, {
        touch_px: 64,
        contrast: 7,
        whole: "[data-testid=motion] p, [data-testid=motion] button",
      });
      const face = await page.getByTestId("face").boundingBox();
      expect(found, `${language} ${may}`).toEqual([]);
      expect(face?.height, "the face stays").toBeGreaterThan(60);
      expect(bad).toEqual([]);
    }
  }
});

it("takes yes and no by hand, with a screen reader too", async () => {
  const { page, daemon } = await open([driven("pt", null)]);
  await page.getByRole("button", { name: "Sim, pode mover-se" }).click();
  const said = (may: boolean) =>
    daemon.heard.some((heard) => heard.type === "let_move" && heard.may === may);
  await expect.poll(() => said(true)).toBe(true);
  daemon.say(driven("pt", true));
  await page.getByText("O robô pode mover-se agora").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByTestId("motion-stop").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => said(false)).toBe(true);
});

it("tells that a finger is on it, for as long as it is, where the robot may move", async () => {
  const { page, daemon } = await open([driven("pt", true)]);
  await page.getByTestId("motion").waitFor();
  const touches = () => daemon.heard.filter(({ type }) => type === "touched").length;
  await page.mouse.move(640, 300);
  await page.mouse.down();
  await expect.poll(touches, { timeout: 20_000 }).toBeGreaterThan(3);
  await page.mouse.up();
  daemon.say(driven("pt", false));
  await page.getByTestId("motion").and(page.locator("[data-may=false]")).waitFor();
  const after = touches();
  await page.mouse.down();
  await expect.poll(touches, { timeout: 20_000 }).toBeGreaterThan(after);
  await page.mouse.up();
});
