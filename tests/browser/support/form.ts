import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { SOON } from "./people";

/** What is answered to a question of each kind; whatever is read back is confirmed. */
export interface Answers {
  choice?: string;
  number?: string;
  /** The day, `YYYYMMDD`. */
  date?: string;
}

async function showing(screen: Page): Promise<{ kind: string; prompt: string } | undefined> {
  return screen.evaluate(() => {
    const form = document.querySelector<HTMLElement>("[data-testid=form]");
    const prompt = form?.querySelector("#form-prompt")?.textContent ?? "";
    return form ? { kind: form.dataset["kind"] ?? "", prompt: prompt.trim() } : undefined;
  });
}

/** Answers by touch and keys, question after question, until `done` is there. */
export async function answersForm(screen: Page, answers: Answers, done: Locator): Promise<void> {
  for (let question = 0; question < 20; question += 1) {
    await expect
      .poll(async () => (await done.count()) > 0 || (await showing(screen)) !== undefined, SOON)
      .toBe(true);
    if ((await done.count()) > 0) return;
    const asked = await showing(screen);
    if (!asked) continue;
    await answersOne(screen, asked.kind, answers);
    await expect.poll(() => showing(screen), SOON).not.toEqual(asked);
  }
  throw new Error("twenty questions, and no end");
}

async function answersOne(screen: Page, kind: string, answers: Answers): Promise<void> {
  if (kind === "confirm") return screen.getByTestId("confirm-yes").click();
  if (kind === "choice") {
    const wanted = answers.choice ? `[data-value="${answers.choice}"]` : "";
    const choices = screen.locator(`[data-testid="form-choice"]${wanted}`);
    const choice = (await choices.count()) > 0 ? choices : screen.getByTestId("form-choice");
    return choice.first().click();
  }
  const keys = kind === "date" ? answers.date : answers.number;
  if (!keys) throw new Error(`asked for a ${kind}, and there is no answer to it`);
  await screen.getByTestId("digits").waitFor();
  await screen.keyboard.type(keys);
  await screen.getByTestId("enter").click();
}
