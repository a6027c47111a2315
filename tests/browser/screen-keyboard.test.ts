import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { form, VISITORS } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { open, show } from "./support/screen";

const DISPLAYS = [
  [1280, 800],
  [1024, 600],
  [800, 480],
  [720, 1280],
] as const;

/** A language, and what is asked in it beside the captions. */
const QUESTIONS = [
  ["ja", null],
  ["pt", null],
  ["ar", null],
  ["de", "name"],
  ["ja", "address"],
] as const;

useBrowser();

/** Touches one key after the other. */
async function touch(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.getByTestId(`key-${key}`).tap();
}

async function openKeyboard(page: Page): Promise<void> {
  await page.getByTestId("open-keyboard").tap();
  await page.getByTestId("keyboard").waitFor();
}

/** What stands between the question, the field for its answer and the keys. */
async function covered(page: Page, question: string): Promise<string[]> {
  return page.evaluate((question) => {
    const faults: string[] = [];
    const box = (selector: string): DOMRect | undefined =>
      [...document.querySelectorAll(selector)].at(-1)?.getBoundingClientRect();
    const keys = box("[data-testid=keyboard]");
    const field = box("[data-testid=typed]");
    const asked = box(question);
    if (!keys || !field || !asked) return ["something of it is not there"];
    if (field.bottom > keys.top) faults.push(`the keys cover ${field.bottom - keys.top} px`);
    if (field.top < 0) faults.push("the field leaves the display");
    if (asked.height < 32) faults.push(`only ${asked.height} px of the question are left`);
    if (asked.bottom > field.top + 1) faults.push("the field covers the question");
    if (keys.bottom > innerHeight + 1) faults.push("the keys leave the display");
    return faults;
  }, question);
}

describe.each(DISPLAYS)("the keyboard on a display of %i × %i", (width, height) => {
  it("has large keys in every script and leaves the question in sight", async () => {
    const { page, daemon, bad } = await open(
      [show("conversation", "ja", { sample_visitors: VISITORS })],
      [width, height],
    );
    await openKeyboard(page);
    const faults: Record<string, string[]> = {};
    for (const [language, kind] of QUESTIONS) {
      daemon.say(show("conversation", language, { form: kind && form(kind, language) }));
      await page.locator(`[data-testid=keyboard][data-layout=${language}]`).waitFor();
      const found = [
        ...(await layoutFaults(page, { touch_px: 48, contrast: 7, whole: ".row button" })),
        ...(await covered(page, kind ? ".prompt" : ".captions")),
      ];
      if (found.length > 0) faults[`${language} ${kind}`] = found;
    }
    for (const language of ["vi", "th"]) {
      await touch(page, "layouts");
      const choices = await layoutFaults(page, { touch_px: 48, contrast: 7 });
      if (choices.length > 0) faults["choice"] = choices;
      await page.getByTestId(`layout-${language}`).tap();
      const found = await layoutFaults(page, { touch_px: 48, whole: ".row button" });
      if (found.length > 0) faults[language] = found;
    }
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });
});

describe("the keyboard", () => {
  it("writes a Portuguese name and sends it", async () => {
    const { page, daemon } = await open([show("conversation", "pt", { form: form("name", "pt") })]);
    await openKeyboard(page);
    await touch(page, "shift", "J", "o", "ã", "o", "space", "shift", "C", "o", "n", "ç", "a");
    const field = page.getByTestId("typed");
    expect(await field.inputValue()).toBe("João Conça");
    expect(await field.evaluate((field) => field === document.activeElement)).toBe(true);
    await touch(page, "delete", "delete");
    await touch(page, "symbols", "1", "symbols", "a");
    await page.getByTestId("send").tap();
    await expect.poll(() => daemon.heard).toContainEqual({ type: "typed", text: "João Con1a" });
    expect(await page.getByTestId("keyboard").count()).toBe(0);
  });

  it("writes kana with their marks, katakana, and at the caret", async () => {
    const { page } = await open([show("conversation", "ja")]);
    await openKeyboard(page);
    await touch(page, "し", "゛", "ゆ", "小", "う", "み", "ん");
    const field = page.getByTestId("typed");
    expect(await field.inputValue()).toBe("じゅうみん");
    await touch(page, "shift", "ハ", "゜", "ツ", "小", "ー");
    expect(await field.inputValue()).toBe("じゅうみんパッー");
    await field.evaluate((field: HTMLInputElement) => field.setSelectionRange(5, 8));
    await touch(page, "delete", "shift", "の");
    expect(await field.inputValue()).toBe("じゅうみんの");
    await field.evaluate((field: HTMLInputElement) => field.setSelectionRange(0, 0));
    await touch(page, "い", "ま");
    expect(await field.inputValue()).toBe("いまじゅうみんの");
  });

  it("passes the accessibility rules", async () => {
    const { page, daemon } = await open([show("conversation", "ja")], [800, 480]);
    await openKeyboard(page);
    expect(await accessibilityFaults(page)).toEqual([]);
    daemon.say(show("conversation", "pt"));
    await touch(page, "shift", "symbols");
    expect(await accessibilityFaults(page)).toEqual([]);
    await touch(page, "layouts");
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it("goes over to other languages and back with the visit's", async () => {
    const { page, daemon } = await open([show("conversation", "ja")]);
    await openKeyboard(page);
    await touch(page, "layouts");
    await page.getByTestId("layout-ko").tap();
    await touch(page, "ㄱ", "ㅣ", "ㅁ", "delete");
    await touch(page, "layouts");
    await page.getByTestId("layout-vi").tap();
    await touch(page, "ê", "\u0301");
    expect(await page.getByTestId("typed").inputValue()).toBe("기ế");
    daemon.say(show("conversation", "ar"));
    await page.getByTestId("key-ض").waitFor();
    expect(await page.getByTestId("typed").inputValue()).toBe("기ế");
  });

  it("opens where a finger touches the field, and closes by key, Escape, form and end of visit", async () => {
    const { page, daemon } = await open([show("conversation", "pt")]);
    const keyboard = page.getByTestId("keyboard");
    const field = page.getByTestId("typed");
    await field.click();
    expect(await keyboard.count()).toBe(0);
    await field.tap();
    await touch(page, "a", "close");
    await keyboard.waitFor({ state: "detached" });
    await field.tap();
    await touch(page, "b");
    await page.keyboard.press("Escape");
    await keyboard.waitFor({ state: "detached" });
    await field.tap();
    await keyboard.waitFor();
    daemon.say(show("conversation", "pt", { form: form("number", "pt") }));
    await keyboard.waitFor({ state: "detached" });
    daemon.say(show("conversation", "pt"));
    await field.tap();
    await keyboard.waitFor();
    daemon.say(show("goodbye", "pt"));
    await keyboard.waitFor({ state: "detached" });
    daemon.say(show("greeting", "pt"));
    await field.waitFor();
    expect(await field.inputValue()).toBe("");
    expect(await keyboard.count()).toBe(0);
  });

  it("yields to a keyboard with real keys, and comes back by its button", async () => {
    const { page } = await open([show("conversation", "pt")]);
    const keyboard = page.getByTestId("keyboard");
    await page.getByTestId("typed").tap();
    await keyboard.waitFor();
    await page.keyboard.press("x");
    await keyboard.waitFor({ state: "detached" });
    await page.getByTestId("typed").tap();
    expect(await keyboard.count()).toBe(0);
    await openKeyboard(page);
    await touch(page, "y");
    expect(await page.getByTestId("typed").inputValue()).toBe("xy");
  });

  it("is worked by Tab and Enter, and by what a screen reader presses", async () => {
    const { page } = await open([show("conversation", "pt")]);
    await openKeyboard(page);
    await page.getByRole("button", { name: "Maiúsculas" }).focus();
    await page.keyboard.press("Enter");
    expect(await page.getByTestId("key-shift").getAttribute("aria-pressed")).toBe("true");
    await page.getByTestId("key-Ã").evaluate((key: HTMLElement) => key.click());
    expect(await page.getByTestId("key-shift").getAttribute("aria-pressed")).toBe("false");
    expect(await page.getByTestId("typed").inputValue()).toBe("Ã");
  });

  it("erases on while a finger rests on its key, and stops with it", async () => {
    const { page } = await open([show("conversation", "pt")]);
    await page.getByTestId("typed").fill("abcdef");
    await openKeyboard(page);
    const { x, y } = (await page.getByTestId("key-delete").boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(x + 5, y + 5);
    await page.mouse.down();
    await expect.poll(() => page.getByTestId("typed").inputValue(), { timeout: 5_000 }).toBe("");
    await page.mouse.up();
    await touch(page, "a");
    expect(await page.getByTestId("typed").inputValue()).toBe("a");
  });
});
