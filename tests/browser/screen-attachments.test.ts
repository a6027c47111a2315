import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Attachment } from "@madoguchi/wire";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { TONGUES, view } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { ROOT } from "./support/house";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { open, show, type Screen } from "./support/screen";

useBrowser();

const DISPLAYS = [
  [1080, 1920],
  [1920, 1080],
  [1280, 800],
  [800, 480],
] as const;
const ALT = "Map of the ground floor. The toilets are on the right as you come in.";
const URL = "https://www.city.hoshikawa.example/en/procedures/garbage-and-recycling";
const MAP: Attachment = {
  kind: "map",
  src: "pack/pictures/ground-floor.svg",
  alt: ALT,
  mark: null,
};
const PICTURE: Attachment = { ...MAP, kind: "picture", src: "pack/pictures/garbage-sorting.svg" };
const LINK: Attachment = { kind: "link", url: URL };
const NOTE: Attachment = {
  kind: "note",
  text: "Prefeitura Distrital de Hoshikawa\nHorário A-48213\nsegunda-feira, 7 de dezembro, 9:30",
};
const MARKED: Attachment = { ...MAP, mark: { left_percent: 92, top_percent: 75 } };
const SETS: Attachment[][] = [
  [MAP],
  [MARKED],
  [LINK],
  [NOTE],
  [PICTURE, LINK],
  [PICTURE, MAP, LINK],
];

/** The page with the sample pack's own pictures, as the daemon serves them. */
async function opened(language: string, display: readonly [number, number]): Promise<Screen> {
  const screen = await open([show("greeting", language)], display);
  await screen.page.route("**/pack/pictures/*.svg", async (route) => {
    const name = new globalThis.URL(route.request().url()).pathname;
    const body = await readFile(join(ROOT, "robot-firmware", name));
    await route.fulfill({ body, contentType: "image/svg+xml" });
  });
  return screen;
}

function answer(language: string, attachments: Attachment[]): ReturnType<typeof show> {
  const captions = view("conversation", language).captions.slice(0, 3);
  return show("conversation", language, {
    captions: captions.map((own) => (own.number === 3 ? { ...own, attachments } : own)),
  });
}

/** What reaches out of its place, covers words, or is a picture without a picture. */
async function outOfPlace(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const main = document.querySelector("main")?.getBoundingClientRect();
    const captions = document.querySelector(".captions")?.getBoundingClientRect();
    if (!main || !captions) return ["there are no captions"];
    const faults: string[] = [];
    const parts = "[data-testid=attachments] :is(button, img, svg, p)";
    for (const part of document.querySelectorAll(parts)) {
      const name = part.nodeName.toLowerCase();
      const { left, right, top, bottom, width, height } = part.getBoundingClientRect();
      const out = left < main.left || right > main.right || top < main.top || bottom > main.bottom;
      if (out) faults.push(`${name} reaches out`);
      const beside = left >= captions.right || right <= captions.left;
      const below = top >= captions.bottom || bottom <= captions.top;
      if (!beside && !below) faults.push(`${name} covers the captions`);
      if (name !== "p" && Math.min(width, height) < 48) faults.push(`${name} is too small`);
      const place = part.closest("button, [data-testid=attachments]")?.getBoundingClientRect();
      const isInside = place && bottom <= place.bottom + 1 && right <= place.right + 1;
      if (!isInside) faults.push(`${name} reaches out of its place`);
    }
    for (const image of document.querySelectorAll("img")) {
      if (!image.complete || image.naturalWidth === 0) faults.push(`${image.src} is not shown`);
    }
    return faults;
  });
}

const loaded = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => [...document.images].every(({ complete }) => complete));

describe.each(DISPLAYS)("beside an answer, on a display of %i × %i", (...display) => {
  it.each(Object.keys(TONGUES))("pictures and links in %s stand whole", async (language) => {
    const { page, daemon, bad } = await opened(language, display);
    const faults: Record<string, string[]> = {};
    for (const set of SETS) {
      daemon.say(answer(language, set));
      await page
        .locator("[data-testid=attachments] > *")
        .nth(set.length - 1)
        .waitFor();
      await loaded(page);
      const found = await layoutFaults(page, {
        touch_px: 64,
        reading: "[data-testid=caption] .text",
        reading_px: 32,
        contrast: 7,
        whole: "[data-testid=address]",
      });
      found.push(...(await outOfPlace(page)));
      if (found.length > 0) faults[set.map(({ kind }) => kind).join()] = found;
      daemon.say(show("conversation", language));
      await page.getByTestId("attachments").waitFor({ state: "detached" });
    }
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });
});

describe("what is beside an answer", () => {
  it.each([
    [1280, 800],
    [800, 480],
  ] as const)(
    "fills a display of %i × %i after a touch, until it is closed",
    async (...display) => {
      const { page, daemon } = await opened("pt", display);
      daemon.say(answer("pt", [MAP, LINK]));
      await page.getByRole("button", { name: ALT }).click();
      const large = page.getByTestId("large");
      const picture = await large.getByRole("img", { name: ALT }).boundingBox();
      expect(picture?.height).toBeGreaterThan(display[1] * 0.55);
      await large.getByText(ALT).waitFor();
      expect(await layoutFaults(page, { touch_px: 64, contrast: 7, whole: "dialog p" })).toEqual(
        [],
      );
      await page.keyboard.press("Escape");
      await large.waitFor({ state: "hidden" });
      await page.getByRole("button", { name: URL }).click();
      await large.getByText("www.city.hoshikawa.example").waitFor();
      await page.getByTestId("close-large").click();
      await large.waitFor({ state: "hidden" });
    },
  );

  it("goes with the next answer, also where it was opened", async () => {
    const { page, daemon } = await opened("pt", [1280, 800]);
    daemon.say(answer("pt", [MAP]));
    await page.getByRole("button", { name: ALT }).click();
    daemon.say(answer("pt", [LINK]));
    await page.getByTestId("large").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: URL }).waitFor();
  });

  it("stays open while the robot speaks on", async () => {
    const { page, daemon } = await opened("pt", [1280, 800]);
    daemon.say(answer("pt", [MAP]));
    await page.getByRole("button", { name: ALT }).click();
    const spoken = answer("pt", [MAP]);
    if (spoken.type === "view") spoken.view.activity = "speaking";
    daemon.say(spoken);
    await page.locator("[data-testid=activity][data-activity=speaking]").waitFor();
    expect(await page.getByTestId("large").isVisible()).toBe(true);
  });

  it("is read out, and passes the accessibility rules", async () => {
    const { page, daemon } = await opened("pt", [1280, 800]);
    daemon.say(answer("pt", [PICTURE, LINK]));
    await expect.poll(async () => page.getByTestId("read-out").textContent()).toContain(ALT);
    await loaded(page);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole("button", { name: ALT }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
