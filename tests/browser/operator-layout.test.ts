import { describe, expect, it } from "vitest";
import { packet, snapshot } from "./fixtures/operator";
import { accessibilityFaults } from "./support/accessibility";
import { accept, HELD, MOVED, workPlace } from "./support/desk";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";

useBrowser();

const LONG = "Bürgerdienstleistungszentrumseingangshalle 総合案内前";

describe.each([
  [1024, 768, "light"],
  [1280, 800, "dark"],
  [2560, 1440, "light"],
] as const)("at %i × %i in %s", (width, height, colorScheme) => {
  it("nothing is cut off, pale or out of reach", async () => {
    const { page, desk, bad } = await workPlace(snapshot(), { width, height, colorScheme });
    const faults: Record<string, string[]> = {};
    const look = async (step: string): Promise<void> => {
      const found = [
        ...(await layoutFaults(page, { contrast: 4.5, touch_px: 24 })),
        ...(await accessibilityFaults(page)),
      ];
      if (found.length > 0) faults[step] = found;
    };
    await look("queue");
    await accept(page, desk);
    desk.say({ type: "packet", packet: packet({ revision: 5 }) });
    await page.locator("[data-testid=packet][data-revision='5']").waitFor();
    await look("case");
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
    await page.getByText(LONG).first().waitFor();
    await look("a long name");
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });
});
