import type { FormKind } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { form, TONGUES } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { open, show } from "./support/screen";

const KINDS: FormKind[] = ["date", "name", "number", "choice", "address", "confirm"];
const DISPLAYS = [
  [1080, 1920],
  [1920, 1080],
  [1280, 800],
  [800, 480],
] as const;

useBrowser();

describe.each(DISPLAYS)("a question on a display of %i × %i", (width, height) => {
  it.each(Object.keys(TONGUES))("can be read and answered in %s", async (language) => {
    const { page, daemon, bad } = await open([show("conversation", language)], [width, height]);
    const faults: Record<string, string[]> = {};
    for (const kind of KINDS) {
      daemon.say(show("conversation", language, { form: form(kind, language) }));
      await page.locator(`[data-testid=form][data-kind=${kind}]`).waitFor();
      const found = await layoutFaults(page, {
        touch_px: 64,
        contrast: 7,
        whole: ".form button, .form .value, .form .digits",
      });
      if (found.length > 0) faults[kind] = found;
    }
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });
});

describe("a question on the screen", () => {
  it("takes digits from the pad and from the keyboard", async () => {
    const { page, daemon } = await open([
      show("conversation", "pt", { form: form("number", "pt") }),
    ]);
    await page.getByTestId("digit-5").click();
    await page.getByTestId("digit-2").click();
    await page.getByTestId("delete-digit").click();
    await page.keyboard.press("7");
    expect(await page.getByTestId("digits").textContent()).toContain("57");
    await page.getByTestId("enter").click();
    await expect.poll(() => daemon.heard).toContainEqual({ type: "answer", form: 7, text: "57" });
  });

  it("takes a day as year, month and day", async () => {
    const { page, daemon } = await open([show("conversation", "ja", { form: form("date", "ja") })]);
    await page.getByTestId("digits").waitFor();
    await page.keyboard.type("19880512");
    await page.getByTestId("enter").click();
    await expect
      .poll(() => daemon.heard)
      .toContainEqual({ type: "answer", form: 7, text: "1988-05-12" });
  });

  it("confirms, goes back and cancels", async () => {
    const { page, daemon } = await open([
      show("conversation", "pt", { form: form("confirm", "pt") }),
    ]);
    await page.getByTestId("confirm-no").click();
    await expect.poll(() => daemon.heard).toContainEqual({ type: "confirm", form: 7, yes: false });
    await page.getByTestId("form-back").click();
    await expect.poll(() => daemon.heard).toContainEqual({ type: "go_back" });
    await page.getByTestId("form-cancel").click();
    await expect.poll(() => daemon.heard).toContainEqual({ type: "cancel_form" });
  });

  it.each(KINDS)("passes the accessibility rules when it wants a %s", async (kind) => {
    const { page } = await open([show("conversation", "pt", { form: form(kind, "pt") })]);
    await page.getByTestId("form").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
