import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RobotToScreen, StaffPanel } from "@madoguchi/wire";
import { expect, it } from "vitest";
import { packet } from "./fixtures/operator";
import { form } from "./fixtures/screen";
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
const PIN = { step: "pin", checking: false, wrong: false, until: null } as const;

useBrowser();

/** The panel over a visitor's screen, in the pack's own words. */
function staff(panel: StaffPanel, language = "en", visitor = "ja"): RobotToScreen {
  const phrases = readFileSync(join(PACK, "phrases", `${language}.toml`), "utf8");
  const found = phrases.matchAll(
    /^((?:staff|reason)_\w+|close|enter|delete_digit|robot|operator) = "(.*)"$/gmu,
  );
  const labels = Object.fromEntries([...found].map(([, key, text]) => [key ?? "", text ?? ""]));
  return show("onsite", visitor, { staff: { language, labels, panel } });
}

const taken = (owner: "waiting" | "operator" | "onsite"): StaffPanel => ({
  step: "case",
  packet: { ...packet(), owner },
  linkable: true,
  link: null,
});

it.each(DISPLAYS)("stands whole at %i × %i in each step", async (width, height) => {
  const link = { url: `https://office.example:8443/onsite.html#${"a".repeat(64)}`, until: 0 };
  const steps: [string, StaffPanel][] = [
    ["no_pin", { step: "no_pin" }],
    ["pin", PIN],
    ["wrong", { ...PIN, wrong: true }],
    ["pause", { ...PIN, wrong: true, until: Date.now() + 90_000 }],
    ["nobody", { step: "nobody" }],
    ["waiting", taken("waiting")],
    ["operator", taken("operator")],
    ["onsite", { ...taken("onsite"), link } as StaffPanel],
  ];
  const { page, daemon, bad } = await open([staff({ step: "nobody" })], [width, height]);
  const dialog = page.getByTestId("staff");
  await dialog.waitFor();
  for (const language of ["en", "ja", "pt"]) {
    for (const [name, panel] of steps) {
      daemon.say(staff(panel, language));
      await dialog.and(page.locator(`[data-step="${panel.step}"]:lang(${language})`)).waitFor();
      const found = await layoutFaults(page, {
        touch_px: 64,
        contrast: 7,
        whole: "[data-testid=staff] button",
      });
      expect(found, `${language} ${name}`).toEqual([]);
      if (language === "en") expect(await accessibilityFaults(page), name).toEqual([]);
    }
  }
  expect(bad).toEqual([]);
});

it("is reached and left by the keyboard, and hides what is typed", async () => {
  const { page, daemon, bad } = await open([show("conversation", "pt", { form: number() })]);
  await page.getByTestId("staff-open").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => daemon.heard.at(-1)).toEqual({ type: "staff", act: { act: "open" } });
  const panel = staff(PIN);
  if (panel.type !== "view") throw new Error("no view");
  const view = { staff: panel.view.staff, form: number() };
  daemon.say(show("conversation", "pt", view));
  const dialog = page.getByTestId("staff");
  await dialog.waitFor();
  await page.keyboard.type("73051");
  expect(await dialog.getByTestId("digits").innerText()).toBe("•••••");
  expect(await dialog.getByTestId("enter").isDisabled()).toBe(true);
  const behind = page.locator("main").getByTestId("digits");
  expect(await behind.innerText(), "the page below takes none of it").not.toMatch(/[0-9•]/u);
  await page.keyboard.type("8");
  await dialog.getByTestId("enter").click();
  const entered = { type: "staff", act: { act: "enter", pin: "730518" } };
  await expect.poll(() => daemon.heard.at(-1)).toEqual(entered);
  await page.keyboard.press("Escape");
  await expect.poll(() => daemon.heard.at(-1)).toEqual({ type: "staff", act: { act: "close" } });
  expect(bad).toEqual([]);
});

it("sends back how it ended, what was promised, and whether the robot goes on", async () => {
  const { page, daemon } = await open([staff(taken("onsite"))]);
  await page.getByTestId("staff-end").click();
  expect(await page.getByTestId("staff-confirm").isDisabled()).toBe(true);
  await page.getByTestId("staff-follow_up").click();
  await page.getByTestId("staff-note").fill("Sent by post");
  await page.getByTestId("staff-contact").fill("0312345678");
  await page.getByTestId("staff-confirm").click();
  const back = () => {
    const last = daemon.heard.at(-1);
    const what = last?.type === "staff" && last.act.act === "do" ? last.act.what : null;
    return what?.do === "end" ? what.back : null;
  };
  await expect.poll(back).toMatchObject({
    disposition: "follow_up",
    note: "Sent by post",
    promise: { contact: "0312345678" },
  });
});

function number(): ReturnType<typeof form> {
  return form("number", "pt");
}
