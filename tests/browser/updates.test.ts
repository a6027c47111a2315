import type { RobotEntry, Updates } from "@madoguchi/wire";
import { expect, it } from "vitest";
import { ROBOTS, snapshot } from "./fixtures/operator";
import { accessibilityFaults } from "./support/accessibility";
import { workPlace } from "./support/desk";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { open, show } from "./support/screen";

useBrowser();

const SENTENCES = [
  { language: "ja", text: "ロボットのソフトウェアを新しくしています。数分で再開いたします。" },
  { language: "en", text: "The robot is being renewed and will be back in a few minutes." },
  { language: "pt", text: "O robô está sendo atualizado e volta em alguns minutos." },
];
const RENEWING = { renewing: SENTENCES };

it.each([
  [1080, 1920],
  [1280, 800],
  [800, 480],
] as const)(
  "says at %i × %i that the robot starts anew, and nothing else",
  async (width, height) => {
    const { page, bad } = await open([show("greeting", "ja", RENEWING)], [width, height]);
    const card = page.getByTestId("renewing");
    await card.waitFor();
    for (const { text } of SENTENCES) await card.getByText(text).waitFor();
    expect(await layoutFaults(page, { whole: "[data-testid=renewing] p", contrast: 4.5 })).toEqual(
      [],
    );
    expect(await accessibilityFaults(page)).toEqual([]);
    // What lies below can't be touched.
    expect(await page.getByTestId("stage").evaluate((stage) => (stage as HTMLElement).inert)).toBe(
      true,
    );
    expect(bad).toEqual([]);
  },
);

it("goes on saying so while the robot is away, and greets when it is back", async () => {
  const { page, daemon } = await open([show("greeting", "ja", RENEWING)]);
  await page.getByTestId("renewing").waitFor();
  await page.clock.install();
  await daemon.leave();
  // Longer than a visit is kept on the screen.
  await page.clock.runFor(120_000);
  await page.getByTestId("renewing").waitFor();
  expect(await page.getByTestId("connection-lost").count()).toBe(0);
  daemon.comeBack(show("greeting", "ja"));
  await page.clock.runFor(10_000);
  await page.getByTestId("renewing").waitFor({ state: "detached" });
  await page.locator("[data-stage=greeting]").waitFor();
});

it("tells at the console what each robot runs, what is on trial, and what failed and why", async () => {
  const [first, second] = ROBOTS as [RobotEntry, RobotEntry];
  const updates = (change: Partial<Updates>): Updates => ({
    program: "0.4.0",
    system: null,
    last: null,
    fault: null,
    ...change,
  });
  const last = { kind: "system", version: "1.1.0", percent: 100, reason: null };
  const { page, desk } = await workPlace(
    snapshot({
      robots: [
        { ...first, updates: updates({ system: "1.0.0", last: { ...last, phase: "trial" } }) },
        { ...second, updates: updates({}) },
      ],
    }),
  );
  const robots = page.getByTestId("robot");
  const [entrance, floor] = [robots.nth(0), robots.nth(1)];
  await entrance.getByText("System 1.0.0", { exact: true }).waitFor();
  await entrance.getByText("System 1.1.0 is on trial.").waitFor();
  await floor.getByText("Software 0.4.0").waitFor();
  const tell = (changed: Updates): void =>
    desk.say({ type: "robot", robot: { ...first, updates: changed } });
  tell(updates({ last: { ...last, kind: "pack", phase: "writing", percent: 40 } }));
  await entrance.getByText("Knowledge pack 1.1.0 is being installed, 40 %.").waitFor();
  const reason = "version 1.1.0 never worked here";
  tell(updates({ last: { ...last, phase: "fell_back", reason } }));
  await entrance
    .getByText("System 1.1.0 was tried and given up: version 1.1.0 never worked here.")
    .waitFor();
  tell(updates({ fault: "the robot has not answered for 2 hours" }));
  await entrance.getByText("the robot has not answered for 2 hours.").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});
