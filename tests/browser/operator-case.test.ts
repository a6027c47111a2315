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
        text: "One moment",
        translation: null,
        shown: "en",
      } as Turn,
      {
        ...said,
        number: 5,
        speaker: "operator",
        text: "Thank you",
        language: "en",
        translation: { language: "pt", text: "Obrigada", machine: true },
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
    const next = { ...HELD, case_id: "next" };
    desk.say({ type: "case", case: { ...next, state: "offered", operator: null } });
    await page.getByTestId("case-next").click();
    desk.say({ type: "packet", packet: packet({ case_id: "next" }) });
    await page.getByTestId("accept").click();
    desk.say({ type: "case", case: next });
    desk.say({ ...ACCEPTED, case_id: "next" } as typeof ACCEPTED);
    await expect.poll(() => language.inputValue()).toBe("en");
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
});
