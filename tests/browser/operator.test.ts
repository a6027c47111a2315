import type { ConsoleToOperator, OperatorToConsole, Turn } from "@madoguchi/wire";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CASE, entry, NOW, OPERATOR, packet, snapshot } from "./fixtures/operator";
import { accessibilityFaults } from "./support/accessibility";
import { launch } from "./support/browser";
import { layoutFaults } from "./support/layout";
import { ORIGIN, serve, troubles, Wire } from "./support/pages";
import { framesShown, playRobot, received, relay } from "./support/robot";

/** The case of the fixtures in this operator's hands. */
const HELD = entry({ state: "live", owner: "operator", operator: OPERATOR });

const ACCEPTED: ConsoleToOperator = { type: "accepted", case_id: CASE, ice_servers: [] };

let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
afterEach(() => context.close());

interface Look {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
}

async function newContext({ width = 1280, height = 800, colorScheme }: Look = {}): Promise<void> {
  context = await browser.newContext({
    viewport: { width, height },
    colorScheme: colorScheme ?? "light",
    permissions: ["camera", "microphone"],
    reducedMotion: "reduce",
  });
  await serve(context, "operator");
}

/** The console's part in signing in: the right password is "right". */
async function sessions(signedIn: boolean): Promise<{ end: () => void }> {
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

/** Whether no frame reaches the robot within a second. */
async function standsStill(robot: Page): Promise<boolean> {
  const { frames } = await received(robot);
  await robot.waitForTimeout(1_000);
  return (await received(robot)).frames === frames;
}

type Desk = Wire<ConsoleToOperator, OperatorToConsole>;

async function workPlace(
  first: ConsoleToOperator = snapshot(),
  look: Look = {},
): Promise<{ page: Page; desk: Desk; bad: string[]; session: { end: () => void } }> {
  await newContext(look);
  const session = await sessions(true);
  const page = await context.newPage();
  const bad = troubles(page);
  const desk: Desk = await Wire.attach(page, /\/api\/live$/u, [first]);
  await page.goto(ORIGIN);
  await page.getByTestId("me").waitFor();
  return { page, desk, bad, session };
}

async function openCase(page: Page, desk: Desk): Promise<void> {
  await page.getByTestId(`case-${CASE}`).click();
  desk.say({ type: "packet", packet: packet() });
  await page.getByTestId("transcript-line").first().waitFor();
}

async function accept(page: Page, desk: Desk): Promise<void> {
  await openCase(page, desk);
  await page.getByTestId("accept").click();
  desk.say({
    type: "case",
    case: entry({ state: "accepted", owner: "operator", operator: OPERATOR }),
  });
  desk.say(ACCEPTED);
  await page.getByTestId("robot-video").waitFor();
}

describe("signing in", () => {
  it("says in a sentence what is wrong, then opens the work place", async () => {
    await newContext();
    await sessions(false);
    const page = await context.newPage();
    await Wire.attach(page, /\/api\/live$/u, [snapshot()]);
    await page.goto(ORIGIN);
    await page.getByTestId("user").fill("aiko");
    await page.getByTestId("password").fill("wrong");
    await page.keyboard.press("Enter");
    expect(await page.getByTestId("error").textContent()).toBe(
      "Account name or password is wrong. Please try again.",
    );
    await page.getByTestId("password").fill("right");
    await page.getByTestId("sign-in").click();
    await page.getByTestId("case-row").first().waitFor();
    expect(await page.title()).toBe("(2) Madoguchi");
    await page.getByTestId("sign-out").click();
    await page.getByTestId("user").waitFor();
  });

  it("is asked for again when the session has ended", async () => {
    const { page, desk, session } = await workPlace();
    session.end();
    await desk.leave();
    await page.getByText("Your session has ended. Please sign in again.").waitFor();
  });
});

describe("the queue", () => {
  it("shows urgency first, ticks, and announces who comes", async () => {
    const { page, desk } = await workPlace();
    const rows = page.getByTestId("waiting").getByTestId("case-row");
    expect(await rows.first().getAttribute("data-reason")).toBe("safety");
    const clock = page.getByTestId(`case-${CASE}`).getByTestId("waiting-time");
    const before = await clock.textContent();
    await expect.poll(() => clock.textContent(), { timeout: 3_000 }).not.toBe(before);
    desk.say({
      type: "case",
      case: entry({ case_id: "new", language: "es", opened_at: NOW }),
    });
    await page.getByText("New case at Entrance 1: Speaks Spanish").waitFor({ state: "attached" });
    expect(await page.title()).toBe("(3) Madoguchi");
    desk.say({ type: "case", case: entry({ case_id: "new", state: "closed" }) });
    await expect.poll(() => page.title()).toBe("(2) Madoguchi");
  });

  it("offers nothing to accept when nobody waits", async () => {
    const { page } = await workPlace(snapshot({ cases: [] }));
    expect(await page.getByRole("main").textContent()).toContain("Nobody is waiting.");
    expect(await page.getByText("press A").count()).toBe(0);
  });

  it("tells who was faster", async () => {
    const { page, desk } = await workPlace();
    await openCase(page, desk);
    await page.keyboard.press("a");
    await expect.poll(() => desk.heard.at(-1)).toEqual({ type: "accept", case_id: CASE });
    const other = { id: "other", name: "João Silva", languages: [] };
    desk.say({
      type: "error",
      case_id: CASE,
      error: { code: "taken", message: "João Silva has taken this case. Choose another one." },
    });
    desk.say({
      type: "case",
      case: entry({ state: "accepted", owner: "operator", operator: other }),
    });
    await page.getByText("João Silva has taken this case. Choose another one.").waitFor();
    expect(await page.getByTestId("accept").count()).toBe(0);
  });
});

describe("a packet", () => {
  it("is told in words, without its empty parts", async () => {
    const { page, desk } = await workPlace();
    await openCase(page, desk);
    expect(await page.getByTestId("reason").textContent()).toContain(
      "Speaks Vietnamese, which the office doesn't have",
    );
    const line = page.locator("[data-testid=transcript-line][data-speaker=resident]");
    expect(await line.getByTestId("original").getAttribute("lang")).toBe("vi");
    expect(await line.textContent()).toContain("Machine translation");
    desk.say({
      type: "packet",
      packet: packet({ revision: 5, facts: [], policy_flags: [], account_history: null }),
    });
    await page.locator("[data-testid=packet][data-revision='5']").waitFor();
    for (const part of ["facts", "policies", "history"]) {
      expect(await page.getByTestId(part).count()).toBe(0);
    }
    expect(await page.getByTestId("packet").textContent()).not.toMatch(/[{}]|null|undefined/u);
  });

  it("grows line by line and is asked for again after a gap", async () => {
    const { page, desk } = await workPlace();
    await openCase(page, desk);
    const turn = { ...packet().transcript[1], number: 4, text: "Xin lỗi" } as never;
    desk.say({ type: "turn", case_id: CASE, revision: 5, turn });
    await page.getByText("Xin lỗi").waitFor();
    const asked = desk.heard.length;
    desk.say({ type: "turn", case_id: CASE, revision: 9, turn });
    await expect.poll(() => desk.heard.slice(asked)).toEqual([{ type: "open", case_id: CASE }]);
  });
});

describe("a held case", () => {
  it("carries typed words and tells how they were shown", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.getByTestId("message").fill("Please wait a moment");
    await page.getByTestId("send").click();
    await page.getByTestId("message").fill("Thank you");
    await page.keyboard.press("Enter");
    const said = (): OperatorToConsole[] => desk.heard.filter(({ type }) => type === "say");
    await expect.poll(said).toEqual([
      { type: "say", case_id: CASE, message: 1, text: "Please wait a moment", language: "en" },
      { type: "say", case_id: CASE, message: 2, text: "Thank you", language: "en" },
    ]);
    desk.say({
      type: "shown",
      case_id: CASE,
      message: 2,
      language: "pt",
      text: "Obrigada",
      translated: true,
    });
    expect(await page.getByTestId("shown").textContent()).toMatch(
      /Shown in Portuguese:.*Obrigada.*translated by machine/u,
    );
  });

  it("counts messages on after a reload", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.getByTestId("message").fill("One");
    await page.getByTestId("send").click();
    desk.comeBack(snapshot({ cases: [HELD], holding: CASE }), { type: "packet", packet: packet() });
    await page.reload();
    await page.getByTestId("transcript-line").first().waitFor();
    await page.getByTestId("message").fill("Two");
    await page.getByTestId("send").click();
    await expect
      .poll(() => desk.heard.at(-1))
      .toMatchObject({ type: "say", message: 2, text: "Two" });
  });

  it("counts messages on from the transcript in a browser that knows nothing of them", async () => {
    const { page, desk } = await workPlace(snapshot({ cases: [HELD], holding: CASE }));
    const earlier = { ...packet().transcript[0], number: 4, speaker: "operator" } as Turn;
    const transcript = [...packet().transcript, earlier];
    desk.say({ type: "packet", packet: packet({ transcript }) });
    await page.getByTestId("transcript-line").nth(3).waitFor();
    await page.getByTestId("message").fill("Two");
    await page.getByTestId("send").click();
    await expect
      .poll(() => desk.heard.at(-1))
      .toMatchObject({ type: "say", message: 2, text: "Two" });
  });

  it("ends with a disposition, by keyboard alone", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.keyboard.press("e");
    await page.getByTestId("disposition-follow_up").press("Space");
    await page.getByTestId("note").fill("Will call back on Friday");
    await page.getByTestId("end-confirm").press("Enter");
    await expect
      .poll(() => desk.heard.at(-1))
      .toEqual({
        type: "end",
        case_id: CASE,
        back: { disposition: "follow_up", note: "Will call back on Friday", resume: true },
      });
    await page.getByTestId("robot-video").waitFor({ state: "detached" });
  });

  it("is let go with a sentence when the visitor leaves", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    desk.say({
      type: "case",
      case: entry({ state: "closed", operator: OPERATOR, failure: "resident_left" }),
    });
    await page.getByText("The visitor has left; the case is closed.").waitFor();
    await page.getByTestId("robot-video").waitFor({ state: "detached" });
  });

  it.each(["", "Will call back on Friday"])(
    "that closes while its end is written (note: “%s”) says so and keeps the note",
    async (note) => {
      const { page, desk } = await workPlace();
      await accept(page, desk);
      await page.keyboard.press("e");
      await page.getByTestId("disposition-follow_up").press("Space");
      await page.getByTestId("note").fill(note);
      desk.say({ type: "case", case: entry({ state: "closed", failure: "resident_left" }) });
      const sentence = "The visitor has left; the case is closed.";
      await page.getByTestId("error").getByText(sentence).waitFor();
      const dialog = page.getByTestId("end-dialog");
      if (note) {
        await dialog.getByText(sentence).waitFor();
        expect(await page.getByTestId("note-kept").inputValue()).toBe(note);
        expect(await accessibilityFaults(page)).toEqual([]);
        await page.getByRole("button", { name: "Close" }).click();
      }
      await dialog.waitFor({ state: "hidden" });
      expect(await page.getByText("No connection to the console").count()).toBe(0);
    },
  );

  it("goes on without camera and microphone, and says so", async () => {
    await newContext();
    await sessions(true);
    const page = await context.newPage();
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException("denied", "NotAllowedError"));
    });
    const desk: Desk = await Wire.attach(page, /\/api\/live$/u, [snapshot()]);
    await page.goto(ORIGIN);
    await accept(page, desk);
    await page.getByText("Neither camera nor microphone can be used").waitFor();
    expect(await page.getByTestId("mute").isDisabled()).toBe(true);
    await page.locator("[data-testid=call-state][data-state=waiting]").waitFor();
  });

  it("sees and hears the robot, is seen and heard, and survives a second call", async () => {
    const { page, desk, bad } = await workPlace();
    await accept(page, desk);
    for (const session of [1, 2]) {
      const robot = await context.newPage();
      await robot.goto(`${ORIGIN}/favicon.svg`);
      const answer = await playRobot(
        robot,
        (signal) => desk.say({ type: "signal", case_id: CASE, signal }),
        { session, listens: true },
      );
      const patience = { timeout: 20_000 };
      await relay(desk, answer, async () => {
        await page.locator("[data-testid=call-state][data-state=connected]").waitFor();
        await expect.poll(() => framesShown(page, "robot-video"), patience).toBeGreaterThan(10);
        await expect.poll(async () => (await received(robot)).frames, patience).toBeGreaterThan(10);
        await expect.poll(async () => (await received(robot)).energy, patience).toBeGreaterThan(0);
        const level = page.getByTestId("robot-level");
        await expect
          .poll(async () => Number(await level.getAttribute("data-level")), patience)
          .toBeGreaterThan(0);
        await page.getByTestId("camera").click();
        await page.getByTestId("own-video").waitFor({ state: "hidden" });
        await expect.poll(() => standsStill(robot), patience).toBe(true);
        await page.keyboard.press("c");
        await expect.poll(() => standsStill(robot), patience).toBe(false);
      });
      await robot.close();
    }
    expect(bad).toEqual([]);
  });
});

describe("a call that stands", () => {
  it("goes on when the page's link is lost and found, until the robot offers another", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    const call = async (session: number, meanwhile: (robot: Page) => Promise<void>) => {
      const robot = await context.newPage();
      await robot.goto(`${ORIGIN}/favicon.svg`);
      const answer = await playRobot(
        robot,
        (signal) => desk.say({ type: "signal", case_id: CASE, signal }),
        { session, listens: true },
      );
      await relay(desk, answer, () => meanwhile(robot));
      await robot.close();
    };
    const connected = page.locator("[data-testid=call-state][data-state=connected]");
    const patience = { timeout: 20_000 };
    await call(1, async (robot) => {
      await connected.waitFor();
      await desk.leave();
      desk.comeBack(snapshot({ cases: [HELD], holding: CASE }), ACCEPTED);
      const asked = desk.heard.length;
      await expect.poll(() => desk.heard.length, patience).toBeGreaterThan(asked);
      const frames = [await framesShown(page, "robot-video"), (await received(robot)).frames];
      await expect
        .poll(() => framesShown(page, "robot-video"), patience)
        .toBeGreaterThan((frames[0] ?? 0) + 10);
      await expect
        .poll(async () => (await received(robot)).frames, patience)
        .toBeGreaterThan((frames[1] ?? 0) + 10);
      expect(await connected.count()).toBe(1);
    });
    await call(2, async (robot) => {
      await expect.poll(async () => (await received(robot)).frames, patience).toBeGreaterThan(10);
      await connected.waitFor();
    });
  });
});

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
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });
});
