import type { Offer, Packet } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { CASE, entry, NOW, OPERATOR, packet, snapshot, task } from "./fixtures/operator";
import { openCase, sessions, workPlace } from "./support/desk";
import { ORIGIN, Wire } from "./support/pages";
import { context, newContext, useBrowser } from "./support/profile";

useBrowser();

describe("signing in", () => {
  it("says in a sentence what is wrong, then opens the work place", async () => {
    await newContext("operator");
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

  it("tells why a case is offered and for whom it is kept, by the second", async () => {
    const until = NOW + 20_000;
    const kept = (operator: string, name: string, free: boolean): Offer => ({
      step: "language",
      because: [
        { kind: "same_visit" },
        { kind: "language", language: "vi", level: 4 },
        { kind: "topic", topic: "moving_in" },
      ],
      free,
      reserved: { operator, name, until },
    });
    const { page, desk } = await workPlace();
    desk.say({ type: "case", case: entry({ offer: kept("other", "Carmen Ruiz", false) }) });
    await openCase(page, desk);
    const offer = page.getByTestId("offer");
    await expect.poll(() => offer.innerText()).toMatch(/Kept for Carmen Ruiz: \d+ s/u);
    expect(await page.getByTestId("accept").isDisabled()).toBe(true);
    expect(await page.getByTestId("decline").count()).toBe(0);

    desk.say({ type: "case", case: entry({ offer: kept(OPERATOR.id, "Aiko Tanaka", true) }) });
    await expect.poll(() => offer.innerText()).toMatch(/Kept for you: \d+ s/u);
    for (const why of ["you spoke with this visitor before", "you speak Vietnamese", "Moving in"]) {
      expect(await offer.innerText()).toContain(why);
    }
    const before = await offer.innerText();
    await expect.poll(() => offer.innerText(), { timeout: 3_000 }).not.toBe(before);
    await page.getByTestId("decline").click();
    await expect.poll(() => desk.heard.at(-1)).toEqual({ type: "decline", case_id: CASE });
    desk.say({ type: "case", case: entry({ offer: null }) });
    await page.getByTestId("elsewhere-offered").getByTestId(`case-${CASE}`).waitFor();
  });

  it("asks for duty and shows what the console says of it", async () => {
    const { page, desk } = await workPlace();
    const duty = page.getByTestId("duty");
    await duty.selectOption("back_5");
    await expect
      .poll(() => desk.heard.at(-1))
      .toEqual({ type: "duty", duty: "back_in", minutes: 5 });
    desk.say({ type: "duty", duty: { state: "back_at", at: NOW + 300_000 } });
    await page.getByText("Back at").waitFor({ state: "attached" });
    expect(await duty.getAttribute("data-duty")).toBe("back_at");
    await duty.selectOption("on");
    await expect.poll(() => desk.heard.at(-1)).toEqual({ type: "duty", duty: "on" });
    desk.say({ type: "duty", duty: { state: "outside_hours" } });
    await page.getByText("Outside your duty hours").waitFor({ state: "attached" });
  });

  it("lists what was promised until it is done", async () => {
    const { page, desk } = await workPlace();
    desk.say({ type: "task", task: task() });
    const row = page.getByTestId("task");
    await row.locator("summary").click();
    expect(await row.innerText()).toContain("+34612345678");
    expect(await row.innerText()).toContain("Wants to ask about taxes.");
    expect(await row.innerText()).toMatch(/Due (today|tomorrow), /u);
    await row.getByTestId("task-tried").click();
    await row.getByText("Write what came of it first").waitFor();
    expect(await row.getByTestId("task-note").evaluate((box) => box.matches(":focus"))).toBe(true);
    await row.getByTestId("task-note").fill("no answer");
    await row.getByTestId("task-tried").click();
    await expect
      .poll(() => desk.heard.at(-1))
      .toEqual({ type: "try_task", task_id: "task", done: false, note: "no answer" });
    desk.say({
      type: "task",
      task: task({ tries: 1, note: "no answer", operator: "Aiko Tanaka" }),
    });
    await row.getByText("Tried once").waitFor();
    expect(desk.heard.filter(({ type }) => type === "try_task")).toHaveLength(1);
    expect(await row.getByTestId("error").count()).toBe(0);
    await row.getByTestId("task-done").click();
    await expect.poll(() => desk.heard.at(-1)).toMatchObject({ type: "try_task", done: true });
    desk.say({ type: "task", task: task({ done: true }) });
    await expect.poll(() => row.count()).toBe(0);
  });

  it("tells who was faster", async () => {
    const { page, desk } = await workPlace();
    await openCase(page, desk);
    await page.keyboard.press("a");
    await expect.poll(() => desk.heard.at(-1)).toMatchObject({ type: "accept", case_id: CASE });
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
  it("tells of danger in a person's words", async () => {
    const { page, desk } = await workPlace();
    expect(await page.getByTestId("waiting").innerText()).toContain("Urgent");
    await openCase(page, desk);
    expect(await page.getByTestId("next-steps").innerText()).toMatch(
      /from the topic “Moving in”.*from the reason of this case/su,
    );
    expect(await page.getByTestId("offer").innerText()).toContain("no skills are set for you");
    const evidence = [
      { detector: "crisis_words", score: 1, detail: "self_harm: kill myself", turn: 2 },
      { detector: "language_id", score: 1, detail: "written language: es", turn: 2 },
    ];
    const reason: Packet["reason"] = { code: "safety", language: null, evidence };
    desk.say({ type: "packet", packet: packet({ revision: 5, reason }) });
    await page.getByText("Words of self-harm: “kill myself”").waitFor();
    await page.getByText("Written in Spanish").waitFor();
    expect(await page.locator("body").innerText()).not.toMatch(/self_harm|Priority|: es/u);
  });

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
