import type { Caption } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { TONGUES } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { open, show } from "./support/screen";

const DISPLAYS = [
  [1080, 1920],
  [1920, 1080],
  [1280, 800],
  [800, 480],
] as const;

/** What an operator says in one breath, by the fixtures' languages. */
const SAID: Record<string, string> = {
  ja: "パスポートと在留カードを持って、1階3番窓口へお越しください。",
  pt: "Traga, por favor, o passaporte e o cartão de residência ao guichê três, no térreo.",
  de: "Bringen Sie bitte Ihren Reisepass und die Aufenthaltsbescheinigung zu Schalter drei.",
  ar: "يرجى إحضار جواز السفر وبطاقة الإقامة إلى الشباك رقم ثلاثة في الطابق الأرضي.",
};
const ORIGINAL = {
  language: "en",
  text: "Please bring your passport and residence card to counter three, on the ground floor.",
};

useBrowser();

const words = (language: string, change: Partial<Caption> = {}): Caption => ({
  number: 7,
  speaker: "operator",
  said_by: null,
  text: SAID[language] ?? "",
  language,
  original: ORIGINAL,
  detail: null,
  attachments: [],
  untranslated: false,
  recognised: true,
  partial: false,
  sounding: null,
  ...change,
});

describe.each(DISPLAYS)("on a display of %i × %i", (width, height) => {
  it.each(Object.keys(TONGUES))(
    "what the operator says in %s is whole below the face",
    async (tag) => {
      const { page, daemon, bad } = await open([show("greeting", tag)], [width, height]);
      daemon.say(show("live", tag, { operator_words: words(tag) }));
      await page.getByTestId("operator-words").waitFor();
      const found = await layoutFaults(page, {
        touch_px: 64,
        reading: "[data-testid=operator-words] .text",
        reading_px: 32,
        contrast: 7,
        whole: "[data-testid=operator-words] .text, [data-testid=operator-words] .marks span",
      });
      const box = page.getByTestId("operator-words");
      const cut = await box.evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        const last = element.querySelector(".text")?.getBoundingClientRect();
        return last ? last.bottom > bottom + 1 || last.top < top : true;
      });
      const face = await page.getByTestId("face").boundingBox();
      const below = await box.boundingBox();
      expect(found).toEqual([]);
      expect(cut, "words and marks are seen without scrolling").toBe(false);
      expect(below?.y, "below the face").toBeGreaterThanOrEqual(
        (face?.y ?? 0) + (face?.height ?? 0),
      );
      expect(face?.height, "which stays").toBeGreaterThan(60);
      expect(bad).toEqual([]);
    },
  );
});

describe("what the operator says", () => {
  it("stands in one place only, and in the list once something else is newer", async () => {
    const { page, daemon } = await open([show("live", "pt")]);
    const said = words("pt", { number: 6 });
    daemon.say(show("live", "pt", { operator_words: said }));
    await page.getByTestId("operator-words").waitFor();
    expect(await page.locator('[data-testid="caption"][data-number="6"]').count()).toBe(0);
    daemon.say(show("live", "pt", { operator_words: null }));
    await page.locator('[data-testid="caption"][data-number="6"]').waitFor();
  });

  it("is marked while it is being said, and where nothing could translate it", async () => {
    const { page, daemon } = await open([show("live", "pt")]);
    const soFar = words("pt", {
      text: "One moment",
      language: "en",
      said_by: null,
      original: null,
      partial: true,
    });
    daemon.say(show("live", "pt", { operator_words: soFar }));
    const box = page.getByTestId("operator-words");
    await expect.poll(() => box.getAttribute("data-partial")).toBe("true");
    expect(await box.innerText()).toContain("Legenda automática");
    const left = { ...soFar, partial: false, untranslated: true };
    daemon.say(show("live", "pt", { operator_words: left }));
    await expect.poll(() => box.innerText()).toContain("Não traduzido");
  });

  it("of a long speech shows the end while it goes on, and then its beginning", async () => {
    const { page, daemon } = await open([show("live", "pt")], [800, 480]);
    const text = `${"palavra ".repeat(120)}fim`;
    daemon.say(show("live", "pt", { operator_words: words("pt", { text, partial: true }) }));
    const box = page.getByTestId("operator-words");
    const left = (): Promise<number> =>
      box.evaluate(
        ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
      );
    await expect.poll(left).toBeLessThan(2);
    daemon.say(show("live", "pt", { operator_words: words("pt", { text }) }));
    await expect.poll(() => box.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    expect(await left(), "there is more to scroll to").toBeGreaterThan(100);
  });

  it("can't be shown without a recogniser, which is told", async () => {
    const { page } = await open([show("live", "pt", { no_captions: true })]);
    await expect
      .poll(() => page.getByTestId("no-captions").innerText())
      .toBe("Sem legendas neste momento");
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
