import type { OperatorToConsole } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { CASE, entry, OPERATOR, snapshot } from "./fixtures/operator";
import { accept, ACCEPTED, HELD, MOVED, openCase, workPlace, type Desk } from "./support/desk";
import { useBrowser } from "./support/profile";

useBrowser();

type Accept = Extract<OperatorToConsole, { type: "accept" }>;

const accepts = (desk: Desk): Accept[] => desk.heard.filter((said) => said.type === "accept");

describe("signing out in a conversation", () => {
  it("asks first, and staying changes nothing", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.getByTestId("sign-out").click();
    const dialog = page.getByTestId("sign-out-dialog");
    await dialog.getByText("the visitor waits for a colleague").waitFor();
    await page.getByTestId("stay").click();
    await dialog.waitFor({ state: "hidden" });
    expect(await page.getByTestId("robot-video").count()).toBe(1);
    await page.getByTestId("sign-out").click();
    await page.getByTestId("end-instead").click();
    await page.getByTestId("end-dialog").getByText("How did it end?").waitFor();
  });

  it("leaves when that is confirmed, without a word about an expired session", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.getByTestId("sign-out").click();
    await page.getByTestId("sign-out-confirm").click();
    await page.getByTestId("user").waitFor();
    expect(await page.getByText("Your session has ended").count()).toBe(0);
  });

  it("needs no question when the case ends meanwhile, or there is none", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.getByTestId("sign-out").click();
    desk.say({ type: "case", case: entry({ state: "closed", failure: "resident_left" }) });
    await page.getByTestId("sign-out-dialog").waitFor({ state: "hidden" });
    await page.getByTestId("end-back").click();
    await page.getByTestId("sign-out").click();
    await page.getByTestId("user").waitFor();
  });
});

describe("a conversation in another window", () => {
  it("is said to be there, and comes back at a click as often as it is wanted", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    for (let times = 1; times <= 3; times += 1) {
      desk.say(MOVED);
      await page.getByText("You hold this conversation in another window.").waitFor();
      await page.getByTestId("robot-video").waitFor({ state: "detached" });
      await page.getByTestId("go-on-here").click();
      await expect.poll(() => accepts(desk).length).toBe(times + 1);
      desk.say(ACCEPTED);
      await page.getByTestId("robot-video").waitFor();
      expect(await page.getByTestId("elsewhere").count()).toBe(0);
    }
    const calls = accepts(desk).map(({ call }) => call);
    expect(new Set(calls).size, "each time it is a new call").toBe(calls.length);
  });

  it("isn't taken over by merely opening one", async () => {
    const { page, desk } = await workPlace(snapshot({ cases: [HELD], holding: CASE, call: 7 }));
    await page.getByTestId("go-on-here").waitFor();
    expect(accepts(desk)).toEqual([]);
    await page.getByTestId("sign-out").click();
    await page.getByTestId("sign-out-dialog").getByText("You are in a conversation").waitFor();
    expect(await page.getByTestId("end-instead").count()).toBe(0);
  });

  it("stays there when this window's connection is lost and found", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    const call = accepts(desk)[0]?.call ?? 0;
    await desk.leave();
    desk.comeBack(snapshot({ cases: [HELD], holding: CASE, call: call ^ 1 }));
    await page.getByTestId("go-on-here").waitFor({ timeout: 20_000 });
    expect(accepts(desk)).toHaveLength(1);
  });
});

describe("a page that comes back", () => {
  it("takes its call up again under the same number, a reloaded one under a new", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await desk.leave();
    desk.comeBack(snapshot({ cases: [HELD], holding: CASE }), ACCEPTED);
    await expect.poll(() => accepts(desk).length, { timeout: 20_000 }).toBe(2);
    await page.reload();
    await expect.poll(() => accepts(desk).length, { timeout: 20_000 }).toBe(3);
    const [first, again, reloaded] = accepts(desk).map(({ call }) => call);
    expect(again).toBe(first);
    expect(reloaded).not.toBe(first);
    await page.getByTestId("robot-video").waitFor();
  });

  it("tells why its case ended meanwhile", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await desk.leave();
    const ended = entry({ state: "closed", operator: OPERATOR, failure: "operator_left" });
    desk.comeBack(snapshot({ cases: [], ended }));
    const sentence = "The operator's connection was lost. The case is closed.";
    await page.getByTestId("end-dialog").getByText(sentence).waitFor({ timeout: 20_000 });
    await page.getByTestId("robot-video").waitFor({ state: "detached" });
  });
});

it("the clock of a case says what it counts", async () => {
  const { page, desk } = await workPlace();
  await openCase(page, desk);
  const row = page.getByTestId(`case-${CASE}`);
  expect(await row.getByTitle("Time since the visitor asked for a person").count()).toBe(1);
  expect(await row.getByRole("button").ariaSnapshot()).toContain(
    "Time since the visitor asked for a person:",
  );
});
