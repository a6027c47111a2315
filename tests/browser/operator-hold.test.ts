import type { OperatorToConsole, Transfer } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { CASE, entry, NOW, OPERATOR, snapshot } from "./fixtures/operator";
import { accessibilityFaults } from "./support/accessibility";
import { accept, openCase, workPlace, type Desk } from "./support/desk";
import { useBrowser } from "./support/profile";

useBrowser();

const CARMEN = { id: "0198c0de-0000-7000-8000-00000000000c", name: "Carmen Ruiz", languages: [] };
const COLLEAGUES = [
  { card: CARMEN, topics: ["tax"], authority: [], supervisor: false, busy: false },
  {
    card: { ...CARMEN, id: "0198c0de-0000-7000-8000-00000000000d", name: "Diego Sanz" },
    topics: [],
    authority: ["waive_fees"],
    supervisor: true,
    busy: true,
  },
];
const MINE = { state: "live", owner: "operator", operator: OPERATOR, offer: null } as const;

const said = (desk: Desk, type: OperatorToConsole["type"]): OperatorToConsole[] =>
  desk.heard.filter((message) => message.type === type);

describe("a hold", () => {
  it("is asked for with H, shown with its time, and ended with H", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.getByTestId("hold-minutes").selectOption("5");
    await page.getByRole("button", { name: "Hold" }).focus();
    await page.keyboard.press("h");
    await expect
      .poll(() => said(desk, "hold"))
      .toEqual([{ type: "hold", case_id: CASE, minutes: 5 }]);
    await page.getByTestId("held").waitFor();
    const hold = { since: NOW, minutes: 5 };
    desk.say({ type: "case", case: entry({ ...MINE, state: "hold", hold }) });
    await page.getByTestId("hold-bar").filter({ hasText: "about 5 min" }).waitFor();
    const button = page.getByRole("button", { name: "Take up again" });
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press("h");
    await expect.poll(() => said(desk, "hold").length).toBe(2);
    expect(said(desk, "hold")[1]).toEqual({ type: "hold", case_id: CASE, minutes: null });
    desk.say({ type: "case", case: entry(MINE) });
    await page.getByTestId("held").waitFor({ state: "detached" });
  });

  it("that the console refuses mutes nobody for ever", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.getByTestId("hold").click();
    await page.getByTestId("held").waitFor();
    const error = { code: "not_yours", message: "You don't hold this case in this window." };
    desk.say({ type: "error", case_id: CASE, error });
    await page.getByTestId("held").waitFor({ state: "detached" });
  });
});

describe("passing on", () => {
  const transfer: Transfer = {
    to: { to: "colleague", operator: CARMEN.id },
    colleague: CARMEN,
    from: OPERATOR,
    note: "Knows the form",
    until: NOW + 60_000,
    warm: false,
    talk: null,
    ended: null,
  };

  it("is chosen by keyboard, with whoever is busy out of reach, and can be taken back", async () => {
    const { page, desk } = await workPlace(snapshot({ colleagues: COLLEAGUES }));
    await accept(page, desk);
    await page.keyboard.press("p");
    await page.getByTestId("pass-dialog").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.locator('[data-name="Diego Sanz"]').isDisabled()).toBe(true);
    for (const group of ["language", "topic-tax", "authority-waive_fees", "supervisors", "anyone"])
      await page.getByTestId(`pass-${group}`).waitFor();
    await page.locator('[data-name="Carmen Ruiz"]').focus();
    await page.keyboard.press("Space");
    await page.getByTestId("pass-note-text").fill("Knows the form");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => said(desk, "transfer"))
      .toEqual([
        { type: "transfer", case_id: CASE, to: transfer.to, note: "Knows the form", warm: false },
      ]);
    desk.say({ type: "case", case: entry({ ...MINE, state: "transferring", transfer }) });
    await page.getByText("Asking Carmen Ruiz to take over").waitFor();
    await page.getByTestId("keep-case").click();
    await expect.poll(() => said(desk, "keep_case")).toHaveLength(1);
    const ended = { ...transfer, ended: "no_one_in_time" } as const;
    desk.say({ type: "case", case: entry({ ...MINE, transfer: ended }) });
    await page
      .getByText("Carmen Ruiz didn't accept in time. The visitor stays with you.")
      .waitFor();
  });

  it("comes to a colleague's desk as one, with the note, and announced", async () => {
    const { page, desk } = await workPlace(snapshot({ cases: [] }));
    const from = { ...CARMEN };
    const offer = {
      step: null,
      because: [{ kind: "passed_on", by: from.name } as const],
      free: true,
      reserved: null,
    };
    const to = { to: "colleague", operator: OPERATOR.id } as const;
    const asked = entry({
      state: "transferring",
      owner: "operator",
      operator: from,
      offer,
      transfer: { ...transfer, to, colleague: OPERATOR, from },
    });
    desk.say({ type: "case", case: asked });
    await page
      .getByTestId("arrival")
      .filter({ hasText: "New case" })
      .waitFor({ state: "attached" });
    await page.getByTestId("waiting").getByTestId("case-row").click();
    await page.getByTestId("passed-on").filter({ hasText: "Carmen Ruiz asks you" }).waitFor();
    expect(await page.getByTestId("pass-note").innerText()).toContain("Knows the form");
    await page.getByTestId("decline").click();
    await expect.poll(() => said(desk, "decline")).toEqual([{ type: "decline", case_id: CASE }]);
    await page.getByTestId("accept").click();
    await expect.poll(() => said(desk, "accept")).toHaveLength(1);
  });

  const lines = [
    { by: OPERATOR.id, text: "He has paid already.", at: NOW - 5_000 },
    { by: CARMEN.id, text: "Then I look for the receipt.", at: NOW - 1_000 },
  ];

  it("can begin with a talk, which the first one may break off", async () => {
    const { page, desk } = await workPlace(snapshot({ colleagues: COLLEAGUES }));
    await accept(page, desk);
    await page.getByTestId("pass").click();
    await page.locator('[data-name="Carmen Ruiz"]').check();
    await page.getByTestId("pass-warm").check();
    await page.getByTestId("pass-confirm").click();
    await expect.poll(() => said(desk, "transfer")).toMatchObject([{ warm: true }]);
    const talks: Transfer = { ...transfer, warm: true, talk: { with: CARMEN, lines } };
    desk.say({ type: "case", case: entry({ ...MINE, state: "transferring", transfer: talks }) });
    await page.getByTestId("talk").filter({ hasText: "You are talking to Carmen Ruiz" }).waitFor();
    expect(await page.getByTestId("talk-line").allInnerTexts()).toMatchObject([
      expect.stringContaining("He has paid already."),
      expect.stringContaining("Then I look for the receipt."),
    ]);
    expect(await page.getByTestId("talk-away").count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByTestId("talk-text").fill(" She has it. ");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => said(desk, "tell"))
      .toEqual([{ type: "tell", case_id: CASE, text: "She has it." }]);
    expect(await page.getByTestId("talk-text").inputValue()).toBe("");
    desk.say({ type: "colleagues", colleagues: [] });
    await page.getByTestId("talk-away").waitFor();
    await page.getByTestId("keep-case").click();
    await expect.poll(() => said(desk, "keep_case")).toHaveLength(1);
  });

  it("that begins with a talk is taken over by a button only, after it", async () => {
    const from = { ...CARMEN };
    const offer = {
      step: null,
      because: [{ kind: "passed_on", by: from.name } as const],
      free: true,
      reserved: null,
    };
    const to = { to: "colleague", operator: OPERATOR.id } as const;
    const warm: Transfer = { ...transfer, to, colleague: OPERATOR, from, warm: true };
    const asked = { state: "transferring", owner: "operator", operator: from, offer } as const;
    const { page, desk } = await workPlace(
      snapshot({ cases: [entry({ ...asked, transfer: warm })], colleagues: COLLEAGUES }),
    );
    await openCase(page, desk);
    await page.getByTestId("passed-on").filter({ hasText: "wants to talk to you" }).waitFor();
    expect(await page.getByTestId("accept").count()).toBe(0);
    await page.keyboard.press("a");
    await expect.poll(() => said(desk, "join")).toEqual([{ type: "join", case_id: CASE }]);
    const talks: Transfer = { ...warm, talk: { with: OPERATOR, lines } };
    desk.say({ type: "case", case: entry({ ...asked, transfer: talks }) });
    await page.getByTestId("talk").filter({ hasText: "who has the visitor" }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.locator("main h2").click();
    await page.keyboard.press("a");
    await page.getByTestId("step-back").click();
    await expect.poll(() => said(desk, "decline")).toHaveLength(1);
    expect(said(desk, "accept"), "a key takes nobody over").toEqual([]);
    await page.getByTestId("take-over").click();
    await expect.poll(() => said(desk, "accept")).toHaveLength(1);
  });
});
