import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StillCard } from "@madoguchi/wire";
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
/** A folder for pictures of every step, for who wants to look: `PICTURES=folder`. */
const PICTURES = process.env.PICTURES;
const SRC = "still/1";

useBrowser();

/** The live view of somebody who is asked for a still, in the pack's own words. */
function asked(language: string, still: StillCard): ReturnType<typeof show> {
  const phrases = readFileSync(join(PACK, "phrases", `${language}.toml`), "utf8");
  const message = show("live", language, { still });
  if (message.type !== "view") throw new Error("no view");
  const labels = { ...message.view.labels };
  for (const [, key, text] of phrases.matchAll(/^(still_\w+) = "(.*)"$/gmu)) {
    if (key && text) labels[key] = text;
  }
  return { ...message, view: { ...message.view, labels } };
}

it.each(DISPLAYS)("asks before and after a still is taken, whole at %i × %i", async (...size) => {
  for (const language of ["ja", "pt", "de", "ar"]) {
    for (const still of [
      { step: "ask" },
      { step: "taking" },
      { step: "preview", src: SRC },
    ] as const) {
      const { page, daemon, bad } = await open([show("greeting", language)], [...size]);
      // Any picture of the camera's form will do.
      await page.route(`**/${SRC}`, async (route) => {
        const body = await readFile(join(PACK, "pictures", "ground-floor.svg"));
        await route.fulfill({ body, contentType: "image/svg+xml" });
      });
      daemon.say(asked(language, still));
      await page.getByTestId("still").waitFor();
      await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
      const found = [
        ...(await layoutFaults(page, {
          touch_px: 64,
          contrast: 7,
          whole: "[data-testid=still] p, [data-testid=still] button",
        })),
        ...(await accessibilityFaults(page)),
      ];
      const face = await page.getByTestId("face").boundingBox();
      if (PICTURES) {
        await page.screenshot({
          path: `${PICTURES}/${size.join("x")}-${language}-${still.step}.png`,
        });
      }
      expect(found, `${language} ${still.step}`).toEqual([]);
      expect(face?.height, "the face stays").toBeGreaterThan(60);
      if (still.step === "preview") {
        const picture = await page.getByTestId("still-preview").boundingBox();
        expect(picture?.height, "it can be judged").toBeGreaterThan(100);
        expect(picture?.width).toBeGreaterThan(140);
      }
      expect(bad).toEqual([]);
    }
  }
});

it("is answered by hand and by keyboard", async () => {
  const { page, daemon } = await open([asked("pt", { step: "ask" })]);
  await page.getByRole("button", { name: "Sim", exact: true }).click();
  const said = (yes: boolean) =>
    daemon.heard.some((heard) => heard.type === "answer_still" && heard.yes === yes);
  await expect.poll(() => said(true)).toBe(true);
  await page.getByTestId("still-no").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => said(false)).toBe(true);
});
