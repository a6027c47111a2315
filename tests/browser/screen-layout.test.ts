import type { NobodyStep, Stage, Way } from "@madoguchi/wire";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { TONGUES, VISITORS } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { useBrowser } from "./support/profile";
import { layoutFaults } from "./support/layout";
import { open, show } from "./support/screen";

const STAGES: Stage[] = [
  "greeting",
  "conversation",
  "waiting",
  "connecting",
  "live",
  "onsite",
  "goodbye",
];
const DISPLAYS = [
  [1080, 1920],
  [1920, 1080],
  [1280, 800],
  [800, 480],
] as const;

useBrowser();

/** What reaches into the strip of sample visitors, or has no room because of it. */
async function clearOfStrip(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const strip = document.querySelector("[data-testid=sample-visitors]")?.closest("aside");
    const box = strip?.getBoundingClientRect();
    if (!box) return ["there is no strip"];
    const least_px = { ".captions": 64, "[data-testid=typed]": 64, ".actions button": 64 };
    return Object.entries(least_px).flatMap(([selector, least]) =>
      [...document.querySelectorAll(selector)].flatMap((element) => {
        const { left, right, top, bottom, height } = element.getBoundingClientRect();
        const over = right > box.left + 1 && left < box.right - 1 && bottom > box.top + 1;
        if (over) return [`${selector} ends ${bottom - box.top} px inside the strip`];
        if (bottom > innerHeight || top < 0) return [`${selector} leaves the display`];
        return height < least - 0.5 ? [`${selector} is only ${height} px high`] : [];
      }),
    );
  });
}

describe.each(DISPLAYS)("on a display of %i × %i", (width, height) => {
  it.each(Object.keys(TONGUES))("every stage in %s can be read and touched", async (language) => {
    const { page, daemon, bad } = await open([show("greeting", language)], [width, height]);
    const faults: Record<string, string[]> = {};
    for (const stage of STAGES) {
      daemon.say(show(stage, language, stage === "greeting" ? { sample_visitors: VISITORS } : {}));
      await page.locator(`[data-testid=stage][data-stage=${stage}]`).waitFor();
      const found = await layoutFaults(page, {
        touch_px: 64,
        reading: "[data-testid=caption] .text, [data-testid=notice] p",
        reading_px: 32,
        contrast: 7,
        whole: "[data-testid=notice], .dock button, .in-use p, .shape, .word",
      });
      if (found.length > 0) faults[stage] = found;
    }
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });
});

describe.each(DISPLAYS)("whoever is watched on a display of %i × %i", (width, height) => {
  it.each(["ja", "ar"])("sees so in %s", async (language) => {
    const notice = {
      tone: "info",
      text: "A person from the office is reading along now and may step in.",
      language,
    } as const;
    const watched = show("conversation", language, { watched: true, notice });
    const { page, bad } = await open([watched], [width, height]);
    await page.getByTestId("watched").waitFor();
    const faults = await layoutFaults(page, {
      touch_px: 64,
      reading: "[data-testid=notice] p",
      reading_px: 32,
      contrast: 7,
      whole: "[data-testid=notice], [data-testid=watched], .dock button, .shape, .word",
    });
    if (process.env.PICTURES && language === "ja")
      await page.screenshot({ path: `${process.env.PICTURES}/watched-${String(width)}.png` });
    expect(faults).toEqual([]);
    expect(bad).toEqual([]);
  });
});

const WAYS: Way[] = ["wait", "callback", "ticket", "bell"];
const STEPS: NobodyStep[] = [
  { step: "choose" },
  { step: "contact", wrong: false },
  { step: "read_back", contact: "someone.with.a.long.name@example.jp" },
  { step: "kept", reference: "K7Q-4MX", due_at: Date.now() + 86_400_000 },
  { step: "ticket", reference: "K7Q-4MX", code: "星川区役所 K7Q-4MX" },
];

/** What reaches out of the part of the display that is its own. */
async function insideMain(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const main = document.querySelector("main")?.getBoundingClientRect();
    const inside = [".waiting", ".nobody", "[data-testid=reference]", "[data-testid=typed]"];
    return inside.flatMap((selector) => {
      const box = document.querySelector(selector)?.getBoundingClientRect();
      if (!main || !box) return [];
      const { top, bottom, left, right } = box;
      const out = top < main.top - 1 || bottom > main.bottom + 1;
      return out || left < main.left || right > main.right ? [`${selector} reaches out`] : [];
    });
  });
}

describe.each(DISPLAYS)("when nobody comes, on a display of %i × %i", (width, height) => {
  it.each(Object.keys(TONGUES))("choices and promises in %s are whole", async (language) => {
    const { page, daemon, bad } = await open([show("greeting", language)], [width, height]);
    const faults: Record<string, string[]> = {};
    for (const stage of ["waiting", "conversation"] as const) {
      for (const step of STEPS) {
        const line = stage === "waiting" ? { place: 1, minutes: 12 } : null;
        daemon.say(show(stage, language, { nobody: { ways: WAYS, step }, line }));
        await page
          .locator(`[data-stage=${stage}] [data-testid=nobody][data-step=${step.step}]`)
          .waitFor();
        const found = await layoutFaults(page, {
          touch_px: 64,
          contrast: 7,
          whole: ".nobody button, .nobody p",
        });
        found.push(...(await insideMain(page)));
        if (found.length > 0) faults[`${stage}, ${step.step}`] = found;
      }
    }
    const promised: NobodyStep = { step: "kept", reference: "K7Q-4MX", due_at: Date.now() + 9e7 };
    daemon.say(show("goodbye", language, { nobody: { ways: WAYS, step: promised } }));
    await page.locator("[data-stage=goodbye] [data-testid=reference]").waitFor();
    expect(await page.getByTestId("due").innerText(), "in hours").toMatch(/25|٢٥/u);
    const found = await layoutFaults(page, { contrast: 7, whole: ".nobody p, .goodbye p" });
    found.push(...(await insideMain(page)));
    if (found.length > 0) faults["goodbye"] = found;
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });
});

describe.each(DISPLAYS)("what can be asked next, on a display of %i × %i", (width, height) => {
  it.each(Object.keys(TONGUES))("in %s is shown whole or not at all", async (language) => {
    const { page } = await open([show("conversation", language)], [width, height]);
    await page.getByTestId("suggestion").first().waitFor();
    const found = () =>
      page.getByTestId("suggestion").evaluateAll((chips) => {
        const seen = chips.filter((chip) => chip.getBoundingClientRect().width > 0);
        const room = document.querySelector("main")?.getBoundingClientRect();
        const cut = seen.filter((chip) => {
          const own = chip.getBoundingClientRect();
          const inside = room && own.left >= room.left && own.right <= room.right;
          return !inside || chip.scrollWidth > chip.clientWidth;
        });
        return {
          first: seen[0] === chips[0],
          lines: new Set(seen.map((chip) => chip.getBoundingClientRect().top)).size,
          cut: cut.map((chip) => chip.textContent),
        };
      });
    const most = height < 700 ? 1 : 2;
    // Its letters' shapes may come a moment after it.
    await expect
      .poll(async () => {
        const { first, lines, cut } = await found();
        return { first, fits: lines <= most, cut };
      })
      .toEqual({ first: true, fits: true, cut: [] });
  });
});

describe("the layout", () => {
  it.each(STAGES)("passes the accessibility rules while in %s", async (stage) => {
    const { page } = await open([show(stage, "pt", { sample_visitors: VISITORS })]);
    await page.getByTestId("stage").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it("has room for many languages", async () => {
    const tags = "ja en zh zh-Hant ko vi tl pt es ne id th my ar fr de ru uk hi bn".split(" ");
    const languages = tags.map((language) => ({
      language,
      name: new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language,
    }));
    const { page } = await open([show("greeting", "ja", { languages })], [800, 480]);
    await page.getByTestId("language-bn").scrollIntoViewIfNeeded();
    expect(await layoutFaults(page, { touch_px: 64, contrast: 7 })).toEqual([]);
  });

  it.each(DISPLAYS)(
    "keeps answer and input clear of the sample visitors on %i × %i",
    async (...display) => {
      const { page, daemon } = await open([show("greeting", "de")], display);
      for (const stage of ["greeting", "conversation", "live"] as const) {
        daemon.say(
          show(stage, "de", {
            sample_visitors: VISITORS,
            activity: stage === "live" ? "quiet" : "speaking",
          }),
        );
        await page.locator(`[data-testid=stage][data-stage=${stage}]`).waitFor();
        const toggle = page.getByTestId("sample-visitors");
        const opened = stage === "greeting" && display[1] >= 1_000;
        expect(await toggle.getAttribute("aria-expanded")).toBe(String(opened));
        expect(await clearOfStrip(page)).toEqual([]);
      }
      await page.getByTestId("sample-visitors").click();
      await page.getByTestId("visitor-vi-help").waitFor();
      expect(await clearOfStrip(page)).toEqual([]);
      daemon.say(show("waiting", "de", { sample_visitors: VISITORS }));
      await page.locator("[data-testid=stage][data-stage=waiting]").waitFor();
      expect(await clearOfStrip(page)).toEqual([]);
    },
  );
});
