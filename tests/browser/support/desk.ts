import type { ConsoleToOperator, OperatorToConsole } from "@madoguchi/wire";
import type { Page } from "playwright-core";
import { CASE, entry, OPERATOR, packet, snapshot } from "../fixtures/operator";
import { ORIGIN, troubles, Wire } from "./pages";
import { context, newContext, type Look } from "./profile";
import { ROBOT_KEY } from "./robot";

/** The case of the fixtures in this operator's hands. */
export const HELD = entry({ state: "live", owner: "operator", operator: OPERATOR });

export const ACCEPTED: ConsoleToOperator = {
  type: "accepted",
  case_id: CASE,
  robot_key: ROBOT_KEY,
  ice_servers: [],
};

/** Another window has taken the case over. */
export const MOVED: ConsoleToOperator = {
  type: "error",
  case_id: CASE,
  error: {
    code: "moved_elsewhere",
    message: "Another window of yours has taken this conversation over.",
  },
};

/** The console's end of the operator's page. */
export type Desk = Wire<ConsoleToOperator, OperatorToConsole>;

/** What a test begins with. */
export interface WorkPlace {
  page: Page;
  desk: Desk;
  /** What went wrong on the page. */
  bad: string[];
  session: { end: () => void };
}

/** The console's part in signing in: the right password is "right". */
export async function sessions(signedIn: boolean): Promise<{ end: () => void }> {
  let known = signedIn;
  await context.route(`${ORIGIN}/api/session`, async (route) => {
    const refused = (message: string): Promise<void> =>
      route.fulfill({ status: 401, json: { code: "wrong_password", message } });
    const request = route.request();
    if (request.method() === "POST") {
      known = (request.postDataJSON() as { password: string }).password === "right";
      if (!known) return refused("Account name or password is wrong. Please try again.");
    }
    if (request.method() === "DELETE") {
      known = false;
      return route.fulfill({ status: 204 });
    }
    if (!known) return refused("Nobody is signed in.");
    await route.fulfill({ json: { operator: OPERATOR } });
  });
  return { end: () => (known = false) };
}

/** Opens the page, signed in; each of its connections is greeted with these messages. */
export async function workPlace(
  first: ConsoleToOperator | ConsoleToOperator[] = snapshot(),
  look: Look = {},
): Promise<WorkPlace> {
  await newContext("operator", look);
  const session = await sessions(true);
  const page = await context.newPage();
  const bad = troubles(page);
  const desk: Desk = await Wire.attach(page, /\/api\/live$/u, [first].flat());
  await page.goto(ORIGIN);
  await page.getByTestId("me").waitFor();
  return { page, desk, bad, session };
}

/** Opens the fixtures' case. */
export async function openCase(page: Page, desk: Desk): Promise<void> {
  await page.getByTestId(`case-${CASE}`).click();
  desk.say({ type: "packet", packet: packet() });
  await page.getByTestId("transcript-line").first().waitFor();
}

/** Opens the fixtures' case and takes it. */
export async function accept(page: Page, desk: Desk): Promise<void> {
  await openCase(page, desk);
  await page.getByTestId("accept").click();
  desk.say({
    type: "case",
    case: entry({ state: "accepted", owner: "operator", operator: OPERATOR }),
  });
  desk.say(ACCEPTED);
  await page.getByTestId("robot-video").waitFor();
}
