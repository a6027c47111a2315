import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Attachment, Shown } from "@madoguchi/wire";
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
  [1280, 800],
  [800, 480],
] as const;
const ALT = "Map of the ground floor. The toilets are on the right as you come in.";
const URL = "https://www.city.hoshikawa.example/en/procedures/garbage-and-recycling";
const OWN = { src: "pack/pictures/ground-floor.svg", alt: ALT, mark: null };
const MAP: Attachment = { kind: "map", ...OWN };
const PICTURE: Attachment = { kind: "picture", ...OWN, src: "pack/pictures/garbage-sorting.svg" };
const LINK: Attachment = { kind: "link", url: URL };

function shown(language: string, what: "map" | "picture" | "link" | "page"): Shown {
  const nothing = { title: null, text: null, detail: null, pointer: null, number: 1, language };
  if (what === "link") return { ...nothing, attachments: [LINK], pointable: false };
  if (what !== "page") {
    return {
      ...nothing,
      attachments: [what === "map" ? MAP : PICTURE],
      pointable: true,
      pointer: { x: 7_500, y: 2_500 },
    };
  }
  const tongue = TONGUES[language];
  return {
    ...nothing,
    title: tongue?.question ?? "",
    text: tongue?.answer ?? "",
    detail: "1-2-3 Hoshikawa",
    attachments: [MAP, LINK],
    pointable: false,
  };
}

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

const loaded = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => [...document.images].every(({ complete }) => complete));

/** Where the pointer's middle is on the picture, in ten-thousandths. */
async function pointed(page: Page): Promise<[number, number]> {
  const sheet = await page.getByRole("img", { name: ALT }).boundingBox();
  const pointer = await page.getByTestId("pointer").boundingBox();
  if (!sheet || !pointer) throw new Error("nothing is pointed at");
  const of = (middle: number, start: number, whole: number): number =>
    Math.round(((middle - start) / whole) * 10_000);
  return [
    of(pointer.x + pointer.width / 2, sheet.x, sheet.width),
    of(pointer.y + pointer.height / 2, sheet.y, sheet.height),
  ];
}

describe.each(DISPLAYS)("on a display of %i × %i", (...display) => {
  it.each(Object.keys(TONGUES))(
    "what a person shows in %s stands beside them",
    async (language) => {
      const { page, daemon, bad } = await opened(language, display);
      const faults: Record<string, unknown> = {};
      for (const what of ["map", "picture", "link", "page"] as const) {
        const [said] = view("live", language).captions.slice(-1);
        daemon.say(show("live", language, { shown: shown(language, what) }));
        await page.getByTestId("shown").waitFor();
        await loaded(page);
        const found: string[] = await layoutFaults(page, {
          touch_px: 64,
          reading: "[data-testid=shown] .text p",
          reading_px: 32,
          contrast: 7,
          whole: "[data-testid=shown] > [data-testid=address], [data-testid=shown] > .head",
        });
        const face = await page.getByTestId("face").boundingBox();
        const card = await page.getByTestId("shown").boundingBox();
        const main = await page.locator("main").boundingBox();
        if (!face || !card || !main || !said) throw new Error("something is not there");
        if (Math.min(face.height, face.width) < 90) found.push("the face is too small");
        if (card.height * card.width < 0.4 * main.height * main.width)
          found.push("the card is small");
        const beside = face.x >= card.x + card.width || card.x >= face.x + face.width;
        const below = face.y >= card.y + card.height || card.y >= face.y + face.height;
        if (!beside && !below) found.push("the card covers the face");
        if (found.length > 0) faults[what] = found;
        daemon.say(show("live", language));
        await page.getByTestId("shown").waitFor({ state: "detached" });
      }
      expect(faults).toEqual({});
      expect(bad).toEqual([]);
    },
  );
});

describe("what a person points at", () => {
  it("is the same place of the picture on every display", async () => {
    for (const display of DISPLAYS) {
      const { page, daemon } = await opened("pt", display);
      daemon.say(show("live", "pt", { shown: shown("pt", "map") }));
      await page.getByTestId("pointer").waitFor();
      await loaded(page);
      const near = (): Promise<boolean> =>
        pointed(page).then(([x, y]) => Math.abs(x - 7_500) < 60 && Math.abs(y - 2_500) < 60);
      await expect.poll(near, { timeout: 20_000 }).toBe(true);
      const sheet = await page.getByRole("img", { name: ALT }).boundingBox();
      expect((sheet?.width ?? 0) / (sheet?.height ?? 1), "not distorted").toBeCloseTo(10 / 7, 1);
    }
  });

  it("can be pointed at by the visitor, too", async () => {
    const { page, daemon, bad } = await opened("pt", [1280, 800]);
    daemon.say(show("live", "pt", { shown: { ...shown("pt", "map"), pointer: null } }));
    const picture = page.getByRole("img", { name: ALT });
    await picture.waitFor();
    await loaded(page);
    const { width, height } = (await picture.boundingBox()) ?? { width: 0, height: 0 };
    await page
      .getByTestId("pointed")
      .click({ position: { x: width * 0.25, y: height * 0.6 }, timeout: 20_000 });
    const points = () => daemon.heard.filter((heard) => heard.type === "point");
    await expect.poll(() => points().length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [first] = points();
    expect(first?.shown).toBe(1);
    expect(first?.at.x).toBeCloseTo(2_500, -2);
    expect(first?.at.y).toBeCloseTo(6_000, -2);
    expect(bad).toEqual([]);
  });

  it("is told to a screen reader, and closes with the call", async () => {
    const { page, daemon } = await opened("pt", [1280, 800]);
    daemon.say(show("live", "pt", { shown: shown("pt", "map") }));
    const card = page.getByRole("region", { name: "Aiko Tanaka" });
    await card.waitFor();
    expect(await card.getAttribute("aria-live")).toBe("polite");
    expect(await accessibilityFaults(page)).toEqual([]);
    for (const what of ["link", "page"] as const) {
      daemon.say(show("live", "pt", { shown: shown("pt", what) }));
      await card.getByTestId("address").waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    daemon.say(show("goodbye", "pt"));
    await card.waitFor({ state: "detached" });
  });
});
