import type { OperatorToConsole, Turn } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { CASE, entry, OPERATOR, packet, snapshot } from "./fixtures/operator";
import { accessibilityFaults } from "./support/accessibility";
import { accept, ACCEPTED, HELD, workPlace } from "./support/desk";
import { useBrowser } from "./support/profile";

useBrowser();

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

  it("knows after a reload how the newest words were shown", async () => {
    const said = packet().transcript[0] as Turn;
    const transcript = [
      ...packet().transcript,
      {
        ...said,
        number: 4,
        speaker: "operator",
        channel: "typed",
        text: "One moment",
        translation: null,
        shown: "en",
      } as Turn,
      {
        ...said,
        number: 5,
        speaker: "operator",
        channel: "typed",
        text: "Thank you",
        language: "en",
        translation: {
          language: "pt",
          text: "Obrigada",
          machine: true,
          back: "Thanks",
          confidence: "medium",
        },
        shown: "pt",
      } as Turn,
    ];
    const { page, desk } = await workPlace([
      snapshot({ cases: [HELD], holding: CASE }),
      ACCEPTED,
      { type: "packet", packet: packet({ transcript }) },
    ]);
    expect(await page.getByTestId("shown").textContent()).toMatch(
      /Shown in Portuguese:.*Obrigada.*translated by machine/u,
    );
    const message = await page.getByRole("status").filter({ hasText: "Obrigada" }).innerText();
    expect(message).toContain("Translated back: “Thanks”");
    expect(message).toContain("the gist is probably right");
    const line = page.locator('[data-testid="transcript-line"][data-number="5"]');
    expect(await line.getByTestId("trust").textContent()).toMatch(/the gist is probably right/u);
    expect(await line.getByTestId("back").textContent()).toContain("Thanks");
    expect(await page.getByTestId("shown-mark").allTextContents()).toEqual([
      "shown as written",
      "shown in Portuguese",
    ]);
    expect(desk.heard.filter(({ type }) => type === "accept")).toHaveLength(1);
  });

  it("counts messages on after a reload", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.getByTestId("message").fill("One");
    await page.getByTestId("send").click();
    desk.comeBack(snapshot({ cases: [HELD], holding: CASE }), ACCEPTED, {
      type: "packet",
      packet: packet(),
    });
    await page.reload();
    await page.getByTestId("transcript-line").first().waitFor();
    await page.getByTestId("message").fill("Two");
    await page.getByTestId("send").click();
    await expect
      .poll(() => desk.heard.at(-1))
      .toMatchObject({ type: "say", message: 2, text: "Two" });
  });

  it("counts messages on from the transcript in a browser that knows nothing of them", async () => {
    const { page, desk } = await workPlace([snapshot({ cases: [HELD], holding: CASE }), ACCEPTED]);
    const earlier = {
      ...packet().transcript[0],
      number: 4,
      speaker: "operator",
      channel: "typed",
    } as Turn;
    const transcript = [...packet().transcript, earlier];
    desk.say({ type: "packet", packet: packet({ transcript }) });
    await page.getByTestId("transcript-line").nth(3).waitFor();
    await page.getByTestId("message").fill("Two");
    await page.getByTestId("send").click();
    await expect
      .poll(() => desk.heard.at(-1))
      .toMatchObject({ type: "say", message: 2, text: "Two" });
  });

  it("takes words in the visitor's language, and goes on in it after a reload", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    const language = page.getByTestId("message-language");
    expect(await language.locator("option").allTextContents()).toEqual([
      "English",
      "Japanese",
      "Vietnamese",
    ]);
    expect(await language.inputValue()).toBe("en");
    await language.selectOption("vi");
    await page.getByTestId("message").fill("Xin chờ");
    await page.getByTestId("send").click();
    await expect.poll(() => desk.heard.at(-1)).toMatchObject({ text: "Xin chờ", language: "vi" });
    desk.comeBack(snapshot({ cases: [HELD], holding: CASE }), ACCEPTED, {
      type: "packet",
      packet: packet(),
    });
    await page.reload();
    await page.getByTestId("transcript-line").first().waitFor();
    await expect.poll(() => language.inputValue()).toBe("vi");
    desk.say({ type: "case", case: entry({ state: "closed" }) });
    await page.getByTestId("end-back").click();
    const next = { ...HELD, case_id: "next" };
    desk.say({ type: "case", case: { ...next, state: "offered", operator: null } });
    await page.getByTestId("case-next").click();
    desk.say({ type: "packet", packet: packet({ case_id: "next" }) });
    await page.getByTestId("accept").click();
    desk.say({ type: "case", case: next });
    desk.say({ ...ACCEPTED, case_id: "next" } as typeof ACCEPTED);
    await expect.poll(() => language.inputValue()).toBe("en");
  });

  it("marks the words that may have been misheard", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    const said = page.getByTestId("transcript-line").nth(1).getByTestId("original");
    expect((await said.textContent())?.trim()).toBe(
      "Xin chào, tôi muốn đăng ký tạm trú cho con tôi.",
    );
    expect(await said.getByTestId("doubtful").allTextContents()).toEqual(["tạm trú"]);
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
      .toMatchObject({
        type: "end",
        case_id: CASE,
        back: { disposition: "follow_up", note: "Will call back on Friday", resume: false },
      });
    await page.getByTestId("robot-video").waitFor({ state: "detached" });
  });

  it("asks how it ended when the visitor ends it", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    const closed = entry({ state: "closed", operator: OPERATOR, failure: "resident_left" });
    desk.say({ type: "case", case: closed });
    const dialog = page.getByTestId("end-dialog");
    await dialog.getByText("The visitor has left; the case is closed.").waitFor();
    await page.getByTestId("robot-video").waitFor({ state: "detached" });
    expect(await page.getByTestId("resume").count(), "nobody is there to go on with").toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByTestId("disposition-resolved").click();
    await page.getByTestId("note").fill("Form handed out");
    await page.getByTestId("end-confirm").click();
    await dialog.waitFor({ state: "hidden" });
    await expect
      .poll(() => desk.heard.find(({ type }) => type === "end"))
      .toEqual({
        type: "end",
        case_id: CASE,
        back: { disposition: "resolved", note: "Form handed out", resume: false, promise: null },
      });
  });

  it("needs no outcome, and asks only once", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    const closed = entry({ state: "closed", operator: OPERATOR, failure: "resident_left" });
    desk.say({ type: "case", case: closed });
    await page.getByTestId("end-back").click();
    const dialog = page.getByTestId("end-dialog");
    await dialog.waitFor({ state: "hidden" });
    desk.say({ type: "case", case: closed });
    await page.keyboard.press("e");
    expect(await dialog.isVisible()).toBe(false);
    expect(desk.heard.some(({ type }) => type === "end")).toBe(false);
  });

  it("asks how it ended although the operator has only just gone back from the question", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.getByTestId("end").click();
    await page.getByTestId("end-back").click();
    desk.say({ type: "case", case: entry({ state: "closed", failure: "resident_left" }) });
    await page.getByTestId("disposition-resolved").click();
  });

  it("keeps what was written when the visitor ends it meanwhile", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.keyboard.press("e");
    await page.getByTestId("disposition-referred").press("Space");
    await page.getByTestId("note").fill("To counter 5");
    desk.say({ type: "case", case: entry({ state: "closed", failure: "resident_left" }) });
    const dialog = page.getByTestId("end-dialog");
    await dialog.getByText("The visitor has left; the case is closed.").waitFor();
    expect(await page.getByTestId("note").inputValue()).toBe("To counter 5");
    await page.getByTestId("end-confirm").click();
    await dialog.waitFor({ state: "hidden" });
    await expect.poll(() => desk.heard.some(({ type }) => type === "end")).toBe(true);
  });

  it("that a colleague carries on while its end is written keeps the note to be copied", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.keyboard.press("e");
    await page.getByTestId("disposition-referred").press("Space");
    await page.getByTestId("note").fill("To counter 5");
    desk.say({ type: "case", case: entry({ state: "returning", operator: OPERATOR }) });
    expect(await page.getByTestId("note-kept").inputValue()).toBe("To counter 5");
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByTestId("end-dialog").waitFor({ state: "hidden" });
    expect(await page.getByText("No connection to the console").count()).toBe(0);
  });

  it("becomes a task when somebody will come back to the visitor", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.keyboard.press("e");
    await page.getByTestId("disposition-follow_up").press("Space");
    await page.getByTestId("end-confirm").click();
    expect(
      desk.heard.some(({ type }) => type === "end"),
      "a promise of nothing",
    ).toBe(false);
    await page.getByTestId("note").fill("Counter 3 looks for the file");
    await page.getByTestId("promise-contact").fill("03 1234 5678");
    await page.getByTestId("promise-due").fill("2030-01-07T09:30");
    await page.getByTestId("end-confirm").click();
    const due_at = new Date(2030, 0, 7, 9, 30).getTime();
    await expect
      .poll(() => desk.heard.find(({ type }) => type === "end"))
      .toMatchObject({
        back: { disposition: "follow_up", promise: { contact: "03 1234 5678", due_at } },
      });
  });

  it("says that a robot without answers in the visitor's language takes its leave", async () => {
    const { page, desk } = await workPlace();
    await accept(page, desk);
    await page.keyboard.press("e");
    await page.getByTestId("no-resume").getByText("Vietnamese").waitFor();
    expect(await page.getByTestId("resume").count()).toBe(0);
    await page.getByTestId("end-back").click();
    await page.getByTestId("end-dialog").waitFor({ state: "hidden" });
    await page.locator("main h2").click();
    desk.say({ type: "case", case: { ...HELD, reason: "asked_for_person" } });
    await page.keyboard.press("e");
    await page.getByTestId("resume").waitFor();
  });
});
