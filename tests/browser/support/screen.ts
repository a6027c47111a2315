import type { RobotToScreen, ScreenToRobot } from "@madoguchi/wire";
import type { Page } from "playwright-core";
import { view } from "../fixtures/screen";
import { ORIGIN, troubles, Wire } from "./pages";
import { context, newContext } from "./profile";

/** What a test begins with. */
export interface Screen {
  page: Page;
  /** The robot's end of the page. */
  daemon: Wire<RobotToScreen, ScreenToRobot>;
  /** What went wrong on the page. */
  bad: string[];
}

/** Opens the robot's page; each of its connections is greeted with these messages. */
export async function open(
  first: RobotToScreen[],
  [width, height]: readonly [number, number] = [1280, 800],
): Promise<Screen> {
  await newContext("screen", { width, height });
  const page = await context.newPage();
  const bad = troubles(page);
  const daemon = await Wire.attach<RobotToScreen, ScreenToRobot>(page, /\/ws$/u, first);
  await page.goto(ORIGIN);
  return { page, daemon, bad };
}

/** The message that shows a view of the fixtures. */
export const show = (...args: Parameters<typeof view>): RobotToScreen => ({
  type: "view",
  view: view(...args),
});
